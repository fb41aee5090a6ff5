import type { Filter } from "../scim/filter/parse-filter.ts";
import { foldCase } from "../scim/fold-case.ts";
import { isJsonObject, type Json, type JsonObject } from "../scim/json.ts";
import { printPath } from "../scim/schema/attribute-name.ts";
import { indexedPaths } from "./indexed-condition.ts";
import type { ResourceName } from "./resource-tables.ts";

/** An attribute that users are looked up by: its place in a document, by folded names, as the one text that names it. */
type LookedUpPath = string;

/** An attribute that everything a filter matches has one known value of, which no index of the directory's own finds. */
export interface LookedUp {
  path: LookedUpPath;
  valueKey: string;
}

/** What stands elsewhere than in a user's document, or has its own index already. */
const APART: ReadonlySet<string> = new Set(["id", "meta", "schemas", "groups", "active"]);
/** Characters of a value that its key has. */
const KEY_LENGTH = 200;

/**
 * The attribute that a filter for users looks up, or null: `eq` on text or a number, by itself or with other conditions
 * beside it.
 */
export function lookedUpAttribute(type: ResourceName, filter: Filter): LookedUp | null {
  if (type !== "User") return null;
  switch (filter.kind) {
    case "and":
      return lookedUpAttribute(type, filter.left) ?? lookedUpAttribute(type, filter.right);
    case "valuePath":
      return lookedUpAttribute(type, filter.filter);
    case "compare":
      return ofComparison(filter);
    default:
      return null;
  }
}

function ofComparison({ path, operator, value }: Extract<Filter, { kind: "compare" }>): LookedUp | null {
  if (operator !== "eq" || (typeof value !== "string" && typeof value !== "number")) return null;
  const { extension, attribute, subAttribute } = path;
  if (extension === undefined && APART.has(attribute.key)) return null;
  if (indexedPaths("User").includes(printPath(path))) return null;
  // Two texts can mean one time.
  if ((subAttribute ?? attribute).type === "dateTime") return null;
  const names = [extension ?? "", attribute.name, ...(subAttribute === undefined ? [] : [subAttribute.name])];
  return { path: JSON.stringify(names.map(foldCase)), valueKey: keyOf(value) };
}

/** Equal values have equal keys, whatever rule compares them; different ones may. */
function keyOf(value: string | number | boolean): string {
  const text = foldCase(String(value));
  return text.length <= KEY_LENGTH ? text : Array.from(text).slice(0, KEY_LENGTH).join("");
}

/**
 * The keys of all values that a document has at such a path, each once. There may be more than a filter compares (names
 * are met in any case, for one): who finds a document by its key still has to compare.
 */
export function keysAt(document: JsonObject, path: LookedUpPath): string[] {
  // Written above.
  const [extension = "", ...names] = JSON.parse(path) as string[];
  const holders = extension === "" ? [document] : inAnyCase(document, extension);
  const found = names.reduce<Json[]>((values, name) => values.flatMap((value) => step(value, name)), holders);
  const keys = found.flatMap((value) => (value === null || typeof value === "object" ? [] : [keyOf(value)]));
  return [...new Set(keys)];
}

function step(value: Json, name: string): Json[] {
  if (isJsonObject(value)) return inAnyCase(value, name);
  // A simple value of a list is its own `value`.
  return name === "value" ? [value] : [];
}

/** What an object has under a name in any case; of lists their elements. */
function inAnyCase(object: JsonObject, name: string): Json[] {
  return Object.entries(object).flatMap(([key, value]) => {
    if (foldCase(key) !== name) return [];
    return Array.isArray(value) ? value : [value];
  });
}
