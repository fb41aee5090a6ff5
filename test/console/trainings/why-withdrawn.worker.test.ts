import { beforeAll, expect, it } from "vitest";
import { must } from "../../safety/populated-company.ts";
import { waitForLogAndWork } from "../../safety/wait-for-log-and-work.ts";
import { newSetting, operate, type ScimClient } from "../../scim-api/scim-client.ts";
import { getPage, makeAdmin, postForm } from "../sign-in-to.ts";

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const item = { kind: "training", id: "basics", name: "Security basics" };

let admin: Awaited<ReturnType<typeof makeAdmin>>;
let client: ScimClient;
let at = "";
const groups: Record<string, string> = {};

const groupPath = (name: string) => `${at}/target-groups/${groups[name]}`;

async function make(name: string, department: string): Promise<string> {
  const enterprise = { department };
  const extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  return must(await client.send("POST", "/Users", { userName: name, [extension]: enterprise }), 201).id;
}

/** What the list of those who are no longer enrolled says of each, by name. */
async function reasons(): Promise<Record<string, string>> {
  const url = `/console/companies/${admin.company.id}/trainings/item?kind=training&id=basics&show=withdrawn`;
  const html = await (await getPage(url, admin.cookie)).text();
  const [, heads = ""] = /<thead>(.*?)<\/thead>/s.exec(html) ?? [];
  const place = [...heads.matchAll(/<th[^>]*>(.*?)<\/th>/gs)].findIndex(([, head]) => head === "Why");
  const [, body = ""] = /<tbody>(.*?)<\/tbody>/s.exec(html) ?? [];
  return Object.fromEntries(
    [...body.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) => {
      const cells = [...row.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs)].map(([, cell = ""]) =>
        cell.replace(/<span class="sub.*?<\/span>/g, "").replace(/<[^>]+>/g, ""),
      );
      return [cells[0] ?? "", cells[place] ?? ""];
    }),
  );
}

const patch = (id: string, path: string, value: unknown) =>
  client.send("PATCH", `/Users/${id}`, { Operations: [{ op: "replace", path, value }] });

beforeAll(async () => {
  admin = await makeAdmin("Reasons");
  at = `/companies/${admin.company.id}`;
  client = await newSetting(admin.company.id, { groupSettings: { criteria: "field", field: "department" } });
  await make("seed-sales", "Sales");
  await make("seed-tax", "Tax");
  must(await operate("POST", `${at}/target-groups`, { name: "Board" }), 201);
  must(await operate("POST", `${at}/target-groups`, { name: "Doomed" }), 201);
  for (const { id, name } of must(await operate("GET", `${at}/target-groups`), 200).items) groups[name] = id;
  for (const name of ["Sales", "Tax", "Board", "Doomed"])
    must(await operate("PUT", `${groupPath(name)}/auto-enrolments`, [item]), 200);
  await waitForLogAndWork(client);
});

it("the list of those who are no longer enrolled says through which group, and why", async () => {
  const inactive = await make("inactive", "Sales");
  const moved = await make("moved", "Sales");
  const byHand = await make("by-hand", "Legal");
  const doomed = await make("doomed", "Legal");
  const edited = await make("kept", "Legal");
  for (const [group, userId] of [
    ["Board", byHand],
    ["Doomed", doomed],
    ["Board", edited],
  ] as const)
    must(await operate("PUT", `${groupPath(group)}/members/${userId}`), 204);
  await waitForLogAndWork(client);
  must(await patch(inactive, "active", false), 200);
  must(await patch(moved, DEPARTMENT, "Legal"), 200);
  const path = `/console/companies/${admin.company.id}/groups`;
  const out = await postForm(`${path}/${groups.Board}/members/${byHand}/remove`, {}, admin.cookie);
  expect(out.status).toBe(303);
  must(await operate("DELETE", `${groupPath("Doomed")}?force=true`), 204);
  const { kind, id } = item;
  expect((await postForm(`${path}/${groups.Tax}/auto-enrolments/remove`, { kind, id }, admin.cookie)).status).toBe(303);
  await waitForLogAndWork(client);
  expect(await reasons()).toEqual({
    inactive: "Set inactive by the identity provider",
    moved: "Left Sales, as the field’s value changed",
    "by-hand": "Taken out of Board by an admin",
    doomed: "Taken out of “Doomed”, which was removed by the operator",
    "seed-tax": "Stopped in Tax",
  });
});
