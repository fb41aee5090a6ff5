import { matchElement } from "../filter/match-element.ts";
import type { Filter } from "../filter/parse-filter.ts";
import { foldCase } from "../fold-case.ts";
import type { Json } from "../json.ts";
import { printPath } from "../schema/attribute-name.ts";
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

/** Refuses a change of an element that another key of the same object selects too, to say something else of it. */
export function assertNoRival(
  where: string,
  filter: Filter,
  rivals: readonly Filter[],
  elements: readonly Json[],
): void {
  const isContested = (element: Json) =>
    matchElement(filter, element) && rivals.some((rival) => matchElement(rival, element));
  if (elements.some(isContested)) throw invalidValue(where, "is given more than once, with different values");
}

/** What all elements that a filter selects have in common, part by part. */
function equalitiesOf(filter: Filter): Map<string, string> {
  if (filter.kind === "and") return new Map([...equalitiesOf(filter.left), ...equalitiesOf(filter.right)]);
  if (filter.kind !== "compare" || filter.operator !== "eq" || filter.value === null) return new Map();
  const { caseExact } = filter.path.subAttribute ?? filter.path.attribute;
  const text = String(filter.value);
  return new Map([[foldCase(printPath(filter.path)), caseExact ? text : foldCase(text)]]);
}
