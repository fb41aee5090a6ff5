import { isJsonObject, type Json } from "../scim/json.ts";
import { NOTE_KINDS, type Note, type NoteKind } from "../scim/note.ts";
import { maskValues } from "./protocol-words.ts";

/** A note without what may name a person: for rows that are not found by the people they are about. */
export function withoutPerson({ kind, path, value }: Note): Note {
  return {
    kind,
    path: path === null ? null : maskValues(path),
    value: NOTE_KINDS[kind].isPersonal ? null : value,
  };
}

/** The notes of a stored row, a JSON array; rows of before notes had kinds hold sentences. */
export function parseNotes(text: string): Note[] {
  const stored: Json = JSON.parse(text);
  return Array.isArray(stored) ? stored.flatMap(readNote) : [];
}

function readNote(stored: Json): Note[] {
  if (typeof stored === "string") return [{ kind: "text", path: null, value: stored }];
  const kind = isJsonObject(stored) ? parseKind(stored.kind) : null;
  if (!isJsonObject(stored) || kind === null) return [];
  return [{ kind, path: textOrNull(stored.path), value: textOrNull(stored.value) }];
}

/** A stored kind, null for one that there is not. */
export function parseKind(kind: Json | undefined): NoteKind | null {
  return typeof kind === "string" && isNoteKind(kind) ? kind : null;
}

function isNoteKind(kind: string): kind is NoteKind {
  return Object.hasOwn(NOTE_KINDS, kind);
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}
