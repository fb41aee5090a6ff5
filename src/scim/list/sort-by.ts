import { isKnown, type ResolvedPath, resolveName, toSimple } from "../schema/attribute-name.ts";
import type { ResourceType } from "../schema/schema.ts";
import { quote, ScimError } from "../scim-error.ts";

/**
 * Reads `sortBy`; a complex attribute stands for its `value` (RFC 7644 section 3.4.2.3). What a list is then sorted by is
 * folded text unless the attribute is caseExact, a number, a boolean as 0 or 1, a time; of a multi-valued attribute that of
 * the primary element, else of the first. Numbers go by size, texts by code point (SQLite BINARY), resources without a
 * value last; descending is the exact reverse. Equal ones keep the order of the resources' own keys.
 */
export function parseSortBy(type: ResourceType, text: string, others: readonly ResourceType[] = []): ResolvedPath {
  const name = [type, ...others].flatMap((candidate) => {
    const resolved = resolveName(candidate, text.trim());
    return resolved.kind === "attribute" && isKnown(candidate, resolved) ? [resolved] : [];
  })[0];
  if (name === undefined || isSecretPath(name.path))
    throw new ScimError("invalid_parameter", `sortBy: no schema of ${type.name} has an attribute ${quote(text)}.`);
  const simple = toSimple(name.path);
  if (simple !== null) return simple;
  throw new ScimError(
    "invalid_parameter",
    `sortBy: ${name.path.attribute.name} is complex; name a sub-attribute of it.`,
  );
}

function isSecretPath({ attribute, subAttribute }: ResolvedPath): boolean {
  return attribute.returned === "never" || subAttribute?.returned === "never";
}
