import { type BelievedGroup, type BelievedUser, type Member, membersOf, type PresentUser } from "./belief.ts";
import { type Attribute, type Person, textOf } from "./company.ts";
import { ENTERPRISE, GROUP, idOf, type JsonObject, listOf, objectOf, PATCH_OP, USER } from "./document.ts";
import type { Connector, HeadersFor } from "./provider.ts";
import {
  createOrAdopt,
  request,
  requestDelete,
  requestEmptyProbe,
  requestMatch,
  requestProbe,
  type Session,
} from "./session.ts";
import type { Call } from "./wire.ts";

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

/** The header dump of a real Okta request; the content type rides on reads as well. */
export const oktaHeaders: HeadersFor = (_call, token) => ({
  Accept: "application/scim+json",
  "Accept-Charset": "utf-8",
  "Content-Type": "application/scim+json; charset=utf-8",
  "User-Agent": "Okta SCIM Client 1.0.0",
  Authorization: `Bearer ${token}`,
  "Accept-Encoding": "gzip,deflate",
});

/** Okta: `patch` is the client of OIN apps, `put` that of custom apps, which has no PATCH at all. Neither deletes users. */
export function createOkta(session: Session, client: "patch" | "put"): Connector {
  const { belief } = session;
  const managerOf = (person: Person) =>
    person.managerIndex === null ? null : (belief.users[person.managerIndex]?.person.attributes.externalId ?? null);
  const findBy = (resource: string, filter: string) =>
    requestMatch(session, {
      method: "GET",
      target: `/${resource}?filter=${encodeURIComponent(filter)}&startIndex=1&count=100`,
      kind: `GET /${resource}?filter`,
    });
  const findUser = (userName: string) => findBy("Users", `userName eq ${JSON.stringify(userName)}`);
  const findGroup = (name: string) => findBy("Groups", `displayName eq ${JSON.stringify(name)}`);

  /** Okta reads the user, edits what it got and puts all of it back. */
  const putUser = async (user: PresentUser, active: boolean) => {
    const read: Call = { method: "GET", target: `/Users/${user.id}`, kind: "GET /Users/{id}" };
    const found = await request(session, read, [200]);
    if (found === null) return;
    const body = { ...objectOf(found.body), ...profileOf(user.person, managerOf(user.person)), active };
    const put: Call = { method: "PUT", target: `/Users/${user.id}`, kind: "PUT /Users/{id}", body };
    const reply = await request(session, put, [200]);
    if (reply !== null && objectOf(reply.body).active !== active)
      session.tell(`PUT /Users/${user.id}: active does not read back as ${active}`);
  };
  const setActive = async (user: PresentUser, active: boolean) => {
    if (client === "put") return putUser(user, active);
    const body = { schemas: [PATCH_OP], Operations: [{ op: "replace", value: { active } }] };
    await request(
      session,
      { method: "PATCH", target: `/Users/${user.id}`, kind: "PATCH /Users/{id}", body },
      [200, 204],
    );
  };
  const patchGroup = (group: BelievedGroup, operations: object[]) => {
    const body = { schemas: [PATCH_OP], Operations: operations };
    const call: Call = { method: "PATCH", target: `/Groups/${group.id}`, kind: "PATCH /Groups/{id}", body };
    return request(session, call, [200, 204]);
  };
  const putGroup = async (group: BelievedGroup, name: string, members: readonly Member[]) => {
    const body = { schemas: [GROUP], id: group.id, displayName: name, members: members.map(elementOf) };
    await request(session, { method: "PUT", target: `/Groups/${group.id}`, kind: "PUT /Groups/{id}", body }, [200]);
  };
  const sendRename = (group: BelievedGroup, name: string) =>
    patchGroup(group, [{ op: "replace", value: { id: group.id, displayName: name } }]);
  const pushNow = async (group: BelievedGroup, members: readonly Member[]) => {
    if (client === "put") return putGroup(group, group.name, members);
    await sendRename(group, group.name);
    await patchGroup(group, [{ op: "replace", path: "members", value: members.map(elementOf) }]);
  };

  return {
    sends: SENDS,
    managerOf,
    pageSize: 100,
    deletesUsers: false,
    renamesGroups: true,
    deletesGroups: true,
    createsEmptyGroups: true,
    testConnection: () => testConnection(session),
    findUser,
    createUser: async (user, active) => {
      const body = createBody(user, managerOf(user.person), active, session.nonce);
      const call: Call = { method: "POST", target: "/Users", kind: "POST /Users", body };
      user.id = await createOrAdopt(session, call, () => findUser(textOf(user.person, "userName")));
    },
    adoptUser: async (user, found) => {
      if (found.active !== true) await setActive(user, true);
      await putUser(user, true);
    },
    // Okta's matching look-up ignores case: its own suite asks with the userName in capitals.
    linkUser: async (user) => {
      const name = textOf(user.person, "userName");
      if (user.person.index % 10 === 0 && idOf(await findUser(name.toUpperCase())) !== user.id)
        session.tell(`filter userName eq "${name.toUpperCase()}" does not find ${name}`);
    },
    updateUser: (user) => putUser(user, user.state === "active"),
    setActive,
    deleteUser: async () => {},
    findGroup,
    createGroup: async (group, members) => {
      const body = {
        schemas: [GROUP],
        displayName: group.name,
        members: [],
        "urn:okta:custom:group:1.0": { description: `Pushed ${group.name}` },
      };
      const call: Call = { method: "POST", target: "/Groups", kind: "POST /Groups", body };
      group.id = await createOrAdopt(session, call, () => findGroup(group.name));
      if (group.id !== null) await pushNow(group, members);
    },
    changeMembers: async (group, join, leave, all) => {
      if (client === "put" || join.length + leave.length > 50) return pushNow(group, all);
      await sendRename(group, group.name);
      const operations: object[] = leave.map(({ id }) => ({ op: "remove", path: `members[value eq "${id}"]` }));
      if (join.length > 0) operations.push({ op: "add", path: "members", value: join.map(elementOf) });
      if (operations.length > 0) await patchGroup(group, operations);
    },
    renameGroup: async (group, name) => {
      if (client === "patch") await sendRename(group, name);
      else await putGroup(group, name, membersOf(group));
    },
    deleteGroup: (group) =>
      requestDelete(session, { method: "DELETE", target: `/Groups/${group.id}`, kind: "DELETE /Groups/{id}" }),
    finish: async () => {
      const smallest = belief.groups
        .filter(({ id }) => id !== null)
        .toSorted((a, b) => a.members.size - b.members.size);
      const group = smallest[0];
      if (group === undefined) return;
      group.members.clear();
      if (client === "put") return putGroup(group, group.name, []);
      // Push now of an empty group, in the form without schemas.
      const value = { members: [], id: group.id, displayName: group.name };
      const call: Call = { method: "PATCH", target: `/Groups/${group.id}`, kind: "PATCH /Groups/{id}" };
      await request(session, { ...call, body: { Operations: [{ op: "replace", value }] } }, [200, 204]);
    },
  };
}

