import { type AttributePath, foreignSchema, parsePath } from "../filter/attribute-path.ts";
import { foldCase } from "../fold-case.ts";
import { isJsonObject, isPollutingName, type Json, type JsonObject } from "../json.ts";
import type { NoteList } from "../limited-note-list.ts";
import { isWritten, noteUnknownKey, objectOf, resolveKey } from "../read-resource-body.ts";
import { printPath } from "../schema/attribute-name.ts";
import { openAttribute, type ResourceType } from "../schema/schema.ts";
import { invalidValue, readOrLeaveOut } from "../schema/unfit-value.ts";
import { findSchema } from "../schema/urn.ts";
import { quote, ScimError } from "../scim-error.ts";
import { mentionsSecret } from "../secret-attributes.ts";
import { readMemberOperations } from "./member-operations.ts";
import type { PatchVerb } from "./merge-complex-value.ts";
import { type PatchOperation, placeOf } from "./patch-operation.ts";
import { isWholeList, readPathValue, saysSomething } from "./read-path-value.ts";
import { reconcileKeys } from "./reconcile-keys.ts";

/** Where an operation stands: what errors quote and where notes go. */
interface Context {
  type: ResourceType;
  verb: PatchVerb;
  index: number;
  notes: NoteList;
}

/** Where an operation stands in its request, as PatchRequest has it. */
interface Place {
  at: string | null;
  index: number;
  notes: NoteList;
}

/** Reads one element of `Operations`; one without a path becomes one step for each key of its value. */
export function readOperation(type: ResourceType, sent: Json, { at, index, notes }: Place): PatchOperation[] {
  try {
    return read(type, sent, index, notes);
  } catch (error) {
    throw error instanceof ScimError && at !== null ? error.at(placeOf(at, index)) : error;
  }
}

function read(type: ResourceType, sent: Json, index: number, notes: NoteList): PatchOperation[] {
  if (!isJsonObject(sent)) throw new ScimError("malformed_patch", "an object with op, path and value is due.");
  const { op, path, value } = readFields(sent, index, notes);
  // Entra writes Add, Replace and Remove (Microsoft, SCIM 2.0 protocol compliance); RFC 7644 has lower case.
  const verb = typeof op === "string" ? foldCase(op.trim()) : "";
  if (verb !== "add" && verb !== "remove" && verb !== "replace")
    throw new ScimError("malformed_patch", "op must be add, remove or replace.");
  const context = { type, verb, index, notes } satisfies Context;
  if (path !== undefined && path !== null && typeof path !== "string")
    throw new ScimError("invalid_path", "path must be a string.");
  const before = notes.said;
  const isWhole = path === undefined || path === null || path.trim() === "";
  const steps = isWhole ? readWithoutPath(context, value) : readWithPath(context, path, value);
  if (steps.length === 0 && notes.said === before && !isEcho(context, isWhole ? null : path, value))
    notes.add("nothing_named", isWhole ? "value" : path);
  return steps;
}

/** The members of an operation, in any case; what else stands in it changes nothing, which is noted. */
function readFields(sent: JsonObject, index: number, notes: NoteList): { op?: Json; path?: Json; value?: Json } {
  const fields: { op?: Json; path?: Json; value?: Json } = {};
  for (const key of Object.keys(sent)) {
    const name = foldCase(key);
    const value = sent[key];
    if (name !== "op" && name !== "path" && name !== "value")
      noteUnknownKey(notes, `${placeOf("Operations", index)}.${key}`, value ?? null);
    else if (fields[name] === undefined) fields[name] = value;
    else throw new ScimError("malformed_patch", `${name} is given more than once.`);
  }
  return fields;
}

