import { matchElement } from "../filter/match-filter.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { assignOpen, holderOf } from "../schema/extension-holder.ts";
import type { AttributeOperation, ExtensionOperation } from "./patch-operation.ts";
import { removeExtension, removeTarget } from "./patch-remove.ts";
import {
  assertMutable,
  isSameElement,
  makeElement,
  mergeParts,
  noTarget,
  setElements,
  setsPart,
  targetElements,
  targetHolder,
  targetKey,
} from "./patch-target.ts";

/**
 * Applies an add (RFC 7644 section 3.5.2.1): single values are set, complex ones merged, list elements appended unless
 * they are there already. Adding "no value" (null, "") clears, as Entra's flow of null values means it.
 */
export function applyAdd(draft: JsonObject, operation: AttributeOperation | ExtensionOperation): void {
  if (operation.kind === "attribute") {
    addAttribute(draft, operation);
  } else if (operation.value === undefined) {
    removeExtension(draft, operation.urn);
  } else {
    assignOpen(holderOf(draft, operation.urn), operation.value);
  }
}

function addAttribute(draft: JsonObject, operation: AttributeOperation): void {
  const { path, value } = operation;
  const { attribute, subAttribute, valueFilter } = path;
  if (value === undefined) {
    if (!attribute.multiValued || subAttribute !== undefined) removeTarget(draft, operation, "lenient");
  } else if (valueFilter !== undefined || (attribute.multiValued && subAttribute !== undefined)) {
    mergeSelected(draft, operation, value);
  } else if (attribute.multiValued) {
    appendElements(targetHolder(draft, path), operation, Array.isArray(value) ? value : [value]);
  } else {
    setSingle(targetHolder(draft, path), operation, value);
  }
}

/** Sets a single-valued attribute or one of its sub-attributes; a complex value is merged, as in a replace. */
export function setSingle(holder: JsonObject, operation: AttributeOperation, value: Json): void {
  const { attribute, subAttribute } = operation.path;
  const key = targetKey(holder, attribute);
  const before = holder[key];
  const parts = isJsonObject(before) ? before : {};
  if (subAttribute !== undefined) {
    const subKey = targetKey(parts, subAttribute);
    assertMutable(operation, parts[subKey], value);
    holder[key] = mergeParts(attribute, parts, { [subKey]: value });
    return;
  }
  const after = attribute.type === "complex" && isJsonObject(value) ? mergeParts(attribute, parts, value) : value;
  assertMutable(operation, before, after);
  if (isJsonObject(after) && Object.keys(after).length === 0) delete holder[key];
  else holder[key] = after;
}

function appendElements(holder: JsonObject, operation: AttributeOperation, values: readonly Json[]): void {
  const { attribute } = operation.path;
  const elements = [...targetElements(holder, attribute)];
  const fresh = new Set<Json>();
  for (const value of values) {
    const index = elements.findIndex((element) => isSameElement(attribute, element, value));
    const before = elements[index];
    if (before === undefined) elements.push(value);
    else elements[index] = isJsonObject(before) && isJsonObject(value) ? { ...before, ...value } : value;
    fresh.add(elements[before === undefined ? elements.length - 1 : index] ?? value);
  }
  setElements(holder, attribute, elements, fresh);
}

/**
 * Sets a sub-attribute of, or merges an object into, the elements a path selects: those its filter matches, or all of
 * them when it has none. When nothing is selected the element that the filter describes is made, unless there is only
 * something to clear; later operations of the same request then find it (Microsoft's SCIM validator checks this). A
 * single value that the filter does not select is noTarget: there is no room for another (RFC 7644 section 3.5.2.3).
 */
export function mergeSelected(draft: JsonObject, operation: AttributeOperation, value: Json): void {
  const { path } = operation;
  const { attribute, subAttribute, valueFilter } = path;
  const holder = targetHolder(draft, path);
  const part: Json = subAttribute === undefined ? value : { [subAttribute.name]: value };
  const fresh = new Set<Json>();
  const elements = targetElements(holder, attribute).map((element) => {
    if (valueFilter !== undefined && !matchElement(valueFilter, element)) return element;
    const before = isJsonObject(element) ? element : {};
    if (subAttribute !== undefined) assertMutable(operation, before[subAttribute.name], value);
    const after: Json = isJsonObject(part) ? mergeParts(attribute, before, part) : part;
    fresh.add(after);
    return after;
  });
  if (fresh.size === 0) {
    if (isJsonObject(part) && !setsPart(part)) return;
    if (!attribute.multiValued && elements.length > 0) throw noTarget();
    const made = valueFilter !== undefined && isJsonObject(part) ? makeElement(attribute, valueFilter, part) : part;
    elements.push(made);
    fresh.add(made);
  }
  setElements(holder, attribute, elements, fresh);
}
