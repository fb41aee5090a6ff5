import type { Filter } from "../filter/filter.ts";
import { matchElement } from "../filter/match-element.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { holderOf } from "../schema/extension-holder.ts";
import type { Attribute } from "../schema/schema.ts";
import {
  assertMutable,
  clearExtension,
  clearTarget,
  makeElement,
  mergeParts,
  mergeSelected,
  setElements,
  setSingle,
  setsPart,
  targetElements,
  targetHolder,
} from "./edit-target.ts";
import type { AttributeOperation, ExtensionOperation } from "./read-operation.ts";

/**
 * Applies a replace (RFC 7644 section 3.5.2.3): single values are set, the named parts of complex ones replaced, lists
 * exchanged as a whole, selected elements exchanged one by one. Replacing by "no value" (null, "", []) clears.
 */
export function applyReplace(draft: JsonObject, operation: AttributeOperation | ExtensionOperation): void {
  if (operation.kind === "attribute") {
    replaceAttribute(draft, operation);
    return;
  }
  clearExtension(draft, operation.urn);
  if (operation.value !== undefined) Object.assign(holderOf(draft, operation.urn), operation.value);
}

function replaceAttribute(draft: JsonObject, operation: AttributeOperation): void {
  const { path, value } = operation;
  const { attribute, subAttribute, valueFilter } = path;
  if (value === undefined) {
    clearTarget(draft, operation);
  } else if (valueFilter !== undefined && attribute.multiValued && isJsonObject(value) && setsPart(value)) {
    exchangeSelected(targetHolder(draft, path), attribute, valueFilter, value);
  } else if (valueFilter !== undefined || (subAttribute !== undefined && attribute.multiValued)) {
    mergeSelected(draft, operation, value);
  } else if (attribute.multiValued) {
    const holder = targetHolder(draft, path);
    const elements = Array.isArray(value) ? value : [value];
    assertMutable(operation, holder[attribute.name], elements);
    setElements(holder, attribute, [...elements], new Set());
  } else {
    setSingle(targetHolder(draft, path), operation, value);
  }
}

/** Exchanges the elements a filter selects for the given one, which keeps what the filter says of it unless told otherwise. */
function exchangeSelected(holder: JsonObject, attribute: Attribute, valueFilter: Filter, parts: JsonObject): void {
  const elements = targetElements(holder, attribute);
  const selected = elements.filter((element) => matchElement(valueFilter, element));
  const [first] = selected;
  const made =
    first === undefined ? makeElement(attribute, valueFilter, parts) : mergeParts(attribute, keptType(first), parts);
  const result =
    first === undefined
      ? [...elements, made]
      : elements.flatMap((element) => (element === first ? [made] : selected.includes(element) ? [] : [element]));
  setElements(holder, attribute, result, new Set([made]));
}

function keptType(element: Json): JsonObject {
  return isJsonObject(element) && element.type !== undefined ? { type: element.type } : {};
}
