import { isJsonObject, type Json, type JsonObject, MAX_NAMES } from "./json.ts";
import { ScimError } from "./scim-error.ts";

/** Largest document kept, in characters of JSON; D1 holds 2 MB in a value. */
const MAX_DOCUMENT_LENGTH = 900_000;

/** Texts over this length, in characters, are kept only where a field reads them. */
export const LONG_TEXT = 16_384;

/**
 * Refuses a document too large for one row, or with more names than are looked through quickly. Texts of over `textLimit`
 * characters, which may yet be left out, do not count; with 0 all do.
 */
export function assertSize(document: JsonObject, textLimit: number = LONG_TEXT): void {
  for (const part of [document, ...Object.values(document)])
    if (isJsonObject(part) && Object.keys(part).length > MAX_NAMES)
      throw new ScimError("resource_too_large", `The resource holds more than ${MAX_NAMES} names side by side.`);
  if (
    lengthOf(document, 0) > MAX_DOCUMENT_LENGTH &&
    (textLimit === 0 || lengthOf(document, textLimit) > MAX_DOCUMENT_LENGTH)
  )
    throw new ScimError("resource_too_large", `The resource is larger than ${MAX_DOCUMENT_LENGTH} characters.`);
}

function lengthOf(document: JsonObject, textLimit: number): number {
  const isShort = (text: Json) => typeof text !== "string" || text.length <= textLimit;
  const counted = textLimit === 0 ? undefined : (_name: string, value: Json) => (isShort(value) ? value : "");
  return JSON.stringify(document, counted).length;
}
