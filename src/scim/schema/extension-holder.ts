import { foldCase } from "../fold-case.ts";
import { isJsonObject, type JsonObject } from "../json.ts";

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
