import type { JsonObject } from "../scim/json.ts";

/** A document as it was stored. What a client sent was checked before (`parseJsonObject`); its text is our own. */
export function parseDocument(text: string): JsonObject {
  // The writer stores JSON objects only.
  return JSON.parse(text) as JsonObject;
}
