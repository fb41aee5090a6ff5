import type { FieldMapping } from "./setting.ts";

/** The types a field's values can have. */
export const FIELD_TYPES = ["text", "number", "date", "boolean"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** A field of a target user: a standard one, or one that the company defined. */
export interface Field {
  key: string;
  label: string;
  type: FieldType;
  standard: boolean;
  /** The SCIM path a standard field has unless a setting maps it otherwise; null for custom fields. */
  path: string | null;
}

/** The fields every company has, with the path each is filled from by default. */
export const STANDARD_FIELDS = [
  { key: "email", label: "Email", type: "text", standard: true, path: "emails" },
  { key: "firstName", label: "First name", type: "text", standard: true, path: "name.givenName" },
  { key: "lastName", label: "Last name", type: "text", standard: true, path: "name.familyName" },
  {
    key: "department",
    label: "Department",
    type: "text",
    standard: true,
    path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
  },
  { key: "phoneNumber", label: "Phone number", type: "text", standard: true, path: "phoneNumbers" },
] as const satisfies readonly Field[];

/** The mappings in force: the standard fields' own paths unless overridden, then the mapped custom fields. */
export function mergeMappings(overrides: readonly FieldMapping[]): FieldMapping[] {
  const merged = new Map<string, string>(STANDARD_FIELDS.map((field) => [field.key, field.path]));
  for (const mapping of overrides) merged.set(mapping.field, mapping.path);
  return [...merged].map(([field, path]) => ({ field, path }));
}

/** Whether two complete mappings fill each field from the same path. */
export function sameMappings(one: readonly FieldMapping[], other: readonly FieldMapping[]): boolean {
  const sorted = (mappings: readonly FieldMapping[]) =>
    JSON.stringify(mappings.map(({ field, path }) => [field, path]).sort());
  return sorted(one) === sorted(other);
}
