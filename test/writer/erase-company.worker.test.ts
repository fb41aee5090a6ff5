import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openRegistry } from "../../src/platform/database.ts";
import { CompanyWriter } from "../../src/writer/company-writer.ts";
import { COMPANY_TABLES } from "../../src/writer/erase-company.ts";
import { must, populate } from "../safety/populated-company.ts";
import { digestCompany, dumpCompany } from "../safety/state-digest.ts";
import { call, operate } from "../scim-api/scim-client.ts";
import { Client, newBench } from "./bench.ts";
import { moveFence } from "./foreign-commit.ts";
import { FaultyD1 } from "./gate.ts";
import { UNHEARD } from "./unheard.ts";

/** The tables that still hold something of a company. */
async function rest(companyId: string): Promise<string[]> {
  return Object.entries(await dumpCompany(companyId)).flatMap(([table, rows]) => (rows.length > 0 ? [table] : []));
}

async function addPeople(companyId: string, settingId: string, count: number): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, document, version, created_at, updated_at)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?3)
     SELECT c.company_key * 4294967296 + 1000000 + i, c.company_key, s.setting_key, 'person-' || i, 'person' || i, 'person' || i, 1, '{}', 1, 0, 0
     FROM n, companies c JOIN scim_settings s ON s.company_key = c.company_key WHERE c.id = ?1 AND s.id = ?2`,
  )
    .bind(companyId, settingId, count)
    .run();
  await moveFence(companyId);
}

describe("deleting a company", () => {
  it("empties every table of it, and no other company's", async () => {
    const [gone, kept] = [await populate("gone"), await populate("kept")];
    const before = await digestCompany(kept.companyId);
    must(await operate("DELETE", `/companies/${gone.companyId}`), 204);
    expect(await rest(gone.companyId)).toEqual(["companies"]);
    expect((await dumpCompany(gone.companyId)).companies?.join()).not.toContain("gone");
    expect(await digestCompany(kept.companyId)).toBe(before);
    expect(await env.TOKENS.get(`token:${gone.tokenId}`)).toBeNull();
  });

  it("knows every table that the migrations make for companies", async () => {
    const { results } = await openRegistry(env)
      .d1.prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '[a-z]*' AND name NOT LIKE 'sqlite%'",
      )
      .all<{ name: string }>();
    // A session says of nobody who it is and is gone in a day and a half; the others know no company, or nothing fills them.
    const others = /^(d1_|companies$|(console|ended)_sessions$|secret_rotations$|wrong_keys$|commit_marks$)/;
    const names = results.map(({ name }) => name).filter((name) => !others.test(name));
    expect(COMPANY_TABLES.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it("takes a change away before the setting by which its cause is told", () => {
    const places = ["changes", "scim_settings"].map((table) => COMPANY_TABLES.findIndex(({ name }) => name === table));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("of many people takes several commits of bounded size, and each leaves the company unseen", async () => {
    const bench = await newBench({ criteria: "idp" });
    await addPeople(bench.companyId, bench.settingId, 10_000);
    const counted = new FaultyD1(env.DB);
    const writer = bench.another({ d1: counted.d1 });
    const cause = { requestId: "r", actor: "operator" as const, settingId: null, provider: null };
    expect(await writer.write({ operation: { kind: "deleteCompany" }, cause })).toMatchObject({ ok: true });
    expect((await operate("GET", `/companies/${bench.companyId}`)).status).toBe(404);
    const left: number[] = [];
    while (await writer.followUp())
      left.push(Number(await env.DB.prepare("SELECT count(*) AS n FROM users WHERE id GLOB 'person-*'").first("n")));
    expect(left.length).toBeGreaterThanOrEqual(4);
    for (const [index, count] of left.entries()) expect((left[index - 1] ?? 10_000) - count).toBeLessThanOrEqual(3_000);
    expect(await rest(bench.companyId)).toEqual(["companies"]);
  });

  it("goes on after a crash in the middle, by the alarm alone", async () => {
    const { companyId, settingId, client } = await populate("crash");
    await addPeople(companyId, settingId, 7_000);
    const dying = new CompanyWriter({ ...UNHEARD, d1: env.DB, companyId, clock: Date.now });
    const cause = { requestId: "r", actor: "operator" as const, settingId: null, provider: null };
    expect(await dying.write({ operation: { kind: "deleteCompany" }, cause })).toMatchObject({ ok: true });
    expect(await dying.followUp()).toBe(true);
    expect(await rest(companyId)).toContain("users");
    const stub = env.WRITER.get(env.WRITER.idFromName(companyId));
    // What the writer puts down before the decision is committed.
    await runInDurableObject(stub, async (_, state) => {
      await state.storage.put("companyId", companyId);
      await state.storage.setAlarm(Date.now() + 60_000);
    });
    await runDurableObjectAlarm(stub);
    expect(await rest(companyId)).toEqual(["companies"]);
    const late = await call(
      "POST",
      "/scim/v2/Users",
      { userName: "late" },
      {
        authorization: client.token,
        "content-type": "application/json",
      },
    );
    expect(late.status).toBe(401);
    expect(await rest(companyId)).toEqual(["companies"]);
  });

  it("refuses every later operation, and those queued behind it", async () => {
    const bench = await newBench({ criteria: "idp" });
    const client = new Client(bench.writer, bench.settingId);
    const cause = { requestId: "r", actor: "operator" as const, settingId: null, provider: null };
    const [deleted, behind] = await Promise.all([
      bench.writer.write({ operation: { kind: "deleteCompany" }, cause }),
      client.postUser("behind"),
    ]);
    expect(deleted.ok).toBe(true);
    expect(behind).toMatchObject({ ok: false, status: 404 });
    while (await bench.writer.followUp());
    expect(await rest(bench.companyId)).toEqual(["companies"]);
  });
});
