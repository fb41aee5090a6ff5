import { elementsOf } from "../../../src/scim/filter/attribute-path.ts";
import { matchElement } from "../../../src/scim/filter/match-element.ts";
import type { Filter } from "../../../src/scim/filter/parse-filter.ts";
import type { Json, JsonObject } from "../../../src/scim/json.ts";
import type { ResolvedPath } from "../../../src/scim/schema/attribute-name.ts";

/** Whether a full resource passes a filter, by the rules written at `Filter`: what the SQL is compared with. */
export function matchFilter(filter: Filter, resource: JsonObject): boolean {
  switch (filter.kind) {
    case "and":
      return matchFilter(filter.left, resource) && matchFilter(filter.right, resource);
    case "or":
      return matchFilter(filter.left, resource) || matchFilter(filter.right, resource);
    case "not":
      return !matchFilter(filter.operand, resource);
    case "present":
    case "compare":
      return elementsOrNone(filter.path, resource).some((element) => matchElement(filter, element));
    case "valuePath":
      return elementsOf(filter.path, resource).some((element) => matchElement(filter.filter, element));
  }
}

/** The elements a path leads to, or exactly one null (rule 1 of Filter). */
function elementsOrNone(path: ResolvedPath, resource: JsonObject): Json[] {
  const elements = elementsOf(path, resource);
  return elements.length === 0 ? [null] : elements;
}
