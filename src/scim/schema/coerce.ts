import { ScimError } from "../errors.ts";
import { foldCase } from "../fold.ts";
import { isJsonObject, isPollutingName, type Json, type JsonObject } from "../json.ts";
import { addNote, type Note } from "../note.ts";
import { parseDateTime } from "./date-time.ts";
import { type Attribute, findSubAttribute, valueSubAttribute } from "./schema.ts";

/** Longest string kept in one attribute, in characters. */
const MAX_STRING_LENGTH = 131_072;

/** Most elements kept in one multi-valued attribute. */
const MAX_ELEMENTS = 1000;

/**
 * Reads a value as an attribute's type, liberally; undefined means "no value", as null, blank text,
 * [] and {} do (RFC 7643 section 2.5). A value that cannot be read without loss is 400 invalidValue.
 */
export function coerceValue(attribute: Attribute, value: Json, where: string, notes: Note[]): Json | undefined {
  if (value === null) return undefined;
  if (attribute.open) return coerceOpen(unwrap(value), where);
  return attribute.multiValued
    ? coerceElements(attribute, value, where, notes)
    : coerceSingle(attribute, value, where, notes);
}

/** Reads one element of a multi-valued attribute, or the value of a single-valued one. */
export function coerceSingle(attribute: Attribute, value: Json, where: string, notes: Note[]): Json | undefined {
  if (value === null) return undefined;
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

/** Reads the elements of a multi-valued attribute; OneLogin sends one object where an array is due. */
function coerceElements(attribute: Attribute, value: Json, where: string, notes: Note[]): Json[] | undefined {
  const sent = Array.isArray(value) ? value : [value];
  const elements: Json[] = [];
  for (const element of sent) {
    const read = coerceSingle(attribute, element, where, notes);
    if (read !== undefined && !isHollow(attribute, read)) elements.push(read);
  }
  if (elements.length > MAX_ELEMENTS) throw invalidValue(where, `takes at most ${MAX_ELEMENTS} values`);
  return elements.length === 0 ? undefined : elements;
}

/** Whether an element says what a value would be for but holds none: `{type:"work", value:""}` is an empty field of a template. */
export function isHollow(attribute: Attribute, element: Json): boolean {
  if (!isJsonObject(element) || valueSubAttribute(attribute) === undefined) return false;
  return Object.keys(element).every((name) => name === "type" || name === "primary");
}

function coerceComplex(attribute: Attribute, value: Json, where: string, notes: Note[]): JsonObject | undefined {
  if (!isJsonObject(value)) {
    const sub = valueSubAttribute(attribute);
    if (sub === undefined) throw invalidValue(where, "takes an object with its sub-attributes");
    // Entra sends a manager as the bare id.
    const bare = coerceSimple(sub, value, where);
    return bare === undefined ? undefined : { [sub.name]: bare };
  }
  const result: JsonObject = {};
  for (const name of Object.keys(value)) {
    const sub = findSubAttribute(attribute, name);
    const sent = value[name] ?? null;
    if (sub === undefined) {
      if (sent !== null) addNote(notes, "unknown_attribute", `${where}.${name}`, sent);
    } else if (sub.mutability !== "readOnly") {
      const read = coerceSingle(sub, sent, `${where}.${sub.name}`, notes);
      if (read !== undefined) result[sub.name] = read;
    }
  }
  return Object.keys(result).length === 0 ? undefined : result;
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
      return limitLength(String(scalar), where);
  }
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

/** Values of an open extension are kept as sent, without the nulls and blanks that mean "no value". */
export function coerceOpen(value: Json, where: string): Json | undefined {
  if (value === null) return undefined;
  if (typeof value === "string") return value.trim() === "" ? undefined : limitLength(value, where);
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const kept = value.map((element) => coerceOpen(element, where)).filter((element) => element !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  const result: JsonObject = {};
  for (const name of Object.keys(value)) {
    if (isPollutingName(name)) throw invalidValue(where, `may not hold the name ${name}`);
    const kept = coerceOpen(value[name] ?? null, where);
    if (kept !== undefined) result[name] = kept;
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

function limitLength(text: string, where: string): string {
  if (text.length > MAX_STRING_LENGTH) throw invalidValue(where, `is longer than ${MAX_STRING_LENGTH} characters`);
  return text;
}

/** A refusal of a value that says which attribute it was for (RFC 7644 section 3.12). */
export function invalidValue(where: string, reason: string): ScimError {
  return new ScimError("invalid_value", `${where} ${reason}.`);
}
