import { type Read, selectFirst } from "../platform/read-batch.ts";
import { spanAfter } from "../platform/row-keys.ts";
import { type Sql, sql } from "../platform/sql.ts";

/** A company's users from a key on (0 for all), so many of them: what one statement of a long walk reads. */
export interface UserSpan {
  companyKey: number;
  after: number;
  rows: number;
}

/**
 * The users of a setting among a company's next ones, as a FROM and WHERE with `u`, to be ordered by key. Those of other
 * settings are met on the way, which the number of rows bounds too; without the company's end the last stretch would look
 * through all companies.
 */
export function usersWithin(span: UserSpan, settingKey: number): Sql {
  return sql`FROM (${keysOf(span)}) n CROSS JOIN users u ON u.user_key = n.k WHERE +u.setting_key = ${settingKey}`;
}

/** Reads the last key of such a stretch, or null when no more follow. */
export function selectEnd(span: UserSpan): Read<number | null> {
  const read = selectFirst(
    sql`SELECT CASE count(*) WHEN ${span.rows} THEN max(k) END AS edge FROM (${keysOf(span)})`,
    (row) => row as { edge: number | null }, // the column of the statement
  );
  return { ...read, decode: (results) => read.decode(results)?.edge ?? null };
}

function keysOf({ companyKey, after, rows }: UserSpan): Sql {
  const span = spanAfter(companyKey, after);
  return sql`SELECT user_key AS k FROM users WHERE user_key > ${span.after} AND user_key < ${span.before}
    ORDER BY user_key LIMIT ${rows}`;
}
