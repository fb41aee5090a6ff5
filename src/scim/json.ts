import { findDuplicateName } from "./find-duplicate-name.ts";
import { countNames, judgeMeasure } from "./limit-body-values.ts";
import { MAX_NESTING, tooDeep } from "./nesting-limit.ts";
import { quote, ScimError } from "./scim-error.ts";

/** Any JSON value (RFC 8259). */
export type Json = string | number | boolean | null | Json[] | { [k: string]: Json };

/** A JSON object (RFC 8259 section 4). */
export type JsonObject = { [k: string]: Json };

/** Most names one object may hold: what looks through the names of an object for each of them stays quick. */
export const MAX_NAMES = 1000;

const POLLUTING = new Set(["__proto__", "constructor", "prototype"]);

/** Whether a value is a JSON object, not an array and not null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a name would reach an object's prototype when used as a key; such names are refused everywhere. */
export function isPollutingName(name: string): boolean {
  return POLLUTING.has(name);
}

/** Reads the text of a request body as a JSON object; anything else is 400 invalidSyntax (RFC 7644 section 3.12). */
export function parseJsonObject(text: string): JsonObject {
  const problem = judgeMeasure(text);
  if (problem !== null) throw new ScimError(problem.code, problem.detail);
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ScimError("malformed_body", "The request body is not well-formed JSON.");
  }
  if (!isJsonObject(value)) throw new ScimError("malformed_body", "The request body must be a JSON object.");
  // A parser keeps the last of two values under one name: then the text has more names than what was read of it.
  if (assertSafe(value, 1) !== countNames(text)) assertNoneContradicts(text);
  return value;
}

function assertNoneContradicts(text: string): void {
  const name = findDuplicateName(text);
  if (name !== null)
    throw new ScimError(
      "malformed_body",
      `${quote(name)} stands twice in one object of the request body, with different values.`,
    );
}

/** Refuses what cannot be kept; gives how many names the objects in it have. */
function assertSafe(value: Json, depth: number): number {
  if (typeof value === "string") assertStorable(value);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new ScimError("unkeepable_value", "The request body holds a number too large to keep.");
  if (typeof value === "number") assertExact(value);
  if (typeof value !== "object" || value === null) return 0;
  if (depth > MAX_NESTING) throw tooDeep();
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value) count += assertSafe(element, depth + 1);
    return count;
  }
  const names = Object.keys(value);
  if (names.length > MAX_NAMES)
    throw new ScimError("body_too_complex", `The request body holds an object of more than ${MAX_NAMES} names.`);
  for (const name of names) {
    if (isPollutingName(name))
      throw new ScimError("unkeepable_value", `${quote(name)} is not allowed as a name in the request body.`);
    assertStorable(name);
    count += 1 + assertSafe(value[name] ?? null, depth + 1);
  }
  return count;
}

/** JSON numbers are read as doubles: beyond 2^53 an employee number would silently become another one. */
function assertExact(value: number): void {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    throw new ScimError(
      "unkeepable_value",
      `The request body holds a number too large to be kept exactly, about ${value}. Send it as text, in quotes.`,
    );
}

/** Whether a text reads back as it was stored: see `assertStorable`. */
export function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

/** SQLite cuts text at NUL and UTF-8 cannot carry half a surrogate pair: both would read back other than sent. */
function assertStorable(text: string): void {
  if (text.includes("\u0000"))
    throw new ScimError("unkeepable_value", "The request body holds the character NUL (U+0000).");
  if (!text.isWellFormed())
    throw new ScimError("unkeepable_value", "The request body holds half of a surrogate pair, which is no character.");
}

/** Whether two JSON values are the same, the order of names in objects aside. */
export function equalJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((element, index) => equalJson(element, b[index]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && equalJson(a[name], b[name]));
}

/** A text that two JSON values share when they are the same as `equalJson` says: to find one among many without a look at each. */
export function jsonKey(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(jsonKey).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const parts = Object.keys(value).map((name) => `${JSON.stringify(name)}:${jsonKey(value[name] ?? null)}`);
  return `{${parts.sort().join()}}`;
}

/** The elements of a list, equal ones once. Those whose simple values differ are not written out to be compared. */
export function eachOnce(elements: readonly Json[]): Json[] {
  const values = new Set(elements.map((element) => (isJsonObject(element) ? element.value : element)));
  const isSimple = [...values].every((value) => typeof value !== "object");
  if (isSimple && values.size === elements.length) return [...elements];
  return [...new Map(elements.map((element) => [jsonKey(element), element])).values()];
}

/** A deep copy that shares nothing with its source. */
export function cloneJson(value: JsonObject): JsonObject;
export function cloneJson(value: Json): Json;
export function cloneJson(value: Json): Json {
  if (Array.isArray(value)) return value.map((element) => cloneJson(element));
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const name of Object.keys(value)) if (!isPollutingName(name)) copy[name] = cloneJson(value[name] ?? null);
  return copy;
}
