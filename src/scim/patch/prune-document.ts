import { foldCase } from "../fold-case.ts";
import { eachOnce, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { NoteList } from "../limited-note-list.ts";
import { isHollow } from "../schema/coerce-value.ts";
import { findExtensionKey } from "../schema/extension-holder.ts";
import { setElements } from "../schema/list-elements.ts";
import { type Attribute, hasPrimary, type ResourceType } from "../schema/schema.ts";
import { keepOnePrimary } from "../schema/single-primary.ts";

/**
 * Takes out what operations left empty (extensions, complex values, elements that have a type but no value, which are
 * noted) or made equal.
 */
export function pruneDocument(type: ResourceType, draft: JsonObject, notes = new NoteList()): void {
  pruneHolder(draft, (name) => type.names.get(foldCase(name))?.attribute, notes);
  for (const extension of type.extensions) {
    const key = findExtensionKey(draft, extension.id);
    const holder = key === undefined ? undefined : draft[key];
    if (key === undefined || !isJsonObject(holder)) continue;
    pruneHolder(holder, (name) => extension.names.get(foldCase(name)), notes);
  }
  for (const name of Object.keys(draft)) if (name.includes(":") && isEmpty(draft[name])) delete draft[name];
}

function pruneHolder(holder: JsonObject, find: (name: string) => Attribute | undefined, notes: NoteList): void {
  for (const name of Object.keys(holder)) {
    const value = holder[name];
    const attribute = find(name);
    // An empty list that was sent is shown as it was sent.
    if (Array.isArray(value) && value.length === 0) continue;
    if (attribute !== undefined && Array.isArray(value) && !attribute.open) {
      const filled = value.filter((element) => !isEmpty(element));
      const kept = eachOnce(filled.filter((element) => !isHollow(attribute, element)));
      for (const element of filled)
        if (isHollow(attribute, element)) notes.add("value_left_out", attribute.name, element);
      if (kept.length === value.length && !(hasPrimary(attribute) && attribute.impliesPrimary)) continue;
      const single = keepOnePrimary(attribute, kept);
      // Two that differed in being primary alone are equal now.
      setElements(holder, attribute, single === kept ? kept : eachOnce(single), new Set());
    } else if (isEmpty(value)) delete holder[name];
  }
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (typeof value !== "object") return false;
  return (Array.isArray(value) ? value : Object.keys(value)).length === 0;
}
