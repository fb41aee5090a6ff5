import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Client, newBench, requestOf, requireOutcome } from "./bench.ts";

/** A field as it could be made before its key was reserved. */
async function makeOldField(companyId: string, key: string): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO custom_fields (company_key, field_key, label, type, created_at)
     SELECT company_key, ?, 'Old', 'text', 0 FROM companies WHERE id = ?`,
  )
    .bind(key, companyId)
    .run();
}

async function lastChange(companyId: string): Promise<unknown> {
  const data = await env.DB.prepare(
    `SELECT data FROM changes JOIN companies USING (company_key) WHERE companies.id = ? ORDER BY seq DESC LIMIT 1`,
  )
    .bind(companyId)
    .first<string>("data");
  return JSON.parse(data ?? "{}");
}

describe("a field with the key of an attribute, made before such keys were reserved", () => {
  it.each(["userName", "externalId", "displayName"])("hides no change of %s, nor shows its own as one", async (key) => {
    const bench = await newBench({ criteria: "idp" });
    await makeOldField(bench.companyId, key);
    const fieldMappings = [{ field: key, path: "title" }];
    const write = (operation: object) => bench.another().write(requestOf(operation as never));
    requireOutcome(await write({ kind: "updateSetting", settingId: bench.settingId, fieldMappings }));
    const client = new Client(bench.another(), bench.settingId);
    const id = await client.user("ada", undefined, { title: "Boss", externalId: "e1", displayName: "Ada" });
    requireOutcome(await client.patchUser(id, { op: "Replace", path: key, value: "new" }));
    const before = { userName: "ada", externalId: "e1", displayName: "Ada" }[key];
    expect(await lastChange(bench.companyId)).toMatchObject({ changed: { [key]: { old: before, new: "new" } } });
    requireOutcome(await client.patchUser(id, { op: "Replace", path: "title", value: "Chief" }));
    expect(await lastChange(bench.companyId)).toMatchObject({
      changed: { [`fields.${key}`]: { old: "Boss", new: "Chief" } },
    });
    requireOutcome(
      await client.patchUser(
        id,
        { op: "Replace", path: key, value: "newer" },
        { op: "Replace", path: "title", value: "B" },
      ),
    );
    expect(await lastChange(bench.companyId)).toMatchObject({
      changed: { [key]: { old: "new", new: "newer" }, [`fields.${key}`]: { old: "Chief", new: "B" } },
    });
  });
});
