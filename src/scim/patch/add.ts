import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import {
  clearTarget,
  isSameElement,
  mergeSelected,
  setElements,
  setSingle,
  targetElements,
  targetHolder,
} from "./edit-target.ts";
import { mergeParts } from "./merge-parts.ts";
import type { AttributeOperation } from "./read-operation.ts";

/**
 * Applies an add (RFC 7644 section 3.5.2.1): single values are set, complex ones merged, list elements appended unless
 * they are there already. Adding "no value" (null, "") clears, as Entra's flow of null values means it.
 */
export function applyAdd(draft: JsonObject, operation: AttributeOperation): void {
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
  for (const sent of values) {
    const value = isJsonObject(sent) ? mergeParts(attribute, {}, sent, "add") : sent;
    const index = elements.findIndex((element) => isSameElement(attribute, element, value));
    const before = elements[index];
    if (before === undefined) elements.push(value);
    else
      elements[index] =
        isJsonObject(before) && isJsonObject(value) ? mergeParts(attribute, before, value, "add") : value;
    fresh.add(elements[before === undefined ? elements.length - 1 : index] ?? value);
  }
  setElements(holder, attribute, elements, fresh);
}
