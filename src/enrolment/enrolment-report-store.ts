import type { ReadInShare } from "../companies/read-in-share.ts";
import type { ProgressStatus } from "../directory/enrolment-column-values.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { spanAfter } from "../platform/row-keys.ts";
import { joinSql, rawSql, sql } from "../platform/sql.ts";
import type { ItemKind } from "./plan-enrolments.ts";

/** By what enrolments are counted, and in which time they started (ms; from it on, before it). */
interface EnrolmentReport {
  byItem: boolean;
  byStatus: boolean;
  byProgress: boolean;
  from: number | null;
  to: number | null;
}

/** How many enrolments have this in common; null for what they are not counted by. */
interface EnrolmentCount {
  kind: ItemKind | null;
  itemId: string | null;
  /** The item's, as the youngest of them has it. */
  name: string | null;
  status: "active" | "withdrawn" | null;
  /** `assigned` while nothing was reported. */
  progress: ProgressStatus | null;
  enrolments: number;
}

/** Enrolments that are looked through as part of every reading: a page costs as much. */
const AT_ONCE = 2_000;

const ABOUT = {
  what: "No index answers a report of many enrolments",
  quick: "At any time: the list of enrolments, page by page.",
};

/** Counts the enrolments of a company; those of a large one are looked through as `readInShare` lets it. */
export async function countEnrolments(
  database: Database,
  companyKey: number,
  report: EnrolmentReport,
  readInShare: ReadInShare,
): Promise<EnrolmentCount[]> {
  const counts = new Map<string, EnrolmentCount>();
  const addStep = ({ rows, edge }: Step): number | null => {
    for (const row of rows) addTo(counts, row);
    return edge;
  };
  const edge = addStep(await runRead(database, selectStep(companyKey, report, null, AT_ONCE)));
  if (edge !== null)
    await readInShare(ABOUT, async (reads) => {
      for (let after: number | null = edge; after !== null; ) {
        const from: number = after;
        after = addStep(await reads.run(({ rows }) => selectStep(companyKey, report, from, rows)));
      }
    });
  return [...counts.values()].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

/** What a stretch of enrolments came to, and the key of its last; null when no more follow. */
interface Step {
  rows: EnrolmentCount[];
  edge: number | null;
}

function addTo(counts: Map<string, EnrolmentCount>, row: EnrolmentCount): void {
  const before = counts.get(keyOf(row))?.enrolments ?? 0;
  counts.set(keyOf(row), { ...row, enrolments: before + row.enrolments });
}

function keyOf({ kind, itemId, status, progress }: EnrolmentCount): string {
  return JSON.stringify([kind, itemId, status, progress]);
}

function selectStep(companyKey: number, report: EnrolmentReport, place: number | null, rows: number): Read<Step> {
  const { after, before } = spanAfter(companyKey, place);
  const near = sql`SELECT enrolment_key, kind, item_id, name, status, started_at,
      coalesce(progress_status, 'assigned') AS progress FROM enrolments
    WHERE enrolment_key > ${after} AND enrolment_key < ${before} ORDER BY enrolment_key LIMIT ${rows}`;
  const { byItem, byStatus, byProgress, from, to } = report;
  const shown = [
    ...(byItem ? ["kind", "item_id AS itemId", "name"] : ["NULL AS kind", "NULL AS itemId", "NULL AS name"]),
    byStatus ? "status" : "NULL AS status",
    byProgress ? "progress" : "NULL AS progress",
  ];
  const conditions = [
    ...(from === null ? [] : [sql`started_at >= ${from}`]),
    ...(to === null ? [] : [sql`started_at < ${to}`]),
  ];
  const where = conditions.length === 0 ? rawSql("") : sql`WHERE ${joinSql(conditions, " AND ")}`;
  const groups = [
    ...(byItem ? ["kind", "item_id"] : []),
    ...(byStatus ? ["status"] : []),
    ...(byProgress ? ["progress"] : []),
  ];
  // With max() the other columns are those of the row that has it.
  return together({
    rows: selectAll(
      sql`SELECT ${rawSql(shown.join(", "))}, max(enrolment_key) AS newest, count(*) AS enrolments
        FROM (${near}) ${where} GROUP BY ${rawSql(groups.join(", "))}`,
      (row) => {
        const { newest: _, ...count } = row as EnrolmentCount & { newest: number }; // the columns of the statement
        return count;
      },
    ),
    edge: selectFirst(
      sql`SELECT CASE count(*) WHEN ${rows} THEN max(enrolment_key) END AS edge FROM (${near})`,
      (row) => (row as { edge: number | null }).edge, // the column of the statement
    ),
  });
}
