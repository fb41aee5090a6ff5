import type { PresentUser } from "../belief.ts";
import type { Attribute } from "../company.ts";
import { GROUP, type JsonObject, PATCH_OP, USER } from "../document.ts";
import type { Connector, HeadersFor } from "../provider.ts";
import { createOrAdopt, requestDelete, requestProbe, type Session } from "../session.ts";
import type { Call } from "../wire.ts";
import { createJumpcloudGroups, findJumpcloudGroup } from "./jumpcloud-groups.ts";
import { createJumpcloudUsers, findJumpcloudUser } from "./jumpcloud-users.ts";

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

/** JumpCloud: users by PUT and PATCH, no empty groups, members by bare value, groups taken over by name. */
export function createJumpcloud(session: Session): Connector {
  const users = createJumpcloudUsers(session);
  return {
    sends: SENDS,
    pageSize: 100,
    deletesUsers: true,
    renamesGroups: true,
    deletesGroups: true,
    createsEmptyGroups: false,
    ...users,
    ...createJumpcloudGroups(session),
    testConnection: () => testConnection(session),
    finish: () => unbindGroup(session, users.setActive),
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

/** "Test Connection": a test user and a test group come, change and go again; nothing is left behind. */
async function testConnection(session: Session): Promise<void> {
  const userName = `jumpcloud-test-${session.nonce}@${session.belief.domain}`;
  const group = `JumpCloud test group ${session.nonce}`;
  const probe = (call: Call, expected: readonly number[]) => requestProbe(session, call, expected);
  const findUser = () => findJumpcloudUser(session, userName);
  const findGroup = () => findJumpcloudGroup(session, group);
  if ((await findUser()) !== null) session.report(`connection test: ${userName} exists`);
  const body = testUser(userName);
  const create: Call = { method: "POST", target: "/Users", kind: "POST /Users", body };
  const id = await createOrAdopt(session, create, findUser);
  const user = { target: `/Users/${id}` };
  await probe({ ...user, method: "PUT", kind: "PUT /Users/{id}", body: { ...body, id, title: "Test" } }, [200]);
  if ((await findGroup()) !== null) session.report(`connection test: ${group} exists`);
  const groupBody = { schemas: [GROUP], displayName: group };
  const createGroup: Call = { method: "POST", target: "/Groups", kind: "POST /Groups", body: groupBody };
  const item = { target: `/Groups/${await createOrAdopt(session, createGroup, findGroup)}` };
  for (const operation of [
    { op: "add", path: "members", value: [{ value: id }] },
    { op: "replace", value: { displayName: `${group} renamed` } },
  ]) {
    const patch = { schemas: [PATCH_OP], Operations: [operation] };
    await probe({ ...item, method: "PATCH", kind: "PATCH /Groups/{id}", body: patch }, [200, 204]);
  }
  await requestDelete(session, { ...item, method: "DELETE", kind: "DELETE /Groups/{id}" });
  await requestDelete(session, { ...user, method: "DELETE", kind: "DELETE /Users/{id}" });
  if ((await findUser()) !== null) session.report("connection test: the deleted test user is still found");
  await probe({ ...item, method: "GET", kind: "GET /Groups/{id}" }, [404]);
}

function testUser(userName: string): JsonObject {
  return {
    schemas: [USER],
    active: true,
    userName,
    name: { givenName: "Test", familyName: "Connection" },
    emails: [{ primary: true, type: "work", value: userName }],
  };
}
