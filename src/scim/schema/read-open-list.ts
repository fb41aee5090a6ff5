import { eachOnce, type Json } from "../json.ts";
import type { NoteList } from "../limited-note-list.ts";
import { notePrimaries } from "./coerce-value.ts";
import { shapeOf } from "./open-shape.ts";
import type { Attribute } from "./schema.ts";
import { keepOnePrimary } from "./single-primary.ts";

/** A value of an attribute that no schema describes, where it is a list by the rules of lists: one primary. */
export function readOpenList(
  attribute: Attribute,
  value: Json | undefined,
  where: string,
  notes: NoteList,
): Json | undefined {
  if (!attribute.open || !Array.isArray(value)) return value;
  notePrimaries(value, where, notes);
  return eachOnce(keepOnePrimary(shapeOf(attribute, value), value));
}
