import type { AttributePath } from "../filter/attribute-path.ts";
import { isJsonObject, type Json } from "../json.ts";
import type { NoteList } from "../limited-note-list.ts";
import { printPath } from "../schema/attribute-name.ts";
import { coerceSingle, coerceValue, isBlank, isHollow, readSubAttributes } from "../schema/coerce-value.ts";
import { readOpenList } from "../schema/read-open-list.ts";
import { readOpenParts, unwrapOpen } from "../schema/read-open-value.ts";
import type { Attribute } from "../schema/schema.ts";
import { invalidValue } from "../schema/unfit-value.ts";
import type { PatchVerb } from "./merge-complex-value.ts";

/** Whether a path leads to all of a list, or to an open attribute, which may hold one. */
export function isWholeList({ attribute, subAttribute, valueFilter }: AttributePath): boolean {
  return (attribute.multiValued || attribute.open) && subAttribute === undefined && valueFilter === undefined;
}

/** Whether an object, or one in a list, holds more than blanks: what nothing could be kept of is ignored, not taken for "no value". */
export function saysSomething(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(saysSomething);
  if (!isJsonObject(value)) return false;
  return Object.values(value).some((part) => part !== null && (typeof part !== "string" || part.trim() !== ""));
}

/** Reads the value of an operation as what its path leads to; undefined is "no value", a null in it clears a part. */
export function readPathValue(path: AttributePath, verb: PatchVerb, value: Json, notes: NoteList): Json | undefined {
  const { attribute, subAttribute, valueFilter } = path;
  const where = printPath(path);
  if (verb === "remove") {
    // Values to remove select elements of a list; elsewhere the path says it all.
    if (!isWholeList(path) || value === null) return undefined;
    return readNamedElements(attribute, value, where, notes);
  }
  if ((subAttribute ?? attribute).open) {
    const sent = valueFilter !== undefined && subAttribute === undefined ? onlyOne(value, where) : value;
    return readOpenList(subAttribute ?? attribute, readOpenParts(unwrapOpen(sent), where), where, notes);
  }
  if (subAttribute !== undefined) return coerceValue(subAttribute, value, where, notes);
  if (attribute.type === "complex" && (valueFilter !== undefined || !attribute.multiValued))
    return readParts(attribute, value, where, notes);
  return coerceValue(attribute, value, where, notes);
}

/** What is meant for each element that a value path selects, of which lists of one hold one, as for an attribute of a schema. */
function onlyOne(value: Json, where: string): Json {
  if (!Array.isArray(value) || value.length === 0) return value;
  if (value.length > 1) throw invalidValue(where, "takes one value, not several");
  return onlyOne(value[0] ?? null, where);
}

/**
 * Reads the parts that an add or replace gives one complex value: null for each that is blank, which clears that part
 * alone (RFC 7643 section 2.5), {} when none is named or known. With a blank `value` alone it clears all, as Entra clears a manager.
 */
function readParts(attribute: Attribute, value: Json, where: string, notes: NoteList): Json | undefined {
  const sent = Array.isArray(value) && value.length === 1 ? (value[0] ?? null) : value;
  if (!isJsonObject(sent)) return coerceSingle(attribute, value, where, notes);
  const read = readSubAttributes(attribute, sent, where, notes);
  const isCleared = read.every((part) => part.value === undefined) && read.some(({ sub }) => sub.key === "value");
  return isCleared ? undefined : Object.fromEntries(read.map(({ sub, value: part }) => [sub.name, part ?? null]));
}

/** Elements that a remove names; `{"type":"work"}` names them by a part, and with a blank `value` beside it none. */
function readNamedElements(attribute: Attribute, value: Json, where: string, notes: NoteList): Json[] | undefined {
  const named = (Array.isArray(value) ? value : [value]).flatMap((element) => {
    const read = coerceSingle(attribute, element, where, notes);
    return read === undefined || (isHollow(attribute, read) && isBlank(element)) ? [] : [read];
  });
  return named.length === 0 ? undefined : named;
}
