import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { getPage, signInAdmin } from "../console/sign-in-to.ts";
import { must } from "../safety/populated-company.ts";
import { newClient, operate, type ScimAnswer, type ScimClient } from "../scim-api/scim-client.ts";
import { EVERY_REQUEST, inflated } from "./every-request.ts";

type Body = Record<string, unknown>;

const idOf = ({ headers }: ScimAnswer) => headers.get("x-request-id") ?? "";

async function entryOf({ companyId }: ScimClient, answer: ScimAnswer) {
  return must(await operate("GET", `/companies/${companyId}/log/${idOf(answer)}`), 200);
}

/** The rows that one request left in the log, whole. */
async function rowsOf(answer: ScimAnswer): Promise<string> {
  const sql = `SELECT * FROM ${EVERY_REQUEST} WHERE id = ?1 OR id GLOB ?1 || '.*'`;
  return JSON.stringify((await env.DB.prepare(sql).bind(idOf(answer)).all()).results.map(inflated));
}

/** A client with two people, ada and bo, and a Bulk request that has something noted of both, of a new one, and of a group. */
async function scene() {
  const client = await newClient();
  const ids = [];
  for (const userName of ["ada", "bo"]) ids.push(must(await client.send("POST", "/Users", { userName }), 201).id);
  const [ada, bo] = ids;
  const Operations: Body[] = [
    { method: "PATCH", path: `/Users/${ada}`, data: { Operations: [{ op: "add", path: "shoe", value: "44 of Ada" }] } },
    { method: "POST", path: "/Users", bulkId: "c", data: { userName: "cy", shoe: "45 of Cy", "cy@x.test": 1 } },
    { method: "PUT", path: `/Users/${bo}`, data: { userName: "bo", shoe: "46 of Bo", title: true } },
    { method: "POST", path: "/Groups", bulkId: "g", data: { displayName: "G", shoe: "47 of G" } },
    { method: "POST", path: "/Users", bulkId: "d", data: { shoe: "of nobody" } },
  ];
  const bulk = await client.send("POST", "/Bulk", { Operations });
  expect(must(bulk, 200).Operations.map(({ status }: { status: string }) => status)).toEqual(
    "200 201 200 201 400".split(" "),
  );
  return { client, ada, bo, bulk };
}

const told = (value: (place: number) => string | null, isOdd = true) => [
  { kind: "unknown_attribute", path: "Operations[0].data.shoe", value: value(0) },
  { kind: "unknown_attribute", path: "Operations[1].data.shoe", value: value(1) },
  {
    kind: "unknown_attribute",
    path: `Operations[1].data.${isOdd ? "cy@x.test" : "….test"}`,
    value: isOdd ? "1" : null,
  },
  { kind: "unknown_attribute", path: "Operations[2].data.shoe", value: value(2) },
  { kind: "value_left_out", path: "Operations[2].data.title", value: value(2) === null ? null : "true" },
  { kind: "unknown_attribute", path: "Operations[3].data.shoe", value: null },
];
const VALUES = ["44 of Ada", "45 of Cy", "46 of Bo"];

it("the notes of a Bulk request name the operation, with what was sent of a person, in the API and in the console", async () => {
  const { client, bulk } = await scene();
  expect((await entryOf(client, bulk)).notes).toEqual(told((place) => VALUES[place] ?? null));
  const sql = "SELECT company_key FROM companies WHERE id = ?";
  const key = (await env.DB.prepare(sql).bind(client.companyId).first<number>("company_key")) ?? 0;
  const page = await getPage(`/console/companies/${client.companyId}/log/${idOf(bulk)}`, await signInAdmin(key));
  expect(await page.text()).toContain(
    "Operations[2].data.shoe is not an attribute of any schema; it was ignored (&quot;46 of Bo&quot;).",
  );
});

it("what they say of a person is erased with that person and with nobody else, and stands in the person's export till then", async () => {
  const { client, ada, bo, bulk } = await scene();
  const exported = await operate("GET", `/companies/${client.companyId}/target-users/${bo}/export`);
  expect(exported.text).toContain("46 of Bo");
  expect(exported.text).not.toMatch(/of (Ada|Cy|G)/);
  must(await client.send("DELETE", `/Users/${bo}`), 204);
  expect((await entryOf(client, bulk)).notes).toEqual(told((place) => (place === 2 ? null : (VALUES[place] ?? null))));
  expect(await rowsOf(bulk)).not.toContain("of Bo");
  must(await client.send("DELETE", `/Users/${ada}`), 204);
  const { items } = must(
    await operate(
      "GET",
      `/companies/${client.companyId}/target-users?filter=${encodeURIComponent('userName eq "cy"')}`,
    ),
    200,
  );
  must(await client.send("DELETE", `/Users/${items[0].id}`), 204);
  expect((await entryOf(client, bulk)).notes).toEqual(told(() => null, false));
  expect(await rowsOf(bulk)).not.toMatch(/of (Ada|Bo|Cy)|cy@x|"label":"/);
});

it("nothing is kept of somebody whom the same request makes and deletes", async () => {
  const client = await newClient();
  const { id } = must(await client.send("POST", "/Users", { userName: "ada" }), 201);
  const bulk = await client.send("POST", "/Bulk", {
    Operations: [
      { method: "PUT", path: `/Users/${id}`, data: { userName: "ada", shoe: "44 of Ada" } },
      { method: "DELETE", path: `/Users/${id}` },
    ],
  });
  expect(must(bulk, 200).Operations.map(({ status }: { status: string }) => status)).toEqual(["200", "204"]);
  expect(await rowsOf(bulk)).not.toContain("of Ada");
});

it("such a request is one in every list and count, and its notes are listed for its setting by attribute", async () => {
  const { client, ada } = await scene();
  const at = `/companies/${client.companyId}/scim-settings/${client.settingId}`;
  const { items } = must(await operate("GET", `${at}/log`), 200);
  expect(items.map(({ method }: { method: string }) => method)).toEqual(["POST", "POST", "POST"]);
  expect(must(await operate("GET", `${at}/log?resourceId=${ada}`), 200).items).toHaveLength(1);
  const sql = `SELECT kind, path FROM sent_not_used WHERE
    setting_key = (SELECT setting_key FROM scim_settings WHERE id = ?) ORDER BY path`;
  expect((await env.DB.prepare(sql).bind(client.settingId).all()).results).toEqual([
    { kind: "unknown_attribute", path: "shoe" },
    { kind: "value_left_out", path: "title" },
  ]);
});
