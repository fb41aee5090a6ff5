import { type BelievedGroup, type Member, membersOf } from "../belief.ts";
import { GROUP, type JsonObject, PATCH_OP } from "../document.ts";
import { createTurns } from "../pool.ts";
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
  // Okta pushes a group's changes in turn: most of them say all there is to say of the group.
  const inTurn = createTurns<BelievedGroup>();
  const pushNow = (group: BelievedGroup) =>
    client === "put" ? putGroup(session, group, group.name) : replaceMembers(session, group);
  return {
    findGroup,
    createGroup: (group) =>
      inTurn(group, async () => {
        const description = { description: `Pushed as ${group.name}` };
        const body = {
          schemas: [GROUP],
          displayName: group.name,
          members: [],
          "urn:okta:custom:group:1.0": description,
        };
        const call: Call = { method: "POST", target: "/Groups", kind: "POST /Groups", body };
        group.id = await createOrAdopt(session, call, () => findGroup(group.name));
        if (group.id !== null) await pushNow(group);
      }),
    changeMembers: (group, join, leave) =>
      inTurn(group, () => {
        const whole = client === "put" || join.length + leave.length > PUSH_WHOLE;
        return whole ? pushNow(group) : patchMembers(session, group, join, leave);
      }),
    renameGroup: (group, name) =>
      inTurn(group, () => (client === "patch" ? sendName(session, group, name) : putGroup(session, group, name))),
    deleteGroup: (group) =>
      requestDelete(session, { method: "DELETE", target: `/Groups/${group.id}`, kind: "DELETE /Groups/{id}" }),
  };
}

async function patchMembers(
  session: Session,
  group: BelievedGroup,
  join: readonly Member[],
  leave: readonly Member[],
): Promise<void> {
  await sendName(session, group, group.name);
  const operations: object[] = leave.map(({ id }) => ({ op: "remove", path: `members[value eq "${id}"]` }));
  if (join.length > 0) operations.push({ op: "add", path: "members", value: join.map(elementOf) });
  if (operations.length > 0) await patchGroup(session, group, operations);
}

async function patchGroup(session: Session, group: BelievedGroup, operations: readonly object[]): Promise<void> {
  const body = { schemas: [PATCH_OP], Operations: operations };
  const call: Call = { method: "PATCH", target: `/Groups/${group.id}`, kind: "PATCH /Groups/{id}", body };
  await request(session, call, [200, 204]);
}

async function putGroup(session: Session, group: BelievedGroup, name: string) {
  const members = membersOf(group).map(elementOf);
  const body = { schemas: [GROUP], id: group.id, displayName: name, members };
  await request(session, { method: "PUT", target: `/Groups/${group.id}`, kind: "PUT /Groups/{id}", body }, [200]);
}

/** The rename operation carries the group's id inside its value. */
function sendName(session: Session, group: BelievedGroup, name: string): Promise<void> {
  return patchGroup(session, group, [{ op: "replace", value: { id: group.id, displayName: name } }]);
}

async function replaceMembers(session: Session, group: BelievedGroup): Promise<void> {
  await sendName(session, group, group.name);
  const value = membersOf(group).map(elementOf);
  await patchGroup(session, group, [{ op: "replace", path: "members", value }]);
}

function elementOf({ id, userName }: Member): JsonObject {
  return { value: id, display: userName };
}
