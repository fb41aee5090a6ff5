import { foldKey } from "../../directory/fold-key.ts";
import { fieldInput } from "../../settings/field-input.ts";
import type { Field } from "../../settings/fields.ts";

/** A field to be made, or why it cannot be. */
type NewField = { field: Pick<Field, "key" | "label" | "type">; error: null } | { field: null; error: string };

/** What is said of a field that was named and not added. */
export const NOT_ADDED = "Press “Add field” to make this field, or empty its name to go on without it.";

/** What else can be done about a name that no field can have. */
const GO_ON = "Or empty this name, to go on without a new field.";

/** Whether a form's name of a field says anything. */
export function isNamed(label: string | undefined): boolean {
  return (label ?? "").trim() !== "";
}

/** A custom field from the name a person gave it: "Cost centre" becomes `costCentre`. */
export function draftField(label: string, type: string, fields: readonly Field[]): NewField {
  const name = label.trim();
  if (name === "") return { field: null, error: "Give the field a name." };
  const key = toKey(name);
  if (fields.some((field) => field.key === key || foldKey(field.label) === foldKey(name)))
    return { field: null, error: `There is a field “${name}” already: fill it in the list above. ${GO_ON}` };
  const read = fieldInput.safeParse({ key, label: name, type });
  if (read.success) return { field: read.data, error: null };
  return { field: null, error: `${explain(read.error.issues[0]?.path[0], key)} ${GO_ON}` };
}

function explain(member: PropertyKey | undefined, key: string): string {
  if (key === "") return "Use at least one letter from A to Z.";
  if (member !== "key") return "Give the field a shorter name.";
  return `The field would have the key “${key}”, which a standard field or an attribute of every user has. Choose another name.`;
}

/** Letters and digits of a name in camel case, without accents. */
function toKey(name: string): string {
  const words = name
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  const camel = words.map((word, index) => {
    const rest = word.slice(1);
    return index === 0 ? word.charAt(0).toLowerCase() + rest : word.charAt(0).toUpperCase() + rest;
  });
  return camel
    .join("")
    .replace(/^[0-9]+/, "")
    .slice(0, 64);
}
