import type { Attribute } from "./company.ts";

/** A JSON object of unknown shape. */
export type JsonObject = Record<string, unknown>;

/** The URN of the enterprise extension (RFC 7643 section 4.3). */
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/** The URN of a PATCH body (RFC 7644 section 3.5.2). */
export const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/** The URN of a user (RFC 7643 section 4.1). */
export const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
/** The URN of a group (RFC 7643 section 4.2). */
export const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";

/** A value as an object; empty when it is none. */
export function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A value as a list of objects; empty when it is no list. */
export function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** The id of a resource, or null when it has none that is a string. */
export function idOf(value: unknown): string | null {
  const { id } = objectOf(value);
  return typeof id === "string" && id !== "" ? id : null;
}

/** The values of a group's members. */
export function memberIdsOf(group: unknown): string[] {
  return listOf(objectOf(group).members).map(({ value }) => String(value));
}

/** The element of a multi-valued attribute that counts: type work, else primary, else the first. */
function chief(value: unknown): JsonObject {
  const list = listOf(value);
  return list.find(({ type }) => type === "work") ?? list.find(({ primary }) => primary === true) ?? list[0] ?? {};
}

const READERS: Record<Attribute, (user: JsonObject) => unknown> = {
  userName: (user) => user.userName,
  externalId: (user) => user.externalId,
  displayName: (user) => user.displayName,
  givenName: (user) => objectOf(user.name).givenName,
  familyName: (user) => objectOf(user.name).familyName,
  title: (user) => user.title,
  email: (user) => chief(user.emails).value,
  phone: (user) => chief(user.phoneNumbers).value,
  locality: (user) => chief(user.addresses).locality,
  country: (user) => chief(user.addresses).country,
  language: (user) => user.preferredLanguage,
  department: (user) => objectOf(user[ENTERPRISE]).department,
  costCenter: (user) => objectOf(user[ENTERPRISE]).costCenter,
  employeeNumber: (user) => objectOf(user[ENTERPRISE]).employeeNumber,
};

/** An attribute of a SCIM user; null when absent or blank. */
export function readAttribute(user: JsonObject, attribute: Attribute): string | null {
  return blankToNull(READERS[attribute](user));
}

/** The manager a SCIM user names; null when there is none. `managerId` is its SCIM 1.1 name. */
export function readManager(user: JsonObject): string | null {
  const manager = objectOf(objectOf(user[ENTERPRISE]).manager);
  return blankToNull(manager.value ?? manager.managerId);
}

/** A value as text, with null for what says nothing. */
export function blankToNull(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = String(value);
  return text.trim() === "" ? null : text;
}

/** The group of that name in a list, names compared without case. */
export function foldedNameIn(groups: readonly JsonObject[], name: string): JsonObject | null {
  const wanted = name.toLowerCase();
  return groups.find(({ displayName }) => String(displayName).toLowerCase() === wanted) ?? null;
}
