import { foldCase, isAscii } from "../fold-case.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Attribute } from "./schema.ts";

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
