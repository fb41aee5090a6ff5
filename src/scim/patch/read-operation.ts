import { quote, ScimError } from "../errors.ts";
import { type AttributePath, parsePath } from "../filter/path.ts";
import { foldCase } from "../fold.ts";
import { isJsonObject, isPollutingName, type Json, type JsonObject } from "../json.ts";
import { addNote, type Note } from "../note.ts";
import { resolveKey } from "../read-resource.ts";
import { printPath } from "../schema/attribute-name.ts";
import { coerceOpen, coerceSingle, coerceValue, invalidValue, unwrap } from "../schema/coerce.ts";
import { type Attribute, findSubAttribute, type ResourceType } from "../schema/schema.ts";
import { findSchema } from "../schema/urn.ts";
import { type MemberOperation, readMemberOperations } from "./member-operations.ts";

/** The three verbs of PATCH (RFC 7644 section 3.5.2). */
type PatchVerb = "add" | "remove" | "replace";

/** An operation on one attribute, its value already read by the schema: undefined is "no value", a null in it clears a part. */
export interface AttributeOperation {
  kind: "attribute";
  verb: PatchVerb;
  path: AttributePath;
  value: Json | undefined;
  /** Its place in the request, from 0. */
  index: number;
}

/** An operation on a whole extension object that no schema describes. */
export interface ExtensionOperation {
  kind: "extension";
  verb: PatchVerb;
  urn: string;
  value: JsonObject | undefined;
  index: number;
}

/** One step of a PATCH; those on members need no document. */
export type PatchOperation =
  | AttributeOperation
  | ExtensionOperation
  | { kind: "members"; operations: MemberOperation[]; index: number };

/** Where an operation stands: what errors quote and where notes go. */
interface Context {
  type: ResourceType;
  verb: PatchVerb;
  index: number;
  notes: Note[];
}

/** Reads one element of `Operations`; one without a path becomes one step for each key of its value. */
export function readOperation(type: ResourceType, sent: Json, index: number, notes: Note[]): PatchOperation[] {
  if (!isJsonObject(sent))
    throw new ScimError("malformed_patch", `Operation ${index + 1} must be an object with op, path and value.`);
  const { op, path, value } = readFields(sent);
  // Entra writes Add, Replace and Remove (Microsoft, SCIM 2.0 protocol compliance); RFC 7644 has lower case.
  const verb = typeof op === "string" ? foldCase(op.trim()) : "";
  if (verb !== "add" && verb !== "remove" && verb !== "replace")
    throw new ScimError("malformed_patch", `Operation ${index + 1}: op must be add, remove or replace.`);
  const context = { type, verb, index, notes } satisfies Context;
  if (path !== undefined && path !== null && typeof path !== "string")
    throw new ScimError("invalid_path", `Operation ${index + 1}: path must be a string.`);
  try {
    if (path === undefined || path === null || path.trim() === "") return readWithoutPath(context, value);
    return readWithPath(context, path, value);
  } catch (error) {
    throw error instanceof ScimError ? error.at(`Operation ${index + 1}`) : error;
  }
}

function readFields(sent: JsonObject): { op?: Json; path?: Json; value?: Json } {
  const fields: { op?: Json; path?: Json; value?: Json } = {};
  for (const key of Object.keys(sent)) {
    const name = foldCase(key);
    if (name === "op" || name === "path" || name === "value") fields[name] = sent[key];
  }
  return fields;
}

function readWithPath(context: Context, text: string, value: Json | undefined): PatchOperation[] {
  const { type, verb, index, notes } = context;
  const parsed = parsePath(type, text);
  if (parsed.kind === "extension") return readExtension(context, parsed.urn, value ?? null);
  if (parsed.kind === "unknown") {
    if (foldCase(text.trim()) === foldCase(type.schema.id)) return readWithoutPath(context, value);
    addNote(notes, "unknown_attribute", text, value ?? null);
    return [];
  }
  const { path } = parsed;
  if (verb !== "remove" && value === undefined)
    throw invalidValue(printPath(path), `cannot be the target of ${verb} without a value`);
  if (path.attribute.mutability === "readOnly" || path.subAttribute?.mutability === "readOnly")
    throw new ScimError("read_only", `${printPath(path)} is read-only.`);
  if (path.attribute.open && path.subAttribute === undefined) {
    // A path such as `urn:x:User` with no known schema may name an extension rather than an attribute of `urn:x`.
    const name = resolveKey(type, text.trim(), value ?? null);
    if (name.kind === "extension") return readExtension(context, name.urn, value ?? null);
  }
  return readAttribute({ type, verb, index, notes }, path, value);
}

/** `{"op":"replace","value":{"active":false,"name.givenName":"K"}}`: each key is a path of its own (Okta, Entra). */
function readWithoutPath(context: Context, value: Json | undefined): PatchOperation[] {
  if (context.verb === "remove" && !namesElements(context.type, value))
    throw new ScimError("no_target", "remove needs a path.");
  if (!isJsonObject(value)) throw invalidValue("value", "must be an object of attributes when there is no path");
  return Object.keys(value).flatMap((key) => readKey(context, key, value[key] ?? null));
}

/**
 * Whether the value of a remove without a path lists elements to take out, as `{"members":[{"value":"u"}]}` does. That of
 * a single attribute, or no list, would not say whether it goes whatever it holds (RFC 7644 section 3.5.2.2: noTarget).
 */
function namesElements(type: ResourceType, value: Json | undefined): boolean {
  if (!isJsonObject(value) || Object.keys(value).length === 0) return false;
  return Object.keys(value).every((key) => {
    const name = resolveKey(type, key, value[key] ?? null);
    return name.kind === "attribute" && name.path.attribute.multiValued && Array.isArray(value[key]);
  });
}

