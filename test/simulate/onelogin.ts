import type { BelievedGroup, Member, PresentUser } from "./belief.ts";
import { type Attribute, type Person, textOf } from "./company.ts";
import { ENTERPRISE, foldedNameIn, type JsonObject, PATCH_OP, USER } from "./document.ts";
import { walkPages } from "./page-walk.ts";
import { runPool } from "./pool.ts";
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
  "givenName",
  "familyName",
  "title",
  "email",
  "phone",
  "locality",
  "department",
  "costCenter",
];
/** Named in OneLogin's older templates and in no RFC. */
const OLD_SCHEMAS = ["urn:scim:schemas:core:2.0", "urn:scim:schemas:extension:enterprise:2.0"];

/** An empty User-Agent on everything, and no Accept on a PATCH, as in a real trace. */
export const oneloginHeaders: HeadersFor = (call, token) => ({
  Authorization: `Bearer ${token}`,
  "User-Agent": "",
  ...(call.method === "PATCH" ? {} : { Accept: "*/*" }),
  ...(call.body === undefined ? {} : { "Content-Type": "application/scim+json" }),
});

/** OneLogin: users by PUT of the admin's JSON template, groups found by listing all; no rename and no delete of groups. */
export function createOnelogin(session: Session): Connector {
  const { belief } = session;
  const managerOf = (person: Person) =>
    person.managerIndex === null ? null : (belief.users[person.managerIndex]?.person.attributes.externalId ?? null);
  const managerNameOf = (person: Person) =>
    person.managerIndex === null ? " " : (belief.users[person.managerIndex]?.person.attributes.displayName ?? " ");
  const bodyOf = (person: Person, active: boolean) =>
    renderTemplate(person, { active, manager: managerOf(person), managerName: managerNameOf(person) });
  const findUser = (userName: string) =>
    requestMatch(session, {
      method: "GET",
      target: `/Users?filter=${plus(`userName eq ${JSON.stringify(userName)}`)}&`,
      kind: "GET /Users?filter",
    });
  const refreshEntitlements = () => walkPages(session, "/Groups", null, "GET /Groups");
  // Read once, as by the admin's click; read again when a create says that the list is out of date.
  let entitlements: Promise<JsonObject[]> | null = null;
  const findGroup = async (name: string) => {
    entitlements ??= refreshEntitlements();
    return foldedNameIn(await entitlements, name);
  };
  const put = async (user: PresentUser, active: boolean) => {
    const body = bodyOf(user.person, active);
    await request(session, { method: "PUT", target: `/Users/${user.id}?`, kind: "PUT /Users/{id}", body }, [200]);
  };
  const patchGroup = (group: BelievedGroup, body: JsonObject) =>
    request(session, { method: "PATCH", target: `/Groups/${group.id}?`, kind: "PATCH /Groups/{id}", body }, [200, 204]);
  /** One PATCH for each person, as each person is synchronised; every third change in the form of SCIM 1.1, which older connectors send. */
  const changeMembers = async (
    group: BelievedGroup,
    join: readonly Member[],
    leave: readonly Member[],
  ): Promise<void> => {
    const added = join.map(({ id }, order) => async () => {
      const operation = { op: "add", path: "members", value: [{ value: id }] };
      const old = oldMembers([{ value: id, operation: "add" }]);
      await patchGroup(group, order % 3 === 2 ? old : { schemas: [PATCH_OP], Operations: [operation] });
    });
    await runPool(added, session.connections, () => {});
    if (leave.length > 0)
      await patchGroup(group, oldMembers(leave.map(({ id }) => ({ value: id, operation: "delete" }))));
  };

  return {
    sends: SENDS,
    managerOf,
    pageSize: null,
    deletesUsers: true,
    renamesGroups: false,
    deletesGroups: false,
    createsEmptyGroups: true,
    testConnection: async () => {
      const target = `/Users?filter=${plus(`userName eq "no-such-user-${session.nonce}"`)}&`;
      await requestEmptyProbe(session, { method: "GET", target, kind: "GET /Users?filter" });
      await requestProbe(session, { method: "GET", target: "/Groups", kind: "GET /Groups" }, [200]);
    },
    findUser,
    createUser: async (user, active) => {
      const call: Call = { method: "POST", target: "/Users?", kind: "POST /Users", body: bodyOf(user.person, active) };
      user.id = await createOrAdopt(session, call, () => findUser(textOf(user.person, "userName")));
    },
    adoptUser: (user) => put(user, true),
    linkUser: async () => {},
    updateUser: (user) => put(user, user.state === "active"),
    setActive: put,
    deleteUser: (user) =>
      requestDelete(session, { method: "DELETE", target: `/Users/${user.id}?`, kind: "DELETE /Users/{id}" }),
    findGroup,
    createGroup: async (group, members) => {
      const body = { displayName: group.name };
      const call: Call = { method: "POST", target: "/Groups", kind: "POST /Groups", body };
      group.id = await createOrAdopt(session, call, async () => foldedNameIn(await refreshEntitlements(), group.name));
      if (group.id !== null) await changeMembers(group, members, []);
    },
    changeMembers,
    renameGroup: async () => {},
    deleteGroup: async () => {},
    finish: async () => {},
  };
}

function plus(filter: string): string {
  return encodeURIComponent(filter).replaceAll("%20", "+");
}

function oldMembers(members: { value: string; operation: "add" | "delete" }[]): JsonObject {
  return { schemas: ["urn:scim:schemas:core:1.0"], members };
}

/** The template with its macros filled in; a macro without a value leaves a blank. Some customers' templates are older. */
function renderTemplate(
  { index, attributes }: Person,
  { active, manager, managerName }: { active: boolean; manager: string | null; managerName: string },
): JsonObject {
  const blank = index % 2 === 0 ? "" : " ";
  const email = { value: attributes.email, type: "work", primary: true };
  const old = index % 3 === 1;
  return {
    [ENTERPRISE]: {
      department: attributes.department ?? blank,
      costCenter: attributes.costCenter ?? blank,
      manager: { managerId: manager ?? "", displayName: managerName },
    },
    active: String(active),
    emails: index % 5 === 0 ? email : [email],
    phoneNumbers: [{ type: "work", value: attributes.phone ?? blank }],
    addresses: [{ type: "work", locality: attributes.locality ?? blank }],
    title: attributes.title ?? blank,
    meta: { resourceType: "User" },
    name: {
      familyName: attributes.familyName,
      givenName: attributes.givenName,
      formatted: attributes.displayName,
    },
    userName: attributes.userName,
    id: null,
    schemas: old ? OLD_SCHEMAS : index % 3 === 2 ? ["urn:scim:schemas:core:1.0"] : [USER],
  };
}
