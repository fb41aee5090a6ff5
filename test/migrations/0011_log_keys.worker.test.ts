import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { purgeLog } from "../../src/log/purge-log.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { rowKey } from "../../src/platform/row-keys.ts";
import { newId } from "../../src/platform/uuid.ts";
import { insert } from "../management-api/fill-company.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import { Client, logRowOf, newWriter, requestOf, requireOutcome } from "../writer/bench.ts";

const DAY = 24 * 60 * 60 * 1000;
const COMPANIES = 3;
const LOGGED = 40;

interface Old {
  key: number;
  id: string;
  settingId: string;
  userId: string;
  /** Ids of its logged requests, newest first. */
  logged: string[];
}

/** A company as a Worker of the time of migration 0009 left it: its log has keys of the company's own. */
async function fillOld(companyKey: number, now: number): Promise<Old> {
  const old: Old = { key: companyKey, id: newId(now), settingId: newId(now), userId: newId(now), logged: [] };
  const company = { company_key: companyKey };
  const setting = { setting_key: rowKey(companyKey, 1) };
  const counters = { commit_no: 2, commit_id: newId(now), next_key: 3 + LOGGED, change_seq: 1, created_at: 1 };
  await insert("companies", { ...company, id: old.id, name: `Company ${companyKey}`, ...counters });
  await insert("scim_settings", {
    ...{ ...setting, ...company, id: old.settingId, name: "S", provider: "other", status: "active", criteria: "idp" },
    ...{ active_users: 1, created_at: 1 },
  });
  await insert("users", {
    ...{
      user_key: rowKey(companyKey, 2),
      ...company,
      ...setting,
      id: old.userId,
      user_name: "ada",
      user_name_key: "ada",
    },
    ...{ active: 1, document: '{"userName":"ada"}', version: 1, created_at: 1, updated_at: 1 },
  });
  await insert("changes", {
    ...{ ...company, seq: 1, type: "user.created", time: 1, subject_kind: "user", subject_id: old.userId },
    ...{ user_id: old.userId, data: '{"userName":"ada"}', cause: '{"requestId":"r","actor":"scim"}' },
  });
  await insert("commit_marks", { ...company, commit_no: 1, commit_id: newId(now) });
  for (let n = 0; n < LOGGED; n += 1) {
    const id = newId(now);
    old.logged.unshift(id);
    await insert("provisioning_log", {
      ...{ log_key: rowKey(companyKey, 3 + n), ...company, ...setting, id, time: now - (LOGGED - n) * DAY },
      ...{ method: "POST", path: "/scim/v2/Users", resource_type: "User", resource_id: old.userId, label: "ada" },
      ...{ status: 200, duration: 1 },
    });
  }
  return old;
}

/** Rows by table. */
async function countRows(): Promise<Record<string, number>> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB '[a-z]*' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'd1_%'",
  ).all<{ name: string }>();
  const counts = results.map(async ({ name }) => {
    const count = await env.DB.prepare(`SELECT count(*) AS n FROM ${name}`).first<number>("n");
    return [name, count ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

async function listLog({ id, settingId }: Old): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = cursor === "" ? "limit=7" : `limit=7&cursor=${cursor}`;
    const page = must(await operate("GET", `/companies/${id}/scim-settings/${settingId}/log?${query}`), 200);
    ids.push(...page.items.map((item: { id: string }) => item.id));
    cursor = page.nextCursor;
  }
  return ids;
}

/** Has a company's writer of today commit something with a row of the log; gives the request's id. */
async function logOne(old: Old): Promise<string> {
  const request = requestOf({ kind: "changeCompany", name: "Renamed" });
  const log = logRowOf(request, old.settingId, { resourceId: old.userId, label: "ada" });
  requireOutcome(await newWriter(old.id).write({ ...request, log }));
  return request.cause.requestId;
}

describe("a filled database of migration 0009, upgraded", () => {
  const now = Date.now();
  let companies: Old[] = [];
  let before: Record<string, number> = {};

  beforeAll(async () => {
    await reset();
    await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, 9));
    companies = [];
    for (let key = 1; key <= COMPANIES; key += 1) companies.push(await fillOld(key, now));
    before = await countRows();
    await applyD1Migrations(env.DB, env.MIGRATIONS);
  });

  it("keeps every row; the log has one more, which is nobody's", async () => {
    expect(before).toMatchObject({ companies: COMPANIES, users: COMPANIES, provisioning_log: COMPANIES * LOGGED });
    expect(await countRows()).toMatchObject({
      ...before,
      provisioning_log: COMPANIES * LOGGED + 1,
      // What nothing reads any more.
      commit_marks: 0,
    });
    for (const old of companies) expect(await listLog(old)).toEqual(old.logged);
  });

  it("takes new requests after the old ones in every list, and leaves an older Worker its keys", async () => {
    for (const old of companies) old.logged.unshift(await logOne(old));
    for (const old of companies) {
      // What an older Worker does, should one be rolled back to, or live on for a moment.
      const company = env.DB.prepare("SELECT next_key FROM companies WHERE id = ?").bind(old.id);
      const key = rowKey(old.key, Number(await company.first("next_key")));
      await insert("provisioning_log", {
        ...{ log_key: key, company_key: old.key, setting_key: rowKey(old.key, 1), id: newId(now), time: now },
        ...{ method: "GET", path: "/Users", status: 200, duration: 1 },
      });
      await env.DB.prepare("DELETE FROM provisioning_log WHERE log_key = ?").bind(key).run();
    }
    for (const old of companies) expect(await listLog(old)).toEqual(old.logged);
  });

  it("erases people from both, and purges both", async () => {
    const [one, two, three] = companies;
    if (one === undefined || two === undefined || three === undefined) throw new Error("too few companies");
    requireOutcome(await new Client(newWriter(one.id), one.settingId).deleteUser(one.userId));
    const named = env.DB.prepare("SELECT count(*) AS n FROM provisioning_log WHERE company_key = ? AND label = 'ada'");
    expect(await named.bind(one.key).first("n")).toBe(0);
    expect(await named.bind(two.key).first("n")).toBe(LOGGED);
    expect(await purgeLog(openRegistry(env), now - 20 * DAY)).toBe(COMPANIES * 20);
    for (const old of companies) expect(await listLog(old)).toEqual(old.logged.slice(0, LOGGED - 19));
    requireOutcome(await newWriter(three.id).write(requestOf({ kind: "deleteCompany" })));
    const writer = newWriter(three.id);
    while (await writer.followUp());
    expect(await named.bind(three.key).first("n")).toBe(0);
    expect(await named.bind(two.key).first("n")).toBe(LOGGED - 20);
  });
});
