import type { FieldValue } from "../../directory/derive-user.ts";
import { type FieldValues, MAX_FIELD_TEXT, readFieldValues } from "../../directory/field-values.ts";
import type { TargetUser } from "../../directory/target-user-store.ts";
import type { Field, FieldType } from "../../settings/fields.ts";
import type { Errors, Values } from "../read-form.ts";

const PREFIX = "field.";
const PREFIX_BEFORE = "was.";
/** The form's name of the status that the person had when the form was shown. */
const STATUS_BEFORE = "statusBefore";

/** The form's name of a field. */
export function nameOf({ key }: Pick<Field, "key">): string {
  return PREFIX + key;
}

/** What a person's form begins with. */
export function toValues({ user, fields }: { user: TargetUser; fields: readonly Field[] }): Values {
  const status = user.active ? "active" : "inactive";
  const values: Values = { status, [STATUS_BEFORE]: status };
  for (const field of fields) {
    const text = toText(user.fields[field.key]);
    values[nameOf(field)] = text;
    values[PREFIX_BEFORE + field.key] = text;
  }
  return values;
}

function toText(value: FieldValue | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

/** The values that a person's form carries along unseen: what it began with. */
export function valuesBefore(values: Values): Values {
  const isBefore = (name: string) => name === STATUS_BEFORE || name.startsWith(PREFIX_BEFORE);
  return Object.fromEntries(Object.entries(values).filter(([name]) => isBefore(name)));
}

/** What a person's form changes: the fields, and perhaps the status, that are others than the form began with. */
export interface PersonChange {
  fields: FieldValues;
  status?: "active" | "inactive";
}

/** Reads a person's form; what nobody touched in it is left out, so that it undoes nothing that others did meanwhile. */
export function readPersonForm(values: Values, fields: readonly Field[]): { change: PersonChange; errors: Errors } {
  const touched = fields.filter((field) => (values[nameOf(field)] ?? "") !== (values[PREFIX_BEFORE + field.key] ?? ""));
  const given = Object.fromEntries(touched.map((field) => [field.key, parse(field.type, values[nameOf(field)] ?? "")]));
  const { values: read, problems } = readFieldValues(given, fields);
  const types = new Map(fields.map(({ key, type }) => [key, type]));
  const errors = Object.fromEntries(problems.map(({ key }) => [PREFIX + key, EXPECTED[types.get(key) ?? "text"]]));
  const status = values.status === "inactive" ? "inactive" : "active";
  return { change: { fields: read, ...(status === values[STATUS_BEFORE] ? {} : { status }) }, errors };
}

/** A text that is no value of the type stays as it is, and is refused. */
function parse(type: FieldType, text: string): FieldValue {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (type === "number" && Number.isFinite(Number(trimmed))) return Number(trimmed);
  if (type === "boolean" && (trimmed === "true" || trimmed === "false")) return trimmed === "true";
  return trimmed;
}

const EXPECTED: Record<FieldType, string> = {
  text: `At most ${MAX_FIELD_TEXT} characters.`,
  number: "Give a number, such as 12.5.",
  boolean: "Choose one of these.",
  date: "Give a date, such as 2026-11-24.",
};
