import { foldCase, isAscii } from "../fold-case.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Attribute } from "./schema.ts";

/** The object of an extension in a document, made when it is missing; URNs are the same in any case. */
export function holderOf(document: JsonObject, urn: string): JsonObject {
  const existing = findExtensionKey(document, urn);
  const holder = existing === undefined ? undefined : document[existing];
  if (isJsonObject(holder)) return holder;
  const made: JsonObject = {};
  document[existing ?? urn] = made;
  return made;
}

/** The key under which a document holds an extension, spelt as it was first sent. */
export function findExtensionKey(document: JsonObject, urn: string): string | undefined {
  if (Object.hasOwn(document, urn)) return urn;
  const folded = foldCase(urn);
  return Object.keys(document).find((key) => key.includes(":") && foldCase(key) === folded);
}

/** The name in an open extension that is the given one in any case. */
export function findOpenName(holder: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(holder, name)) return name;
  const folded = foldCase(name);
  // Letters of ASCII keep their number in folding: most names are told apart by their length.
  return Object.keys(holder).find(
    (other) => (other.length === folded.length || !isAscii(other)) && foldCase(other) === folded,
  );
}

/** Open attributes keep the spelling they were sent with, so they are found in any case. */
export function readOpen(holder: JsonObject, attribute: Attribute): Json | undefined {
  const name = findOpenName(holder, attribute.name);
  return name === undefined ? undefined : holder[name];
}
