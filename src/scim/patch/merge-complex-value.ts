import { isJsonObject, type Json, type JsonObject, jsonKey } from "../json.ts";
import { findOpenName } from "../schema/find-open-attribute.ts";
import { type Attribute, valueSubAttribute } from "../schema/schema.ts";
import { assertFew } from "../schema/unfit-value.ts";

/** The three verbs of PATCH (RFC 7644 section 3.5.2); parts of an add join lists, those of a replace take their place. */
export type PatchVerb = "add" | "remove" | "replace";

/**
 * A complex value with the given parts put in, of which null clears one. A `value` that changes takes the address of what
 * it named along, such as a manager's `$ref`, unless the parts bring a new one.
 */
export function mergeParts(attribute: Attribute, before: JsonObject, parts: JsonObject, verb: PatchVerb): JsonObject {
  if (attribute.open) return mergeOpen({ verb, where: attribute.name }, before, parts);
  const after = { ...before, ...parts };
  const value = valueSubAttribute(attribute);
  if (value !== undefined && before[value.name] !== undefined && after[value.name] !== before[value.name])
    for (const sub of attribute.subAttributes)
      if (sub !== value && sub.type === "reference" && parts[sub.name] === undefined) delete after[sub.name];
  for (const name of Object.keys(parts)) if (after[name] === null) delete after[name];
  return after;
}

/** Whether the parts given to a complex value set any, rather than only clear some. */
export function setsPart(parts: JsonObject): boolean {
  return Object.values(parts).some((part) => part !== null);
}

/** How parts are merged, and what leads to where they stand. */
interface Merging {
  verb: PatchVerb;
  where: string;
}

/** Parts that no schema describes keep the spelling they have; objects in objects are merged as well, so that only what is named changes. */
function mergeOpen({ verb, where }: Merging, before: JsonObject, parts: JsonObject): JsonObject {
  const after = { ...before };
  for (const name of Object.keys(parts)) {
    const key = findOpenName(after, name) ?? name;
    const part = parts[name] ?? null;
    // Adding nothing to a list adds nothing.
    if (verb === "add" && part === null && Array.isArray(after[key])) continue;
    const merged = part === null ? null : mergeOpenPart({ verb, where: `${where}.${key}` }, after[key], part);
    if (merged === null || (isJsonObject(merged) && Object.keys(merged).length === 0)) delete after[key];
    else after[key] = merged;
  }
  return after;
}

function mergeOpenPart(merging: Merging, held: Json | undefined, part: Json): Json {
  const { verb, where } = merging;
  if (isJsonObject(part) && !Array.isArray(held)) return mergeOpen(merging, isJsonObject(held) ? held : {}, part);
  const sent = Array.isArray(part) ? part : [isJsonObject(part) ? mergeOpen(merging, {}, part) : part];
  if (!Array.isArray(held)) {
    if (verb !== "add" || held === undefined || !Array.isArray(part)) return part;
    return join([held], sent, where);
  }
  return verb === "add" ? join(held, sent, where) : sent;
}

function join(held: readonly Json[], sent: readonly Json[], where: string): Json[] {
  const elements = [...held];
  const known = new Set(held.map(jsonKey));
  for (const element of sent) {
    const key = jsonKey(element);
    if (!known.has(key)) elements.push(element);
    known.add(key);
  }
  if (elements.length > held.length) assertFew(elements.length, where);
  return elements;
}
