import { foldCase } from "../fold-case.ts";
import { equalJson, isJsonObject, type Json, type JsonObject, jsonKey } from "../json.ts";
import type { NoteList } from "../limited-note-list.ts";
import { isSecret } from "../secret-attributes.ts";
import { parseDateTime } from "./date-time.ts";
import { readOpenValue, unwrapOpen } from "./read-open-value.ts";
import { type Attribute, findSubAttribute, valueSubAttribute } from "./schema.ts";
import { assertFew, invalidValue, readOrLeaveOut, Unfit } from "./unfit-value.ts";

/** Longest text of an attribute that a resource must have, in characters. */
const MAX_REQUIRED_LENGTH = 32_768;

/**
 * Reads a value as an attribute's type, liberally; undefined means "no value", as null, blank text, [] and {} do (RFC 7643
 * section 2.5), but where an empty list is to be shown as such. A value that cannot be read without loss is 400 invalidValue.
 */
export function coerceValue(attribute: Attribute, value: Json, where: string, notes: NoteList): Json | undefined {
  if (value === null) return undefined;
  if (attribute.open) return readOpenValue(unwrapOpen(value), where);
  return attribute.multiValued
    ? coerceElements(attribute, value, where, notes)
    : coerceSingle(attribute, value, where, notes);
}

/** Reads one element of a multi-valued attribute, or the value of a single-valued one. */
export function coerceSingle(attribute: Attribute, value: Json, where: string, notes: NoteList): Json | undefined {
  if (value === null) return undefined;
  if (attribute.open) return readOpenValue(unwrapOpen(value), where);
  // Entra wraps single values in an array of one (Microsoft's PATCH example for manager).
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    if (value.length === 1) return coerceSingle(attribute, value[0] ?? null, where, notes);
    throw invalidValue(where, "takes one value, not several");
  }
  return attribute.type === "complex"
    ? coerceComplex(attribute, value, where, notes)
    : coerceSimple(attribute, value, where);
}

/**
 * Reads the elements of a multi-valued attribute, equal ones once; OneLogin sends one object where an array is due, others
 * bare texts. Elements that do not fit are left out; when nothing else was sent, so is the whole list.
 */
function coerceElements(attribute: Attribute, value: Json, where: string, notes: NoteList): Json[] | undefined {
  const sent = Array.isArray(value) ? value : [value];
  const elements = new Map<string, Json>();
  let unfit: Unfit | null = null;
  for (const element of sent) {
    try {
      const read = coerceElement(attribute, element, where, notes);
      if (read === undefined) continue;
      if (!isHollow(attribute, read)) elements.set(jsonKey(read), read);
      else if (!hasBlankValue(element)) notes.add("value_left_out", where, read);
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      notes.add("value_left_out", error.where, error.sent);
      unfit = error;
    }
  }
  assertFew(elements.size, where);
  if (elements.size === 0 && unfit !== null) throw unfit;
  notePrimaries([...elements.values()], where, notes);
  return elements.size === 0 && (sent.length > 0 || !attribute.shownEmpty) ? undefined : [...elements.values()];
}

/** Notes elements that a request names as primary beside another one that it names so: `primary` is true on the first of them. */
export function notePrimaries(named: readonly Json[], where: string, notes: NoteList): void {
  const [, ...others] = named.filter((element) => isJsonObject(element) && element.primary === true);
  const [other] = others;
  if (isJsonObject(other)) notes.add("primary_twice", where, other.value ?? other);
}

/** Reads an element of a list: an object, or the text of its `value` (of elements that have one), for which a number may stand. */
function coerceElement(attribute: Attribute, element: Json, where: string, notes: NoteList): Json | undefined {
  if (element === null || isJsonObject(element)) return coerceSingle(attribute, element, where, notes);
  if (Array.isArray(element) || (attribute.identifying && typeof element !== "string"))
    throw invalidValue(where, "takes texts or objects as its elements");
  // A mapping of a plug-in for Keycloak prints a missing value as the text of a boolean.
  if (/^(?:true|false)$/i.test(String(element).trim())) throw new Unfit(where, "does not take a boolean", element);
  if (typeof element === "number" && valueSubAttribute(attribute) === undefined)
    throw new Unfit(where, "takes objects as its elements", element);
  return coerceSingle(attribute, element, where, notes);
}

/** Whether an element says what a value would be for but holds none: `{type:"work", value:""}` is an empty field of a template. It is not kept. */
export function isHollow(attribute: Attribute, element: Json): boolean {
  if (!isJsonObject(element) || valueSubAttribute(attribute) === undefined) return false;
  return Object.keys(element).every((name) => name === "type" || name === "primary");
}

/** Whether an element names its value, which a template does too whose macro came out empty. */
export function isBlank(element: Json): boolean {
  return isJsonObject(element) && Object.keys(element).some((name) => foldCase(name) === "value");
}

