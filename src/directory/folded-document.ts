import { foldCase } from "../scim/fold.ts";
import type { Json, JsonObject } from "../scim/json.ts";

/**
 * The text of `folded_document`: lower-case keys at all levels and folded string values, for comparisons that ignore
 * case. Null when SQLite's own `lower(document)` (ASCII only) is the same text, which it is for nearly everybody.
 */
export function foldDocument(document: JsonObject): string | null {
  const folded = JSON.stringify(fold(document));
  return folded === lowerAscii(JSON.stringify(document)) ? null : folded;
}

/** The key of a folded document under which an attribute lies. */
export function foldKey(key: string): string {
  return key.toLowerCase();
}

function fold(value: Json): Json {
  if (typeof value === "string") return foldCase(value);
  if (Array.isArray(value)) return value.map(fold);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [foldKey(key), fold(item ?? null)]));
}

/** What SQLite's lower() does without the ICU extension. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
