import type { ReadInShare } from "../companies/read-in-share.ts";
import { DAY } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { literal, rawSql, type Sql, sql } from "../platform/sql.ts";
import { firstSince } from "./change-store.ts";

/** What happened to people on a day (days since 1970, UTC). */
interface PeopleOfDay {
  day: number;
  created: number;
  deactivated: number;
  reactivated: number;
  deleted: number;
}

/** What is counted, and the type of change that tells of it. */
const COUNTED = {
  created: "user.created",
  deactivated: "user.deactivated",
  reactivated: "user.reactivated",
  deleted: "user.deleted",
} as const;

/** Changes that are looked through as part of every reading: a page costs as much. */
const AT_ONCE = 1_000;
/** Changes that cost as much to look at as a user's document. */
const LIGHTNESS = 5;

const ABOUT = {
  what: "No index answers a report over many changes",
  quick: "At any time: the same of fewer days, or the change feed.",
};

/** What the changes kept tell of people, for each day from one on and before another; days without any change have zeros. */
export async function countPeopleByDay(
  database: Database,
  companyKey: number,
  days: { from: number; to: number },
  readInShare: ReadInShare,
): Promise<PeopleOfDay[]> {
  const counts = new Map<number, PeopleOfDay>();
  for (let day = days.from; day < days.to; day += 1) counts.set(day, nothingOn(day));
  const addStep = ({ rows, edge }: Step): number | null => {
    for (const row of rows) addTo(counts, row);
    return edge;
  };
  const begin = firstSince(companyKey, days.from * DAY);
  const edge = addStep(await runRead(database, selectStep(companyKey, days, begin, AT_ONCE)));
  if (edge !== null)
    await readInShare(ABOUT, async (reads) => {
      for (let after: number | null = edge; after !== null; ) {
        const next = sql`${after + 1}`;
        after = addStep(await reads.run(({ rows }) => selectStep(companyKey, days, next, rows * LIGHTNESS)));
      }
    });
  return [...counts.values()];
}

/** What a stretch of changes came to, and the place of its last; null when no more follow. */
interface Step {
  rows: PeopleOfDay[];
  edge: number | null;
}

function nothingOn(day: number): PeopleOfDay {
  return { day, created: 0, deactivated: 0, reactivated: 0, deleted: 0 };
}

function addTo(counts: Map<number, PeopleOfDay>, row: PeopleOfDay): void {
  const known = counts.get(row.day);
  if (known === undefined) return;
  for (const name of ["created", "deactivated", "reactivated", "deleted"] as const) known[name] += row[name];
}

function selectStep(companyKey: number, { to }: { to: number }, begin: Sql, rows: number): Read<Step> {
  const near = sql`SELECT seq, type, time FROM changes
    WHERE company_key = ${companyKey} AND seq >= ${begin} AND seq < ${firstSince(companyKey, to * DAY)} ORDER BY seq LIMIT ${rows}`;
  const sums = Object.entries(COUNTED).map(([name, type]) => `coalesce(sum(type = '${type}'), 0) AS ${name}`);
  return together({
    rows: selectAll(
      sql`SELECT time / ${literal(DAY)} AS day, ${rawSql(sums.join(", "))} FROM (${near}) GROUP BY 1`,
      (row) => row as PeopleOfDay, // the columns of the statement
    ),
    edge: selectFirst(
      sql`SELECT CASE count(*) WHEN ${rows} THEN max(seq) END AS edge FROM (${near})`,
      (row) => (row as { edge: number | null }).edge, // the column of the statement
    ),
  });
}
