import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { listHeldPeople } from "../../src/holds/hold-store.ts";
import type { Database } from "../../src/platform/database.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { freeReads } from "../companies/free-reads.ts";
import { fillCompany } from "../management-api/fill-company.ts";
import { RecordingD1 } from "../writer/recording-d1.ts";

/** People of the hold: of every second one a membership waits, of every third the person as a whole. */
const MANY = 3_000;
const HOLD = 77;

let recorder: RecordingD1;
let database: Database;
let first = 0;

beforeAll(async () => {
  const { company, setting, addTargetGroup } = await fillCompany("Held people");
  const group = await addTargetGroup("Crew");
  first = company.key * 2 ** 32 + 5_000;
  const each = (sql: string, ...values: (string | number)[]) =>
    env.DB.prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY}) ${sql}`).bind(
      ...values,
    );
  await env.DB.batch([
    each(
      `INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, document, version, created_at,
         updated_at, held_by, held_as, held_version)
       SELECT ?1 + i, ?2, ?3, 'held-' || i, 'Held' || i, 'held' || i, 1, '{}', 1, 1, 1, iif(i % 3 = 0, ${HOLD}, NULL),
         iif(i % 3 = 0, 'inactive', NULL), 1 FROM n`,
      ...[first, company.key, setting.key],
    ),
    each(
      `INSERT INTO target_group_members (target_group_key, user_key, kind, setting_key, source_key, detail, added_at, held_by, held_version)
       SELECT ?1, ?2 + i, 'field', ?3, 0, '', 1, ${HOLD}, 1 FROM n WHERE i % 2 = 0`,
      ...[group.key, first, setting.key],
    ),
  ]);
  recorder = new RecordingD1(env.DB);
  database = { ...openRegistry(env), d1: recorder.d1 };
});

/** The numbers of those held that have these digits, in the order they came. */
function numbersWith(digits: string): number[] {
  const all = Array.from({ length: MANY }, (_, index) => index + 1);
  return all.filter((n) => (n % 2 === 0 || n % 3 === 0) && `held${n}`.includes(digits));
}

/** All pages forwards, or from the last one's end back; and the most rows that a statement of them read. */
async function walk(search: string | null, take: number, isBack: boolean) {
  recorder.statements = [];
  const reads = freeReads(database, { rows: 40, bytes: 100_000 });
  const seen: number[] = [];
  for (let at: number | null = null; ; ) {
    const end: number = at ?? first + MANY + 1;
    const page = isBack ? { take, after: null, before: end } : { take, after: at };
    const people = await listHeldPeople(database, HOLD, { ...page, search }, reads);
    seen.push(...people.map(({ key }) => key - first));
    const last = people.at(-1);
    if (last === undefined || people.length < take) break;
    at = last.key;
  }
  return { seen, most: Math.max(...recorder.statements.map(({ rowsRead }) => rowsRead)) };
}

describe("the people of a large hold", () => {
  it.each([false, true])(
    "come each once, page by page, and no page looks at all of them (back: %s)",
    async (isBack) => {
      const { seen, most } = await walk(null, 100, isBack);
      const expected = numbersWith("");
      expect(seen).toEqual(isBack ? expected.reverse() : expected);
      // Of each of a page: the two marks, the person, its membership, its group and what is looked for of enrolments.
      expect(most).toBeLessThan(1_200);
    },
  );

  it.each([false, true])("are searched in bounded statements (back: %s)", async (isBack) => {
    const { seen, most } = await walk("99", 20, isBack);
    const expected = numbersWith("99");
    expect(seen).toEqual(isBack ? expected.reverse() : expected);
    expect(most).toBeLessThan(300);
  });
});
