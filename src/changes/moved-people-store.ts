import type { ReadInShare } from "../companies/read-in-share.ts";
import { DAY } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectFirst, together } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { Change } from "./change.ts";
import { firstSince, selectChanges } from "./change-store.ts";

/** Changes that are looked through as part of every reading: a page costs as much. */
const AT_ONCE = 1_000;
/** Changes that cost as much to look at as a user's document. */
const LIGHTNESS = 5;

const ABOUT = {
  what: "No index finds who joined and left among all that changed on a day",
  quick: "At any time: a day on which less changed.",
};

/**
 * Up to `take` changes by which people came or went on a day (days since 1970, UTC), in their order, after the one numbered
 * `after`; to look far for them, `readInShare` has to let it.
 */
export async function listMoved(
  database: Database,
  companyKey: number,
  { day, take, after }: { day: number; take: number; after: number | null },
  readInShare: ReadInShare,
): Promise<Change[]> {
  const select = (from: Sql, left: number, rows: number) => selectStep(companyKey, { day, from, take: left }, rows);
  const begin = sql`max(${(after ?? 0) + 1}, ${firstSince(companyKey, day * DAY)})`;
  let found = await runRead(database, select(begin, take, AT_ONCE));
  const isEnough = () => found.edge === null || found.rows.length >= take;
  if (!isEnough())
    await readInShare(ABOUT, async (reads) => {
      while (!isEnough()) {
        const from = sql`${(found.edge ?? 0) + 1}`;
        const { rows: known } = found;
        const next = await reads.run(({ rows }) => select(from, take - known.length, rows * LIGHTNESS));
        found = { rows: [...known, ...next.rows], edge: next.edge };
      }
    });
  return found.rows;
}

/** Changes that were found, and the place of the last that was looked at; null when no more follow. */
interface Step {
  rows: Change[];
  edge: number | null;
}

function selectStep(
  companyKey: number,
  { day, from, take }: { day: number; from: Sql; take: number },
  rows: number,
): Read<Step> {
  const near = sql`SELECT seq FROM changes WHERE company_key = ${companyKey} AND seq >= ${from}
    AND seq < ${firstSince(companyKey, (day + 1) * DAY)} ORDER BY seq LIMIT ${rows}`;
  return together({
    rows: selectChanges(sql`FROM (${near}) n CROSS JOIN changes c ON c.company_key = ${companyKey} AND c.seq = n.seq
      WHERE c.type IN ('user.created', 'user.reactivated', 'user.deactivated', 'user.deleted')
        AND (c.type <> 'user.created' OR c.data->>'status' = 'active') ORDER BY c.seq LIMIT ${take}`),
    edge: selectFirst(
      sql`SELECT CASE count(*) WHEN ${rows} THEN max(seq) END AS edge FROM (${near})`,
      (row) => (row as { edge: number | null }).edge, // the column of the statement
    ),
  });
}
