import { ScimError } from "./errors.ts";
import { foldCase } from "./fold.ts";
import { equalJson, isJsonObject, isPollutingName, type Json, type JsonObject, MAX_NAMES } from "./json.ts";
import { addNote, type Note } from "./note.ts";
import { type ResolvedName, type ResolvedPath, resolveName } from "./schema/attribute-name.ts";
import { coerceOpen, coerceSingle, coerceValue, invalidValue, unwrap } from "./schema/coerce.ts";
import { assignOpen, findOpenName, holderOf } from "./schema/extension-holder.ts";
import { keepOnePrimary } from "./schema/primary.ts";
import { type Member, readMembers } from "./schema/read-members.ts";
import { hasPrimary, type ResourceType } from "./schema/schema.ts";
import { findSchema } from "./schema/urn.ts";

/** What a POST or PUT body says: the canonical document, and members when a group's body carries them. */
export interface ReadResult {
  document: JsonObject;
  members?: Member[];
  notes: Note[];
}

/** Largest document kept, in characters of JSON; D1 holds 2 MB in a value. */
const MAX_DOCUMENT_LENGTH = 900_000;

/**
 * Reads the body of a POST or PUT, liberally by schema and strictly by type (RFC 7644 sections 3.3 and 3.5.1): names and
 * URNs in any case, dotted and qualified keys, nulls and blanks as absent, what the service provider sets left out.
 */
export function readResource(type: ResourceType, body: JsonObject): ReadResult {
  const result: ReadResult = { document: {}, notes: [] };
  for (const key of Object.keys(body)) readEntry(type, key, body[key] ?? null, result);
  settlePrimaries(type, result.document);
  assertRequired(type, result.document);
  assertSize(result.document);
  return result;
}

/**
 * A body's key, resolved: under an unknown URN an object is the extension itself, anything else one attribute of it, as is
 * a wrapped value unless the URN ends as those of extensions do, with the resource type.
 */
export function resolveKey(type: ResourceType, key: string, value: Json): ResolvedName {
  const name = resolveName(type, key);
  if (!key.includes(":") || !isJsonObject(value) || isDescribed(name)) return name;
  const isWrapped = name.kind === "attribute" && !isJsonObject(unwrap(value));
  if (isWrapped && foldCase(name.path.attribute.name) !== foldCase(type.name)) return name;
  return { kind: "extension", urn: key, declared: false };
}

function isDescribed(name: ResolvedName): boolean {
  return (name.kind === "attribute" || name.kind === "extension") && name.declared ? true : name.kind === "unknown";
}

function readEntry(type: ResourceType, key: string, value: Json, result: ReadResult): void {
  const name = resolveKey(type, key, value);
  switch (name.kind) {
    case "extension":
      if (isJsonObject(value)) readExtension(type, name.urn, name.declared, value, result);
      else if (value !== null) throw invalidValue(name.urn, "takes an object with its attributes");
      return;
    case "attribute":
      readAttribute(name.path, value, result);
      return;
    default:
      if (isCoreUrn(type, key) && isJsonObject(value)) {
        for (const inner of Object.keys(value)) readEntry(type, inner, value[inner] ?? null, result);
      } else if (value !== null && !isPollutingName(key)) addNote(result.notes, "unknown_attribute", key, value);
  }
}

function isCoreUrn(type: ResourceType, key: string): boolean {
  return key.includes(":") && foldCase(key) === foldCase(type.schema.id);
}

function readExtension(
  type: ResourceType,
  urn: string,
  declared: boolean,
  value: JsonObject,
  result: ReadResult,
): void {
  if (!declared || findSchema(type, urn)?.open === true) {
    const kept = coerceOpen(value, urn);
    if (isJsonObject(kept)) assignOpen(holderOf(result.document, urn), kept);
    return;
  }
  for (const key of Object.keys(value)) {
    const name = resolveName(type, `${urn}:${key}`);
    const sent = value[key] ?? null;
    if (name.kind === "attribute") readAttribute(name.path, sent, result);
    else if (sent !== null) addNote(result.notes, "unknown_attribute", `${urn}:${key}`, sent);
  }
}

function readAttribute(path: ResolvedPath, value: Json, result: ReadResult): void {
  const { attribute, subAttribute, extension } = path;
  if (value === null || attribute.mutability === "writeOnly") return;
  const where = attribute.name;
  // Clients echo what the service provider sets (Okta sends a fetched user back whole): it changes nothing.
  if (attribute.mutability === "readOnly" || subAttribute?.mutability === "readOnly") return;
  if (attribute.storedApart) {
    result.members = readMembers(value, where);
    return;
  }
  if (subAttribute !== undefined) {
    readSubAttribute(path, value, result);
    return;
  }
  const read = coerceValue(attribute, value, where, result.notes);
  if (read === undefined) return;
  const holder = extension === undefined ? result.document : holderOf(result.document, extension);
  const key = attribute.open ? (findOpenName(holder, attribute.name) ?? attribute.name) : attribute.name;
  const before = holder[key];
  if (before !== undefined && !isJsonObject(before) && !equalJson(before, read))
    throw invalidValue(where, "is given more than once, with different values");
  // `name` and `name.givenName` may both be sent; the parts come together.
  holder[key] = isJsonObject(read) && isJsonObject(before) ? { ...before, ...read } : read;
}

/** Keys such as `name.givenName`, which Entra's newer connector puts in bodies; in a list they speak of its first element. */
function readSubAttribute({ extension, attribute, subAttribute }: ResolvedPath, value: Json, result: ReadResult): void {
  if (subAttribute === undefined) return;
  const read = coerceSingle(subAttribute, value, `${attribute.name}.${subAttribute.name}`, result.notes);
  if (read === undefined) return;
  const holder = extension === undefined ? result.document : holderOf(result.document, extension);
  const before = holder[attribute.name];
  if (Array.isArray(before) || attribute.multiValued) {
    const [first, ...rest] = Array.isArray(before) ? before : [];
    holder[attribute.name] = [{ ...(isJsonObject(first) ? first : {}), [subAttribute.name]: read }, ...rest];
  } else holder[attribute.name] = { ...(isJsonObject(before) ? before : {}), [subAttribute.name]: read };
}

function settlePrimaries(type: ResourceType, document: JsonObject): void {
  for (const name of Object.keys(document)) {
    const attribute = type.names.get(foldCase(name))?.attribute;
    const elements = document[name];
    if (attribute !== undefined && hasPrimary(attribute) && Array.isArray(elements))
      document[name] = keepOnePrimary(attribute, elements);
  }
}

/** Refuses a document without one of its required attributes (RFC 7643 section 2.2). */
export function assertRequired(type: ResourceType, document: JsonObject): void {
  for (const { name, required } of type.schema.attributes)
    if (required && document[name] === undefined)
      throw new ScimError("missing_attribute", `${name} is required for a ${type.name} and may not be empty.`);
}

/** Refuses a document too large for one row, or with more names than are looked through quickly. */
export function assertSize(document: JsonObject): void {
  for (const part of [document, ...Object.values(document)])
    if (isJsonObject(part) && Object.keys(part).length > MAX_NAMES)
      throw new ScimError("resource_too_large", `The resource holds more than ${MAX_NAMES} names side by side.`);
  if (JSON.stringify(document).length > MAX_DOCUMENT_LENGTH)
    throw new ScimError("resource_too_large", `The resource is larger than ${MAX_DOCUMENT_LENGTH} characters.`);
}
