import { type AttributePath, chooseElement, readSubAttribute } from "../filter/attribute-path.ts";
import { matchElement } from "../filter/match-element.ts";
import { cloneJson, isJsonObject, type Json, type JsonObject } from "../json.ts";
import { NoteList } from "../limited-note-list.ts";
import { coerceSingle } from "../schema/coerce-value.ts";
import { targetKey } from "../schema/list-elements.ts";
import type { ResourceType } from "../schema/schema.ts";
import { ScimError } from "../scim-error.ts";
import { makeElement, noTarget, targetHolder } from "./edit-target.ts";
import { mergeParts } from "./merge-complex-value.ts";
import { pruneDocument } from "./prune-document.ts";

/**
 * A document in which the value that `readValue` reads by a path is another one; null takes it away. What stands beside it
 * stays, which a PATCH of a list would not leave. Where the path cannot be written by (its filter does not say what the
 * element would be, or the attribute is of another type) the document is given back as it was.
 */
export function writeValue(type: ResourceType, document: JsonObject, path: AttributePath, value: Json): JsonObject {
  const draft = cloneJson(document);
  try {
    write(draft, path, value);
  } catch (error) {
    if (error instanceof ScimError) return document;
    throw error;
  }
  pruneDocument(type, draft);
  return draft;
}

function write(draft: JsonObject, path: AttributePath, value: Json): void {
  const { attribute, valueFilter } = path;
  const holder = targetHolder(draft, path);
  const key = targetKey(holder, attribute);
  const held = holder[key];
  const elements = Array.isArray(held) ? [...held] : held === undefined ? [] : [held];
  const selected = valueFilter === undefined ? elements : elements.filter((each) => matchElement(valueFilter, each));
  const chosen = chooseElement(path, selected);
  const fitting = value === null ? null : readAs(path, value);
  if (chosen === undefined) elements.push(...make(path, fitting));
  else elements.splice(elements.indexOf(chosen), 1, ...change(path, chosen, fitting));
  const [first] = elements;
  if (first === undefined) delete holder[key];
  else holder[key] = Array.isArray(held) || attribute.multiValued ? elements : first;
}

/** The value as the attribute's type has it; a refusal when it does not fit. */
function readAs(path: AttributePath, value: Json): Json {
  const target = path.attribute.type === "complex" ? readSubAttribute(path) : path.attribute;
  if (target === undefined) throw noTarget();
  return (target.open ? value : coerceSingle(target, value, target.name, new NoteList())) ?? null;
}

/** The element that a path leads to where there is none yet. */
function make(path: AttributePath, value: Json): Json[] {
  const { attribute, valueFilter, subAttribute } = path;
  if (value === null) return [];
  const part = attribute.type === "complex" ? readSubAttribute(path) : subAttribute;
  if (part === undefined) return [value];
  const parts = { [part.name]: value };
  return [valueFilter === undefined ? parts : makeElement(attribute, valueFilter, parts)];
}

/** An element with another value; none when nothing is left of it. */
function change(path: AttributePath, chosen: Json, value: Json): Json[] {
  const part = readSubAttribute(path);
  if (isJsonObject(chosen)) {
    if (part === undefined) throw noTarget();
    return [mergeParts(path.attribute, chosen, { [targetKey(chosen, part)]: value }, "replace")];
  }
  if (path.subAttribute !== undefined) throw noTarget();
  return value === null ? [] : [value];
}
