import type { AttributePath } from "../filter/attribute-path.ts";
import { matchElement } from "../filter/match-element.ts";
import { foldCase } from "../fold-case.ts";
import { equalJson, isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { NoteList } from "../limited-note-list.ts";
import { unwrap } from "../schema/coerce-value.ts";
import { findExtensionKey } from "../schema/extension-holder.ts";
import { findOpenName } from "../schema/find-open-attribute.ts";
import { setElements } from "../schema/list-elements.ts";
import { assertRemovable, clearTarget, partOf, targetElements, targetHolder } from "./edit-target.ts";
import type { AttributeOperation, ExtensionOperation } from "./patch-operation.ts";
import { matcherOf } from "./same-elements.ts";

/**
 * Applies a remove (RFC 7644 section 3.5.2.2): an attribute, the elements that a filter or a value array selects, or a
 * sub-attribute of them. What is not there stays away, which is noted: only for a replace does the RFC ask for noTarget when
 * a filter selects nothing, and a remove that is sent again after a lost reply must end well.
 */
export function applyRemove(draft: JsonObject, operation: AttributeOperation, notes: NoteList): void {
  const { path, value, sent, beside = null } = operation;
  const held = valuesAt(draft, path);
  // Values select elements of a list; what is single goes whatever it holds.
  if (value !== undefined && path.attribute.multiValued) {
    if (!removeListed(draft, operation, value)) notes.add("nothing_removed", sent);
    return;
  }
  if (held.length === 0) notes.add("nothing_removed", sent);
  else if (beside !== null && !held.every((each) => isSaid(beside, each))) notes.add("value_ignored", sent, beside);
  clearTarget(draft, operation, notes);
}

/** Takes a whole extension out of a document. */
export function removeExtension(draft: JsonObject, { urn, verb, sent }: ExtensionOperation, notes: NoteList): void {
  const key = findExtensionKey(draft, urn);
  if (key !== undefined) delete draft[key];
  else if (verb === "remove") notes.add("nothing_removed", sent);
}

/** What a path leads to. */
function valuesAt(draft: JsonObject, path: AttributePath): Json[] {
  const { attribute, subAttribute, valueFilter } = path;
  const elements = targetElements(targetHolder(draft, path), attribute).filter(
    (element) => valueFilter === undefined || matchElement(valueFilter, element),
  );
  if (subAttribute === undefined) return elements;
  return elements.flatMap((element) => {
    const part = isJsonObject(element) ? partOf(element, subAttribute) : subAttribute.key === "value" ? element : null;
    return part === undefined || part === null ? [] : [part];
  });
}

/** Whether what stands beside a remove says nothing else than what is held: of an object all that it names, of others the text. */
function isSaid(beside: Json, held: Json): boolean {
  const one = Array.isArray(beside) && beside.length === 1 ? (beside[0] ?? null) : beside;
  if (isJsonObject(one) && isJsonObject(held))
    return Object.keys(one).every((name) => {
      const part = held[findOpenName(held, name) ?? name];
      return one[name] === null || (part !== undefined && isSaid(one[name] ?? null, part));
    });
  const [left, right] = [unwrap(one), isJsonObject(held) ? (held.value ?? null) : held];
  return equalJson(left, right) || (typeof left !== "object" && foldCase(String(left)) === foldCase(String(right)));
}

/** Removes the elements of a whole list that a value names; gives whether there were any. */
function removeListed(draft: JsonObject, operation: AttributeOperation, listed: Json): boolean {
  const { attribute } = operation.path;
  assertRemovable(operation);
  const holder = targetHolder(draft, operation.path);
  const elements = targetElements(holder, attribute);
  const isListed = matcherOf(attribute, Array.isArray(listed) ? listed : [listed]);
  const kept = elements.filter((element) => !isListed(element));
  if (kept.length === elements.length) return false;
  setElements(holder, attribute, kept, new Set());
  return true;
}
