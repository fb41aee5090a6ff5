import { quote, ScimError } from "../errors.ts";
import { type ResolvedPath, resolveName } from "../schema/attribute-name.ts";
import { type ResourceType, valueSubAttribute } from "../schema/schema.ts";

/**
 * What a resource is sorted by: folded text, a number (booleans 0 and 1, times in milliseconds), or null for no value. Of a
 * multi-valued attribute it is the primary element's, else the first one's; of that the sub-attribute. Text is folded unless
 * caseExact. In ascending order keys compare as: numbers by size, texts by code point (SQLite BINARY), no value last;
 * descending is the exact reverse, so no value comes first (RFC 7644 section 3.4.2.3). Equal keys keep the order of the
 * resources' own keys.
 */
export type SortKey = string | number | null;

/** Reads `sortBy`; a complex attribute stands for its `value` (RFC 7644 section 3.4.2.3). */
export function parseSortBy(type: ResourceType, text: string, others: readonly ResourceType[] = []): ResolvedPath {
  const names = [type, ...others].map((candidate) => resolveName(candidate, text.trim()));
  const name = names.find((candidate) => candidate.kind === "attribute" && candidate.declared);
  if (name?.kind !== "attribute" || name.path.attribute.returned === "never")
    throw new ScimError("invalid_parameter", `sortBy: no schema of ${type.name} has an attribute ${quote(text)}.`);
  const { path } = name;
  if (path.subAttribute !== undefined || path.attribute.type !== "complex") return path;
  const subAttribute = valueSubAttribute(path.attribute);
  if (subAttribute !== undefined) return { ...path, subAttribute };
  throw new ScimError("invalid_parameter", `sortBy: ${path.attribute.name} is complex; name a sub-attribute of it.`);
}
