import { EMAIL, type FieldValues, MAX_FIELD_TEXT, readFieldValues } from "../../directory/edited-field-values.ts";
import type { TargetUser } from "../../directory/target-user-store.ts";
import type { FieldValue } from "../../directory/typed-field-value.ts";
import type { Field, FieldType } from "../../settings/fields.ts";
import type { Errors, Values } from "../read-form.ts";

const PREFIX = "field.";
const PREFIX_BEFORE = "was.";

/** The form's name of a field. */
export function inputNameOf({ key }: Pick<Field, "key">): string {
  return PREFIX + key;
}

/** What a person's form begins with. */
export function toValues({ user, fields }: { user: TargetUser; fields: readonly Field[] }): Values {
  const values: Values = {};
  for (const field of fields) {
    const text = toText(user.fields[field.key]);
    values[inputNameOf(field)] = text;
    values[PREFIX_BEFORE + field.key] = text;
  }
  return values;
}

function toText(value: FieldValue | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

/** The values that a person's form carries along unseen: what it began with. */
export function valuesBefore(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name.startsWith(PREFIX_BEFORE)));
}

/** Reads a person's form; a field that nobody touched is left out, so that it undoes nothing that others did meanwhile. */
export function readPersonForm(values: Values, fields: readonly Field[]): { given: FieldValues; errors: Errors } {
  const touched = fields.filter(
    (field) => (values[inputNameOf(field)] ?? "") !== (values[PREFIX_BEFORE + field.key] ?? ""),
  );
  const given = Object.fromEntries(
    touched.map((field) => [field.key, parse(field.type, values[inputNameOf(field)] ?? "")]),
  );
  const types = new Map(fields.map(({ key, type }) => [key, type]));
  const wrong = readFieldValues(given, fields).problems;
  const errors = Object.fromEntries(
    wrong.map(({ key }) => [PREFIX + key, key === EMAIL ? ADDRESS : EXPECTED[types.get(key) ?? "text"]]),
  );
  return { given, errors };
}

/** A text that is no value of the type stays as it is, and is refused. */
function parse(type: FieldType, text: string): FieldValue {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (type === "number" && Number.isFinite(Number(trimmed))) return Number(trimmed);
  if (type === "boolean" && (trimmed === "true" || trimmed === "false")) return trimmed === "true";
  return trimmed;
}

const ADDRESS = "Give an e-mail address, such as ada@example.com.";
const EXPECTED: Record<FieldType, string> = {
  text: `At most ${MAX_FIELD_TEXT} characters.`,
  number: "Give a number, such as 12.5.",
  boolean: "Choose one of these.",
  date: "Give a date, such as 2026-11-24.",
};
