import { z } from "zod";
import { FIELD_TYPES, STANDARD_FIELDS } from "./fields.ts";

/** Names that every object has by birth would be read where a value is missing. */
const RESERVED = new Set<string>([
  ...Object.getOwnPropertyNames(Object.prototype),
  "prototype",
  ...STANDARD_FIELDS.map((field) => field.key),
]);

/** A new custom field: its key names it in mappings and answers, and never changes. */
export const fieldInput = z.strictObject({
  key: z
    .string()
    .max(64)
    .regex(/^[A-Za-z][A-Za-z0-9_]*$/, "A key starts with a letter and goes on with letters, digits and underscores.")
    .refine((key) => !RESERVED.has(key), "This key is taken by a standard field or reserved: choose another."),
  label: z.string().trim().min(1).max(200),
  type: z.enum(FIELD_TYPES),
});
