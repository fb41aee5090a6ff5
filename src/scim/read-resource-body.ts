import { assertSize } from "./document-size.ts";
import { foreignSchema } from "./filter/attribute-path.ts";
import { foldCase } from "./fold-case.ts";
import { equalJson, isJsonObject, isPollutingName, type Json, type JsonObject } from "./json.ts";
import { NoteList } from "./limited-note-list.ts";
import type { Note } from "./note.ts";
import { pruneDocument } from "./patch/prune-document.ts";
import { assertRequired } from "./schema/assert-required.ts";
import { isKnown, printPath, type ResolvedName, type ResolvedPath, resolveName } from "./schema/attribute-name.ts";
import { coerceValue, unwrap } from "./schema/coerce-value.ts";
import { findExtensionKey, holderOf } from "./schema/extension-holder.ts";
import { findOpenName } from "./schema/find-open-attribute.ts";
import { type Member, readMembers } from "./schema/read-members.ts";
import { readOpenList } from "./schema/read-open-list.ts";
import { type Attribute, hasPrimary, openAttribute, type ResourceType } from "./schema/schema.ts";
import { keepOnePrimary } from "./schema/single-primary.ts";
import { invalidValue, readOrLeaveOut } from "./schema/unfit-value.ts";
import { findSchema, isWholeUrn } from "./schema/urn.ts";
import { endsInSecret, mentionsSecret } from "./secret-attributes.ts";

/** What a POST or PUT body says: the canonical document, and members when a group's body carries them; null as sent. */
export interface ReadResult extends Pick<Reading, "document" | "members"> {
  notes: Note[];
}

/** What of a body is read so far. */
interface Reading {
  document: JsonObject;
  members?: Member[] | null;
  notes: NoteList;
}

/**
 * Reads the body of a POST or PUT, liberally by schema and strictly by type (RFC 7644 sections 3.3 and 3.5.1): names and
 * URNs in any case, dotted and qualified keys, nulls and blanks as absent, what the service provider sets left out.
 */
export function readResource(type: ResourceType, body: JsonObject): ReadResult {
  const result: Reading = { document: {}, notes: new NoteList() };
  for (const key of Object.keys(body)) readEntry(type, key, body[key] ?? null, result);
  pruneDocument(type, result.document, result.notes);
  keepOnePrimaryInEach(type, result.document);
  assertRequired(type, result.document);
  assertSize(result.document);
  return { ...result, notes: result.notes.list() };
}

/**
 * A body's key, resolved: what follows a URN that ends as those of extensions do, with version and resource type, is an
 * attribute of it. Under any other unknown URN an object is the extension itself, anything else one attribute of it, as is a
 * wrapped value unless the URN ends with the resource type.
 */
export function resolveKey(type: ResourceType, key: string, value: Json): ResolvedName {
  const name = resolveName(type, key);
  if (!isWholeUrn(key) || !isJsonObject(value) || isDescribed(type, name)) return name;
  const isWrapped = name.kind === "attribute" && !isJsonObject(unwrap(value));
  if (isWrapped && foldCase(name.path.attribute.name) !== foldCase(type.name)) return name;
  return endsInSecret(key) ? { kind: "unknown", text: key } : { kind: "extension", urn: key, declared: false };
}

function isDescribed(type: ResourceType, name: ResolvedName): boolean {
  if (name.kind === "attribute") return isKnown(type, name);
  return name.kind === "extension" ? name.declared : name.kind === "unknown" || name.kind === "foreign";
}

/** The object of an extension, or of a whole schema; one in an array of one is meant as well. */
export function objectOf(urn: string, value: Json): JsonObject {
  const sent = Array.isArray(value) && value.length === 1 ? (value[0] ?? null) : value;
  if (isJsonObject(sent)) return sent;
  throw invalidValue(urn, "takes an object with its attributes");
}

function readEntry(type: ResourceType, key: string, value: Json, result: Reading): void {
  const name = resolveKey(type, key, value);
  switch (name.kind) {
    case "extension":
      if (value !== null) readExtension(type, name.urn, name.declared, objectOf(name.urn, value), result);
      return;
    case "attribute":
      readAttribute(name.path, value, result);
      return;
    case "foreign":
      throw foreignSchema(type, key);
    default:
      if (isCoreUrn(type, key) && isJsonObject(value)) {
        for (const inner of Object.keys(value)) readEntry(type, inner, value[inner] ?? null, result);
      } else noteUnknownKey(result.notes, key, value);
  }
}

/** Notes a key that no schema has; a secret and "no value" need no word. */
export function noteUnknownKey(notes: NoteList, key: string, value: Json): void {
  if (value !== null && !isPollutingName(key) && !mentionsSecret(key)) notes.add("unknown_attribute", key, value);
}

function isCoreUrn(type: ResourceType, key: string): boolean {
  return key.includes(":") && foldCase(key) === foldCase(type.schema.id);
}

function readExtension(type: ResourceType, urn: string, declared: boolean, value: JsonObject, result: Reading): void {
  if (!declared || findSchema(type, urn)?.open === true) {
    readOpenExtension(urn, value, result);
    return;
  }
  for (const key of Object.keys(value)) {
    const name = resolveName(type, `${urn}:${key}`);
    const sent = value[key] ?? null;
    if (name.kind === "attribute" && name.declared) readAttribute(name.path, sent, result);
    else noteUnknownKey(result.notes, `${urn}:${key}`, sent);
  }
}

