import { matchElement } from "../filter/match-element.ts";
import type { Filter } from "../filter/parse-filter.ts";
import { foldCase } from "../fold-case.ts";
import { equalJson, isJsonObject, type Json, type JsonObject, jsonKey } from "../json.ts";
import { findOpenName } from "../schema/find-open-attribute.ts";
import { invalidValue } from "../schema/unfit-value.ts";

/** So many other value paths may contradict one: each is held against each element that is selected. */
const MAX_RIVALS = 20;

/** The filters of `others` that may select the same element of a list as `filter` does; very many of them are 400. */
export function rivalsOf(where: string, filter: Filter, others: readonly Filter[]): Filter[] {
  const own = equalitiesOf(filter);
  const rivals = others.filter((other) => {
    const asked = equalitiesOf(other);
    return [...own].every(([part, value]) => !asked.has(part) || asked.get(part) === value);
  });
  if (rivals.length > MAX_RIVALS) throw invalidValue(where, "is selected by too many filters that may mean the same");
  return rivals;
}

/** What other keys of the same object say of a list of which a step changes the elements that its filter selects. */
export interface Rivals {
  /** What the step's own key says of them. */
  parts: JsonObject;
  /** Filters under other keys that say something else. */
  filters: readonly Filter[];
  /** The elements that the object lists, by their keys (`keyOfElement`). */
  listed: ReadonlySet<string>;
}

/** Refuses a change of an element of which another key of the same object says something else. */
export function assertNoRival(where: string, filter: Filter, rivals: Rivals, elements: readonly Json[]): void {
  const isContested = (element: Json) =>
    matchElement(filter, element) &&
    (rivals.filters.some((rival) => matchElement(rival, element)) ||
      (rivals.listed.has(keyOfElement(element)) && contradicts(rivals.parts, asParts(element))));
  if (elements.some(isContested)) throw invalidValue(where, "is given more than once, with different values");
}

/** A text that an element of a list shares with the same one that became the primary one or is no longer it. */
export function keyOfElement(element: Json): string {
  const { primary: _primary, ...rest } = asParts(element);
  return jsonKey(rest);
}

/** Whether two objects say different things of one part; null says nothing. */
export function contradicts(parts: JsonObject, others: JsonObject): boolean {
  return Object.keys(parts).some((name) => {
    const [own, other] = [parts[name] ?? null, others[findOpenName(others, name) ?? name] ?? null];
    return other !== null && own !== null && !equalJson(own, other);
  });
}

/** An element as an object: a simple one is its own `value`. */
export function asParts(value: Json): JsonObject {
  return isJsonObject(value) ? value : { value };
}

/** What all elements that a filter selects have in common: texts by the folded names of parts. */
export function equalitiesOf(filter: Filter): Map<string, string> {
  if (filter.kind === "and") return new Map([...equalitiesOf(filter.left), ...equalitiesOf(filter.right)]);
  if (filter.kind !== "compare" || filter.operator !== "eq" || filter.value === null) return new Map();
  const { caseExact, key } = filter.path.subAttribute ?? filter.path.attribute;
  const text = String(filter.value);
  return new Map([[key, caseExact ? text : foldCase(text)]]);
}
