import fc from "fast-check";
import { anyFilterText, anyOperation } from "../scim/arbitraries.ts";
import { anyCodePoints } from "../tools/any-code-points.ts";

/** Texts that break careless code: markup, formulas, SQL, paths, control characters, halves of characters, long ones. */
export const nastyText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "a",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "'; DROP TABLE users; --",
    "../../etc/passwd",
    "%00",
    "\u0000",
    "\ud800",
    "\u202e",
    "null",
    "true",
    "1e999",
    "-0",
    "٣",
    "İ",
    "ﬁ",
    "__proto__",
    "constructor",
    "x".repeat(3000),
    '"',
    "\\",
    "urn:ietf:params:scim:schemas:core:2.0:User",
    "bulkId:a",
    "bulkId:",
    "2026-02-30T25:61:00Z",
    "9007199254740993",
  ),
  anyCodePoints(12),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);

const nastyName = fc.oneof(
  fc.constantFrom(
    "schemas",
    "id",
    "userName",
    "USERNAME",
    "externalId",
    "active",
    "name",
    "name.givenName",
    "displayName",
    "emails",
    "members",
    "groups",
    "meta",
    "password",
    "value",
    "type",
    "primary",
    "Operations",
    "op",
    "path",
    "filter",
    "startIndex",
    "count",
    "cursor",
    "sortBy",
    "attributes",
    "provider",
    "groupSettings",
    "criteria",
    "field",
    "fieldMappings",
    "targetGroupId",
    "targetGroupName",
    "label",
    "key",
    "kind",
    "items",
    "expiresAt",
    "types",
    "enabled",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    "__proto__",
  ),
  nastyText,
);

/** Any JSON, with names that mean something. */
export const nastyJson: fc.Arbitrary<unknown> = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthIdentifier: "json" },
    nastyText,
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, Number.MAX_SAFE_INTEGER),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.array(fc.tuple(nastyName, tie("json")), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
})).json;

/** A text with a piece cut out, doubled or put in. */
function mangled(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(
      text,
      fc.nat(),
      fc.nat(6),
      fc.constantFrom("", "(", ")", "[", "]", '"', " ", ".", "eq", "\\", "not", "\u0000"),
    )
    .map(([whole, at, length, piece]) => {
      const start = whole.length === 0 ? 0 : at % whole.length;
      return whole.slice(0, start) + piece + whole.slice(start + length);
    });
}

/** A filter, right or nearly right. */
export const nastyFilter = fc.oneof(anyFilterText, mangled(anyFilterText), nastyText);

const user = fc.record(
  {
    userName: fc.oneof(nastyText, nastyJson),
    active: fc.oneof(fc.boolean(), nastyText),
    emails: nastyJson,
    name: nastyJson,
    externalId: nastyText,
    title: nastyText,
    password: nastyText,
  },
  { requiredKeys: [] },
);
const group = (userId: string) =>
  fc.record(
    {
      displayName: nastyText,
      members: fc.oneof(
        nastyJson,
        fc.array(fc.record({ value: fc.oneof(fc.constant(userId), nastyText) }), { maxLength: 3 }),
      ),
    },
    { requiredKeys: [] },
  );
const patch = fc.record(
  {
    Operations: fc.array(
      fc.oneof(
        anyOperation,
        fc.record(
          {
            op: fc.oneof(fc.constantFrom("add", "replace", "remove"), nastyText),
            path: fc.oneof(
              nastyText,
              mangled(
                fc.constantFrom('members[value eq "x"]', 'emails[type eq "work"].value', "name.givenName", "members"),
              ),
            ),
            value: nastyJson,
          },
          { requiredKeys: [] },
        ),
      ),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);
const bulk = fc.record(
  {
    failOnErrors: fc.oneof(fc.nat(3), nastyText),
    Operations: fc.array(
      fc.record(
        {
          method: fc.oneof(fc.constantFrom("POST", "PUT", "PATCH", "DELETE"), nastyText),
          path: fc.oneof(fc.constantFrom("/Users", "/Groups", "/Users/bulkId:a", "/Users/x", "/Bulk"), nastyText),
          bulkId: fc.oneof(fc.constantFrom("a", "b"), nastyText),
          data: fc.oneof(user, patch, nastyJson),
          version: nastyText,
        },
        { requiredKeys: [] },
      ),
      { maxLength: 4 },
    ),
  },
  { requiredKeys: [] },
);
const search = fc.record(
  {
    filter: nastyFilter,
    startIndex: nastyJson,
    count: nastyJson,
    sortBy: nastyText,
    attributes: nastyJson,
    cursor: nastyText,
  },
  { requiredKeys: [] },
);
const setting = fc.record(
  {
    name: nastyText,
    provider: fc.oneof(fc.constantFrom("entra", "other"), nastyText),
    fieldMappings: fc.oneof(
      nastyJson,
      fc.array(fc.record({ field: nastyText, path: mangled(anyFilterText) }), { maxLength: 2 }),
    ),
    groupSettings: fc.oneof(
      nastyJson,
      fc.record({ criteria: fc.constantFrom("none", "field", "idp"), targetGroupName: nastyText, field: nastyText }),
    ),
  },
  { requiredKeys: [] },
);

/** A JSON body that has something to do with its route. */
export function bodyFor(path: string, userId: string): fc.Arbitrary<unknown> {
  if (path.endsWith("/.search")) return fc.oneof(search, nastyJson);
  if (path.endsWith("/Bulk")) return fc.oneof(bulk, nastyJson);
  if (path.includes("/Users")) return fc.oneof(user, patch, nastyJson);
  if (path.includes("/Groups")) return fc.oneof(group(userId), patch, nastyJson);
  if (path.includes("scim-settings")) return fc.oneof(setting, nastyJson);
  return fc.oneof(nastyJson, fc.record({ name: nastyText, key: nastyText, label: nastyText, type: nastyText }));
}
