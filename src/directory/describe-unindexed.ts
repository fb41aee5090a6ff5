import type { Unindexed } from "../companies/read-in-share.ts";
import type { Filter } from "../scim/filter/parse-filter.ts";
import { printPath, type ResolvedPath } from "../scim/schema/attribute-name.ts";
import { indexedPaths } from "./indexed-condition.ts";
import type { ResourceName } from "./resource-tables.ts";

/** Comparisons that are named; a filter may hold fifty. */
const MOST_NAMED = 5;

/** A list as far as its refusal tells of it. */
interface Asked {
  types: readonly ResourceName[];
  filter?: Filter;
  sortBy?: ResolvedPath;
}

/** What of a list no index answers, and what would make it quick. Values are left out: they may name people. */
export function describeUnindexed({ types, filter, sortBy }: Asked): Unindexed {
  const parts = [
    ...(filter === undefined ? [] : [`the filter (${nameComparisons(filter)})`]),
    ...(sortBy === undefined ? [] : [`sortBy ${printPath(sortBy)}`]),
  ];
  const paths = [...new Set(types.flatMap(indexedPaths))];
  return {
    what: `No index answers ${parts.join(" with ")}`,
    quick: `At any time: eq on ${paths.join(", ")}; an attribute that users are often looked up by with eq gets an index by itself.`,
  };
}

function nameComparisons(filter: Filter): string {
  const names = [...new Set(comparisonsOf(filter))];
  const shown = names.slice(0, MOST_NAMED).join(", ");
  return names.length > MOST_NAMED ? `${shown} and others` : shown;
}

function comparisonsOf(filter: Filter): string[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return [...comparisonsOf(filter.left), ...comparisonsOf(filter.right)];
    case "not":
      return comparisonsOf(filter.operand);
    case "valuePath":
      return comparisonsOf(filter.filter);
    case "compare":
      return [`${printPath(filter.path)} ${filter.operator}`];
    case "present":
      return [`${printPath(filter.path)} pr`];
  }
}
