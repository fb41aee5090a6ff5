import { ScimError } from "./errors.ts";
import { foldCase } from "./fold-case.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { resolveName } from "./schema/attribute-name.ts";
import type { Attribute, ResourceType } from "./schema/schema.ts";

/** Names chosen by a client as a tree of folded keys; true stands for a whole attribute. */
type Selection = ReadonlyMap<string, Selection | true>;

/** Which attributes a client wants back, or wants left out (RFC 7644 section 3.9). */
export interface Projection {
  attributes?: Selection;
  excludedAttributes?: Selection;
}

/** Most names that a list of them may have: more than any URL holds. */
const MAX_WANTED = 10_000;

type MutableSelection = Map<string, MutableSelection | true>;

/**
 * Reads `attributes` and `excludedAttributes`: comma separated or a list, sub-attributes and URN-qualified names in any
 * case (RFC 7644 section 3.10). Names that no schema has are left out; an empty parameter counts as absent. `others` are
 * the further resource types of a query across types.
 */
export function parseProjection(
  type: ResourceType,
  attributes?: string | readonly string[] | null,
  excludedAttributes?: string | readonly string[] | null,
  others: readonly ResourceType[] = [],
): Projection {
  const types = [type, ...others];
  const projection: Projection = {};
  const wanted = readNames(attributes);
  const unwanted = readNames(excludedAttributes);
  if (wanted.length > 0) projection.attributes = select(types, wanted);
  if (unwanted.length > 0) projection.excludedAttributes = select(types, unwanted);
  return projection;
}

function readNames(names: string | readonly string[] | null | undefined): string[] {
  const list = typeof names === "string" ? names.split(",") : [...(names ?? [])];
  if (list.length > MAX_WANTED)
    throw new ScimError(
      "invalid_parameter",
      `attributes and excludedAttributes name at most ${MAX_WANTED} attributes.`,
    );
  return list.map((name) => name.trim()).filter((name) => name !== "");
}

function select(types: readonly ResourceType[], names: readonly string[]): Selection {
  const selection: MutableSelection = new Map();
  for (const name of names) for (const type of types) for (const keys of keysOf(type, name)) addKeys(selection, keys);
  return selection;
}

/** A name's keys from the top of the resource down; a URN nobody described may be an extension or lead to an attribute of one. */
function keysOf(type: ResourceType, name: string): string[][] {
  const resolved = resolveName(type, name);
  if (resolved.kind === "extension") return [[foldCase(resolved.urn)]];
  if (foldCase(name) === foldCase(type.schema.id)) return type.schema.attributes.map(({ key }) => [key]);
  if (resolved.kind !== "attribute") return name.includes(":") ? [[foldCase(name)]] : [];
  const { extension, attribute, subAttribute } = resolved.path;
  const keys = [attribute.key, ...(subAttribute === undefined ? [] : [subAttribute.key])];
  if (extension === undefined) return [keys];
  const inside = [foldCase(extension), ...keys];
  return resolved.declared ? [inside] : [inside, [foldCase(name)]];
}

function addKeys(selection: MutableSelection, [key, ...rest]: readonly string[]): void {
  if (key === undefined) return;
  const existing = selection.get(key);
  if (rest.length === 0) selection.set(key, true);
  else if (existing !== true) {
    const inner: MutableSelection = existing ?? new Map();
    selection.set(key, inner);
    addKeys(inner, rest);
  }
}

/** Whether an answer will hold a top-level attribute, so that a caller need not load what nobody asked for. */
export function wantsAttribute(type: ResourceType, projection: Projection, name: string): boolean {
  const attribute = type.names.get(foldCase(name))?.attribute;
  if (attribute === undefined) return false;
  return keep(attribute, attribute.key, projection.attributes, projection.excludedAttributes) !== "drop";
}

/** Whether a projection leaves everything in. */
export function isWhole({ attributes, excludedAttributes }: Projection): boolean {
  return attributes === undefined && excludedAttributes === undefined;
}

