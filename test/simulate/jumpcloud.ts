import type { BelievedGroup, Member, PresentUser } from "./belief.ts";
import { type Attribute, type Person, textOf } from "./company.ts";
import { ENTERPRISE, GROUP, idOf, type JsonObject, PATCH_OP, USER } from "./document.ts";
import { runPool } from "./pool.ts";
import type { Changed, Connector, HeadersFor } from "./provider.ts";
import { createOrAdopt, request, requestDelete, requestMatch, requestProbe, type Session } from "./session.ts";
import type { Call } from "./wire.ts";

const PATCH_PATHS: Partial<Record<Attribute, string>> = {
  displayName: "displayName",
  givenName: "name.givenName",
  familyName: "name.familyName",
  title: "title",
  department: `${ENTERPRISE}:department`,
  costCenter: `${ENTERPRISE}:costCenter`,
};
const SENDS: readonly Attribute[] = [
  "userName",
  "externalId",
  "displayName",
  "givenName",
  "familyName",
  "title",
  "email",
  "phone",
  "locality",
  "country",
  "language",
  "department",
  "costCenter",
  "employeeNumber",
];

/** JumpCloud's headers are not published: JSON in, JSON out. */
export const jumpcloudHeaders: HeadersFor = (call, token) => ({
  Authorization: `Bearer ${token}`,
  Accept: "application/scim+json, application/json",
  ...(call.body === undefined ? {} : { "Content-Type": "application/scim+json" }),
});

