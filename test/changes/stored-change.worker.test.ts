import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectChangesOfRequest } from "../../src/changes/change-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { draw, SEED } from "../generated-cases.ts";
import { operate } from "../scim-api/scim-client.ts";
import { Client, newBench, requireOutcome } from "../writer/bench.ts";
import { anyHistory } from "./any-history.ts";
import { playHistory } from "./living-company.ts";

const OF_COMPANY = "company_key = (SELECT company_key FROM companies WHERE id = ?1)";
/** Puts a company's feed into the form in which it was written before migration 0036. */
const AS_BEFORE = `UPDATE changes SET
    user_id = coalesce(user_id, iif(subject_kind = 'user', subject_id, NULL)),
    cause = CASE WHEN request_id IS NULL THEN cause ELSE json_object('requestId', request_id, 'actor', 'scim',
      'settingId', (SELECT s.id FROM scim_settings s WHERE s.setting_key = changes.setting_key), 'provider', provider, 'rule', rule) END,
    request_id = NULL, setting_key = NULL, provider = NULL, rule = NULL WHERE ${OF_COMPANY}`;

async function putAsBefore(companyId: string): Promise<void> {
  await env.DB.prepare(AS_BEFORE).bind(companyId).run();
}

/** The whole feed as the API answers it, page by page, and what it tells of each person it names. */
async function readTexts(companyId: string): Promise<string[]> {
  const texts: string[] = [];
  const people = new Set<string>();
  for (let after = ""; ; ) {
    const { text, json } = await operate("GET", `/companies/${companyId}/changes?limit=50${after}`);
    texts.push(text);
    for (const { subject } of json.items) if (subject.kind === "user") people.add(subject.id);
    if (json.items.length === 0) break;
    after = `&after=${json.items.at(-1).cursor}`;
  }
  for (const id of people) {
    const { status, text } = await operate("GET", `/companies/${companyId}/target-users/${id}/export`);
    texts.push(status === 200 ? text.slice(text.indexOf('"scimUser"')) : String(status));
  }
  return texts;
}

function countOfNow(companyId: string): Promise<number | null> {
  const sql = `SELECT count(*) AS n FROM changes WHERE ${OF_COMPANY} AND request_id IS NOT NULL`;
  return env.DB.prepare(sql).bind(companyId).first<number>("n");
}

/** As if a webhook had been sent all changes about people, and answered; gives a count of the answers that are kept. */
async function deliverAll(companyId: string): Promise<() => Promise<number | null>> {
  const key = `(SELECT company_key * ${2 ** 32} + 900 FROM companies WHERE id = ?1)`;
  const run = (sql: string) => env.DB.prepare(sql).bind(companyId).run();
  await run(`INSERT INTO webhooks (webhook_key, company_key, id, url, cursor_seq, created_at)
    SELECT ${key}, company_key, 'hook', 'https://hooks.example.com/', 0, 1 FROM companies WHERE id = ?1`);
  await run(`INSERT INTO webhook_deliveries (webhook_key, seq, type, status, attempts, duration, first_attempt_at, last_attempt_at,
      response_body)
    SELECT ${key}, seq, type, 'delivered', 1, 1, 1, 1, 'thanks' FROM changes WHERE ${OF_COMPANY} AND subject_kind = 'user'`);
  const kept = `SELECT count(response_body) AS n FROM webhook_deliveries WHERE webhook_key = ${key}`;
  return () => env.DB.prepare(kept).bind(companyId).first<number>("n");
}

/** How many receivers' answers to changes about a user are kept. */
function countAnswersAbout(companyId: string, id: string): Promise<number | null> {
  return env.DB.prepare(
    `SELECT count(d.response_body) AS n FROM webhook_deliveries d JOIN changes c ON c.seq = d.seq
     WHERE c.${OF_COMPANY} AND c.subject_id = ?2`,
  )
    .bind(companyId, id)
    .first<number>("n");
}

const HISTORIES = 4;

