import type { BelievedGroup } from "../belief.ts";
import { GROUP, type JsonObject, PATCH_OP } from "../document.ts";
import { runPool } from "../pool.ts";
import type { GroupConnector } from "../provider.ts";
import { createOrAdopt, request, requestDelete, requestMatch, type Session } from "../session.ts";
import type { Call } from "../wire.ts";

/** Members a group is created with at most; the others follow one by one. */
const FIRST_MEMBERS = 20;

/** JumpCloud's groups: created with their first members, one PATCH for each membership event, renamed without a path. */
export function createJumpcloudGroups(session: Session): GroupConnector {
  const changeMembers: GroupConnector["changeMembers"] = async (group, join, leave) => {
    const operations = [
      ...join.map(({ id }) => ({ op: "add", path: "members", value: [{ value: id }] })),
      ...leave.map(({ id }) => ({ op: "remove", path: "members", value: [{ value: id }] })),
    ];
    const tasks = operations.map((operation) => () => patchGroup(session, group, operation));
    await runPool(tasks, session.connections, () => {});
  };
  return {
    findGroup: (name) => findJumpcloudGroup(session, name),
    createGroup: async (group, members) => {
      const first = members.slice(0, 1 + session.random.int(FIRST_MEMBERS));
      const body = { schemas: [GROUP], displayName: group.name, members: first.map(({ id }) => ({ value: id })) };
      const call: Call = { method: "POST", target: "/Groups", kind: "POST /Groups", body };
      group.id = await createOrAdopt(session, call, () => findJumpcloudGroup(session, group.name));
      if (group.id !== null) await changeMembers(group, members.slice(first.length), []);
    },
    changeMembers,
    renameGroup: (group, name) => patchGroup(session, group, { op: "replace", value: { displayName: name } }),
    deleteGroup: (group) =>
      requestDelete(session, { method: "DELETE", target: `/Groups/${group.id}`, kind: "DELETE /Groups/{id}" }),
  };
}

/** JumpCloud's look-up of a group that it takes over when there is one of the name. */
export function findJumpcloudGroup(session: Session, name: string): Promise<JsonObject | null> {
  const filter = encodeURIComponent(`displayName eq ${JSON.stringify(name)}`);
  return requestMatch(session, { method: "GET", target: `/Groups?filter=${filter}`, kind: "GET /Groups?filter" });
}

async function patchGroup(session: Session, group: BelievedGroup, operation: object): Promise<void> {
  const body = { schemas: [PATCH_OP], Operations: [operation] };
  const call: Call = { method: "PATCH", target: `/Groups/${group.id}`, kind: "PATCH /Groups/{id}", body };
  await request(session, call, [200, 204]);
}
