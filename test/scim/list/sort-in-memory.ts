import { compareCodePoints } from "../../../src/scim/compare-code-points.ts";
import { elementsOf } from "../../../src/scim/filter/attribute-path.ts";
import { foldCase } from "../../../src/scim/fold-case.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../src/scim/json.ts";
import type { ResolvedPath } from "../../../src/scim/schema/attribute-name.ts";
import { parseDateTime } from "../../../src/scim/schema/date-time.ts";
import { readOpen } from "../../../src/scim/schema/find-open-attribute.ts";

/** Folded text, a number (booleans 0 and 1, times in milliseconds), or null for no value. */
type SortKey = string | number | null;

/** The key a resource sorts by, as parseSortBy says: what the SQL is compared with. */
export function sortKey(path: ResolvedPath, resource: JsonObject): SortKey {
  const elements = elementsOf(path, resource);
  const chosen = elements.find((element) => isJsonObject(element) && element.primary === true) ?? elements[0] ?? null;
  const { attribute, subAttribute } = path;
  if (subAttribute === undefined) return toKey(chosen, attribute.type, attribute.caseExact);
  if (!isJsonObject(chosen)) return null;
  const value = subAttribute.open ? readOpen(chosen, subAttribute) : chosen[subAttribute.name];
  return toKey(value ?? null, subAttribute.type, subAttribute.caseExact);
}

function toKey(value: Json, type: string, caseExact: boolean): SortKey {
  if (value === null || typeof value === "object") return null;
  if (type === "dateTime") return parseDateTime(String(value));
  if (type === "boolean" || type === "integer" || type === "decimal") return Number(value);
  return caseExact ? String(value) : foldCase(String(value));
}

/** Compares two sort keys in ascending order: numbers, then texts, then no value. */
function compareSortKeys(a: SortKey, b: SortKey): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === "number") return typeof b === "number" ? a - b : -1;
  return typeof b === "number" ? 1 : compareCodePoints(a, b);
}

/** A comparator of full resources by one attribute; use it with a stable sort. */
export function compareForSort(
  path: ResolvedPath,
  sortOrder: "ascending" | "descending",
): (a: JsonObject, b: JsonObject) => number {
  const sign = sortOrder === "ascending" ? 1 : -1;
  return (a, b) => sign * compareSortKeys(sortKey(path, a), sortKey(path, b));
}
