import { foldCase, isAscii } from "../scim/fold-case.ts";
import { isJsonObject, type Json, type JsonObject } from "../scim/json.ts";

/**
 * The text of `folded_document`: folded keys at all levels and folded string values, for comparisons that ignore case.
 * Null when SQLite's own `lower(document)` (ASCII only) is the same text, which it is for nearly everybody.
 */
export function foldDocument(document: JsonObject): string | null {
  const text = JSON.stringify(document);
  const lower = lowerAscii(text);
  // What of ASCII is more than that: of two keys that become one, one is left.
  if (isAscii(text) && JSON.stringify(JSON.parse(lower)) === lower) return null;
  const folded = JSON.stringify(fold(document));
  return folded === lower ? null : folded;
}

function fold(value: Json): Json {
  if (typeof value === "string") return foldCase(value);
  if (Array.isArray(value)) return value.map(fold);
  if (!isJsonObject(value)) return value;
  const folded = new Map<string, Json>();
  for (const [key, item] of Object.entries(value)) {
    const name = foldCase(key);
    if (!folded.has(name)) folded.set(name, fold(item));
  }
  return Object.fromEntries(folded);
}

/** What SQLite's lower() does without the ICU extension. */
function lowerAscii(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
