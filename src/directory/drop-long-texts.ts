import { assertSize, LONG_TEXT } from "../scim/document-size.ts";
import { type AttributePath, readSubAttribute } from "../scim/filter/attribute-path.ts";
import { foldCase } from "../scim/fold-case.ts";
import { cloneJson, isJsonObject, type Json, type JsonObject } from "../scim/json.ts";
import type { NoteList } from "../scim/limited-note-list.ts";
import { pruneDocument } from "../scim/patch/prune-document.ts";
import { assertRequired } from "../scim/schema/assert-required.ts";
import type { ResourceType } from "../scim/schema/schema.ts";
import type { CompiledMapping } from "./derive-user-fields.ts";

/** Longest text that a mapped field, or what a resource is known by, is kept with, in characters. */
const LONGEST_TEXT = 32_768;

/** What every resource is known by: kept as if a field were mapped to it. */
const OWN: ReadonlySet<string> = new Set(["username", "externalid", "displayname"]);

/**
 * What is stored of a document: all but texts over 16,384 characters that no field is mapped to, which are left out and noted.
 * A document that is too large without them is refused with 413.
 */
export function documentToStore(
  type: ResourceType,
  document: JsonObject,
  mappings: readonly CompiledMapping[],
  notes: NoteList,
): JsonObject {
  if (!holdsLong(document, LONG_TEXT)) return document;
  const mapped = new Set(mappings.flatMap(({ path }) => namesOf(path)));
  const kept = cloneJson(document);
  for (const name of Object.keys(kept)) {
    const value = kept[name] ?? null;
    if (!name.includes(":")) shorten(kept, name, name, { mapped, notes });
    else if (isJsonObject(value))
      for (const inner of Object.keys(value)) shorten(value, inner, `${name}:${inner}`, { mapped, notes });
  }
  pruneDocument(type, kept);
  assertRequired(type, kept);
  assertSize(kept, 0);
  return kept;
}

interface Context {
  mapped: ReadonlySet<string>;
  notes: NoteList;
}

/** The folded names under which a mapping reads: an attribute alone stands for its `value`. */
function namesOf(path: AttributePath): string[] {
  const holder = path.extension === undefined ? "" : `${path.extension}:`;
  const sub = readSubAttribute(path);
  const names = [
    ...(path.subAttribute === undefined ? [path.attribute.name] : []),
    ...(sub === undefined ? [] : [`${path.attribute.name}.${sub.name}`]),
  ];
  return names.map((name) => foldCase(holder + name));
}

function holdsLong(value: Json, limit: number): boolean {
  if (typeof value === "string") return value.length > limit;
  if (Array.isArray(value)) return value.some((part) => holdsLong(part, limit));
  if (!isJsonObject(value)) return false;
  for (const name in value) if (holdsLong(value[name] ?? null, limit)) return true;
  return false;
}

/** Takes long texts out of what an object holds under a name; lists have the path of their attribute. */
function shorten(holder: JsonObject, name: string, path: string, context: Context): void {
  const value = holder[name] ?? null;
  if (typeof value === "string") {
    if (leavesOut(value, path, context)) delete holder[name];
  } else if (Array.isArray(value)) {
    const left = value.filter((element) => {
      if (isJsonObject(element))
        for (const inner of Object.keys(element)) shorten(element, inner, `${path}.${inner}`, context);
      return !(typeof element === "string" && leavesOut(element, path, context)) && !isEmptied(element);
    });
    if (left.length === 0 && value.length > 0) delete holder[name];
    else holder[name] = left;
  } else if (isJsonObject(value)) {
    for (const inner of Object.keys(value)) shorten(value, inner, `${path}.${inner}`, context);
    if (isEmptied(value)) delete holder[name];
  }
}

function isEmptied(value: Json): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}

function leavesOut(text: string, path: string, { mapped, notes }: Context): boolean {
  const folded = foldCase(path);
  const isRead = mapped.has(folded) || OWN.has(folded);
  if (text.length <= (isRead ? LONGEST_TEXT : LONG_TEXT)) return false;
  notes.add(isRead ? "emptied" : "value_too_long", path, text);
  return true;
}
