import {
  type AttributePath,
  chooseElement,
  readValue,
  readValueOf,
  selectedBy,
  validateMappingPath,
} from "../scim/filter/attribute-path.ts";
import { equalJson, isJsonObject, type Json, type JsonObject } from "../scim/json.ts";
import { printPath } from "../scim/schema/attribute-name.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { type Field, type FieldType, STANDARD_FIELDS } from "../settings/fields.ts";
import type { FieldMapping } from "../settings/setting.ts";
import { foldKey } from "./fold-key.ts";
import { toFieldValue } from "./typed-field-value.ts";
import { columnsOfFields, toText, type User } from "./user.ts";

/** A field mapping with its path parsed and its field's type looked up. */
export interface CompiledMapping {
  field: string;
  type: FieldType;
  path: AttributePath;
}

/** The columns of a user that follow from its SCIM document and its setting's field mapping. */
export type DerivedUser = Pick<
  User,
  | "userName"
  | "userNameKey"
  | "externalId"
  | "displayName"
  | "active"
  | "email"
  | "emailKey"
  | "firstName"
  | "lastName"
  | "fullNameKey"
  | "department"
  | "phoneNumber"
  | "customFields"
>;

const userType = resourceTypes().User;

/** Prepares a setting's mappings; those of fields that no longer exist are left out. */
export function compileMappings(mappings: readonly FieldMapping[], customFields: readonly Field[]): CompiledMapping[] {
  const fields = new Map<string, Field>([...STANDARD_FIELDS, ...customFields].map((field) => [field.key, field]));
  return mappings.flatMap(({ field, path }) => {
    const type = fields.get(field)?.type;
    return type === undefined ? [] : [{ field, type, path: validateMappingPath(userType, path) }];
  });
}

/** What a user's row says, read from its document; `status` is what counts when the document leaves `active` unassigned. */
export function deriveUser(
  document: JsonObject,
  mappings: readonly CompiledMapping[],
  status: Pick<DerivedUser, "active"> = { active: true },
): DerivedUser {
  const values: JsonObject = {};
  for (const { field, type, path } of mappings) values[field] = toFieldValue(type, readValue(document, path));
  const userName = String(document.userName ?? "");
  return {
    userName,
    userNameKey: foldKey(userName),
    externalId: toText(document.externalId),
    displayName: toText(document.displayName),
    active: typeof document.active === "boolean" ? document.active : status.active,
    ...columnsOfFields(values),
  };
}

/** A value that a field takes of several. */
interface Choice {
  path: string;
  value: Json;
  values: Json[];
}

/** What a mapping reads in a document and its field does not take: the field is left empty. */
interface Misfit {
  path: string;
  value: Json;
}

/** The values in a document that do not fit the fields they are mapped to. */
export function misfitsOf(document: JsonObject, mappings: readonly CompiledMapping[]): Misfit[] {
  return mappings.flatMap(({ type, path }) => {
    const value = readWhole(document, path);
    const isUsed = value === undefined || toFieldValue(type, readValue(document, path)) !== null;
    return isUsed ? [] : [{ path: printPath(path), value }];
  });
}

/**
 * The values in a document of which a field takes the first, for no reason but that it is the first: several that differ,
 * and none of them primary.
 */
export function choicesOf(document: JsonObject, mappings: readonly CompiledMapping[]): Choice[] {
  return mappings.flatMap(({ path }) => {
    const selected = selectedBy(document, path);
    if (selected.length < 2) return [];
    const filled = selected.filter((element) => readValueOf(path, element) !== undefined);
    if (filled.length < 2 || filled.some((element) => isJsonObject(element) && element.primary === true)) return [];
    const values = filled.map((element) => readValueOf(path, element) ?? null);
    const [first = null] = values;
    return values.some((value) => !equalJson(value, first)) ? [{ path: printPath(path), value: first, values }] : [];
  });
}

/** What a path leads to, an object that has no `value` included where no schema says that it has none. */
function readWhole(document: JsonObject, path: AttributePath): Json | undefined {
  const value = readValue(document, path);
  if (value !== undefined || !path.attribute.open || path.subAttribute !== undefined) return value;
  return chooseElement(path, selectedBy(document, path));
}

/** The rows of the e-mail look-up table for a document: folded value and folded type ('' for none), each pair once. */
export function emailKeysOf(document: JsonObject): [value: string, type: string][] {
  const emails = Array.isArray(document.emails) ? document.emails : [];
  const keys = new Map<string, [string, string]>();
  for (const email of emails) {
    if (email === null || typeof email !== "object" || Array.isArray(email) || typeof email.value !== "string")
      continue;
    const type = typeof email.type === "string" ? foldKey(email.type) : "";
    const value = foldKey(email.value);
    keys.set(`${value}\n${type}`, [value, type]);
  }
  return [...keys.values()];
}