describe("a row of the feed", () => {
  it(`tells the API what one of before told it, after any history (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
    const property = fc.asyncProperty(anyHistory, async (history) => {
      const companyId = await playHistory(history, async () => {});
      const told = await readTexts(companyId);
      expect(await countOfNow(companyId)).toBeGreaterThan(1);
      await putAsBefore(companyId);
      expect(await readTexts(companyId)).toEqual(told);
    });
    await fc.assert(property, draw(HISTORIES));
  });

  it("says nothing twice of what an identity provider's request made", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const ada = await new Client(bench.writer, bench.settingId).user("ada.lovelace");
    const { results } = await env.DB.prepare(
      `SELECT type, user_id, cause, request_id IS NULL AS isOld FROM changes WHERE ${OF_COMPANY} AND subject_id = ?2 ORDER BY seq`,
    )
      .bind(bench.companyId, ada)
      .all();
    const lean = { user_id: null, cause: "{}", isOld: 0 };
    expect(results).toEqual([
      { type: "user.created", ...lean },
      { type: "member.added", ...lean },
    ]);
    const { json } = await operate("GET", `/companies/${bench.companyId}/changes`);
    const [made] = json.items.filter(({ type }: { type: string }) => type === "user.created");
    expect(made.cause).toEqual({
      ...{ requestId: expect.any(String), actor: "scim", settingId: bench.settingId },
      ...{ provider: "other", rule: null },
    });
  });
});

it("a request's changes are found in rows of now and of before", async () => {
  const bench = await newBench({ criteria: "none", targetGroupName: "All" });
  const ada = await new Client(bench.writer, bench.settingId).user("ada.lovelace");
  const read = async () => {
    const company = "SELECT company_key AS key FROM companies WHERE id = ?";
    const key = (await env.DB.prepare(company).bind(bench.companyId).first<number>("key")) ?? 0;
    const { json } = await operate("GET", `/companies/${bench.companyId}/changes?types=user.created`);
    const request = { id: String(json.items[0].cause.requestId), time: Date.parse(json.items[0].time) };
    return (await runRead(openRegistry(env), selectChangesOfRequest(key, request, 10))).rows;
  };
  const found = await read();
  expect(found.map(({ type, subject }) => [type, subject.id])).toEqual([
    ["user.created", ada],
    ["member.added", ada],
  ]);
  await putAsBefore(bench.companyId);
  expect(await read()).toEqual(found);
});

describe("erasing a person", () => {
  const traces = `SELECT count(*) AS n FROM changes WHERE ${OF_COMPANY} AND instr(data, 'ada.lovelace') > 0`;
  const countTraces = (companyId: string) => env.DB.prepare(traces).bind(companyId).first<number>("n");

  it.each(["of now", "of before", "of both"])("takes its data out of rows %s", async (rows) => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const ada = await client.user("ada.lovelace");
    if (rows !== "of now") await putAsBefore(bench.companyId);
    if (rows === "of both") await client.patchUser(ada, { op: "replace", path: "displayName", value: "Ada" });
    expect(await countTraces(bench.companyId)).toBeGreaterThan(1);
    const answers = await deliverAll(bench.companyId);
    expect(await answers()).toBeGreaterThan(1);
    requireOutcome(await new Client(bench.another(), bench.settingId).deleteUser(ada));
    expect(await countTraces(bench.companyId)).toBe(0);
    expect(await answers()).toBe(0);
  });

  it("does so too when an older Worker does it, which knows of none of the rows of now", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const ada = await client.user("ada.lovelace");
    const bob = await client.user("bob");
    await deliverAll(bench.companyId);
    expect(await countAnswersAbout(bench.companyId, ada)).toBeGreaterThan(0);
    await env.DB.prepare(
      `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, user_id, data, cause)
       SELECT company_key, change_seq + 1, 'user.deleted', 1, 'user', ?2, ?2, '{"erased":true}', '{}' FROM companies WHERE id = ?1`,
    )
      .bind(bench.companyId, ada)
      .run();
    const others = await env.DB.prepare(
      `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, data, cause)
       WITH RECURSIVE n(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM n WHERE x <= 1000)
       SELECT company_key, change_seq + x, 'user.updated', 1, 'user', 'other', '{}', '{}' FROM companies, n WHERE id = ?1`,
    )
      .bind(bench.companyId)
      .run();
    expect(others.meta.changes).toBe(1_000);
    const { meta } = await env.DB.prepare(
      `UPDATE changes INDEXED BY changes_by_user SET data = json_set(json_remove(data, '$.userName'), '$.erased', json('true'))
       WHERE ${OF_COMPANY} AND user_id = ?2`,
    )
      .bind(bench.companyId, ada)
      .run();
    // It does not walk the company's feed.
    expect(meta.rows_read).toBeLessThan(50);
    const { results } = await env.DB.prepare(
      `SELECT DISTINCT subject_id AS id, data->>'erased' AS erased, data->>'userName' AS name FROM changes
       WHERE ${OF_COMPANY} AND subject_id IN (?2, ?3) ORDER BY erased`,
    )
      .bind(bench.companyId, ada, bob)
      .all();
    expect(results).toEqual([
      { id: bob, erased: null, name: "bob" },
      { id: ada, erased: 1, name: null },
    ]);
    // What came of the deliveries of its changes goes along; Bob's is there.
    expect(await countAnswersAbout(bench.companyId, ada)).toBe(0);
    expect(await countAnswersAbout(bench.companyId, bob)).toBeGreaterThan(0);
  });
});
