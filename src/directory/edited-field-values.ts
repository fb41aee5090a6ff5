import type { JsonObject } from "../scim/json.ts";
import { writeValue } from "../scim/patch/write-path-value.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import type { Field, FieldType } from "../settings/fields.ts";
import type { CompiledMapping } from "./derive-user-fields.ts";
import { type FieldValue, toFieldValue } from "./typed-field-value.ts";
import { columnsOfFields, fieldsOf, type User } from "./user.ts";

/** Values of fields by key, as given by hand. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** What is wrong with the value given for a field. */
interface ValueProblem {
  key: string;
  detail: string;
}

/** The longest text that a field takes by hand, in characters. */
export const MAX_FIELD_TEXT = 4_096;

/** The standard field that trainings are sent to. */
export const EMAIL = "email";
/** Something on both sides of one "@": enough to see a slip, and no address that works is refused. */
const LOOKS_LIKE_EMAIL = /^[^\s@]+@[^\s@]+$/;

/** Columns of a user that are no fields: a document's value behind them is not changed along with a field. */
const OWN_ATTRIBUTES: ReadonlySet<string> = new Set(["userName", "externalId", "displayName", "active"]);

const userType = resourceTypes().User;

/** Values given by hand, trimmed, an empty text read as no value; with everything that is wrong with them. */
export function readFieldValues(
  given: FieldValues,
  fields: readonly Field[],
): { values: FieldValues; problems: ValueProblem[] } {
  const byKey = new Map(fields.map((field) => [field.key, field]));
  const values = new Map<string, FieldValue>();
  const problems: ValueProblem[] = [];
  for (const [key, sent] of Object.entries(given)) {
    const field = byKey.get(key);
    const value = typeof sent === "string" && sent.trim() === "" ? null : sent;
    const detail =
      field === undefined
        ? `There is no field "${key}": this company has ${fields.map((each) => each.key).join(", ")}.`
        : judgeValue(field, value);
    if (detail === null && field !== undefined) values.set(key, normalize(field.type, value));
    else if (detail !== null) problems.push({ key, detail });
  }
  return { values: Object.fromEntries(values), problems };
}

/** A value as it is kept: trimmed, of dates the day. */
function normalize(type: FieldType, value: FieldValue): FieldValue {
  const trimmed = typeof value === "string" ? value.trim() : value;
  return type === "text" ? trimmed : toFieldValue(type, trimmed);
}

const EXPECTED: Record<FieldType, string> = {
  text: "a text",
  number: "a number",
  boolean: "true or false",
  date: "a date such as 2026-11-24, or a time such as 2026-11-24T13:05:09Z, of which the day is kept,",
};

function judgeValue({ key, type }: Field, value: FieldValue): string | null {
  if (value === null) return null;
  if (!isOfType(type, value)) return `The field "${key}" takes ${EXPECTED[type]} or null.`;
  if (typeof value === "string" && value.trim().length > MAX_FIELD_TEXT)
    return `The field "${key}" takes at most ${MAX_FIELD_TEXT} characters.`;
  if (key === EMAIL && !LOOKS_LIKE_EMAIL.test(String(value).trim()))
    return `The field "${key}" takes an e-mail address, such as ada@example.com, or null.`;
  return null;
}

function isOfType(type: FieldType, value: string | number | boolean): boolean {
  if (type === "number") return typeof value === "number" && Number.isFinite(value);
  if (type === "boolean") return typeof value === "boolean";
  if (typeof value !== "string") return false;
  return type === "text" || toFieldValue("date", value) !== null;
}

/** A user with other values in some of its fields. */
export function withFields(user: User, values: FieldValues): User {
  return { ...user, ...columnsOfFields({ ...fieldsOf(user), ...values }) };
}

/** A SCIM document that says of fields what a person says by hand, as far as the setting's mapping leads to a place for it. */
export function writeFields(
  document: JsonObject,
  mappings: readonly CompiledMapping[],
  values: FieldValues,
): JsonObject {
  let written = document;
  for (const { field, path } of mappings) {
    const value = Object.hasOwn(values, field) ? values[field] : undefined;
    const isOwn = path.extension === undefined && OWN_ATTRIBUTES.has(path.attribute.name);
    if (value !== undefined && !isOwn) written = writeValue(userType, written, path, value);
  }
  return written;
}
