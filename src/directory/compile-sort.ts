import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { ResolvedPath } from "../scim/schema/attribute-name.ts";
import { type FilterContext, isExact, sourceOf } from "./attribute-source.ts";
import { numberOrText } from "./compile-comparison.ts";

/** What a list is sorted by. */
interface SortValue {
  value: Sql;
  nullable: boolean;
}

/** Attributes whose sort an index answers, by the canonical spelling of their name. */
const INDEXED: Record<FilterContext["type"], Record<string, string>> = {
  User: { userName: "u.user_name_key", id: "u.id" },
  Group: { displayName: "g.display_name_key", id: "g.id" },
};

/** Whether an index has the resources of a type in this order; without a path it is that of ids. */
export function isIndexedSort(type: FilterContext["type"], path: ResolvedPath | undefined): boolean {
  return INDEXED[type][nameOfSort(path)] !== undefined;
}

function nameOfSort(path: ResolvedPath | undefined): string {
  if (path === undefined) return "id";
  return path.extension === undefined ? path.attribute.name : "";
}

/**
 * The SQL value that a resource is sorted by, as parseSortBy says (RFC 7644 section 3.4.2.3): folded unless
 * caseExact, of a multi-valued attribute that of the primary or else the first element, NULL when missing; numbers of an
 * attribute that no schema describes come in their order, before texts. Without a path it is the id: ids are time-ordered, so that is the order of creation.
 */
export function compileSortValue(context: FilterContext, path: ResolvedPath | undefined): SortValue {
  const indexed = INDEXED[context.type][nameOfSort(path)];
  if (indexed !== undefined) return { value: rawSql(indexed), nullable: false };
  return { value: path === undefined ? rawSql("NULL") : firstValue(context, path), nullable: true };
}

function firstValue(context: FilterContext, path: ResolvedPath): Sql {
  const source = sourceOf(context, path);
  const value = source.value(path.subAttribute);
  if (source.from === undefined || source.order === undefined) return value;
  const exact = isExact(path.subAttribute ?? path.attribute);
  const first = sql`SELECT ${value} AS w FROM ${source.from({ exact, folded: !exact })} ORDER BY ${source.order(exact)} LIMIT 1`;
  return path.attribute.open ? numberOrText(first) : sql`(${first})`;
}

/** ORDER BY terms over `sort_value` and `row_key`: missing values last ascending, first descending; keys break ties. */
export function orderBy(nullable: boolean, descending: boolean): Sql {
  const direction = descending ? "DESC" : "ASC";
  const missing = nullable ? `sort_value IS NULL ${direction}, ` : "";
  return rawSql(`${missing}sort_value ${direction}, row_key ${direction}`);
}

/**
 * The condition for what comes after a row in the order of `orderBy`, by its sort value (undefined for none) and its key.
 * Where no value can be missing nothing is said of missing ones: with an OR beside the range SQLite would walk an index
 * from its beginning.
 */
export function afterPosition(nullable: boolean, descending: boolean, value: Sql | undefined, key: number): Sql {
  const beyond = rawSql(descending ? "<" : ">");
  const later = sql`row_key ${beyond} ${key}`;
  if (value === undefined) {
    const rest = descending ? rawSql("sort_value IS NOT NULL") : rawSql("FALSE");
    return sql`((sort_value IS NULL AND ${later}) OR ${rest})`;
  }
  const missing = rawSql(nullable && !descending ? " OR sort_value IS NULL" : "");
  const from = rawSql(descending ? "<=" : ">=");
  const reached = sql`sort_value ${from} ${value} AND (sort_value ${beyond} ${value} OR ${later})`;
  return sql`((${reached})${missing})`;
}
