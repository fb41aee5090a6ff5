import * as z from "zod";
import { FIELD_TYPES, STANDARD_FIELDS } from "./fields.ts";

/**
 * Attributes of every SCIM user that are no fields. Under such a key a field would hide the attribute where both are told of
 * (the change feed's `changed`), and mean another thing than a filter on people does.
 */
const ATTRIBUTES = [
  ...["userName", "externalId", "displayName", "active", "memberOf"],
  ...["id", "password", "groups", "meta", "schemas"],
];
/** Members of a target user and of what the change feed says of one: a reader could not tell a field of such a key from them. */
const MEMBERS = [
  ...[
    "status",
    "settingId",
    "personId",
    "managed",
    "beingRemoved",
    "heldBy",
    "fields",
    "enrolments",
    "createdAt",
    "updatedAt",
  ],
  ...["changed", "erased", "personId"],
];

/** Keys that no custom field may have, in lower case; names that every object has by birth would be read where a value is missing. */
const RESERVED = new Set<string>(
  [
    ...Object.getOwnPropertyNames(Object.prototype),
    "prototype",
    ...ATTRIBUTES,
    ...MEMBERS,
    ...STANDARD_FIELDS.map((field) => field.key),
  ].map((name) => name.toLowerCase()),
);

/** A new custom field: its key names it in mappings and answers, and never changes. */
export const fieldInput = z.strictObject({
  key: z
    .string()
    .max(64)
    .regex(/^[A-Za-z][A-Za-z0-9_]*$/, "A key starts with a letter and goes on with letters, digits and underscores.")
    .refine((key) => !RESERVED.has(key.toLowerCase()), {
      error: ({ input }) =>
        `"${input}" is reserved: a standard field or an attribute of every user has this name. Choose another key.`,
    }),
  label: z.string().trim().min(1).max(200),
  type: z.enum(FIELD_TYPES),
});
