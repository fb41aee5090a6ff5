import { foldCase } from "../fold-case.ts";
import { isJsonObject, type Json, type JsonObject, jsonKey } from "../json.ts";
import { unwrap } from "../schema/coerce-value.ts";
import { type Attribute, valueSubAttribute } from "../schema/schema.ts";
import { partOf } from "./edit-target.ts";

/** Elements are never changed in place, and every operation on a list asks for the keys of all. */
const wholes = new WeakMap<JsonObject, string>();
const sames = new WeakMap<JsonObject, { attribute: Attribute; key: string }>();

/** The `jsonKey` of an element, made once. */
export function wholeKey(element: Json): string {
  if (!isJsonObject(element)) return jsonKey(element);
  const key = wholes.get(element) ?? jsonKey(element);
  wholes.set(element, key);
  return key;
}

/**
 * A text that two elements of a list share when they are the same value: of equal `value` and `type`, or equal altogether
 * where there is no `value`. It finds one among many without a look at each.
 */
export function elementKey(attribute: Attribute, element: Json): string {
  if (!isJsonObject(element)) return jsonKey(element);
  const known = sames.get(element);
  if (known?.attribute === attribute) return known.key;
  const [value, type] = [valueKey(attribute, element), scalarKey(element.type, false)];
  const key = value === null || type === null ? wholeKey(element) : `${value} ${type}`;
  sames.set(element, { attribute, key });
  return key;
}

/** The same of the `value` alone; null where there is none that could be compared by itself. */
function valueKey(attribute: Attribute, element: Json): string | null {
  const sub = valueSubAttribute(attribute);
  return sub === undefined || !isJsonObject(element) ? null : scalarKey(partOf(element, sub), sub.caseExact);
}

function scalarKey(value: Json | undefined, caseExact: boolean): string | null {
  if (typeof value === "string") return JSON.stringify(caseExact ? value : foldCase(value));
  return typeof value === "object" && value !== null ? null : String(value);
}

/** The first elements of a list, by what they are; those that an operation has made or changed count no more. */
export class FirstElements {
  readonly #attribute: Attribute;
  readonly #places = new Map<string, number[]>();

  constructor(attribute: Attribute, elements: readonly Json[]) {
    this.#attribute = attribute;
    for (const [place, element] of elements.entries()) {
      if (!isJsonObject(element)) continue;
      const key = elementKey(attribute, element);
      const places = this.#places.get(key);
      if (places === undefined) this.#places.set(key, [place]);
      else places.push(place);
    }
  }

  /** The place of the first that is the same value, for which `isLeft` holds; -1 for none. A place that is not left never comes back. */
  find(value: JsonObject, isLeft: (place: number) => boolean): number {
    const places = this.#places.get(elementKey(this.#attribute, value)) ?? [];
    while (places[0] !== undefined && !isLeft(places[0])) places.shift();
    return places[0] ?? -1;
  }
}

/** Tells whether a value array of a remove names an element: by `value` alone, or by all that it says. */
export function matcherOf(attribute: Attribute, listed: readonly Json[]): (element: Json) => boolean {
  const sub = valueSubAttribute(attribute);
  const keys = new Set(listed.map((named) => elementKey(attribute, named)));
  const bare = new Set(listed.map((named) => unwrap(named)));
  const objects = listed.filter(isJsonObject);
  const isByValue = (named: JsonObject) =>
    sub !== undefined && partOf(named, sub) !== undefined && named.type === undefined;
  const values = new Set(objects.filter(isByValue).map((named) => valueKey(attribute, named) ?? typelessKey(named)));
  const descriptions = objects.filter((named) => !isByValue(named)).map((named) => Object.entries(named));
  return (element) => {
    if (keys.has(elementKey(attribute, element))) return true;
    if (!isJsonObject(element)) return bare.has(element);
    if (values.size > 0 && values.has(valueKey(attribute, element) ?? typelessKey(element))) return true;
    return descriptions.some((parts) => parts.every(([name, part]) => part === element[name]));
  };
}

/** A whole element, whatever it is for. */
function typelessKey({ type: _, ...element }: JsonObject): string {
  return jsonKey(element);
}
