import { type Sql, sql } from "../platform/sql.ts";
import { newId } from "../platform/uuid.ts";
import { markOf } from "./change.ts";

/**
 * Gives the statements that put the making of a company (by a request, at `now` in ms) into its feed, for the batch that makes
 * it in the database of a binding; a copy of one that lives elsewhere has none.
 */
export function announceCompany(
  company: { id: string; name: string; externalId: string | null; requestId: string },
  now: number,
): (shard: string) => Sql[] {
  const { id, name, externalId, requestId } = company;
  const cause = { requestId, actor: "operator", settingId: null, provider: null, rule: null };
  const isFirst = (shard: string) => sql`id = ${id} AND shard = ${shard} AND change_seq = 0`;
  return (shard) => [
    sql`INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, data, cause, mark)
      SELECT company_key, 1, 'company.created', ${now}, 'company', id, ${JSON.stringify({ name, externalId })},
        ${JSON.stringify(cause)}, ${markOf(newId(now))} FROM companies WHERE ${isFirst(shard)}`,
    sql`UPDATE companies SET change_seq = 1 WHERE ${isFirst(shard)}`,
  ];
}
