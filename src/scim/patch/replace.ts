import type { AttributePath } from "../filter/attribute-path.ts";
import { matchElement } from "../filter/match-element.ts";
import type { Filter } from "../filter/parse-filter.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { NoteList } from "../note-list.ts";
import { printPath } from "../schema/attribute-name.ts";
import { setElements, targetKey } from "../schema/list-elements.ts";
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
    exchangeSelected(targetHolder(draft, path), path, valueFilter, value);
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

/** Exchanges the elements a filter selects for the given one, which keeps what the filter says of it unless told otherwise. */
function exchangeSelected(holder: JsonObject, path: AttributePath, valueFilter: Filter, parts: JsonObject): void {
  const { attribute } = path;
  const elements = targetElements(holder, attribute);
  const selected = elements.filter((element) => matchElement(valueFilter, element));
  const [first] = selected;
  const made =
    first === undefined
      ? makeElement(attribute, valueFilter, parts)
      : mergeParts(attribute, keptType(first), parts, "replace");
  const result =
    first === undefined
      ? [...elements, made]
      : elements.flatMap((element) => (element === first ? [made] : selected.includes(element) ? [] : [element]));
  if (result.length > elements.length) assertFew(result.length, printPath(path));
  setElements(holder, attribute, result, new Set([made]));
}

function keptType(element: Json): JsonObject {
  return isJsonObject(element) && element.type !== undefined ? { type: element.type } : {};
}
