import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import { endsInSecret, mentionsSecret } from "./secret-attributes.ts";

/** A document without what was stored under the name of a secret, and without what is empty for that; the same one if there is none. */
export function withoutSecrets(document: JsonObject): JsonObject {
  const kept = strip(document);
  return isJsonObject(kept) ? kept : document;
}

function strip(value: Json): Json {
  if (Array.isArray(value)) {
    const elements = value.map(strip);
    const isSame = elements.every((element, index) => element === value[index]);
    return isSame ? value : elements.filter((element, index) => element === value[index] || !isEmpty(element));
  }
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, before]): [string, Json][] => {
    const after = leadsToSecret(name) ? {} : strip(before);
    return after !== before && isEmpty(after) ? [] : [[name, after]];
  });
  const isSame =
    members.length === Object.keys(value).length && members.every(([name, after]) => after === value[name]);
  return isSame ? value : Object.fromEntries(members);
}

/** Of a URN the name at its end counts alone; other names may be paths that were taken for names. */
function leadsToSecret(name: string): boolean {
  return /^urn:/i.test(name) ? endsInSecret(name) : mentionsSecret(name);
}

function isEmpty(value: Json): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}
