import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { RESOURCE_TABLES, type ResourceName } from "./resource-tables.ts";

/** What a page may hold (bytes) that was asked for by a cursor, or with a larger `count` than 100. */
const USUAL_BUDGET = 2_000_000;

/**
 * What any other page may hold (bytes): as many users as large as a company's quota may ever let them be. Only older ones
 * can be more than that, and groups with very many members.
 */
const LARGEST_BUDGET = 16_000_000;

/** The largest `count` of a page by index that is not cut: Okta adds 100 to startIndex, whatever came. */
const UNCUT_COUNT = 100;

/** What stands around a document in an answer (bytes): id, schemas, meta. */
const AROUND = 500;

/** How many bytes a page holds at most; the first resource is always on it. */
export function budgetOf(page: { limit: number; isByCursor: boolean }): number {
  return page.isByCursor || page.limit > UNCUT_COUNT ? USUAL_BUDGET : LARGEST_BUDGET;
}

/**
 * Tables of a WITH clause, the last of which is `page`: what `page` names (columns kind, row_key, sort_value), in its order,
 * as far as it comes to `budget` bytes, and how many there were (`found`). Sizes are of what is stored: no document is read
 * for them.
 */
export function cutBySize(
  { page, order, budget }: { page: Sql; order: Sql; budget: number },
  types: readonly ResourceName[],
  related: readonly ResourceName[],
): Sql {
  const sizes = types.map((type) => {
    const { from, key, size } = RESOURCE_TABLES[type];
    const tied = related.includes(type) ? ` + ${size.related}` : "";
    return `WHEN '${type}' THEN (SELECT ${AROUND} + ${size.document}${tied} FROM ${from.sql} WHERE ${key.sql} = f.row_key)`;
  });
  return sql`found AS (${page}),
    sized AS (SELECT f.kind, f.row_key, f.sort_value, CASE f.kind ${rawSql(sizes.join(" "))} END AS size FROM found f),
    summed AS (SELECT kind, row_key, sort_value, size, count(*) OVER () AS found,
      sum(size) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) AS total FROM sized),
    page AS (SELECT kind, row_key, sort_value, found FROM summed WHERE total <= ${budget} + 0 OR total = size)`;
}
