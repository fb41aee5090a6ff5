import fc from "fast-check";
import type { Json, JsonObject } from "../../src/scim/json.ts";
import { readResource } from "../../src/scim/read-resource-body.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";

const { User } = resourceTypes();
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Text that a document can hold: well formed, without NUL, not blank. */
export const anyText = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom("a", "A", "ab", "Straße", "ＡＢ", "x@y.test", 'q"\\', "%_", "null", "true", " x"),
    },
    { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }) },
  )
  .filter((text) => text.trim() !== "" && !text.includes("\u0000") && text.isWellFormed());

const anyType = fc.constantFrom("work", "home", "mobile");
const anyElement = fc.record(
  { value: anyText, type: anyType, primary: fc.boolean(), display: anyText },
  { requiredKeys: ["value"] },
);
const anyAddress = fc.record(
  { locality: anyText, type: anyType, primary: fc.boolean() },
  { requiredKeys: ["locality"] },
);

const anyBody = fc.record(
  {
    userName: anyText,
    externalId: anyText,
    title: anyText,
    displayName: anyText,
    active: fc.constantFrom<Json>(true, false, "True", "false"),
    name: fc.record({ givenName: anyText, familyName: anyText }, { requiredKeys: [] }),
    emails: fc.array(anyElement, { maxLength: 3 }),
    phoneNumbers: fc.array(anyElement, { maxLength: 3 }),
    roles: fc.oneof(anyText, fc.array(anyElement, { maxLength: 2 })),
    addresses: fc.array(anyAddress, { maxLength: 2 }),
    department: anyText,
    manager: anyText,
    [ENTERPRISE]: fc.record({ costCenter: anyText, employeeNumber: fc.nat() }, { requiredKeys: [] }),
    "urn:acme:2.0:User": fc.record({ site: anyText, floor: fc.nat() }, { requiredKeys: [] }),
  },
  { requiredKeys: ["userName"] },
);

/** A canonical User document, as the reader makes it. */
export const anyDocument: fc.Arbitrary<JsonObject> = anyBody.map(
  (body) => readResource(User, body as JsonObject).document,
);

const anyOperator = fc.constantFrom("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le");
const anyPath = fc.constantFrom(
  "userName",
  "externalId",
  "TITLE",
  "name.givenName",
  "emails",
  "emails.type",
  "phoneNumbers.value",
  "roles.display",
  "addresses.locality",
  "department",
  `${ENTERPRISE}:manager`,
);
const anyComparison = fc.oneof(
  fc
    .tuple(anyPath, anyOperator, anyText)
    .map(([path, operator, text]) => `${path} ${operator} ${JSON.stringify(text)}`),
  anyPath.map((path) => `${path} pr`),
  fc.tuple(anyPath, fc.constantFrom("eq", "ne")).map(([path, operator]) => `${path} ${operator} null`),
  fc.tuple(fc.constantFrom("eq", "ne"), fc.boolean()).map(([operator, value]) => `active ${operator} ${value}`),
);
const anyInner = fc.oneof(
  fc
    .tuple(fc.constantFrom("value", "type", "display"), anyOperator, fc.oneof(anyText, anyType))
    .map(([path, operator, text]) => `${path} ${operator} ${JSON.stringify(text)}`),
  fc.constantFrom("primary eq true", "not (primary eq true)", "display pr", "type eq null"),
);
const anyValuePath = fc
  .tuple(fc.constantFrom("emails", "phoneNumbers", "roles"), anyInner, fc.constantFrom("and", "or"), anyInner)
  .map(([path, left, join, right]) => `${path}[${left} ${join} ${right}]`);

/** A filter on users as text, up to four terms deep. */
export const anyFilterText: fc.Arbitrary<string> = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthIdentifier: "filter" },
    { weight: 3, arbitrary: anyComparison },
    { weight: 1, arbitrary: anyValuePath },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie("filter"), fc.constantFrom("and", "or", "AND", "Or"), tie("filter"), fc.boolean())
        .map(([left, join, right, wrap]) => (wrap ? `(${left} ${join} ${right})` : `${left} ${join} ${right}`)),
    },
    { weight: 1, arbitrary: tie("filter").map((filter) => `not (${filter})`) },
  ),
})).filter;

const anyValue = fc.oneof(
  anyText,
  fc.constant(null),
  fc.constant(""),
  fc.boolean(),
  anyElement,
  fc.array(anyElement, { maxLength: 2 }),
);

/** A PATCH operation, sensible or not. */
export const anyOperation: fc.Arbitrary<JsonObject> = fc
  .record({
    op: fc.constantFrom("add", "replace", "remove", "Replace"),
    path: fc.constantFrom(
      "title",
      "userName",
      "active",
      "name",
      "name.givenName",
      "emails",
      'emails[type eq "work"]',
      'emails[type eq "work"].value',
      'emails[type eq "home"].primary',
      "emails.primary",
      "phoneNumbers.type",
      'addresses[type eq "work"].locality',
      "roles",
      'roles[primary eq "True"].value',
      "manager",
      ENTERPRISE,
      `${ENTERPRISE}:department`,
      "urn:acme:2.0:User:site",
      "urn:acme:2.0:User",
      "nothing",
    ),
    value: anyValue,
  })
  .map((operation) => operation as JsonObject);
