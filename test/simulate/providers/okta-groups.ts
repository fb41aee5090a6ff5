import { type BelievedGroup, type Member, membersOf } from "../belief.ts";
import { GROUP, type JsonObject, PATCH_OP } from "../document.ts";
import type { GroupConnector } from "../provider.ts";
import { createOrAdopt, request, requestDelete, requestMatch, type Session } from "../session.ts";
import type { Call } from "../wire.ts";
import type { OktaClient } from "./okta.ts";

/** Past so many changes at once Okta pushes the whole group. */
const PUSH_WHOLE = 50;

/** Okta's pushed groups: the `patch` client sends the name with every change of members, the `put` client everything. */
export function createOktaGroups(session: Session, client: OktaClient): GroupConnector {
  const findGroup = (name: string) => {
    const filter = encodeURIComponent(`displayName eq ${JSON.stringify(name)}`);
    const target = `/Groups?filter=${filter}&startIndex=1&count=100`;
    return requestMatch(session, { method: "GET", target, kind: "GET /Groups?filter" });
  };
  const pushNow = (group: BelievedGroup, members: readonly Member[]) =>
    client === "put" ? putGroup(session, group, group.name, members) : replaceMembers(session, group, members);
  return {
    findGroup,
    createGroup: async (group, members) => {
      const description = { description: `Pushed as ${group.name}` };
      const body = { schemas: [GROUP], displayName: group.name, members: [], "urn:okta:custom:group:1.0": description };
      const call: Call = { method: "POST", target: "/Groups", kind: "POST /Groups", body };
      group.id = await createOrAdopt(session, call, () => findGroup(group.name));
      if (group.id !== null) await pushNow(group, members);
    },
    changeMembers: async (group, join, leave, all) => {
      if (client === "put" || join.length + leave.length > PUSH_WHOLE) return pushNow(group, all);
      await sendName(session, group, group.name);
      const operations: object[] = leave.map(({ id }) => ({ op: "remove", path: `members[value eq "${id}"]` }));
      if (join.length > 0) operations.push({ op: "add", path: "members", value: join.map(elementOf) });
      if (operations.length > 0) await patchGroup(session, group, operations);
    },
    renameGroup: (group, name) =>
      client === "patch" ? sendName(session, group, name) : putGroup(session, group, name, membersOf(group)),
    deleteGroup: (group) =>
      requestDelete(session, { method: "DELETE", target: `/Groups/${group.id}`, kind: "DELETE /Groups/{id}" }),
  };
}

async function patchGroup(session: Session, group: BelievedGroup, operations: readonly object[]): Promise<void> {
  const body = { schemas: [PATCH_OP], Operations: operations };
  const call: Call = { method: "PATCH", target: `/Groups/${group.id}`, kind: "PATCH /Groups/{id}", body };
  await request(session, call, [200, 204]);
}

async function putGroup(session: Session, group: BelievedGroup, name: string, members: readonly Member[]) {
  const body = { schemas: [GROUP], id: group.id, displayName: name, members: members.map(elementOf) };
  await request(session, { method: "PUT", target: `/Groups/${group.id}`, kind: "PUT /Groups/{id}", body }, [200]);
}

/** The rename operation carries the group's id inside its value. */
function sendName(session: Session, group: BelievedGroup, name: string): Promise<void> {
  return patchGroup(session, group, [{ op: "replace", value: { id: group.id, displayName: name } }]);
}

async function replaceMembers(session: Session, group: BelievedGroup, members: readonly Member[]): Promise<void> {
  await sendName(session, group, group.name);
  await patchGroup(session, group, [{ op: "replace", path: "members", value: members.map(elementOf) }]);
}

function elementOf({ id, userName }: Member): JsonObject {
  return { value: id, display: userName };
}