function readKey(context: Context, key: string, value: Json): PatchOperation[] {
  const { type, notes } = context;
  // A key such as `emails[type eq "work"].value` is a path as well.
  if (key.includes("[")) return readWithPath(context, key, value);
  const name = resolveKey(type, key, value);
  switch (name.kind) {
    case "extension":
      return readExtension(context, name.urn, value);
    case "attribute": {
      const { attribute, subAttribute } = name.path;
      // Okta sends the group's own id with every rename; echoes of what the server sets change nothing.
      if (attribute.mutability === "readOnly" || subAttribute?.mutability === "readOnly") return [];
      return readAttribute(context, name.path, value);
    }
    default:
      if (foldCase(key) === foldCase(type.schema.id) && isJsonObject(value)) return readWithoutPath(context, value);
      if (isPollutingName(key)) throw new ScimError("invalid_path", `${quote(key)} is not an attribute name.`);
      addNote(notes, "unknown_attribute", key, value);
      return [];
  }
}

function readExtension(context: Context, urn: string, value: Json): PatchOperation[] {
  const { type, verb, index, notes } = context;
  const schema = findSchema(type, urn);
  if (isJsonObject(value) && schema !== undefined && !schema.open)
    return Object.keys(value).flatMap((key) => {
      const name = resolveKey(type, `${urn}:${key}`, null);
      if (name.kind === "attribute" && name.declared) return readKey(context, `${urn}:${key}`, value[key] ?? null);
      addNote(notes, "unknown_attribute", `${urn}:${key}`, value[key] ?? null);
      return [];
    });
  if (value !== null && value !== "" && !isJsonObject(value)) throw invalidValue(urn, "takes an object of attributes");
  const kept = isJsonObject(value) ? coerceOpen(value, urn) : undefined;
  return [{ kind: "extension", verb, urn, value: isJsonObject(kept) ? kept : undefined, index }];
}

function readAttribute(context: Context, path: AttributePath, value: Json | undefined): PatchOperation[] {
  const { verb, index, notes } = context;
  const { attribute } = path;
  if (attribute.mutability === "writeOnly") return [];
  if (attribute.storedApart) {
    const operations = readMemberOperations(verb, path, value);
    return operations.length === 0 ? [] : [{ kind: "members", operations, index }];
  }
  const read = readPathValue(path, verb, value ?? null, notes);
  // `remove` with a list or an object that names no values: nothing goes, least of all everything.
  const isEmptySelection =
    verb === "remove" && isWholeList(path) && read === undefined && (Array.isArray(value) || isJsonObject(value));
  const isForeign = verb !== "remove" && isWholeList(path) && read === undefined && saysSomething(value);
  if (isEmptySelection || isForeign) return [];
  return [{ kind: "attribute", verb, path, value: read, index }];
}

/** Whether a path leads to all of a list, or to an open attribute, which may hold one. */
function isWholeList({ attribute, subAttribute, valueFilter }: AttributePath): boolean {
  return (attribute.multiValued || attribute.open) && subAttribute === undefined && valueFilter === undefined;
}

/** Whether an object holds more than blanks: one of which nothing could be kept is ignored, not taken for "no value". */
function saysSomething(value: Json | undefined): boolean {
  if (!isJsonObject(value)) return false;
  return Object.values(value).some((part) => part !== null && (typeof part !== "string" || part.trim() !== ""));
}

function readPathValue(path: AttributePath, verb: PatchVerb, value: Json, notes: Note[]): Json | undefined {
  const { attribute, subAttribute, valueFilter } = path;
  const where = printPath(path);
  if (verb === "remove") {
    // Values to remove select elements of a list; elsewhere the path says it all.
    if (!isWholeList(path) || value === null) return undefined;
    return readNamedElements(attribute, value, where, notes);
  }
  if (subAttribute !== undefined) return coerceValue(subAttribute, value, where, notes);
  if (attribute.type === "complex" && (valueFilter !== undefined || !attribute.multiValued))
    return readParts(attribute, value, where, notes);
  return coerceValue(attribute, value, where, notes);
}

/**
 * Reads the parts that an add or replace gives one complex value: null for each that is blank, which clears that part
 * alone (RFC 7643 section 2.5), {} when none is known. Without any, or with a blank `value` alone, it clears all, as Entra clears a manager.
 */
function readParts(attribute: Attribute, value: Json, where: string, notes: Note[]): Json | undefined {
  const read = coerceSingle(attribute, value, where, notes);
  const sent = Array.isArray(value) ? value[0] : value;
  if (!isJsonObject(sent) || Object.keys(sent).length === 0) return read;
  const parts: JsonObject = isJsonObject(read) ? { ...read } : {};
  for (const name of Object.keys(sent)) {
    const sub = findSubAttribute(attribute, name);
    if (sub === undefined || sub.mutability === "readOnly" || parts[sub.name] !== undefined) continue;
    if (read === undefined && sub.key === "value") return undefined;
    parts[sub.name] = null;
  }
  return parts;
}

/** Elements that a remove names; `{"type":"work"}` names them by a part. */
function readNamedElements(attribute: Attribute, value: Json, where: string, notes: Note[]): Json[] | undefined {
  const sent = attribute.open ? unwrap(value) : value;
  const named = (Array.isArray(sent) ? sent : [sent])
    .map((element) => (attribute.open ? coerceOpen(element, where) : coerceSingle(attribute, element, where, notes)))
    .filter((element) => element !== undefined);
  return named.length === 0 ? undefined : named;
}
