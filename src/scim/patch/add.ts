import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { assignOpen, holderOf } from "../schema/extension-holder.ts";
import {
  clearExtension,
  clearTarget,
  isSameElement,
  mergeSelected,
  setElements,
  setSingle,
  targetElements,
  targetHolder,
} from "./edit-target.ts";
import type { AttributeOperation, ExtensionOperation } from "./read-operation.ts";

/**
 * Applies an add (RFC 7644 section 3.5.2.1): single values are set, complex ones merged, list elements appended unless
 * they are there already. Adding "no value" (null, "") clears, as Entra's flow of null values means it.
 */
export function applyAdd(draft: JsonObject, operation: AttributeOperation | ExtensionOperation): void {
  if (operation.kind === "attribute") {
    addAttribute(draft, operation);
  } else if (operation.value === undefined) {
    clearExtension(draft, operation.urn);
  } else {
    assignOpen(holderOf(draft, operation.urn), operation.value);
  }
}

function addAttribute(draft: JsonObject, operation: AttributeOperation): void {
  const { path, value } = operation;
  const { attribute, subAttribute, valueFilter } = path;
  if (value === undefined) {
    if (!attribute.multiValued || subAttribute !== undefined) clearTarget(draft, operation);
  } else if (valueFilter !== undefined || (attribute.multiValued && subAttribute !== undefined)) {
    mergeSelected(draft, operation, value);
  } else if (attribute.multiValued) {
    appendElements(targetHolder(draft, path), operation, Array.isArray(value) ? value : [value]);
  } else {
    setSingle(targetHolder(draft, path), operation, value);
  }
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
