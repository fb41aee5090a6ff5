import { foldCase } from "./fold-case.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { type ChosenParts, chosenOf, type Selection, selectAttributes } from "./read-attributes-parameter.ts";
import type { Attribute, ResourceType } from "./schema/schema.ts";

/** Which attributes a client wants back, or wants left out (RFC 7644 section 3.9). */
export interface Projection {
  attributes?: Selection;
  excludedAttributes?: Selection;
}

/**
 * Reads `attributes` and `excludedAttributes` as selectAttributes does; an empty parameter counts as absent. `others` are
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
  const wanted = selectAttributes(types, attributes);
  const unwanted = selectAttributes(types, excludedAttributes);
  if (wanted !== undefined) projection.attributes = wanted;
  if (unwanted !== undefined) projection.excludedAttributes = unwanted;
  return projection;
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
    attributes: wanted === true ? undefined : wanted.parts,
    excludedAttributes: unwanted?.parts,
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
  if (!Array.isArray(value)) return projectElement(value, find, verdict);
  const elements = value
    .map((element) => projectElement(element, find, verdict))
    .filter((element) => element !== undefined);
  return elements.length === 0 && value.length > 0 ? undefined : elements;
}

/** What a client sees of one element, or of the one value of a single-valued attribute; of a simple one all or nothing. */
function projectElement(
  element: Json,
  find: (name: string) => Attribute | undefined,
  { wanted, unwanted }: Partly,
): Json | undefined {
  const attributes = chosenOf(wanted, element);
  const excludedAttributes = chosenOf(unwanted, element);
  if (attributes === undefined || excludedAttributes === true) return undefined;
  if (!isJsonObject(element) || (attributes === true && excludedAttributes === undefined)) return element;
  return projectMembers(element, find, { ...(attributes !== true && { attributes }), excludedAttributes });
}

/** What is wanted and unwanted of an attribute that is kept in part. */
interface Partly {
  wanted: ChosenParts | true;
  unwanted: ChosenParts | undefined;
}

/** What becomes of one attribute: dropped, kept whole, or kept in part. */
function keep(
  attribute: Attribute | undefined,
  key: string,
  attributes: Selection | undefined,
  excluded: Selection | undefined,
): "drop" | "whole" | Partly {
  const returned = attribute?.returned ?? "default";
  if (returned === "never") return "drop";
  if (returned === "always") return "whole";
  const wanted = attributes === undefined ? returned !== "request" || undefined : attributes.get(key);
  const unwanted = excluded?.get(key);
  if (wanted === undefined || unwanted === true) return "drop";
  if (wanted === true && unwanted === undefined) return "whole";
  return { wanted, unwanted };
}