/** JumpCloud: users by PUT (full, minimal) and PATCH, no empty groups, members by bare value, takes over groups by name. */
export function createJumpcloud(session: Session): Connector {
  const { random } = session;
  const findBy = (resource: string, attribute: string, value: string) =>
    requestMatch(session, {
      method: "GET",
      target: `/${resource}?filter=${encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`)}`,
      kind: `GET /${resource}?filter`,
    });
  const findUser = (userName: string) => findBy("Users", "userName", userName);
  const findGroup = (name: string) => findBy("Groups", "displayName", name);
  const put = (user: PresentUser, body: JsonObject) =>
    request(session, { method: "PUT", target: `/Users/${user.id}`, kind: "PUT /Users/{id}", body }, [200]);
  const patch = (resource: string, id: string | null, operations: object[]) =>
    request(
      session,
      {
        method: "PATCH",
        target: `/${resource}/${id}`,
        kind: `PATCH /${resource}/{id}`,
        body: { schemas: [PATCH_OP], Operations: operations },
      },
      [200, 204],
    );
  const updateUser = async (user: PresentUser, changed: readonly Changed[]) => {
    const active = user.state === "active";
    const operations = patchOperations(user.person, changed);
    if (operations.length > 0 && random.chance(0.5)) await patch("Users", user.id, operations);
    // A full synchronisation follows a minimal one.
    else if (random.chance(0.2)) await put(user, minimalBody(user));
    await put(user, fullBody(user.person, active, user.id));
  };
  const setActive = async (user: PresentUser, active: boolean) => {
    if (random.chance(0.5)) await put(user, fullBody(user.person, active, user.id));
    else await patch("Users", user.id, [{ op: "replace", path: "active", value: active }]);
  };
  /** One PATCH for each membership event. */
  const changeMembers = async (
    group: BelievedGroup,
    join: readonly Member[],
    leave: readonly Member[],
  ): Promise<void> => {
    const patches = [
      ...join.map(({ id }) => ({ op: "add", path: "members", value: [{ value: id }] })),
      ...leave.map(({ id }) => ({ op: "remove", path: "members", value: [{ value: id }] })),
    ];
    const tasks = patches.map((operation) => async () => void (await patch("Groups", group.id, [operation])));
    await runPool(tasks, session.connections, () => {});
  };

  return {
    sends: SENDS,
    managerOf: () => undefined,
    pageSize: 100,
    deletesUsers: true,
    renamesGroups: true,
    deletesGroups: true,
    createsEmptyGroups: false,
    testConnection: () => testConnection(session),
    findUser,
    createUser: async (user, active) => {
      const body = fullBody(user.person, active, null);
      const call: Call = { method: "POST", target: "/Users", kind: "POST /Users", body };
      user.id = await createOrAdopt(session, call, () => findUser(textOf(user.person, "userName")));
    },
    adoptUser: async (user) => void (await put(user, fullBody(user.person, true, user.id))),
    linkUser: async () => {},
    updateUser,
    setActive,
    deleteUser: (user) =>
      requestDelete(session, { method: "DELETE", target: `/Users/${user.id}`, kind: "DELETE /Users/{id}" }),
    findGroup,
    createGroup: async (group, members) => {
      const first = members.slice(0, 1 + random.int(20));
      const body = { schemas: [GROUP], displayName: group.name, members: first.map(({ id }) => ({ value: id })) };
      const call: Call = { method: "POST", target: "/Groups", kind: "POST /Groups", body };
      group.id = await createOrAdopt(session, call, () => findGroup(group.name));
      if (group.id !== null) await changeMembers(group, members.slice(first.length), []);
    },
    changeMembers,
    renameGroup: async (group, name) =>
      void (await patch("Groups", group.id, [{ op: "replace", value: { displayName: name } }])),
    deleteGroup: (group) =>
      requestDelete(session, { method: "DELETE", target: `/Groups/${group.id}`, kind: "DELETE /Groups/{id}" }),
    finish: () => unbindGroup(session, setActive),
  };
}

/**
 * Unbinds the smallest group from the app: members that no other bound group holds are deactivated, the group itself
 * stays as it is at the server.
 */
async function unbindGroup(
  { belief }: Session,
  setActive: (user: PresentUser, active: boolean) => Promise<void>,
): Promise<void> {
  const bound = belief.groups.filter(({ state }) => state === "present");
  const unbound = bound.toSorted((a, b) => a.members.size - b.members.size)[0];
  for (const user of unbound?.members ?? []) {
    if (user.id === null || user.state !== "active") continue;
    if (bound.some((group) => group !== unbound && group.members.has(user))) continue;
    await setActive({ ...user, id: user.id }, false);
    user.state = "inactive";
  }
}

/** The test user and test group of "Test Connection"; both are gone afterwards. */
async function testConnection(session: Session): Promise<void> {
  const name = `jumpcloud-test-${session.nonce}@${session.belief.domain}`;
  const groupName = `JumpCloud test group ${session.nonce}`;
  const probe = (call: Call, expected: readonly number[]) => requestProbe(session, call, expected);
  const list = (resource: string, filter: string) =>
    requestMatch(session, {
      method: "GET",
      target: `/${resource}?filter=${encodeURIComponent(filter)}`,
      kind: `GET /${resource}?filter`,
    });
  if ((await list("Users", `userName eq "${name}"`)) !== null) session.tell(`connection test: ${name} exists`);
  const body = { ...minimalTestUser(name), active: true };
  const find = () => list("Users", `userName eq "${name}"`);
  const id = await createOrAdopt(session, { method: "POST", target: "/Users", kind: "POST /Users", body }, find);
  const user = { target: `/Users/${id}` };
  await probe({ ...user, method: "PUT", kind: "PUT /Users/{id}", body: { ...body, id, title: "Test" } }, [200]);
  if ((await list("Groups", `displayName eq "${groupName}"`)) !== null)
    session.tell(`connection test: ${groupName} exists`);
  const create: Call = {
    method: "POST",
    target: "/Groups",
    kind: "POST /Groups",
    body: { schemas: [GROUP], displayName: groupName },
  };
  const groupId = await createOrAdopt(session, create, () => list("Groups", `displayName eq "${groupName}"`));
  const group = { target: `/Groups/${groupId}` };
  for (const operation of [
    { op: "add", path: "members", value: [{ value: id }] },
    { op: "replace", value: { displayName: `${groupName} renamed` } },
  ]) {
    const patchBody = { schemas: [PATCH_OP], Operations: [operation] };
    await probe({ ...group, method: "PATCH", kind: "PATCH /Groups/{id}", body: patchBody }, [200, 204]);
  }
  await requestDelete(session, { ...group, method: "DELETE", kind: "DELETE /Groups/{id}" });
  await requestDelete(session, { ...user, method: "DELETE", kind: "DELETE /Users/{id}" });
  if (idOf(await find()) !== null) session.tell("connection test: the deleted test user is still found");
  await probe({ ...group, method: "GET", kind: "GET /Groups/{id}" }, [404]);
}

function minimalTestUser(name: string): JsonObject {
  return {
    schemas: [USER],
    userName: name,
    name: { givenName: "Test", familyName: "Connection" },
    emails: [{ primary: true, type: "work", value: name }],
  };
}

function fullBody({ attributes }: Person, active: boolean, id: string | null): JsonObject {
  const phone = { primary: true, type: "work", value: attributes.phone };
  const extension = {
    ...(attributes.department === null ? {} : { department: attributes.department }),
    costCenter: attributes.costCenter,
    employeeNumber: attributes.employeeNumber,
  };
  return {
    active,
    addresses: [{ country: attributes.country, locality: attributes.locality, primary: true, type: "work" }],
    displayName: attributes.displayName,
    emails: [{ primary: true, type: "work", value: attributes.email }],
    externalId: attributes.externalId,
    ...(id === null ? {} : { id }),
    locale: "en-US",
    name: { familyName: attributes.familyName, givenName: attributes.givenName },
    phoneNumbers: attributes.phone === null ? [] : [phone],
    preferredLanguage: attributes.language,
    schemas: [ENTERPRISE, USER],
    title: attributes.title,
    [ENTERPRISE]: extension,
    userName: attributes.userName,
  };
}

function minimalBody({ person: { attributes }, id, state }: PresentUser): JsonObject {
  return {
    active: state === "active",
    emails: null,
    id,
    name: { familyName: attributes.familyName, givenName: attributes.givenName },
    schemas: [USER],
    userName: attributes.userName,
  };
}

/** The older connectors: one lower-case operation for each attribute, each with a path. */
function patchOperations({ attributes }: Person, changed: readonly Changed[]): object[] {
  return changed.flatMap((name) => {
    const path = name === "manager" ? undefined : PATCH_PATHS[name];
    if (name === "manager" || path === undefined || attributes[name] === null) return [];
    return [{ op: "replace", path, value: attributes[name] }];
  });
}
