import type { Bounds } from "../companies/split-long-reads.ts";
import { spanAfter } from "../platform/row-keys.ts";
import { literal, type Sql, sql } from "../platform/sql.ts";

/**
 * A WITH clause that defines `span(k)`, the next users of a company after a key, as many as the bounds allow, one at least:
 * whichever setting they are of, their keys have one order.
 */
export function withUserSpan(companyKey: number, place: number | null, { rows, bytes }: Bounds): Sql {
  const { after, before } = spanAfter(companyKey, place);
  return sql`WITH near AS MATERIALIZED (SELECT user_key AS k, octet_length(document) AS size FROM users
      WHERE user_key > ${after} AND user_key < ${before} ORDER BY user_key LIMIT ${literal(rows)}),
    sized AS (SELECT k, sum(size) OVER (ORDER BY k ROWS UNBOUNDED PRECEDING) AS size, row_number() OVER (ORDER BY k) AS nth FROM near),
    span AS MATERIALIZED (SELECT k FROM sized WHERE nth = 1 OR size <= ${literal(bytes)})`;
}

/** The key that the next span begins after, as one value; null after the last. */
export function endOfUserSpan({ rows }: Bounds): Sql {
  return sql`(SELECT CASE WHEN (SELECT count(*) FROM near) = ${literal(rows)}
      OR max(k) < (SELECT max(k) FROM near) THEN max(k) END FROM span)`;
}
