import type { PresentUser } from "../belief.ts";
import { type Attribute, type Person, textOf } from "../company.ts";
import { ENTERPRISE, type JsonObject, readAttribute, readManager, USER } from "../document.ts";
import type { Changed, UserConnector } from "../provider.ts";
import { createOrAdopt, requestDelete } from "../session.ts";
import type { Call } from "../wire.ts";
import { entraOperations, PATHS } from "./entra-operations.ts";
import { type Entra, findByFilter, patch } from "./entra-requests.ts";

const MANAGER = `${ENTERPRISE}:manager`;

/** Entra's users: matched by userName, created by POST, changed by PATCH only, deleted after a soft delete. */
export function createEntraUsers(entra: Entra): UserConnector {
  const { session, query } = entra;
  const findUser = (userName: string) => findByFilter(entra, "Users", `userName eq ${JSON.stringify(userName)}`);
  return {
    managerOf: (person) => managerOf(entra, person),
    findUser,
    createUser: async (user, active) => {
      const body = userBody(user.person, active);
      const call: Call = { method: "POST", target: `/Users${query}`, kind: "POST /Users", body };
      user.id = await createOrAdopt(session, call, () => findUser(textOf(user.person, "userName")));
    },
    adoptUser: (user, found) => adoptUser(entra, user, found),
    linkUser: (user) => setManager(entra, user),
    updateUser: (user, changed) => updateUser(entra, user, changed),
    setActive: (user, active) => setActive(entra, user, active),
    deleteUser: async (user) => {
      await setActive(entra, user, false);
      const target = `/Users/${user.id}${query}`;
      await requestDelete(session, { method: "DELETE", target, kind: "DELETE /Users/{id}" });
    },
  };
}

function managerOf({ session: { belief } }: Entra, { managerIndex }: Person): string | null {
  return managerIndex === null ? null : (belief.users[managerIndex]?.id ?? null);
}

/** Sends only what differs from what the look-up found. */
async function adoptUser(entra: Entra, user: PresentUser, found: JsonObject): Promise<void> {
  const names = Object.keys(PATHS) as Attribute[]; // Object.keys loses the key type of a Record.
  const different = names.filter((name) => readAttribute(found, name) !== user.person.attributes[name]);
  await updateUser(entra, user, different);
  if (found.active !== true) await setActive(entra, user, true);
  if (user.person.managerIndex === null && readManager(found) !== null) await clearManager(entra, user);
}

async function updateUser(entra: Entra, user: PresentUser, changed: readonly Changed[]): Promise<void> {
  const attributes = changed.filter((name) => name !== "manager");
  const operations = entraOperations(user.person, attributes, entra.dialect, entra.session.random);
  if (operations.length > 0) await patch(entra, "Users", user.id, operations);
  if (!changed.includes("manager")) return;
  if (user.person.managerIndex === null) await clearManager(entra, user);
  else await setManager(entra, user);
}

/** Asks, with unquoted values, whether the reference holds already, and sets it in one of the three known forms. */
async function setManager(entra: Entra, user: PresentUser): Promise<void> {
  const manager = managerOf(entra, user.person);
  if (manager === null) return;
  const filter = `id eq ${user.id} and manager eq ${manager}`;
  const held = await findByFilter(entra, "Users", filter, "attributes=id&");
  if (held !== null) return;
  const op = entra.dialect === "optscim" ? "add" : "Add";
  const $ref = `https://${entra.session.belief.domain}/scim/Users/${manager}`;
  const operations = [
    { op, path: MANAGER, value: manager },
    { op, path: "manager", value: [{ $ref, value: manager }] },
    { op: "replace", path: MANAGER, value: { value: manager } },
  ];
  await patch(entra, "Users", user.id, [operations[user.person.index % operations.length] ?? {}]);
}

/** A manager goes by Remove, or by an empty value as Microsoft's validator does it. */
async function clearManager(entra: Entra, user: PresentUser): Promise<void> {
  const operations = [
    { op: "Remove", path: MANAGER },
    { op: "replace", path: MANAGER, value: { value: "" } },
    { op: "Replace", path: MANAGER, value: "" },
  ];
  await patch(entra, "Users", user.id, [operations[user.person.index % operations.length] ?? {}]);
}

/** By default `active` is a string, in one case or the other, and Add is used as well as Replace. */
async function setActive(entra: Entra, user: PresentUser, active: boolean): Promise<void> {
  const text = active ? "True" : "False";
  const operations = [
    { op: "Replace", path: "active", value: text },
    { op: "Add", path: "active", value: text },
    { op: "Replace", path: "active", value: text.toLowerCase() },
    { op: "Replace", path: "active", value: active },
  ];
  const flagged = { op: "replace", path: "active", value: active };
  const operation = entra.dialect === "optscim" ? flagged : entra.session.random.pick(operations);
  await patch(entra, "Users", user.id, [operation]);
}

function userBody({ attributes }: Person, active: boolean): JsonObject {
  const phone = { primary: true, type: "work", value: attributes.phone };
  return {
    schemas: [USER, ENTERPRISE],
    externalId: attributes.externalId,
    userName: attributes.userName,
    active,
    displayName: attributes.displayName,
    title: attributes.title,
    preferredLanguage: attributes.language,
    emails: [{ primary: true, type: "work", value: attributes.email }],
    phoneNumbers: attributes.phone === null ? null : [phone],
    addresses: [{ type: "work", locality: attributes.locality, country: attributes.country }],
    meta: { resourceType: "User" },
    name: {
      formatted: `${attributes.givenName} ${attributes.familyName}`,
      familyName: attributes.familyName,
      givenName: attributes.givenName,
    },
    roles: [],
    [ENTERPRISE]: {
      department: attributes.department,
      costCenter: attributes.costCenter,
      employeeNumber: attributes.employeeNumber,
    },
  };
}
