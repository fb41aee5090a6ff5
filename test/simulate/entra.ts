import type { BelievedGroup, Member, PresentUser } from "./belief.ts";
import { type Attribute, type Person, textOf } from "./company.ts";
import { ENTERPRISE, GROUP, type JsonObject, PATCH_OP, readAttribute, readManager, USER } from "./document.ts";
import { type EntraDialect, entraOperations, memberOperations, PATHS } from "./entra-operations.ts";
import type { Changed, Connector, HeadersFor } from "./provider.ts";
import {
  createOrAdopt,
  request,
  requestDelete,
  requestEmptyProbe,
  requestMatch,
  requestProbe,
  type Session,
} from "./session.ts";

const SENDS = Object.keys(PATHS) as Attribute[]; // Object.keys loses the key type of a Record.
/** Values of one membership PATCH; Entra batches up to 1,000. */
const LARGE_BATCH = 1000;
const SMALL_BATCH = 20;

/** Content type only where there is a body, no Accept, no known User-Agent. */
export const entraHeaders: HeadersFor = (call, token) => ({
  Authorization: `Bearer ${token}`,
  ...(call.body === undefined ? {} : { "Content-Type": "application/scim+json; charset=utf-8" }),
});

/** Microsoft Entra ID, with or without `aadOptscim062020` on its tenant URL. */
export function createEntra(session: Session, dialect: EntraDialect): Connector {
  const { random, belief } = session;
  const flag = dialect === "optscim" ? "aadOptscim062020&" : "";
  const item = dialect === "optscim" ? "?aadOptscim062020" : "";
  const idOfManager = (person: Person) =>
    person.managerIndex === null ? null : (belief.users[person.managerIndex]?.id ?? null);

  const findBy = (resource: string, filter: string, more = "") =>
    requestMatch(session, {
      method: "GET",
      target: `/${resource}?${flag}${more}filter=${encode(filter, random.chance(0.5))}`,
      kind: `GET /${resource}?filter`,
    });
  const findUser = (userName: string) => findBy("Users", `userName eq ${JSON.stringify(userName)}`);
  const findGroup = (name: string) =>
    findBy("Groups", `displayName eq ${JSON.stringify(name)}`, "excludedAttributes=members&");
  const patch = (resource: string, id: string | null, operations: object[], expected: number[]) =>
    request(
      session,
      {
        method: "PATCH",
        target: `/${resource}/${id}${item}`,
        kind: `PATCH /${resource}/{id}`,
        body: { schemas: [PATCH_OP], Operations: operations },
      },
      expected,
    );
  const updateUser = async (user: PresentUser, changed: readonly Changed[]) => {
    const attributes = changed.filter((name) => name !== "manager");
    const operations = entraOperations(user.person, attributes, dialect, random);
    if (operations.length > 0) await patch("Users", user.id, operations, [200, 204]);
    if (changed.includes("manager")) await linkUser(user);
  };
  /** Asks whether the reference holds already, with unquoted values, and sets it in one of the three known forms. */
  const linkUser = async (user: PresentUser) => {
    const manager = idOfManager(user.person);
    const path = `${ENTERPRISE}:manager`;
    if (manager === null) return;
    const held = await findBy("Users", `id eq ${user.id} and manager eq ${manager}`, "attributes=id&");
    if (held !== null) return;
    const forms = [manager, [{ $ref: `${belief.domain}/Users/${manager}`, value: manager }], { value: manager }];
    const op = dialect === "optscim" ? "add" : "Add";
    const form = forms[user.person.index % forms.length];
    await patch("Users", user.id, [{ op, path: Array.isArray(form) ? "manager" : path, value: form }], [200, 204]);
  };
  const setActive = async (user: PresentUser, active: boolean) => {
    const legacy = [
      { op: "Replace", path: "active", value: active ? "True" : "False" },
      { op: "Add", path: "active", value: active ? "True" : "False" },
      { op: "Replace", path: "active", value: active ? "true" : "false" },
      { op: "replace", path: "active", value: active },
    ];
    const operation = dialect === "optscim" ? { op: "replace", path: "active", value: active } : random.pick(legacy);
    await patch("Users", user.id, [operation], [200, 204]);
  };
  const changeMembers = async (
    group: BelievedGroup,
    join: readonly Member[],
    leave: readonly Member[],
  ): Promise<void> => {
    const size = random.chance(0.5) ? LARGE_BATCH : SMALL_BATCH;
    const bodies = [...memberOperations("Remove", leave, size, dialect, random)];
    bodies.push(...memberOperations("Add", join, size, dialect, random));
    const send = async (operations: object[]) => void (await patch("Groups", group.id, operations, [200, 204]));
    // The changes concern different people, so their order is free.
    if (session.chaos) await Promise.all(bodies.map(send));
    else for (const operations of bodies) await send(operations);
    await checkMember(session, `${flag}attributes=id&`, group, join[0], true);
    await checkMember(session, `${flag}attributes=id&`, group, leave[0], false);
  };

  return {
    sends: SENDS,
    managerOf: idOfManager,
    pageSize: null,
    deletesUsers: true,
    renamesGroups: true,
    deletesGroups: true,
    createsEmptyGroups: true,
    testConnection: () => testConnection(session, flag),
    findUser,
    createUser: async (user, active) => {
      const call = {
        method: "POST" as const,
        target: `/Users${item}`,
        kind: "POST /Users",
        body: userBody(user.person, active),
      };
      user.id = await createOrAdopt(session, call, () => findUser(textOf(user.person, "userName")));
    },
    adoptUser: async (user, found) => {
      const different = SENDS.filter((name) => readAttribute(found, name) !== user.person.attributes[name]);
      await updateUser(user, different);
      if (found.active !== true) await setActive(user, true);
      if (idOfManager(user.person) === null && readManager(found) !== null)
        await patch("Users", user.id, [{ op: "Remove", path: `${ENTERPRISE}:manager` }], [200, 204]);
    },
    linkUser,
    updateUser,
    setActive,
    deleteUser: async (user) => {
      await setActive(user, false);
      await requestDelete(session, {
        method: "DELETE",
        target: `/Users/${user.id}${item}`,
        kind: "DELETE /Users/{id}",
      });
    },
    findGroup,
    createGroup: async (group, members) => {
      const call = { method: "POST" as const, target: `/Groups${item}`, kind: "POST /Groups", body: groupBody(group) };
      group.id = await createOrAdopt(session, call, () => findGroup(group.name));
      if (group.id === null) return;
      group.sentExternalId = group.externalId;
      const read = { method: "GET" as const, target: `/Groups/${group.id}?${flag}excludedAttributes=members` };
      await request(session, { ...read, kind: "GET /Groups/{id}" }, [200]);
      await changeMembers(group, members, []);
    },
    changeMembers,
    renameGroup: async (group, name) => {
      const op = dialect === "optscim" ? "replace" : "Replace";
      await patch("Groups", group.id, [{ op, path: "displayName", value: name }], [200, 204]);
    },
    deleteGroup: (group) =>
      requestDelete(session, { method: "DELETE", target: `/Groups/${group.id}${item}`, kind: "DELETE /Groups/{id}" }),
    finish: async () => {},
  };
}

