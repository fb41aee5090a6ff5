import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { findOpenName, holderOf } from "../schema/extension-holder.ts";
import { type Attribute, valueSubAttribute } from "../schema/schema.ts";
import {
  assertRemovable,
  clearExtension,
  clearTarget,
  clearWholeExtension,
  isSameElement,
  setElements,
  targetElements,
  targetHolder,
  targetKey,
} from "./edit-target.ts";
import type { AttributeOperation, ExtensionOperation } from "./read-operation.ts";

/**
 * Applies a remove (RFC 7644 section 3.5.2.2): an attribute, the elements that a filter or a value array selects, or a
 * sub-attribute of them. What is not there stays away: only for a replace does the RFC ask for noTarget when a filter
 * selects nothing, and a remove that is sent again after a lost reply must end well.
 */
export function applyRemove(draft: JsonObject, operation: AttributeOperation | ExtensionOperation): void {
  if (operation.kind === "attribute") {
    if (operation.value === undefined) clearTarget(draft, operation);
    else removeListed(draft, operation, operation.value);
  } else if (operation.value === undefined) {
    clearExtension(draft, operation.urn);
  } else {
    removeNames(draft, operation.urn, operation.value);
  }
}

/** Removes the attributes of an open extension that a value names. */
function removeNames(draft: JsonObject, urn: string, named: JsonObject): void {
  const holder = holderOf(draft, urn);
  for (const name of Object.keys(named)) delete holder[findOpenName(holder, name) ?? name];
}

/** Removes the elements of a whole list that a value names; an open attribute that holds no list goes as a whole. */
function removeListed(draft: JsonObject, operation: AttributeOperation, listed: Json): void {
  const { attribute } = operation.path;
  assertRemovable(operation);
  if (clearWholeExtension(draft, operation)) return;
  const holder = targetHolder(draft, operation.path);
  const stays = (element: Json) => !isListed(attribute, listed, element);
  if (!attribute.open) {
    setElements(holder, attribute, targetElements(holder, attribute).filter(stays), new Set());
    return;
  }
  const key = targetKey(holder, attribute);
  const held = holder[key];
  const kept = Array.isArray(held) ? held.filter(stays) : [];
  if (kept.length === 0) delete holder[key];
  else holder[key] = kept;
}

/** Whether a value array of a remove names an element: by `value` alone, or by all that it says. */
function isListed(attribute: Attribute, listed: Json, element: Json): boolean {
  const sub = valueSubAttribute(attribute);
  return (Array.isArray(listed) ? listed : [listed]).some((named) => {
    if (isSameElement(attribute, named, element)) return true;
    if (!isJsonObject(named) || !isJsonObject(element)) return false;
    if (sub !== undefined && named[sub.name] !== undefined && named.type === undefined)
      return isSameElement(attribute, { ...named, type: element.type ?? null }, { type: null, ...element });
    return Object.keys(named).every((name) => named[name] === element[name]);
  });
}
