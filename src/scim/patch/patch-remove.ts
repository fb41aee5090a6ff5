import { ScimError } from "../errors.ts";
import { matchElement } from "../filter/match-filter.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { isHollow } from "../schema/coerce.ts";
import { findExtensionKey, findOpenName, holderOf } from "../schema/extension-holder.ts";
import { type Attribute, valueSubAttribute } from "../schema/schema.ts";
import type { AttributeOperation, ExtensionOperation } from "./patch-operation.ts";
import {
  assertMutable,
  isSameElement,
  mergeParts,
  setElements,
  targetElements,
  targetHolder,
  targetKey,
} from "./patch-target.ts";

/**
 * Applies a remove (RFC 7644 section 3.5.2.2): an attribute, the elements that a filter or a value array selects, or a
 * sub-attribute of them. What is not there stays away: only for a replace does the RFC ask for noTarget when a filter
 * selects nothing, and a remove that is sent again after a lost reply must end well.
 */
export function applyRemove(draft: JsonObject, operation: AttributeOperation | ExtensionOperation): void {
  if (operation.kind === "attribute") {
    removeTarget(draft, operation, "strict");
  } else if (operation.value === undefined) {
    removeExtension(draft, operation.urn);
  } else {
    removeNames(draft, operation.urn, operation.value);
  }
}

/** Removes the attributes of an open extension that a value names. */
function removeNames(draft: JsonObject, urn: string, named: JsonObject): void {
  const holder = holderOf(draft, urn);
  for (const name of Object.keys(named)) delete holder[findOpenName(holder, name) ?? name];
}

/** Takes a whole extension out of a document. */
export function removeExtension(draft: JsonObject, urn: string): void {
  const key = findExtensionKey(draft, urn);
  if (key !== undefined) delete draft[key];
}

/** Removes what a path selects; "lenient" is for replacing by no value. */
export function removeTarget(draft: JsonObject, operation: AttributeOperation, mode: "strict" | "lenient"): void {
  const { path, value } = operation;
  const { attribute, subAttribute, valueFilter } = path;
  assertRemovable(operation, mode);
  if (removeWholeExtension(draft, operation)) return;
  const holder = targetHolder(draft, path);
  const key = targetKey(holder, attribute);
  const held = holder[key];
  if (attribute.open && subAttribute === undefined && value !== undefined && Array.isArray(held)) {
    const kept = held.filter((element) => !isListed(attribute, value, element));
    if (kept.length === 0) delete holder[key];
    else holder[key] = kept;
  } else if (valueFilter === undefined && subAttribute === undefined && (value === undefined || attribute.open)) {
    assertMutable(operation, held, undefined);
    delete holder[key];
  } else if (!attribute.multiValued && subAttribute !== undefined && valueFilter === undefined) {
    removePart(holder, attribute, subAttribute);
  } else {
    removeElements(holder, operation);
  }
}

function removeElements(holder: JsonObject, { path, value }: AttributeOperation): void {
  const { attribute, subAttribute, valueFilter } = path;
  const elements = targetElements(holder, attribute);
  const isSelected = (element: Json) =>
    valueFilter !== undefined
      ? matchElement(valueFilter, element)
      : value === undefined || isListed(attribute, value, element);
  const kept = elements.flatMap((element) =>
    isSelected(element) ? withoutPart(attribute, element, subAttribute) : [element],
  );
  setElements(holder, attribute, kept, new Set());
}

function assertRemovable({ path }: AttributeOperation, mode: "strict" | "lenient"): void {
  if (!path.attribute.required || path.subAttribute !== undefined) return;
  const type = mode === "strict" ? "mutability" : "invalidValue";
  throw new ScimError(400, type, `${path.attribute.name} is required and cannot be removed.`);
}

/** A path such as `urn:x:User` with no known schema may name a stored extension rather than an attribute of `urn:x`. */
function removeWholeExtension(draft: JsonObject, { path }: AttributeOperation): boolean {
  if (!path.attribute.open || path.extension === undefined || path.subAttribute !== undefined) return false;
  const key = findExtensionKey(draft, `${path.extension}:${path.attribute.name}`);
  if (key === undefined) return false;
  delete draft[key];
  return true;
}

function removePart(holder: JsonObject, attribute: Attribute, sub: Attribute): void {
  const key = targetKey(holder, attribute);
  const value = holder[key];
  if (!isJsonObject(value)) return;
  const rest = mergeParts(attribute, value, { [targetKey(value, sub)]: null });
  if (Object.keys(rest).length === 0) delete holder[key];
  else holder[key] = rest;
}

/** An element without a part of it; without its value nothing worth keeping is left. */
function withoutPart(attribute: Attribute, element: Json, sub: Attribute | undefined): Json[] {
  if (sub === undefined || !isJsonObject(element)) return [];
  const { [sub.name]: _gone, ...rest } = element;
  return Object.keys(rest).length === 0 || (sub.key === "value" && isHollow(attribute, rest)) ? [] : [rest];
}

/** Whether a value array of a remove names an element: by `value` alone, or by all that it says. */
function isListed(attribute: Attribute, listed: Json, element: Json): boolean {
  const sub = valueSubAttribute(attribute);
  return (Array.isArray(listed) ? listed : [listed]).some((named) => {
    if (isSameElement(attribute, named, element)) return true;
    if (!isJsonObject(named) || !isJsonObject(element)) return false;
    if (sub !== undefined && named[sub.name] !== undefined && named.type === undefined)
      return isSameElement(attribute, { ...named, type: element.type ?? null }, { type: null, ...element });
    return Object.keys(named).every((name) => named[name] === element[name]);
  });
}
