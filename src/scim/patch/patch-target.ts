import { ScimError } from "../errors.ts";
import type { Filter } from "../filter/filter.ts";
import { matchElement } from "../filter/match-filter.ts";
import type { AttributePath } from "../filter/path.ts";
import { foldCase } from "../fold.ts";
import { equalJson, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { keepOnePrimary } from "../primary.ts";
import { isHollow } from "../schema/coerce.ts";
import { findExtensionKey, findOpenName, holderOf } from "../schema/extension-holder.ts";
import { type Attribute, hasPrimary, type ResourceType, valueSubAttribute } from "../schema/schema.ts";
import type { AttributeOperation } from "./patch-operation.ts";

/** The object that holds an attribute: the document or an extension in it, made when missing. */
export function targetHolder(draft: JsonObject, path: AttributePath): JsonObject {
  return path.extension === undefined ? draft : holderOf(draft, path.extension);
}

/** The key of an attribute in its holder; open attributes keep the spelling they have. */
export function targetKey(holder: JsonObject, attribute: Attribute): string {
  return attribute.open ? (findOpenName(holder, attribute.name) ?? attribute.name) : attribute.name;
}

/** The elements of a list in its holder. */
export function targetElements(holder: JsonObject, attribute: Attribute): Json[] {
  const value = holder[attribute.name];
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** Puts elements back into a holder, one primary at most; without elements the attribute goes. */
export function setElements(
  holder: JsonObject,
  attribute: Attribute,
  elements: Json[],
  fresh: ReadonlySet<Json>,
): void {
  if (elements.length === 0) delete holder[attribute.name];
  else if (attribute.multiValued) holder[attribute.name] = keepOnePrimary(attribute, elements, fresh);
  else holder[attribute.name] = elements[0] ?? null;
}

/** Refuses a change of a value that may be set once only (RFC 7643 section 2.2, immutable). */
export function assertMutable({ path }: AttributeOperation, before: Json | undefined, after: Json | undefined): void {
  const { mutability, name } = path.subAttribute ?? path.attribute;
  if (mutability === "immutable" && before !== undefined && !equalJson(before, after))
    throw new ScimError(400, "mutability", `${name} cannot be changed once it is set.`);
}

/**
 * A complex value with the given parts put in, of which null clears one. A `value` that changes takes the address of what
 * it named along, such as a manager's `$ref`, unless the parts bring a new one.
 */
export function mergeParts(attribute: Attribute, before: JsonObject, parts: JsonObject): JsonObject {
  const after = { ...before, ...parts };
  const value = valueSubAttribute(attribute);
  if (value !== undefined && before[value.name] !== undefined && after[value.name] !== before[value.name])
    for (const sub of attribute.subAttributes)
      if (sub !== value && sub.type === "reference" && parts[sub.name] === undefined) delete after[sub.name];
  for (const name of Object.keys(parts)) if (after[name] === null) delete after[name];
  return after;
}

/** Whether the parts given to a complex value set any, rather than only clear some. */
export function setsPart(parts: JsonObject): boolean {
  return Object.values(parts).some((part) => part !== null);
}

/**
 * Makes the element that a value filter describes with the given parts, so that `emails[type eq "work"].value` can be set
 * where there is none yet (Entra relies on it; RFC 7644 section 3.5.2.3 would answer noTarget). Only `eq` joined by `and`
 * describes an element, and the parts must leave it one that the filter selects.
 */
export function makeElement(attribute: Attribute, filter: Filter, parts: JsonObject): JsonObject {
  const element: JsonObject = {};
  const collect = (part: Filter): boolean => {
    if (part.kind === "and") return collect(part.left) && collect(part.right);
    if (part.kind !== "compare" || part.operator !== "eq" || part.value === null) return false;
    if (part.path.subAttribute !== undefined) element[part.path.subAttribute.name] = part.value;
    return true;
  };
  if (!collect(filter)) throw noTarget();
  const made = mergeParts(attribute, element, parts);
  if (!matchElement(filter, made)) throw noTarget();
  return made;
}

/** The refusal of a value filter that selects nothing (RFC 7644 section 3.12). */
export function noTarget(): ScimError {
  return new ScimError(400, "noTarget", "no element matches the filter in the path.");
}

/** Whether two elements of a list are the same value: equal `value` and `type`, or equal altogether where there is no `value`. */
export function isSameElement(attribute: Attribute, a: Json, b: Json): boolean {
  if (equalJson(a, b)) return true;
  const sub = valueSubAttribute(attribute);
  if (sub === undefined || !isJsonObject(a) || !isJsonObject(b)) return false;
  return sameText(a[sub.name], b[sub.name], sub.caseExact) && sameText(a.type, b.type, false);
}

function sameText(a: Json | undefined, b: Json | undefined, caseExact: boolean): boolean {
  if (typeof a !== "string" || typeof b !== "string") return a === b;
  return caseExact ? a === b : foldCase(a) === foldCase(b);
}

/** Takes out what operations left empty: extensions, complex values, elements that have a type but no value. */
export function pruneDocument(type: ResourceType, draft: JsonObject): void {
  pruneHolder(draft, (name) => type.names.get(foldCase(name))?.attribute);
  for (const extension of type.extensions) {
    const key = findExtensionKey(draft, extension.id);
    const holder = key === undefined ? undefined : draft[key];
    if (key === undefined || !isJsonObject(holder)) continue;
    pruneHolder(holder, (name) => extension.names.get(foldCase(name)));
  }
  for (const name of Object.keys(draft)) if (isEmpty(draft[name])) delete draft[name];
}

function pruneHolder(holder: JsonObject, find: (name: string) => Attribute | undefined): void {
  for (const name of Object.keys(holder)) {
    const value = holder[name];
    const attribute = find(name);
    if (attribute !== undefined && Array.isArray(value) && !attribute.open) {
      const kept = value.filter((element) => !isEmpty(element) && !isHollow(attribute, element));
      if (kept.length !== value.length || (hasPrimary(attribute) && attribute.impliesPrimary))
        setElements(holder, attribute, kept, new Set());
    } else if (isEmpty(value)) delete holder[name];
  }
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (typeof value !== "object") return false;
  return (Array.isArray(value) ? value : Object.keys(value)).length === 0;
}
