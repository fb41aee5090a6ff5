import type { AttributePath } from "../filter/attribute-path.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { NoteList } from "../limited-note-list.ts";
import { printPath } from "../schema/attribute-name.ts";
import { setElements } from "../schema/list-elements.ts";
import { assertFew } from "../schema/unfit-value.ts";
import { clearTarget, mergeSelected, partOf, setSingle, targetElements, targetHolder } from "./edit-target.ts";
import { mergeParts } from "./merge-complex-value.ts";
import type { AttributeOperation } from "./patch-operation.ts";
import { FirstElements, wholeKey } from "./same-elements.ts";

/**
 * Applies an add (RFC 7644 section 3.5.2.1): single values are set, complex ones merged, list elements appended unless
 * they are there already. Adding "no value" (null, "") clears, as Entra's flow of null values means it.
 */
export function applyAdd(draft: JsonObject, operation: AttributeOperation, notes: NoteList): void {
  const { path, value } = operation;
  const { attribute, subAttribute, valueFilter } = path;
  if (value === undefined) {
    if (!isListAt(draft, path)) clearTarget(draft, operation, notes);
  } else if (valueFilter !== undefined || (attribute.multiValued && subAttribute !== undefined)) {
    mergeSelected(draft, operation, value, notes);
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
  const count = elements.length;
  const first = new FirstElements(attribute, elements);
  const fresh = new Set<Json>();
  // Only of objects is there one of the same value that is not equal altogether.
  const findSame = (value: Json) =>
    isJsonObject(value) ? first.find(value, (place) => !fresh.has(elements[place] ?? null)) : -1;
  const places = new Map(elements.map((element, place) => [wholeKey(element), place] as const).reverse());
  for (const sent of values) {
    const value = isJsonObject(sent) ? mergeParts(attribute, {}, sent, "add") : sent;
    // An equal element, else one of that value that was there before the operation.
    const index = places.get(wholeKey(value)) ?? findSame(value);
    const before = elements[index];
    const after = isJsonObject(before) && isJsonObject(value) ? mergeParts(attribute, before, value, "add") : value;
    const place = before === undefined ? elements.length : index;
    if (before !== undefined) places.delete(wholeKey(before));
    elements[place] = after;
    if (isJsonObject(after)) fresh.add(after);
    if (!places.has(wholeKey(after))) places.set(wholeKey(after), place);
  }
  if (elements.length > count) assertFew(elements.length, printPath(operation.path));
  setElements(holder, attribute, elements, fresh);
}
