import type { AttributePath } from "../filter/attribute-path.ts";
import { equalJson, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { setElements } from "../schema/list-elements.ts";
import type { Attribute } from "../schema/schema.ts";
import {
  clearTarget,
  isSameElement,
  mergeSelected,
  partOf,
  setSingle,
  targetElements,
  targetHolder,
} from "./edit-target.ts";
import { mergeParts } from "./merge-complex-value.ts";
import type { AttributeOperation } from "./read-operation.ts";

/**
 * Applies an add (RFC 7644 section 3.5.2.1): single values are set, complex ones merged, list elements appended unless
 * they are there already. Adding "no value" (null, "") clears, as Entra's flow of null values means it.
 */
export function applyAdd(draft: JsonObject, operation: AttributeOperation): void {
  const { path, value } = operation;
  const { attribute, subAttribute, valueFilter } = path;
  if (value === undefined) {
    if (!isListAt(draft, path)) clearTarget(draft, operation);
  } else if (valueFilter !== undefined || (attribute.multiValued && subAttribute !== undefined)) {
    mergeSelected(draft, operation, value);
  } else if (attribute.multiValued) {
    appendElements(targetHolder(draft, path), operation, Array.isArray(value) ? value : [value]);
  } else {
    setSingle(targetHolder(draft, path), operation, value);
  }
}

/** Whether a path leads to a list, to which no value adds nothing; the parts of what no schema describes may be lists. */
function isListAt(draft: JsonObject, path: AttributePath): boolean {
  const { attribute, subAttribute } = path;
  if (subAttribute === undefined || !attribute.open) return attribute.multiValued && subAttribute === undefined;
  return targetElements(targetHolder(draft, path), attribute).some(
    (element) => isJsonObject(element) && Array.isArray(partOf(element, subAttribute)),
  );
}

function appendElements(holder: JsonObject, operation: AttributeOperation, values: readonly Json[]): void {
  const { attribute } = operation.path;
  const elements = [...targetElements(holder, attribute)];
  const fresh = new Set<Json>();
  for (const sent of values) {
    const value = isJsonObject(sent) ? mergeParts(attribute, {}, sent, "add") : sent;
    const index = findElement(attribute, elements, value, fresh);
    const before = elements[index];
    if (before === undefined) elements.push(value);
    else
      elements[index] =
        isJsonObject(before) && isJsonObject(value) ? mergeParts(attribute, before, value, "add") : value;
    fresh.add(elements[before === undefined ? elements.length - 1 : index] ?? value);
  }
  setElements(holder, attribute, elements, fresh);
}

/** The place of the element that an added one is: an equal one, else one of that value that was there before the operation. */
function findElement(attribute: Attribute, elements: readonly Json[], value: Json, fresh: ReadonlySet<Json>): number {
  const equal = elements.findIndex((element) => equalJson(element, value));
  if (equal >= 0) return equal;
  return elements.findIndex((element) => !fresh.has(element) && isSameElement(attribute, element, value));
}
