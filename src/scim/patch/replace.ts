import type { AttributePath } from "../filter/attribute-path.ts";
import { matchElement } from "../filter/match-element.ts";
import type { Filter } from "../filter/parse-filter.ts";
import { isJsonObject, type Json, type JsonObject, jsonKey } from "../json.ts";
import type { NoteList } from "../limited-note-list.ts";
import { printPath } from "../schema/attribute-name.ts";
import { notePrimaries } from "../schema/coerce-value.ts";
import { setElements, targetKey } from "../schema/list-elements.ts";
import { hasPrimary } from "../schema/schema.ts";
import { assertFew } from "../schema/unfit-value.ts";
import {
  assertMutable,
  assertUncontested,
  clearTarget,
  makeElement,
  mergeSelected,
  setSingle,
  targetElements,
  targetHolder,
} from "./edit-target.ts";
import { mergeParts, setsPart } from "./merge-complex-value.ts";
import type { AttributeOperation } from "./patch-operation.ts";

/**
 * Applies a replace (RFC 7644 section 3.5.2.3): single values are set, the named parts of complex ones replaced, lists
 * exchanged as a whole, selected elements exchanged one by one. Replacing by "no value" (null, "") clears.
 */
export function applyReplace(draft: JsonObject, operation: AttributeOperation, notes: NoteList): void {
  const { path, value } = operation;
  const { attribute, subAttribute, valueFilter } = path;
  if (value === undefined) {
    clearTarget(draft, operation, notes);
  } else if (valueFilter !== undefined && attribute.multiValued && isJsonObject(value) && setsPart(value)) {
    assertUncontested(operation, targetElements(targetHolder(draft, path), attribute));
    exchangeSelected(targetHolder(draft, path), path, valueFilter, value, notes);
  } else if (valueFilter !== undefined || (subAttribute !== undefined && attribute.multiValued)) {
    mergeSelected(draft, operation, value, notes);
  } else if (attribute.multiValued) {
    exchangeList(targetHolder(draft, path), operation, Array.isArray(value) ? value : [value]);
  } else {
    setSingle(targetHolder(draft, path), operation, value);
  }
}

/** Exchanges a list as a whole; one that is sent empty is shown as empty. */
function exchangeList(holder: JsonObject, operation: AttributeOperation, sent: readonly Json[]): void {
  const { attribute } = operation.path;
  const key = targetKey(holder, attribute);
  const elements = sent.map((element) =>
    isJsonObject(element) ? mergeParts(attribute, {}, element, "replace") : element,
  );
  assertMutable(operation, holder[key], elements);
  if (elements.length === 0) holder[key] = [];
  else setElements(holder, attribute, elements, new Set());
}

/**
 * Exchanges each element a filter selects for the given one, which keeps the type it had unless told otherwise; those that
 * come out equal are one. Where none is selected, what the filter says of it makes it.
 */
function exchangeSelected(
  holder: JsonObject,
  path: AttributePath,
  valueFilter: Filter,
  parts: JsonObject,
  notes: NoteList,
): void {
  const { attribute } = path;
  const elements = targetElements(holder, attribute);
  const made = new Map<string, Json>();
  const result = new Set<Json>();
  for (const element of elements) {
    if (!matchElement(valueFilter, element)) {
      result.add(element);
      continue;
    }
    const exchanged = mergeParts(attribute, keptType(element), parts, "replace");
    const key = jsonKey(exchanged);
    const same = made.get(key) ?? exchanged;
    made.set(key, same);
    result.add(same);
  }
  if (made.size === 0) {
    const element = makeElement(attribute, valueFilter, parts);
    made.set(jsonKey(element), element);
    result.add(element);
  }
  const where = printPath(path);
  if (result.size > elements.length) assertFew(result.size, where);
  if (hasPrimary(attribute) && parts.primary === true) notePrimaries([...made.values()], where, notes);
  setElements(holder, attribute, [...result], new Set(made.values()));
}

function keptType(element: Json): JsonObject {
  return isJsonObject(element) && element.type !== undefined ? { type: element.type } : {};
}
