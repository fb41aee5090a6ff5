import { quote, ScimError } from "../errors.ts";
import { parseDateTime } from "../filter/filter-literal.ts";
import { elementsOf, readOpen } from "../filter/match-filter.ts";
import { compareCodePoints, foldCase } from "../fold.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { type ResolvedPath, resolveName } from "../schema/attribute-name.ts";
import { type ResourceType, valueSubAttribute } from "../schema/schema.ts";

/** What a resource is sorted by: folded text, a number (booleans 0 and 1, times in milliseconds), or null for no value. */
export type SortKey = string | number | null;

/** Reads `sortBy`; a complex attribute stands for its `value` (RFC 7644 section 3.4.2.3). */
export function parseSortBy(type: ResourceType, text: string, others: readonly ResourceType[] = []): ResolvedPath {
  const names = [type, ...others].map((candidate) => resolveName(candidate, text.trim()));
  const name = names.find((candidate) => candidate.kind === "attribute" && candidate.declared);
  if (name?.kind !== "attribute" || name.path.attribute.returned === "never")
    throw new ScimError(400, "invalidValue", `sortBy: no schema of ${type.name} has an attribute ${quote(text)}.`);
  const { path } = name;
  if (path.subAttribute !== undefined || path.attribute.type !== "complex") return path;
  const subAttribute = valueSubAttribute(path.attribute);
  if (subAttribute !== undefined) return { ...path, subAttribute };
  throw new ScimError(400, "invalidValue", `sortBy: ${path.attribute.name} is complex; name a sub-attribute of it.`);
}

/**
 * The key a resource sorts by, which the SQL compiler shares: of a multi-valued attribute the primary element, else the
 * first; of that the sub-attribute. Text is folded unless caseExact. In ascending order keys compare as: numbers by size,
 * texts by code point (SQLite BINARY), no value last; descending is the exact reverse, so no value comes first (RFC 7644
 * section 3.4.2.3). Equal keys keep the caller's order by resource key.
 */
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
export function compareSortKeys(a: SortKey, b: SortKey): number {
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