/**
 * Cuts a resource down to what the client asks for, minding each attribute's `returned` (RFC 7643 section 7). Whoever asks
 * for nothing in particular gets it as it is: what is never returned is not stored, and nothing is returned on request only.
 */
export function project(type: ResourceType, resource: JsonObject, projection: Projection): JsonObject {
  if (isWhole(projection)) return resource;
  const result: JsonObject = {};
  for (const name of Object.keys(resource)) {
    const value = resource[name] ?? null;
    const kept = name.includes(":")
      ? projectExtension(type, name, value, projection)
      : projectValue(type.names.get(foldCase(name))?.attribute, name, value, projection);
    if (kept !== undefined) result[name] = kept;
  }
  return dropAbsentSchemas(resource, result);
}

/** `schemas` names what defines the attributes present (RFC 7643 section 3): an extension left out is not named. */
function dropAbsentSchemas(resource: JsonObject, result: JsonObject): JsonObject {
  const { schemas } = result;
  if (!Array.isArray(schemas)) return result;
  const isLeftOut = (urn: Json) =>
    typeof urn === "string" && Object.hasOwn(resource, urn) && !Object.hasOwn(result, urn);
  return schemas.some(isLeftOut) ? { ...result, schemas: schemas.filter((urn) => !isLeftOut(urn)) } : result;
}

function projectExtension(type: ResourceType, urn: string, value: Json, projection: Projection): Json | undefined {
  const key = foldCase(urn);
  const wanted = projection.attributes === undefined ? true : projection.attributes.get(key);
  const unwanted = projection.excludedAttributes?.get(key);
  if (wanted === undefined || unwanted === true || !isJsonObject(value)) return undefined;
  const inner: Projection = {
    attributes: wanted === true ? undefined : wanted,
    excludedAttributes: unwanted,
  };
  const names = type.schemas.get(key)?.names;
  return projectMembers(value, (name) => names?.get(foldCase(name)), inner);
}

function projectMembers(
  value: JsonObject,
  find: (name: string) => Attribute | undefined,
  projection: Projection,
): JsonObject | undefined {
  const result: JsonObject = {};
  for (const name of Object.keys(value)) {
    const kept = projectValue(find(name), name, value[name] ?? null, projection);
    if (kept !== undefined) result[name] = kept;
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

function projectValue(
  attribute: Attribute | undefined,
  name: string,
  value: Json,
  { attributes, excludedAttributes }: Projection,
): Json | undefined {
  const verdict = keep(attribute, foldCase(name), attributes, excludedAttributes);
  if (verdict === "drop") return undefined;
  if (verdict === "whole") return value;
  const find = (sub: string) => attribute?.subAttributes.find((candidate) => candidate.key === foldCase(sub));
  if (isJsonObject(value)) return projectMembers(value, find, verdict);
  if (!Array.isArray(value)) return value;
  const elements = value
    .map((element) => (isJsonObject(element) ? projectMembers(element, find, verdict) : element))
    .filter((element) => element !== undefined);
  return elements.length === 0 && value.length > 0 ? undefined : elements;
}

/** What becomes of one attribute: dropped, kept whole, or kept in part by an inner projection. */
function keep(
  attribute: Attribute | undefined,
  key: string,
  attributes: Selection | undefined,
  excluded: Selection | undefined,
): "drop" | "whole" | Projection {
  const returned = attribute?.returned ?? "default";
  if (returned === "never") return "drop";
  if (returned === "always") return "whole";
  const wanted = attributes === undefined ? returned !== "request" || undefined : attributes.get(key);
  const unwanted = excluded?.get(key);
  if (wanted === undefined || unwanted === true) return "drop";
  if (wanted === true && unwanted === undefined) return "whole";
  return { attributes: wanted === true ? undefined : wanted, excludedAttributes: unwanted };
}