/** Whether an element says itself that it has no value: a template's null for what is not there, which needs no word. */
function hasBlankValue(element: Json): boolean {
  if (!isJsonObject(element)) return false;
  const values = Object.keys(element).filter((name) => foldCase(name) === "value");
  return values.length > 0 && values.every((name) => isBlankText(element[name] ?? null));
}

function isBlankText(value: Json): boolean {
  return value === null || (typeof value === "string" && value.trim() === "");
}

function coerceComplex(attribute: Attribute, value: Json, where: string, notes: NoteList): JsonObject | undefined {
  if (!isJsonObject(value)) {
    const sub = valueSubAttribute(attribute);
    if (sub === undefined) throw invalidValue(where, "takes an object with its sub-attributes");
    // Entra sends a manager as the bare id.
    const bare = coerceSimple(sub, value, where);
    return bare === undefined ? undefined : { [sub.name]: bare };
  }
  const result: JsonObject = {};
  for (const { sub, value: read } of readSubAttributes(attribute, value, where, notes))
    if (read !== undefined) result[sub.name] = read;
  return Object.keys(result).length === 0 ? undefined : result;
}

/**
 * Reads what an object says of the sub-attributes of a complex attribute that can be written; what does not fit is left out.
 * Under two spellings of one name "no value" says nothing beside a value, and values that differ are 400 invalidValue.
 */
export function readSubAttributes(
  attribute: Attribute,
  value: JsonObject,
  where: string,
  notes: NoteList,
): { sub: Attribute; value: Json | undefined }[] {
  const given = new Map<Attribute, Json | undefined>();
  for (const name of Object.keys(value)) {
    const sub = findSubAttribute(attribute, name);
    const sent = value[name] ?? null;
    if (sub === undefined) {
      if (sent !== null && !isSecret(name)) notes.add("unknown_attribute", `${where}.${name}`, sent);
      continue;
    }
    if (sub.mutability === "readOnly" || sub.mutability === "writeOnly") continue;
    const path = `${where}.${foldCase(name) === sub.key ? sub.name : name}`;
    const read = readOrLeaveOut(sub, notes, () => coerceSingle(sub, sent, path, notes));
    if (read === null) continue;
    const before = given.get(sub);
    if (before !== undefined && read.value !== undefined && !equalJson(before, read.value))
      throw invalidValue(path, "is given more than once, with different values");
    given.set(sub, read.value ?? before);
  }
  return [...given].map(([sub, read]) => ({ sub, value: read }));
}

function coerceSimple(attribute: Attribute, value: Json, where: string): Json | undefined {
  const scalar = unwrap(value);
  if (typeof scalar === "object") {
    if (scalar === null) return undefined;
    throw invalidValue(where, `is a ${attribute.type}, not an object`);
  }
  if (typeof scalar === "string" && scalar.trim() === "") return undefined;
  switch (attribute.type) {
    case "boolean":
      return coerceBoolean(scalar, where);
    case "integer":
    case "decimal":
      return coerceNumber(attribute, scalar, where);
    case "dateTime":
      if (typeof scalar === "string" && parseDateTime(scalar.trim()) !== null) return scalar;
      throw invalidValue(where, "takes a time such as 2011-05-13T04:42:34Z");
    default:
      if (typeof scalar === "boolean") throw new Unfit(where, "takes text, not a boolean", scalar);
      return limitRequired(attribute, String(scalar), where);
  }
}

/** What the resource can do without is left out when it is too long; what it is known by is refused. */
function limitRequired({ required }: Attribute, text: string, where: string): string {
  if (required && text.length > MAX_REQUIRED_LENGTH)
    throw invalidValue(where, `is longer than ${MAX_REQUIRED_LENGTH} characters`);
  return text;
}

/** The simple value in `{"$ref": null, "value": "x"}`, as older Entra connectors wrap it; anything else as it is. */
export function unwrap(value: Json): Json {
  if (!isJsonObject(value) || value.value === undefined || isJsonObject(value.value)) return value;
  const rest = Object.keys(value).filter((name) => name !== "value" && value[name] !== null);
  return rest.length === 0 ? value.value : value;
}

/** Entra sends booleans as the strings "True" and "False" (Microsoft, SCIM 2.0 protocol compliance of the provisioning service). */
function coerceBoolean(value: string | number | boolean, where: string): boolean {
  if (typeof value === "boolean") return value;
  const folded = foldCase(String(value).trim());
  if (folded === "true" || folded === "false") return folded === "true";
  throw invalidValue(where, "takes true or false");
}

function coerceNumber(attribute: Attribute, value: string | number | boolean, where: string): number {
  const number = typeof value === "boolean" ? Number.NaN : Number(value);
  if (Number.isFinite(number) && (attribute.type === "decimal" || Number.isInteger(number))) return number;
  throw invalidValue(where, `takes a number (${attribute.type})`);
}