/** Entra's query strings come with `+` and with `%20`. */
function encode(filter: string, plus: boolean): string {
  const encoded = encodeURIComponent(filter);
  return plus ? encoded.replaceAll("%20", "+") : encoded;
}

async function testConnection(session: Session, flag: string): Promise<void> {
  const guid = crypto.randomUUID();
  for (const attribute of ["userName", "externalId", "emails%5Btype+eq+%22work%22%5D.value"])
    await requestEmptyProbe(session, {
      method: "GET",
      target: `/Users?${flag}filter=${attribute}+eq+%22${guid}%22`,
      kind: "GET /Users?filter",
    });
  for (const target of ["/Users", "/Groups", "/Groups?excludedAttributes=members", "", "/"])
    await requestProbe(session, { method: "GET", target, kind: `GET ${target.split("?")[0] || "/"}` }, [200]);
  for (const target of ["/ServiceProviderConfig", "/Schemas", "/ResourceTypes"])
    await requestProbe(session, { method: "GET", target, kind: `GET ${target}` }, [200]);
}

/** Reference check about the members attribute, as Entra does before and after a change; quoted or not. */
async function checkMember(
  session: Session,
  query: string,
  group: BelievedGroup,
  user: Member | undefined,
  expected: boolean,
): Promise<void> {
  if (user === undefined || group.id === null) return;
  const quote = session.random.chance(0.5) ? '"' : "";
  const filter = `id eq ${quote}${group.id}${quote} and members eq ${quote}${user.id}${quote}`;
  const target = `/Groups?${query}filter=${encode(filter, false)}`;
  const found = await requestMatch(session, { method: "GET", target, kind: "GET /Groups?filter members" });
  if ((found !== null) !== expected)
    session.tell(`reference check: ${user.userName} ${expected ? "is not" : "is still"} in ${group.name}`);
}

function userBody(person: Person, active: boolean): JsonObject {
  const { attributes } = person;
  const phone = attributes.phone === null ? null : [{ primary: true, type: "work", value: attributes.phone }];
  return {
    schemas: [USER, ENTERPRISE],
    externalId: attributes.externalId,
    userName: attributes.userName,
    active,
    displayName: attributes.displayName,
    title: attributes.title,
    preferredLanguage: attributes.language,
    emails: [{ primary: true, type: "work", value: attributes.email }],
    phoneNumbers: phone,
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

function groupBody(group: BelievedGroup): JsonObject {
  return {
    schemas: [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
    externalId: group.externalId,
    displayName: group.name,
    members: [],
    meta: { resourceType: "Group" },
  };
}