function readWithPath(context: Context, text: string, value: Json | undefined): PatchOperation[] {
  const { type, verb, notes } = context;
  const parsed = parsePath(type, text);
  if (parsed.kind === "extension") return readExtension(context, parsed.urn, value ?? null);
  if (parsed.kind === "unknown") {
    if (foldCase(text.trim()) === foldCase(type.schema.id)) {
      if (verb === "remove" && (value ?? null) === null)
        throw new ScimError("no_target", "the path names the whole resource: remove needs that of an attribute.");
      return readWithoutPath(context, value);
    }
    if (!mentionsSecret(text)) notes.add("unknown_attribute", text, value ?? null);
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
  return readAttribute(context, path, text, value);
}

/** `{"op":"replace","value":{"active":false,"name.givenName":"K"}}`: each key is a path of its own (Okta, Entra). */
function readWithoutPath(context: Context, value: Json | undefined): PatchOperation[] {
  if (context.verb === "remove" && !namesElements(context.type, value))
    throw new ScimError("no_target", "remove needs a path.");
  // A Java SDK puts the object into an array of one.
  const sent = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (!isJsonObject(sent)) throw invalidValue("value", "must be an object of attributes when there is no path");
  const steps = Object.keys(sent).flatMap((key) => readKey(context, key, sent[key] ?? null));
  return context.verb === "remove" ? steps : reconcileKeys(steps);
}

/** Whether what was sent has no effect by rule: what the service provider sets itself, and secrets. */
function isEcho({ type }: Context, path: string | null, value: Json | undefined): boolean {
  if (path !== null) return mentionsSecret(path);
  const [sent] = Array.isArray(value) ? value : [value];
  if (!isJsonObject(sent) || Object.keys(sent).length === 0) return false;
  return Object.keys(sent).every((key) => {
    const name = resolveKey(type, key, sent[key] ?? null);
    return sent[key] === null || mentionsSecret(key) || (name.kind === "attribute" && !isWritten(name.path.attribute));
  });
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
      if (attribute.storedApart && value === null) {
        notes.add("members_kept", attribute.name);
        return [];
      }
      return readAttribute(context, name.path, key, value);
    }
    case "foreign":
      throw foreignSchema(type, key);
    default:
      if (foldCase(key) === foldCase(type.schema.id) && isJsonObject(value)) return readWithoutPath(context, value);
      if (isPollutingName(key)) throw new ScimError("invalid_path", `${quote(key)} is not an attribute name.`);
      noteUnknownKey(notes, key, value);
      return [];
  }
}

/** Each name in the object of an extension is a path of its own; no value takes the whole extension away. */
function readExtension(context: Context, urn: string, value: Json): PatchOperation[] {
  const { type, verb, index, notes } = context;
  if (value === null || value === "") return [{ kind: "extension", verb, urn, sent: urn, index }];
  const parts = objectOf(urn, value);
  const schema = findSchema(type, urn);
  const steps = Object.keys(parts).flatMap((key) => {
    const inner = parts[key] ?? null;
    if (schema === undefined || schema.open) {
      if (isPollutingName(key)) throw new ScimError("invalid_path", `${quote(key)} is not an attribute name.`);
      return readAttribute(context, { extension: urn, attribute: openAttribute(key) }, `${urn}:${key}`, inner);
    }
    const name = resolveKey(type, `${urn}:${key}`, null);
    if (name.kind === "attribute" && name.declared) return readKey(context, `${urn}:${key}`, inner);
    noteUnknownKey(notes, `${urn}:${key}`, inner);
    return [];
  });
  return verb === "remove" ? steps : reconcileKeys(steps);
}

function readAttribute(context: Context, path: AttributePath, sent: string, value: Json | undefined): PatchOperation[] {
  const { verb, index, notes } = context;
  const { attribute, subAttribute } = path;
  if (attribute.mutability === "writeOnly" || subAttribute?.mutability === "writeOnly") return [];
  if (attribute.storedApart) {
    const operations = readMemberOperations(verb, path, value, notes);
    return operations.length === 0 ? [] : [{ kind: "members", operations, index }];
  }
  const box = readOrLeaveOut(subAttribute ?? attribute, notes, () => readPathValue(path, verb, value ?? null, notes));
  if (box === null) return [];
  const read = box.value;
  if (attribute.lasting && read === undefined) {
    notes.add("kept_active", printPath(path), value ?? null);
    return [];
  }
  // `remove` with a list or an object that names no values: nothing goes, least of all everything.
  const isEmptySelection =
    verb === "remove" && isWholeList(path) && read === undefined && (Array.isArray(value) || isJsonObject(value));
  const isForeign = verb !== "remove" && isWholeList(path) && read === undefined && saysSomething(value);
  // Adding nothing to what may be a list adds nothing.
  const isEmptyAdd = verb === "add" && (subAttribute ?? attribute).open && Array.isArray(value) && read === undefined;
  // An object that names no part changes none.
  const isPartless = isJsonObject(read) && Object.keys(read).length === 0;
  if (isEmptySelection || isForeign || isEmptyAdd || isPartless) return [];
  const isBeside = verb === "remove" && (value ?? null) !== null && (!isWholeList(path) || attribute.open);
  return [{ kind: "attribute", verb, path, value: read, sent, ...(isBeside && { beside: value }), index }];
}