/** Each name in an extension that no schema describes is an attribute of it; one that is there in another case is the same. */
function readOpenExtension(extension: string, value: JsonObject, result: Reading): void {
  const holder = holderOf(result.document, extension);
  const spellings = new Map(Object.keys(holder).map((name) => [foldCase(name), name]));
  for (const name of Object.keys(value)) {
    if (isPollutingName(name)) throw invalidValue(extension, `may not hold the name ${name}`);
    const attribute = openAttribute(spellings.get(foldCase(name)) ?? name);
    spellings.set(attribute.key, attribute.name);
    const path = { extension, attribute };
    if (attribute.mutability !== "writeOnly") put(holder, path, attribute.name, value[name] ?? null, result);
  }
  dropEmpty(result.document, extension);
}

function dropEmpty(document: JsonObject, extension: string): void {
  const key = findExtensionKey(document, extension);
  const holder = key === undefined ? undefined : document[key];
  if (key !== undefined && isJsonObject(holder) && Object.keys(holder).length === 0) delete document[key];
}

function readAttribute(path: ResolvedPath, value: Json, result: Reading): void {
  const { attribute, subAttribute, extension } = path;
  // Clients echo what the service provider sets (Okta sends a fetched user back whole): it changes nothing.
  if (!isWritten(attribute) || (subAttribute !== undefined && !isWritten(subAttribute))) return;
  if (value === null) {
    if (attribute.storedApart) result.members ??= null;
    if (attribute.lasting) result.notes.add("kept_active", attribute.name);
    return;
  }
  if (attribute.storedApart) {
    const members = readMembers(value, attribute.name, result.notes);
    if (isOther(result.members, members))
      throw invalidValue(attribute.name, "is given more than once, with different values");
    result.members = members;
    return;
  }
  const holder = extension === undefined ? result.document : holderOf(result.document, extension);
  if (subAttribute !== undefined) readSubAttribute(holder, path, subAttribute, value, result);
  else {
    const key = attribute.open ? (findOpenName(holder, attribute.name) ?? attribute.name) : attribute.name;
    put(holder, path, key, value, result);
  }
  if (extension !== undefined) dropEmpty(result.document, extension);
}

/** Whether two lists of members name other ones. */
function isOther(before: readonly Member[] | null | undefined, members: readonly Member[]): boolean {
  const ids = new Set(members.map(({ value }) => value));
  return Array.isArray(before) && (before.length !== ids.size || before.some(({ value }) => !ids.has(value)));
}

/** Whether what a client sends for an attribute is kept. */
export function isWritten({ mutability }: Attribute): boolean {
  return mutability !== "readOnly" && mutability !== "writeOnly";
}

/** Reads a value into its holder; `name` and `name.givenName` may both be sent: the parts come together. */
function put(holder: JsonObject, path: ResolvedPath, key: string, value: Json, { notes }: Reading): void {
  const where = printPath(path);
  const read = readOrLeaveOut(path.attribute, notes, () => coerceValue(path.attribute, value, where, notes));
  if (read === null) return;
  if (read.value === undefined) {
    if (path.attribute.lasting) notes.add("kept_active", where, value);
    return;
  }
  const kept = readOpenList(path.attribute, read.value, where, notes) ?? read.value;
  holder[key] = joinValues(path.attribute, holder[key], kept, where);
}

/** Values that come from several keys of one body; they may not contradict each other. */
function joinValues(attribute: Attribute, before: Json | undefined, value: Json, where: string): Json {
  if (before === undefined || equalJson(before, value)) return value;
  const [held, parts] = attribute.open ? [partsOf(before), partsOf(value)] : [before, value];
  // A bare value was not sent under the name that it has among parts.
  const nameOf = (part: string) => (held === before && parts === value ? `${where}.${part}` : where);
  if (isJsonObject(held) && isJsonObject(parts)) return joinParts(held, parts, nameOf);
  throw invalidValue(where, "is given more than once, with different values");
}

/** A simple value that no schema describes is the `value` beside the parts of it. */
function partsOf(value: Json): Json {
  return typeof value === "object" ? value : { value };
}

/** Parts that come from several keys of one body, by their names in any case; they may not contradict each other. */
function joinParts(before: JsonObject, parts: JsonObject, nameOf: (part: string) => string): JsonObject {
  const joined = { ...before };
  for (const name of Object.keys(parts)) {
    const key = findOpenName(before, name);
    if (key !== undefined && !equalJson(before[key], parts[name]))
      throw invalidValue(nameOf(name), "is given more than once, with different values");
    joined[key ?? name] = parts[name] ?? null;
  }
  return joined;
}

/** Keys such as `name.givenName`, which Entra's newer connector puts in bodies; in a list they speak of its first element. */
function readSubAttribute(
  holder: JsonObject,
  path: ResolvedPath,
  sub: Attribute,
  value: Json,
  { notes }: Reading,
): void {
  const { attribute } = path;
  const read = readOrLeaveOut(sub, notes, () => coerceValue(sub, value, printPath(path), notes));
  if (read === null || read.value === undefined) return;
  const key = attribute.open ? (findOpenName(holder, attribute.name) ?? attribute.name) : attribute.name;
  const before = holder[key];
  const part = { [sub.name]: read.value };
  const where = printPath({ extension: path.extension, attribute });
  if (Array.isArray(before) || attribute.multiValued) {
    const [first, ...rest] = Array.isArray(before) ? before : [];
    holder[key] = [joinValues(attribute, first, part, where), ...rest];
  } else holder[key] = joinValues(attribute, before, part, where);
}

function keepOnePrimaryInEach(type: ResourceType, document: JsonObject): void {
  for (const name of Object.keys(document)) {
    const attribute = type.names.get(foldCase(name))?.attribute;
    const elements = document[name];
    if (attribute !== undefined && hasPrimary(attribute) && Array.isArray(elements))
      document[name] = keepOnePrimary(attribute, elements);
  }
}
