import fc from "fast-check";
import type { ResourceName } from "../../src/directory/resource-tables.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";

/** What the addresses in the answers of these tests begin with. */
export const BASE = "https://rollcall.example/scim/v2";
/** An extension that a mapping names. */
export const CUSTOM = "urn:example:params:scim:schemas:extension:acme:2.0:User";
/** The extension that every provider knows. */
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/** An extension that no mapping names. */
export const UNMAPPED = "urn:ietf:params:scim:schemas:extension:other:2.0:User";
/** The types with it. */
export const types = resourceTypes([{ urn: CUSTOM, attributes: [{ name: "site" }, { name: "badges" }] }]);

/** Texts that fold, escape and compare in every way. */
export const WORDS = [
  "a",
  "A",
  "ab",
  "aB",
  "Ab c",
  "b",
  "É",
  "é",
  "ﬁ",
  "FI",
  "ß",
  "İ",
  "Ⅷ",
  "😀",
  "￿",
  "50%",
  "a_b",
  'q"q',
  "b\\n",
  "null",
  "true",
  "1",
  "Straße",
];
const word = fc.constantFrom(...WORDS);
const kind = fc.constantFrom("work", "Work", "home", "É");

function record(shape: Record<string, fc.Arbitrary<unknown>>, required: string[]): fc.Arbitrary<JsonObject> {
  // Every arbitrary above gives JSON.
  return fc.record(shape, { requiredKeys: required }) as fc.Arbitrary<JsonObject>;
}
const element = record({ value: word, type: kind, primary: fc.boolean(), display: word }, ["value"]);
const elements = fc.array(element, { maxLength: 3 });
const open = fc.oneof(
  word,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.array(word, { maxLength: 2 }),
  element,
  fc.array(element, { maxLength: 2 }),
);
/** Any document of a user, its userName aside. */
export const userDocument = record(
  {
    externalId: word,
    displayName: word,
    nickName: word,
    title: word,
    name: record({ familyName: word, givenName: word }, ["familyName"]),
    active: fc.boolean(),
    emails: elements,
    photos: elements,
    roles: elements,
    [ENTERPRISE]: record({ department: word, manager: record({ value: word }, ["value"]) }, ["department"]),
    [CUSTOM]: record({ site: open, Badges: open }, ["site"]),
    [UNMAPPED]: record({ Place: open, tags: open }, ["Place"]),
  },
  ["active"],
);
/** Any document of a group, its displayName aside. */
export const groupDocument = record({ externalId: word }, []);

/** What filters can ask of a type. */
export const ATTRIBUTES: Record<ResourceName, string[]> = {
  User: [
    ...["userName", "externalId", "displayName", "nickName", "title", "name.familyName", "NAME.givenName", "id"],
    ...[
      "emails",
      "emails.value",
      "emails.type",
      "emails.display",
      "photos",
      "photos.value",
      "photos.type",
      "roles.value",
      "schemas",
    ],
    ...[
      "groups",
      "groups.value",
      "groups.display",
      "groups.type",
      "groups.$ref",
      "meta.resourceType",
      "meta.location",
      "meta.version",
    ],
    ...[
      `${ENTERPRISE}:department`,
      `${ENTERPRISE}:manager`,
      `${ENTERPRISE}:manager.value`,
      `${CUSTOM}:site`,
      `${CUSTOM}:badges`,
      `${CUSTOM}:badges.value`,
      `${UNMAPPED}:place`,
      `${UNMAPPED.toUpperCase()}:TAGS`,
      `${UNMAPPED}.tags.type`,
    ],
  ],
  Group: [
    ...[
      "displayName",
      "externalId",
      "id",
      "members",
      "members.value",
      "members.display",
      "members.type",
      "members.$ref",
      "meta.version",
    ],
  ],
};