function elementOf({ id, userName }: Member): JsonObject {
  return { value: id, display: userName };
}

/** The set-up probes, then what Okta's published spec test asks. */
async function testConnection(session: Session): Promise<void> {
  const probe = (target: string, kind: string) => requestProbe(session, { method: "GET", target, kind }, [200]);
  const first = objectOf((await probe("/Users?startIndex=1&count=2", "GET /Users")).body);
  for (const member of ["totalResults", "startIndex", "itemsPerPage"])
    if (!Number.isInteger(first[member])) session.tell(`connection test: ${member} is not an integer`);
  if (listOf(first.Resources).length > 2) session.tell("connection test: count=2 gives more than 2 users");
  await probe("/Groups?count=100&startIndex=1", "GET /Groups");
  const nobody = encodeURIComponent(`userName eq "nobody-${session.nonce}@${session.belief.domain}"`);
  await requestEmptyProbe(session, {
    method: "GET",
    target: `/Users?filter=${nobody}&startIndex=1&count=100`,
    kind: "GET /Users?filter",
  });
  const absent: Call = { method: "GET", target: `/Users/${crypto.randomUUID()}`, kind: "GET /Users/{id}" };
  const headers = { Authorization: "Bearer not-a-token" };
  for (const { call, status } of [
    { call: absent, status: 404 },
    { call: { ...absent, target: "/Users", headers }, status: 401 },
  ]) {
    const { body } = await requestProbe(session, call, [status]);
    const { detail, status: text } = objectOf(body);
    if (typeof detail !== "string" || detail === "" || Number(text) !== status)
      session.tell(`connection test: the ${status} answer has no detail, or another status`);
  }
}

function profileOf(person: Person, manager: string | null): JsonObject {
  const { attributes } = person;
  const work = { primary: true, type: "work" };
  return {
    schemas: [USER, ENTERPRISE],
    userName: attributes.userName,
    externalId: attributes.externalId,
    name: { givenName: attributes.givenName, familyName: attributes.familyName },
    emails: [{ ...work, value: attributes.email, display: attributes.email }],
    phoneNumbers: attributes.phone === null ? [] : [{ ...work, value: attributes.phone }],
    addresses: [{ ...work, locality: attributes.locality, country: attributes.country }],
    displayName: attributes.displayName,
    title: attributes.title,
    locale: "en-US",
    preferredLanguage: attributes.language,
    [ENTERPRISE]: {
      employeeNumber: attributes.employeeNumber,
      costCenter: attributes.costCenter,
      ...(attributes.department === null ? {} : { department: attributes.department }),
      ...(manager === null ? {} : { manager: { value: manager, displayName: "" } }),
    },
  };
}

function createBody(user: BelievedUser, manager: string | null, active: boolean, secret: string): JsonObject {
  return { ...profileOf(user.person, manager), groups: [], password: `Pw-${secret}`, active };
}
