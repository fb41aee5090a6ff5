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

/** Whether a page ends early where its resources are large. */
export function isCutEarly({ limit, isByCursor }: { limit: number; isByCursor: boolean }): boolean {
  return isByCursor || limit > UNCUT_COUNT;
}

/** How many bytes a page holds at most; the first resource is always on it. */
export function budgetOf(page: { limit: number; isByCursor: boolean }): number {
  return isCutEarly(page) ? USUAL_BUDGET : LARGEST_BUDGET;
}

/** A page as its keys are found: columns kind, row_key, sort_value and, where it is measured already, size. */
export interface FoundPage {
  sql: Sql;
  order: Sql;
  isMeasured: boolean;
}

/** How many bytes a row of a type takes in an answer, as a piece of SQL on its table; no document is read for it. */
export function rowSizeOf(type: ResourceName, withRelated: boolean): Sql {
  const { size } = RESOURCE_TABLES[type];
  return rawSql(`${AROUND} + ${size.document}${withRelated ? ` + ${size.related}` : ""}`);
}

/**
 * Tables of a WITH clause, the last of which is `page`: what is found, in its order, as far as it comes to `budget` bytes,
 * and how many there were (`found`).
 */
export function cutBySize(
  { sql: page, order, isMeasured }: FoundPage,
  budget: number,
  types: readonly ResourceName[],
  related: readonly ResourceName[],
): Sql {
  const sizes = types.map((type) => {
    const { from, key } = RESOURCE_TABLES[type];
    return `WHEN '${type}' THEN (SELECT ${rowSizeOf(type, related.includes(type)).sql} FROM ${from.sql} WHERE ${key.sql} = f.row_key)`;
  });
  const size = rawSql(isMeasured ? "" : `, CASE f.kind ${sizes.join(" ")} END AS size`);
  return sql`page AS (SELECT kind, row_key, sort_value, found FROM (SELECT m.*, count(*) OVER () AS found,
      sum(size) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) AS total FROM (SELECT f.*${size} FROM (${page}) f) m)
    WHERE total <= ${budget} + 0 OR total = size)`;
}
