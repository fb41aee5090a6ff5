import { compareCodePoints } from "../compare-code-points.ts";
import { foldCase } from "../fold-case.ts";
import { isJsonObject, type Json } from "../json.ts";
import { parseDateTime } from "../schema/date-time.ts";
import { readOpen } from "../schema/find-open-attribute.ts";
import type { Attribute } from "../schema/schema.ts";
import type { CompareOperator } from "./comparison-literal.ts";
import { readJsonNumber } from "./json-number.ts";
import type { Filter } from "./parse-filter.ts";

type Compare = Extract<Filter, { kind: "compare" }>;

/** Whether one element of a complex attribute passes the filter of a value path (RFC 7644 section 3.4.2.2). */
export function matchElement(filter: Filter, element: Json): boolean {
  switch (filter.kind) {
    case "and":
      return matchElement(filter.left, element) && matchElement(filter.right, element);
    case "or":
      return matchElement(filter.left, element) || matchElement(filter.right, element);
    case "not":
      return !matchElement(filter.operand, element);
    case "present":
      return isPresent(subValue(element, filter.path.subAttribute));
    case "compare":
      return matchValue(filter, subValue(element, filter.path.subAttribute));
    case "valuePath":
      return false;
  }
}

/** What an element holds under a sub-attribute, null when that is nothing; without a sub-attribute it is the value itself. */
function subValue(element: Json, sub: Attribute | undefined): Json {
  if (sub === undefined) return element;
  // A simple value of a list that no schema describes is its own `value` (RFC 7644 section 3.5.2, figure 8).
  if (!isJsonObject(element)) return sub.open && sub.key === "value" ? element : null;
  return (sub.open ? readOpen(element, sub) : element[sub.name]) ?? null;
}

/** Whether a value is there, with something in it (rule 3 of Filter). */
function isPresent(value: Json): boolean {
  if (value === null || value === "") return false;
  if (typeof value !== "object") return true;
  return (Array.isArray(value) ? value : Object.keys(value)).length > 0;
}

/** Whether one value passes a comparison (rule 2 of Filter). */
function matchValue({ path, operator, value: literal }: Compare, value: Json): boolean {
  const attribute = path.subAttribute ?? path.attribute;
  const scalar = typeof value === "object" ? null : value;
  if (literal === null) return operator === "eq" ? scalar === null : scalar !== null;
  if (scalar === null) return operator === "ne";
  if (attribute.type === "boolean") return operator === "eq" ? scalar === literal : scalar !== literal;
  if (typeof literal === "number") return matchOrder(operator, Number(scalar) - literal);
  if (attribute.type === "dateTime")
    return matchOrder(operator, (parseDateTime(String(scalar)) ?? Number.NaN) - (parseDateTime(String(literal)) ?? 0));
  const difference = attribute.open && ORDERS.has(operator) ? differenceOf(String(scalar), literal) : null;
  if (difference !== null) return matchOrder(operator, difference);
  const fold = attribute.caseExact ? String : foldText;
  return matchText(operator, fold(scalar), fold(literal));
}

const ORDERS: ReadonlySet<CompareOperator> = new Set(["gt", "ge", "lt", "le"]);

/** What one number is more than another one, in texts; null where either is none. */
function differenceOf(text: string, literal: string | boolean): number | null {
  const [number, other] = [readJsonNumber(text), readJsonNumber(String(literal))];
  return number === null || other === null ? null : number - other;
}

function foldText(value: string | number | boolean): string {
  return foldCase(String(value));
}

function matchText(operator: CompareOperator, text: string, literal: string): boolean {
  switch (operator) {
    case "eq":
      return text === literal;
    case "ne":
      return text !== literal;
    case "co":
      return text.includes(literal);
    case "sw":
      return text.startsWith(literal);
    case "ew":
      return text.endsWith(literal);
    default:
      return matchOrder(operator, compareCodePoints(text, literal));
  }
}

function matchOrder(operator: CompareOperator, difference: number): boolean {
  switch (operator) {
    case "eq":
      return difference === 0;
    case "ne":
      return difference !== 0;
    case "gt":
      return difference > 0;
    case "ge":
      return difference >= 0;
    case "lt":
      return difference < 0;
    case "le":
      return difference <= 0;
    default:
      return false;
  }
}
