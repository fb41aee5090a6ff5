import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { unwrap } from "../schema/coerce-value.ts";
import { setElements } from "../schema/list-elements.ts";
import { type Attribute, valueSubAttribute } from "../schema/schema.ts";
import { assertRemovable, clearTarget, isSameElement, partOf, targetElements, targetHolder } from "./edit-target.ts";
import type { AttributeOperation } from "./read-operation.ts";

/**
 * Applies a remove (RFC 7644 section 3.5.2.2): an attribute, the elements that a filter or a value array selects, or a
 * sub-attribute of them. What is not there stays away: only for a replace does the RFC ask for noTarget when a filter
 * selects nothing, and a remove that is sent again after a lost reply must end well.
 */
export function applyRemove(draft: JsonObject, operation: AttributeOperation): void {
  const { path, value } = operation;
  // Values select elements of a list; what is single goes whatever it holds.
  if (value === undefined || !path.attribute.multiValued) clearTarget(draft, operation);
  else removeListed(draft, operation, value);
}

/** Removes the elements of a whole list that a value names. */
function removeListed(draft: JsonObject, operation: AttributeOperation, listed: Json): void {
  const { attribute } = operation.path;
  assertRemovable(operation);
  const holder = targetHolder(draft, operation.path);
  const kept = targetElements(holder, attribute).filter((element) => !isListed(attribute, listed, element));
  setElements(holder, attribute, kept, new Set());
}

/** Whether a value array of a remove names an element: by `value` alone, or by all that it says. */
function isListed(attribute: Attribute, listed: Json, element: Json): boolean {
  const sub = valueSubAttribute(attribute);
  return (Array.isArray(listed) ? listed : [listed]).some((named) => {
    if (isSameElement(attribute, named, element) || (!isJsonObject(element) && unwrap(named) === element)) return true;
    if (!isJsonObject(named) || !isJsonObject(element)) return false;
    if (sub !== undefined && partOf(named, sub) !== undefined && named.type === undefined)
      return isSameElement(attribute, { ...named, type: element.type ?? null }, { type: null, ...element });
    return Object.keys(named).every((name) => named[name] === element[name]);
  });
}
