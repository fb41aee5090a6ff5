import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { listTargetUsers } from "../../src/directory/target-user-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { freeReads } from "../companies/free-reads.ts";
import { RecordingD1 } from "../writer/recording-d1.ts";
import { type FixtureSetting, insertSetting } from "./directory-fixture.ts";

/*
 * People of a company in a list, however many are left out of it: each page goes on where the one before it ended, and looks at
 * few, or at what it is let.
 */

const PEOPLE = 1_600;

let setting: FixtureSetting;
let other: number;

/** Of every four people in the order they came the first is of another setting. */
beforeAll(async () => {
  setting = await insertSetting(env.DB);
  const { companyKey, settingKey } = setting;
  other = settingKey + 1;
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO scim_settings (setting_key, company_key, id, name, provider, status, criteria, created_at) VALUES (?, ?, ?, 'Other', 'other', 'active', 'none', 1)`,
    ).bind(other, companyKey, crypto.randomUUID()),
    env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${PEOPLE})
       INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, document, version, created_at, updated_at)
       SELECT (?1 << 32) + 1000 + i, ?1, iif(i % 4 = 0, ?3, ?2), printf('%08x-0000-7000-8000-%012x', 5000 - i, ?1), 'u' || i, 'u' || i, 1,
         json_object('userName', 'u' || i), 1, 1, 1 FROM n`,
    ).bind(companyKey, settingKey, other),
  ]);
});

const shape = (settingKey: number, columns: string) =>
  env.DB.prepare(`UPDATE scim_settings SET ${columns} WHERE setting_key = ?`).bind(settingKey).run();

afterEach(async () => {
  for (const key of [setting.settingKey, other])
    await shape(key, "status = 'active', shadow_after = NULL, shadow_until = NULL");
});

/** Everybody that a list gives, page by page, what its statements read at most, and how often it asked for more. */
async function listAll(managed: boolean | null, take: number, bounds = { rows: 300, bytes: 10_000_000 }) {
  const recorder = new RecordingD1(env.DB);
  const database = { ...openRegistry(env), d1: recorder.d1 };
  const names: string[] = [];
  let asked = 0;
  for (let after: number | null = null; ; ) {
    const page = { take, after, filter: null, managed, baseUrl: "https://x.test" };
    const reads = freeReads(database, bounds, () => {
      asked += 1;
    });
    const { rows, isCut } = await listTargetUsers(database, setting.companyKey, page, reads);
    names.push(...rows.map(({ userName }) => userName));
    if (rows.length < take && !isCut) break;
    after = rows.at(-1)?.key ?? null;
  }
  const most = Math.max(...recorder.statements.map(({ rowsRead }) => rowsRead));
  return { names, most, asked, trips: recorder.trips };
}

/** The names of people by their numbers. */
const named = (is: (n: number) => boolean) =>
  Array.from({ length: PEOPLE }, (_, index) => index + 1).flatMap((n) => (is(n) ? [`u${n}`] : []));

const keyOf = (n: number) => setting.companyKey * 2 ** 32 + 1_000 + n;

describe.each([40, 200])("a list of people with %i on a page", (take) => {
  it("has all of a company in which nobody is left out, and reads no more than it shows", async () => {
    const { names, most, asked } = await listAll(null, take);
    expect(names).toEqual(named(() => true));
    expect(asked).toBe(0);
    expect(most).toBeLessThan(10 * take + 100);
  });

  it("leaves out those in shadow, few among many, without being let", async () => {
    await shape(other, "shadow_after = 0");
    const { names, asked, most } = await listAll(null, take);
    expect(names).toEqual(named((n) => n % 4 !== 0));
    expect(asked).toBe(0);
    expect(most).toBeLessThan(6_000);
  });

  it("has the few beside many in shadow without being let", async () => {
    await shape(setting.settingKey, "shadow_after = 0");
    const { names, asked } = await listAll(null, take);
    expect(names).toEqual(named((n) => n % 4 === 0));
    expect(asked).toBe(0);
  });

  it("finds those after many in shadow as it is let, with bounded statements", async () => {
    await shape(setting.settingKey, `shadow_after = 0, shadow_until = ${keyOf(1_300)}`);
    await shape(other, "shadow_after = 0");
    for (const bounds of [
      { rows: 300, bytes: 10_000_000 },
      { rows: 10_000, bytes: 500 },
    ]) {
      const { names, asked, most } = await listAll(null, take, bounds);
      expect(names).toEqual(named((n) => n > 1_300 && n % 4 !== 0));
      expect(asked).toBe(1);
      expect(most).toBeLessThan(6_000);
    }
  });

  it("has the managed and the others apart", async () => {
    await shape(setting.settingKey, "status = 'deleted'");
    expect((await listAll(true, take)).names).toEqual(named((n) => n % 4 === 0));
    expect((await listAll(false, take)).names).toEqual(named((n) => n % 4 !== 0));
    await shape(other, `shadow_after = ${keyOf(800)}`);
    expect((await listAll(true, take)).names).toEqual(named((n) => n % 4 === 0 && n <= 800));
  });
});
