import { isId } from "../platform/uuid.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { SECRET_NAMES } from "../scim/secret-attributes.ts";

const TYPES = Object.values(resourceTypes());
const SCHEMAS = TYPES.flatMap((type) => [...type.schemas.values()]);
const ATTRIBUTES = SCHEMAS.flatMap(({ attributes }) => attributes);

/** The URNs of the schemas and messages of RFC 7643 and RFC 7644. */
const URNS = [
  ...SCHEMAS.map(({ id }) => id),
  ...["ListResponse", "SearchRequest", "PatchOp", "BulkRequest", "BulkResponse", "Error"].map(
    (message) => `urn:ietf:params:scim:api:messages:2.0:${message}`,
  ),
  ...["ServiceProviderConfig", "ResourceType", "Schema"].map((name) => `urn:ietf:params:scim:schemas:core:2.0:${name}`),
];

/** Names of attributes, and of the members of messages. */
const NAMES = [
  ...ATTRIBUTES.flatMap(({ name, subAttributes }) => [name, ...subAttributes.map((sub) => sub.name)]),
  ...[
    "schemas",
    "id",
    "externalId",
    "meta",
    "resourceType",
    "created",
    "lastModified",
    "location",
    "version",
    "members",
    "groups",
  ],
  ...["value", "$ref", "type", "display", "primary", "operation"],
  ...[
    "Operations",
    "op",
    "path",
    "method",
    "bulkId",
    "data",
    "failOnErrors",
    "status",
    "scimType",
    "detail",
    "response",
  ],
  ...["filter", "attributes", "excludedAttributes", "sortBy", "sortOrder", "startIndex", "count", "cursor"],
  ...["totalResults", "itemsPerPage", "Resources", "nextCursor", "previousCursor"],
];

/** Words that are no name of anybody: of verbs, operators, types and literals. */
const OTHERS = [
  ...["add", "replace", "remove", "delete", "GET", "POST", "PUT", "PATCH", "DELETE", "User", "Group", "direct"],
  ...["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le", "pr", "and", "or", "not", "true", "false", "null"],
  ...["work", "home", "other", "mobile", "fax", "pager", "ascending", "descending", "application", "json", "scim+json"],
];

const lower = (words: readonly string[]) => new Set(words.map((word) => word.toLowerCase()));
const KNOWN_NAMES = lower(NAMES);
const KNOWN_URNS = lower(URNS);
const PARTS_OF_URNS = URNS.flatMap((urn) => urn.split(/[:.]/));
const KNOWN_WORDS = lower([...NAMES, ...OTHERS, ...PARTS_OF_URNS]);

/** Whether a text is the name of an attribute or of a member of a message, in any case. */
export function isKnownName(text: string): boolean {
  return KNOWN_NAMES.has(text.toLowerCase()) || KNOWN_URNS.has(text.toLowerCase());
}

/** Whether a text is a URN of ours, in any case. */
export function isKnownUrn(text: string): boolean {
  return KNOWN_URNS.has(text.toLowerCase());
}

/** Whether a text is a word of the protocol or an id, which names nobody. */
export function isHarmless(text: string): boolean {
  return (
    (KNOWN_WORDS.has(text.toLowerCase()) && !SECRET_NAMES.has(text.toLowerCase())) || isKnownUrn(text) || isId(text)
  );
}

/** The sign of an address as it looks when it was escaped twice, or typed in full width. */
export const DISGUISED = /%40|%EF%BC%A0|%EF%B9%AB|[\uff20\ufe6b]/i;

/** What stands for a word that could name somebody. */
export const MASK = "…";

/** A path of attributes, or a list of such, with every word masked that is none of the protocol and no id. */
export function maskWords(text: string): string {
  return text.replace(/[^\s.,:[\]()"]+/g, (word) => (isHarmless(word) ? word : MASK));
}

/** A path of attributes without what it compares with, and without words that no attribute could have as its name. */
export function maskValues(path: string): string {
  const plain = path.replace(/"[^"]*"?/g, (quoted) => (isId(quoted.slice(1, -1)) ? quoted : `"${MASK}"`));
  return plain.replace(/[^\s.,:[\]()"]+/g, (word) => (/^[\w$-]+$/.test(word) ? word : MASK));
}
