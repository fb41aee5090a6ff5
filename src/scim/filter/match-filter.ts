import { compareCodePoints, foldCase } from "../fold.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { ResolvedPath } from "../schema/attribute-name.ts";
import { findOpenName } from "../schema/extension-holder.ts";
import type { Attribute, ResourceType } from "../schema/schema.ts";
import type { Filter } from "./filter.ts";
import { type CompareOperator, parseDateTime } from "./filter-literal.ts";

type Compare = Extract<Filter, { kind: "compare" }>;

/**
 * Whether a full resource (with id, meta, and groups or members when those count) passes a filter. The rules, which the
 * SQL compiler shares (RFC 7644 section 3.4.2.2; what the text leaves open is decided here):
 *
 * 1. The values of a path: the attribute is read from the resource, or from the object under the extension's URN. A
 *    multi-valued attribute gives one value per element, a single-valued one gives one value; with a sub-attribute, that
 *    of each element. A missing sub-attribute of an element gives null. When there is no element, or the attribute or its
 *    extension is missing, the values are exactly one null. Canonical documents hold no null, "", [] or {}.
 * 2. `compare` is true when ANY value passes. Against a value v and a literal l:
 *    - l null: `eq` when v is null, `ne` when it is not.
 *    - v null, l not null: only `ne` passes.
 *    - string, reference, binary: both folded (foldCase) unless caseExact. eq, ne: same text. co, sw, ew: substring,
 *      prefix, suffix; an empty literal is in every non-null value. gt, ge, lt, le: order of code points of those texts.
 *    - boolean: eq, ne. integer, decimal: numeric order. dateTime: order in time, to the millisecond.
 *    - an attribute of an open extension: text as above; numbers and booleans count as their JSON text; an array counts
 *      as several values; an object counts as null.
 *    So `ne` on a multi-valued attribute means "some value differs", not "no value equals": write not (x eq "y") for that.
 * 3. `present` is true when any value is not null; for a complex attribute without a sub-attribute, when it is there at
 *    all with something in it.
 * 4. `valuePath` is true when ANY element (or the one value of a single-valued complex attribute) passes the whole inner
 *    filter; rules 2 and 3 apply to that element alone. Without elements it is false, whatever the inner filter.
 * 5. `and`, `or`, `not` are two-valued: a comparison is true or false, never unknown.
 */
export function matchFilter(type: ResourceType, filter: Filter, resource: JsonObject): boolean {
  switch (filter.kind) {
    case "and":
      return matchFilter(type, filter.left, resource) && matchFilter(type, filter.right, resource);
    case "or":
      return matchFilter(type, filter.left, resource) || matchFilter(type, filter.right, resource);
    case "not":
      return !matchFilter(type, filter.operand, resource);
    case "present":
      return valuesOf(filter.path, resource).some(isPresent);
    case "compare":
      return valuesOf(filter.path, resource).some((value) => matchValue(filter, value));
    case "valuePath":
      return elementsOf(filter.path, resource).some((element) => matchElement(filter.filter, element));
  }
}

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

/** The elements of an attribute: none when it is missing, one when it is single-valued. */
export function elementsOf(path: ResolvedPath, resource: JsonObject): Json[] {
  const holder = path.extension === undefined ? resource : resource[path.extension];
  if (!isJsonObject(holder)) return [];
  const value = path.attribute.open ? readOpen(holder, path.attribute) : holder[path.attribute.name];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The values a path leads to, as rule 1 of matchFilter says; never empty. */
export function valuesOf(path: ResolvedPath, resource: JsonObject): Json[] {
  const elements = elementsOf(path, resource);
  if (elements.length === 0) return [null];
  const { subAttribute } = path;
  return subAttribute === undefined ? elements : elements.map((element) => subValue(element, subAttribute));
}

function subValue(element: Json, sub: Attribute | undefined): Json {
  if (sub === undefined) return element;
  if (!isJsonObject(element)) return null;
  return (sub.open ? readOpen(element, sub) : element[sub.name]) ?? null;
}

/** Open attributes keep the spelling they were sent with, so they are found in any case. */
export function readOpen(holder: JsonObject, attribute: Attribute): Json | undefined {
  const name = findOpenName(holder, attribute.name);
  return name === undefined ? undefined : holder[name];
}

function isPresent(value: Json): boolean {
  if (value === null || value === "") return false;
  if (typeof value !== "object") return true;
  return (Array.isArray(value) ? value : Object.keys(value)).length > 0;
}

function matchValue({ path, operator, value: literal }: Compare, value: Json): boolean {
  const attribute = path.subAttribute ?? path.attribute;
  const scalar = typeof value === "object" ? null : value;
  if (literal === null) return operator === "eq" ? scalar === null : scalar !== null;
  if (scalar === null) return operator === "ne";
  if (attribute.type === "boolean") return operator === "eq" ? scalar === literal : scalar !== literal;
  if (typeof literal === "number") return matchOrder(operator, Number(scalar) - literal);
  if (attribute.type === "dateTime")
    return matchOrder(operator, (parseDateTime(String(scalar)) ?? Number.NaN) - (parseDateTime(String(literal)) ?? 0));
  const fold = attribute.caseExact ? String : foldText;
  return matchText(operator, fold(scalar), fold(literal));
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
