import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { app } from "../../src/app.ts";
import { href } from "../../src/console/routes.ts";
import { inTurn } from "../generated-cases.ts";
import { fillCompany } from "../management-api/fill-company.ts";
import { moveFence } from "../writer/foreign-commit.ts";
import { RecordingD1 } from "../writer/recording-d1.ts";
import { signInAdmin } from "./sign-in-to.ts";

/*
 * Cloudflare ends a request after 1,000 queries to D1, in the middle of a download too. Whether each statement of a batch is one,
 * or the batch, is not said: here each is. What 300,000 rows take follows from what more rows take more.
 */

const MOST = 900;
const ROWS = 300_000;
const FEW = 2_000;
const MANY = 12_000;

const ITEM = { kind: "training", id: "basics" };

interface Filled {
  at: { companyId: string; groupId: string; settingId: string };
  cookie: string;
}

const OF: Record<string, { url: (at: Filled["at"]) => string; settings?: number; isSorted?: boolean }> = {
  people: { url: (at) => href("peopleCsv", at), isSorted: true },
  "people of many settings": { url: (at) => href("peopleCsv", at), settings: 20, isSorted: true },
  "people by a part of their name": { url: (at) => href("peopleCsv", at, { q: "row" }) },
  "the newest people first": { url: (at) => href("peopleCsv", at, { sort: "-added" }) },
  "those enrolled in an item": { url: (at) => href("trainingCsv", at, ITEM) },
  "those enrolled in an item, by name": {
    url: (at) => href("trainingCsv", at, { ...ITEM, sort: "name" }),
    settings: 20,
  },
  "people in shadow": { url: (at) => href("shadowCsv", at) },
  "those in shadow who become nothing": { url: (at) => href("shadowCsv", at, { as: "skipped" }) },
  groups: { url: (at) => href("groupsCsv", at) },
  members: { url: (at) => href("groupMembersCsv", at) },
  "the log": { url: (at) => href("logCsv", at) },
  "the log, the oldest first": { url: (at) => href("logCsv", at, { sort: "time" }), isSorted: true },
  "the log of many settings": { url: (at) => href("logCsv", at), settings: 20 },
  "what the log has of one method": { url: (at) => href("logCsv", at, { method: "PUT" }) },
};

/** A company with so many rows of everything, in so many settings. */
async function fill(rows: number, settings: number): Promise<Filled> {
  const { company, setting: first, addSetting, addTargetGroup } = await fillCompany();
  const [companyKey, settingKey] = [company.key, first.key];
  const group = await addTargetGroup("Everyone");
  const silent = await addSetting({ shadow_after: 0, criteria: "none" });
  const [groupId, targetGroupKey] = [group.id, group.key];
  const base = companyKey * 2 ** 32 + 100_000;
  const each = (sql: string, ...values: (string | number)[]) =>
    env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1) ${sql} FROM n`,
    ).bind(rows, ...values);
  const id = "printf('0192f0a9-%04x-7000-8000-%012x', i & 65535, i + ?2 * 1000000)";
  const setting = `iif(i % ${settings} = 0, ?3, ?2 + i % ${settings})`;
  await env.DB.batch([
    ...Array.from({ length: settings - 1 }, (_, index) =>
      env.DB.prepare(
        `INSERT INTO scim_settings (setting_key, company_key, id, name, provider, status, criteria, created_at)
         VALUES (?, ?, ?, 'More', 'other', 'active', 'none', 1)`,
      ).bind(base + index + 1, companyKey, crypto.randomUUID()),
    ),
    each(
      `INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, document, version, created_at, updated_at)
       SELECT ?2 + 1000 + i, ?4, ${setting}, ${id}, 'row ' || i, 'row ' || i, 1, '{}', 1, 1, 1`,
      ...[base, settingKey, companyKey],
    ),
    each(
      `INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, document, version, created_at, updated_at)
       SELECT ?2 + 600000 + i, ?4, ?3, ${id}, 'silent ' || i, 'silent ' || i, 1, '{}', 1, 1, 1`,
      ...[base, silent.key, companyKey],
    ),
    each(
      `INSERT INTO target_groups (target_group_key, company_key, id, name, name_key, source, created_at)
       SELECT ?2 + 200000 + i, ?3, ${id}, 'Group ' || i, 'group ' || i, 'manual', 1`,
      ...[base, companyKey],
    ),
    each(
      `INSERT INTO target_group_members (target_group_key, user_key, kind, setting_key, source_key, detail, request_id, added_at)
       SELECT ?3, ?2 + 1000 + i, 'manual', 0, 0, '', 'r', 1`,
      ...[base, targetGroupKey],
    ),
    env.DB.prepare(
      `INSERT INTO auto_enrolments (company_key, target_group_key, kind, item_id, name, created_at)
       VALUES (?, ?, 'training', 'basics', 'Basics', 1)`,
    ).bind(companyKey, targetGroupKey),
    env.DB.prepare(
      `INSERT INTO enrolled_items (company_key, kind, item_id, name, active, withdrawn) VALUES (?, 'training', 'basics', 'Basics', ?, 0)`,
    ).bind(companyKey, rows),
    each(
      `INSERT INTO enrolments (enrolment_key, company_key, id, person_key, user_key, user_id, kind, item_id, name, status, started_at, given)
       SELECT ?2 + 400000 + i, ?3, ${id}, 'user:' || ${id}, ?2 + 1000 + i, ${id}, 'training', 'basics', 'Basics', 'active', 1, 1`,
      ...[base, companyKey],
    ),
    each(
      `INSERT INTO request_log (setting_key, lane, id, time, method, path, status, duration)
       SELECT ${setting}, 0, printf('%08x-%04x-7000-8000-%012x', i >> 16, i & 65535, i), i, 'PUT', '/Users', 200, 1`,
      ...[base, settingKey],
    ),
  ]);
  await moveFence(company.id);
  return { at: { companyId: company.id, groupId, settingId: silent.id }, cookie: await signInAdmin(companyKey) };
}

const filled = new Map<string, Filled>();

beforeAll(async () => {
  for (const settings of [1, 20])
    for (const rows of [FEW, MANY]) filled.set(`${rows} ${settings}`, await fill(rows, settings));
});

/** The lines of a download, and how many queries it took. */
async function download(url: string, cookie: string): Promise<{ lines: string[]; queries: number; rowsRead: number }> {
  const recorder = new RecordingD1(env.DB);
  const request = new Request(`https://rollcall.test${url}`, { headers: { cookie } });
  const answer = await app.fetch(request, { ...env, DB: recorder.d1 }, createExecutionContext());
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).trimEnd().split("\r\n").slice(1);
  const rowsRead = Math.max(...recorder.statements.map((statement) => statement.rowsRead));
  return { lines, queries: recorder.statements.length, rowsRead };
}

