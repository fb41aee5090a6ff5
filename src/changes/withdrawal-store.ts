import { type Read, selectAll } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Change } from "./change.ts";
import { firstSince } from "./change-store.ts";
import { CHANGE_COLUMNS, changesAbout, readChange } from "./stored-change.ts";

/** An enrolment that was withdrawn, from whom and when (ms). */
interface Withdrawn {
  id: string;
  userId: string;
  at: number;
}

/** What ended an enrolment, as far as the changes kept tell: of whom it was, by whose act, and what they left with it. */
export interface Withdrawal {
  actor: unknown;
  requestId: string;
  /** Whether the person became inactive, or was removed, with it. */
  left: "inactive" | "removed" | null;
  /** The target groups that they left with it; a rule is one of those of a membership. */
  groups: { id: string; name: string; rule: unknown }[];
}

/** Target groups left that are read for a page: somebody may leave thousands at once. */
const MOST = 2_000;

/** Reads why enrolments of a company were withdrawn, by their ids; of those that the changes kept say nothing of, nothing. */
export function selectWithdrawals(companyKey: number, asked: readonly Withdrawn[]): Read<Map<string, Withdrawal>> {
  const rows = JSON.stringify(asked.map(({ id, userId, at }) => [id, userId, at]));
  const at = rawSql("t.at");
  // Whatever withdrew it stands in its commit, under the same person and the same time; many are withdrawn at one time.
  const selectOf = (types: Sql) => {
    const parts = changesAbout(companyKey, rawSql("a.user_id")).map(
      ({
        table,
        condition,
      }) => sql`SELECT a.id AS enrolmentId, ${CHANGE_COLUMNS} FROM asked a CROSS JOIN spans s ON s.at = a.at
        CROSS JOIN ${table} ON ${condition} AND c.seq >= s.low AND c.seq < s.high WHERE ${types}`,
    );
    return joinSql(parts, " UNION ALL ");
  };
  // Of what says who left, and why, there is little beside the groups.
  const few = selectOf(
    sql`(c.type IN ('user.deactivated', 'user.deleted') OR c.type = 'enrolment.withdrawn' AND c.subject_id = a.id)`,
  );
  const groups = selectOf(sql`c.type = 'member.removed'`);
  const statement = sql`WITH asked(id, user_id, at) AS (SELECT value->>0, value->>1, value->>2 FROM json_each(${rows})),
      spans(at, low, high) AS MATERIALIZED (SELECT t.at, ${firstSince(companyKey, at)}, ${firstSince(companyKey, sql`(${at} + 1)`)}
        FROM (SELECT DISTINCT at FROM asked) t)
    SELECT * FROM (${few}) UNION ALL SELECT * FROM (${groups} LIMIT ${MOST})`;
  const read = selectAll(statement, (row) => {
    const { enrolmentId } = row as { enrolmentId: string }; // by the statement
    return { enrolmentId, ...readChange(row) };
  });
  return { ...read, decode: (results) => gather(read.decode(results)) };
}

type Row = Change & { enrolmentId: string };

function gather(rows: readonly Row[]): Map<string, Withdrawal> {
  const found = new Map<string, Withdrawal>();
  for (const [id, all] of Map.groupBy(rows, ({ enrolmentId }) => enrolmentId)) {
    const cause = all.find(({ type }) => type === "enrolment.withdrawn")?.cause;
    if (cause === undefined) continue;
    const requestId = String(cause.requestId);
    // Two acts may have come within a millisecond.
    const own = all.filter((change) => String(change.cause.requestId) === requestId);
    const has = (type: string) => own.some((change) => change.type === type);
    const left = has("user.deleted") ? "removed" : has("user.deactivated") ? "inactive" : null;
    const groups = own.flatMap(({ type, data, cause: { rule } }) =>
      type === "member.removed" && typeof data.groupId === "string"
        ? [{ id: data.groupId, name: String(data.groupName), rule }]
        : [],
    );
    found.set(id, { actor: cause.actor, requestId, left, groups });
  }
  return found;
}
