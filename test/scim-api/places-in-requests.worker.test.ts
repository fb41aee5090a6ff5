import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { must } from "../safety/populated-company.ts";
import { errorOf, newClient, operate, type ScimAnswer, type ScimClient } from "./scim-client.ts";

/** Operations are counted from 0, by the name that leads to them, in refusals and notes of every door. */

async function scene(): Promise<{ client: ScimClient; at: string }> {
  const client = await newClient();
  const { id } = must(await client.send("POST", "/Users", { userName: "ada" }), 201);
  return { client, at: `/Users/${id}` };
}

async function notedPaths({ companyId }: ScimClient, { headers }: ScimAnswer): Promise<string[]> {
  const { notes } = must(await operate("GET", `/companies/${companyId}/log/${headers.get("x-request-id")}`), 200);
  return notes.map(({ path }: { path: string }) => path);
}

const RIGHT = { op: "replace", path: "title", value: "T" };

describe("the operation that a refusal is about", () => {
  it.each<[unknown, string]>([
    ["add", "an object with op, path and value is due."],
    [{ op: "put" }, "op must be add, remove or replace."],
    [{ op: "add", Op: "add" }, "op is given more than once."],
    [{ op: "add", path: 5, value: 1 }, "path must be a string."],
    [{ op: "add", path: "emails[", value: 1 }, 'The path "emails["'],
    [{ op: "remove", path: "" }, "remove needs a path."],
    [{ op: "replace", path: "id", value: "x" }, "id is read-only."],
    [{ op: "replace", path: 'emails[value eq "x"].type', value: "work" }, "(replace emails.type): "],
    [{ op: "remove", path: "userName" }, "(remove userName): "],
  ])("is named by its place, alone and in a Bulk request: %j", async (wrong, detail) => {
    const { client, at } = await scene();
    const body = { Operations: [RIGHT, wrong] };
    const alone = errorOf(await client.send("PATCH", at, body)).detail;
    const bulk = {
      Operations: [
        { method: "POST", path: "/Users", bulkId: "a", data: { userName: "bo" } },
        { method: "PATCH", path: at, data: body },
      ],
    };
    const [, item] = must(await client.send("POST", "/Bulk", bulk), 200).Operations;
    expect(alone).toContain(detail);
    expect(alone).toMatch(/^Operations\[1\]/);
    expect(item.response.detail).toBe(`Operations[1].data.${alone}`);
  });

  it("has no number in a PATCH of SCIM 1.1, which has no operations", async () => {
    const { client, at } = await scene();
    for (const body of [
      { title: "T", active: "x" },
      { title: "T", emails: [{ value: [1, 2] }] },
    ])
      expect(errorOf(await client.send("PATCH", at, body)).detail).not.toMatch(/Operation/);
  });
});

describe("a word too many in an operation", () => {
  it("is noted by the operation's place, alone and in a Bulk request", async () => {
    const { client, at } = await scene();
    const body = { Operations: [RIGHT, { ...RIGHT, comment: "why" }] };
    expect(await notedPaths(client, await client.send("PATCH", at, body))).toEqual(["Operations[1].comment"]);
    const bulk = { Operations: [{ method: "PATCH", path: at, data: body }] };
    expect(await notedPaths(client, await client.send("POST", "/Bulk", bulk))).toEqual([
      "Operations[0].data.Operations[1].comment",
    ]);
  });

  it("stands once on the setting's page, whichever operations it is in", async () => {
    const { client, at } = await scene();
    for (const Operations of [[{ ...RIGHT, comment: "why" }], [RIGHT, { ...RIGHT, comment: "why" }]])
      must(await client.send("PATCH", at, { Operations }), 200);
    const sql = `SELECT path FROM sent_not_used WHERE setting_key = (SELECT setting_key FROM scim_settings WHERE id = ?)`;
    const { results } = await env.DB.prepare(sql).bind(client.settingId).all();
    expect(results).toEqual([{ path: "Operations.comment" }]);
  });
});
