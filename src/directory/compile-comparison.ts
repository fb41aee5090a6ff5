import { rawSql, type Sql, type SqlValue, sql } from "../platform/sql.ts";
import { readJsonNumber } from "../scim/filter/json-number.ts";
import type { Filter } from "../scim/filter/parse-filter.ts";
import { foldCase, formerFoldCase } from "../scim/fold-case.ts";
import type { Attribute } from "../scim/schema/schema.ts";
import { isExact } from "./attribute-source.ts";

/** A comparison of a filter. */
type Compare = Extract<Filter, { kind: "compare" }>;

/** The attribute whose value a comparison reads. */
export function comparedAttribute({ path }: Compare): Attribute {
  return path.subAttribute ?? path.attribute;
}

/** Whether a comparison holds for "no value" (rule 2 of Filter). */
export function passesNull({ operator, value }: Compare): boolean {
  return value === null ? operator === "eq" : operator === "ne";
}

/** The comparison of one value, an SQL expression, by rule 2 of Filter: always 0 or 1, never NULL. */
export function compareValue(compare: Compare, value: Sql): Sql {
  const literal = bindLiteral(compare);
  if (literal === null) return compare.operator === "eq" ? sql`${value} IS NULL` : sql`${value} IS NOT NULL`;
  const former = formerLiteral(compare);
  if (former === null) return compareLiteral(compare, value, literal);
  const operator = rawSql(compare.operator === "ne" ? "AND" : "OR");
  return sql`(${compareLiteral(compare, value, literal)} ${operator} ${compareLiteral(compare, value, former)})`;
}

/**
 * The literal as documents have it that have not been brought along from the rule of before, where that is another text:
 * one by the present rule holds no such text. In what order it comes only the present rule says.
 */
function formerLiteral({ operator, value, path }: Compare): string | null {
  if (typeof value !== "string" || !IS_SAME.has(operator)) return null;
  const attribute = path.subAttribute ?? path.attribute;
  if (isExact(attribute) || attribute.type === "dateTime") return null;
  const former = formerFoldCase(value);
  return former === foldCase(value) ? null : former;
}

/** Operators that look for the text itself. */
const IS_SAME: ReadonlySet<string> = new Set(["eq", "ne", "co", "sw", "ew"]);

function compareLiteral(compare: Compare, value: Sql, literal: SqlValue): Sql {
  const subject = comparedAttribute(compare).type === "dateTime" ? timeOf(compare, value) : value;
  switch (compare.operator) {
    case "eq":
      return sql`${subject} IS ${literal}`;
    case "ne":
      return sql`${subject} IS NOT ${literal}`;
    case "co":
      return sql`coalesce(instr(${subject}, ${literal}) > 0, 0)`;
    case "sw":
      return sql`coalesce(substr(${subject}, 1, length(${literal})) = ${literal}, 0)`;
    case "ew":
      if (literal === "") return sql`${subject} IS NOT NULL`;
      return sql`coalesce(substr(${subject}, -length(${literal})) = ${literal}, 0)`;
    case "gt":
    case "ge":
    case "lt":
    case "le":
      return compareOrder(compare, subject, literal, ORDER[compare.operator]);
  }
}

/** Of an attribute that no schema describes what is a number on both sides has numeric order, other text that of its code points. */
function compareOrder(compare: Compare, subject: Sql, literal: SqlValue, order: Sql): Sql {
  const number = comparedAttribute(compare).open && typeof literal === "string" ? readJsonNumber(literal) : null;
  if (number === null) return sql`coalesce(${subject} ${order} ${literal}, 0)`;
  return sql`(SELECT coalesce(CASE WHEN ${IS_NUMBER} THEN CAST(w AS REAL) ${order} ${number} ELSE w ${order} ${literal} END, 0)
    FROM (SELECT ${subject} AS w))`;
}

const IS_NUMBER = rawSql("CASE json_valid(w) WHEN 1 THEN json_type(w) END IN ('integer', 'real')");

/** What `select` gives as its column `w`: text that is a number as that number (`readJsonNumber`), which comes before other text. */
export function numberOrText(select: Sql): Sql {
  return sql`(SELECT CASE WHEN ${IS_NUMBER} THEN CAST(w AS REAL) ELSE w END FROM (${select}))`;
}

/** Whether one value, an SQL expression, is there at all (rule 3 of Filter): 0 or 1. */
export function presentValue(value: Sql): Sql {
  return sql`coalesce(${value} <> '', 0)`;
}

const ORDER = { gt: rawSql(">"), ge: rawSql(">="), lt: rawSql("<"), le: rawSql("<=") };

function bindLiteral(compare: Compare): SqlValue {
  const { value } = compare;
  const attribute = comparedAttribute(compare);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string") return value;
  if (attribute.type === "dateTime") return isMeta(compare) ? Date.parse(value) : value;
  // No SQL makes the digest that a user's version may end in (resource-version.ts): the number must do.
  if (isMeta(compare) && attribute.name === "version") return value.replace(/^(W\/"\d+)\.[\w-]+"$/, '$1"');
  return isExact(attribute) ? value : foldCase(value);
}

/** A time in a document is compared in the form in which literals come: UTC, to the millisecond. */
function timeOf(compare: Compare, value: Sql): Sql {
  return isMeta(compare) ? value : sql`strftime('%Y-%m-%dT%H:%M:%fZ', ${value})`;
}

/** The times of `meta` are columns in milliseconds. */
function isMeta({ path }: Compare): boolean {
  return path.extension === undefined && path.attribute.name === "meta";
}
