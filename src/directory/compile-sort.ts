import type { ResolvedPath } from "../scim/attribute-name.ts";
import { valueSubAttribute } from "../scim/schema.ts";
import { isExact, type Scope, sourceOf } from "./attribute-source.ts";
import { rawSql, type Sql, type SqlValue, sql } from "./sql.ts";

/** The order of a list: by an attribute, or by id alone (ids are time-ordered, so that is the order of creation). */
export interface Sort {
  path: ResolvedPath;
  descending: boolean;
}

/** A place in an ordered list: the sort value and id of a resource. */
export interface Position {
  value: SqlValue;
  id: string;
}

/** Attributes whose sort an index answers, by the canonical spelling of their name. */
const INDEXED: Record<Scope["type"], Record<string, string>> = {
  User: { userName: "u.user_name_key", id: "u.id" },
  Group: { displayName: "g.display_name_key", id: "g.id" },
};

/**
 * The SQL value that a resource is sorted by (RFC 7644 section 3.4.2.3): folded unless caseExact, of a multi-valued
 * attribute that of the primary or else the first element, NULL when missing.
 */
export function compileSortValue(scope: Scope, path: ResolvedPath | null): Sql {
  if (path === null) return rawSql("NULL");
  const indexed = path.extension === undefined ? INDEXED[scope.type][path.attribute.name] : undefined;
  if (indexed !== undefined) return rawSql(indexed);
  const sub = path.subAttribute ?? (path.attribute.type === "complex" ? valueSubAttribute(path.attribute) : undefined);
  const source = sourceOf(scope, path);
  const value = source.value(sub);
  if (source.from === undefined || source.order === undefined) return value;
  const exact = isExact(sub ?? path.attribute);
  return sql`(SELECT ${value} FROM ${source.from({ exact, folded: !exact })} ORDER BY ${source.order(exact)} LIMIT 1)`;
}

/** ORDER BY terms over `sort_value` and `row_id`: missing values last ascending, first descending; ids break ties. */
export function orderBy(sorted: boolean, descending: boolean): Sql {
  const direction = descending ? "DESC" : "ASC";
  return rawSql(
    sorted ? `sort_value IS NULL ${direction}, sort_value ${direction}, row_id ${direction}` : `row_id ${direction}`,
  );
}

/** The condition for what comes after a position in the order of `orderBy`. */
export function afterPosition(sorted: boolean, descending: boolean, { value, id }: Position): Sql {
  const beyond = rawSql(descending ? "<" : ">");
  const later = sql`row_id ${beyond} ${id}`;
  if (!sorted) return later;
  if (value === null) {
    const rest = descending ? rawSql("sort_value IS NOT NULL") : rawSql("FALSE");
    return sql`((sort_value IS NULL AND ${later}) OR ${rest})`;
  }
  const missing = descending ? rawSql("FALSE") : rawSql("sort_value IS NULL");
  return sql`(sort_value ${beyond} ${value} OR (sort_value = ${value} AND ${later}) OR ${missing})`;
}