describe("a download that is read slowly", () => {
  it.each(["peopleCsv", "logCsv", "groupsCsv"] as const)("reads no further than is taken: %s", async (name) => {
    const { at, cookie } = filled.get(`${MANY} 1`) ?? {};
    if (at === undefined || cookie === undefined) throw new Error("it was filled");
    const recorder = new RecordingD1(env.DB);
    const request = new Request(`https://rollcall.test${href(name, at)}`, { headers: { cookie } });
    const answer = await app.fetch(request, { ...env, DB: recorder.d1 }, createExecutionContext());
    const reader = answer.body?.getReader();
    let text = "";
    // The line of heads, then the first stretch.
    for (let n = 0; n < 2; n += 1) text += new TextDecoder().decode((await reader?.read())?.value);
    const lines = text.split("\r\n").length;
    expect(lines).toBeGreaterThan(100);
    expect(lines).toBeLessThan(2_100);
    await reader?.cancel();
    expect(recorder.statements.length).toBeLessThan(15);
  });
});

describe("a download of 300,000 rows takes less queries than Cloudflare lets a request have", () => {
  it.each(inTurn(Object.entries(OF), 0))("of %s", async (_, { url, settings = 1, isSorted = false }) => {
    const [few, many] = await Promise.all(
      [FEW, MANY].map(async (rows) => {
        const { at, cookie } = filled.get(`${rows} ${settings}`) ?? {};
        if (at === undefined || cookie === undefined) throw new Error("it was filled");
        return download(url(at), cookie);
      }),
    );
    if (few === undefined || many === undefined) throw new Error("both were asked for");
    for (const { lines } of [few, many]) {
      expect(new Set(lines).size).toBe(lines.length);
      const first = lines.map((line) => line.split(",")[0] ?? "");
      if (isSorted) expect(first).toEqual(first.toSorted());
    }
    expect(many.lines.length).toBeGreaterThanOrEqual(MANY);
    expect(many.lines.length - few.lines.length).toBe(MANY - FEW);
    const more = (many.queries - few.queries) / (MANY - FEW);
    expect(many.queries + more * (ROWS - MANY), `${few.queries} and ${many.queries}`).toBeLessThan(MOST);
    // None of them has the database for long.
    expect(many.rowsRead).toBeLessThan(20_000);
  });
});
