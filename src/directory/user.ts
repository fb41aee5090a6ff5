import type { RowOf } from "../platform/columns.ts";
import { foldCase, isAscii } from "../scim/fold-case.ts";
import type { Json, JsonObject } from "../scim/json.ts";
import { STANDARD_FIELDS } from "../settings/fields.ts";
import { emailKeyOf } from "./person-key.ts";
import { USER } from "./tables.ts";

/** A user's row without its SCIM document. */
export type User = RowOf<typeof USER>;

/** The columns of a user that hold its mapped fields. */
type MappedColumns = Pick<
  User,
  "email" | "emailKey" | "firstName" | "lastName" | "fullNameKey" | "department" | "phoneNumber" | "customFields"
>;

/** The mapped fields of a user by key, standard and custom ones alike; absent values are null. */
export function fieldsOf(user: Omit<MappedColumns, "emailKey" | "fullNameKey">): JsonObject {
  const { email, firstName, lastName, department, phoneNumber, customFields } = user;
  return { email, firstName, lastName, department, phoneNumber, ...customFields };
}

/** The columns of a user with these fields, by key: what `fieldsOf` reads them from. */
export function columnsOfFields(fields: JsonObject): MappedColumns {
  const { email, firstName, lastName, department, phoneNumber, ...customFields } = fields;
  const emailText = toText(email);
  const names = { firstName: toText(firstName), lastName: toText(lastName) };
  return {
    email: emailText,
    emailKey: emailText === null ? null : emailKeyOf(emailText),
    ...names,
    fullNameKey: fullNameKeyOf(names),
    department: toText(department),
    phoneNumber: toText(phoneNumber),
    customFields,
  };
}

/**
 * First and last name as the search of people compares them, folded; null where SQLite's lower() (ASCII only) makes the same
 * of them, which it does for most.
 */
function fullNameKeyOf({ firstName, lastName }: Pick<User, "firstName" | "lastName">): string | null {
  const name = `${firstName ?? ""} ${lastName ?? ""}`;
  return isAscii(name) ? null : foldCase(name);
}

/** The name of the column of `users` that holds a standard field; null for a company's own, which lie in `custom_fields`. */
export function columnOfField(field: string): string | null {
  const standard = STANDARD_FIELDS.find(({ key }) => key === field);
  return standard === undefined ? null : USER[standard.key].name;
}

/** A value as the text of a column; null for none. */
export function toText(value: Json | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
