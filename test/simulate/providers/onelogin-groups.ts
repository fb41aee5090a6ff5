import type { BelievedGroup, Member } from "../belief.ts";
import { foldedNameIn, type JsonObject, PATCH_OP } from "../document.ts";
import { walkPages } from "../page-walk.ts";
import { runPool } from "../pool.ts";
import type { GroupConnector } from "../provider.ts";
import { createOrAdopt, request, type Session } from "../session.ts";
import type { Call } from "../wire.ts";

/** OneLogin's groups: found in the list of all, created by name only, filled person by person. */
export function createOneloginGroups(session: Session): GroupConnector {
  const refreshEntitlements = () => walkPages(session, "/Groups", null, "GET /Groups");
  // Read once, as by the admin's click; read again when a create says that the list is out of date.
  let entitlements: Promise<JsonObject[]> | null = null;
  const findGroup = async (name: string) => {
    entitlements ??= refreshEntitlements();
    return foldedNameIn(await entitlements, name);
  };
  return {
    findGroup,
    createGroup: async (group, members) => {
      const body = { displayName: group.name };
      const call: Call = { method: "POST", target: "/Groups", kind: "POST /Groups", body };
      group.id = await createOrAdopt(session, call, async () => foldedNameIn(await refreshEntitlements(), group.name));
      if (group.id !== null) await changeMembers(session, group, members, []);
    },
    changeMembers: (group, join, leave) => changeMembers(session, group, join, leave),
    renameGroup: async () => {},
    deleteGroup: async () => {},
  };
}

/** One PATCH as each person is synchronised; every third in the form of SCIM 1.1, which older connectors send. */
async function changeMembers(
  session: Session,
  group: BelievedGroup,
  join: readonly Member[],
  leave: readonly Member[],
): Promise<void> {
  const added = join.map(({ id }, order) => async () => {
    const operation = { op: "add", path: "members", value: [{ value: id }] };
    const old = oldMembers([{ value: id, operation: "add" }]);
    await patchGroup(session, group, order % 3 === 2 ? old : { schemas: [PATCH_OP], Operations: [operation] });
  });
  await runPool(added, session.connections, () => {});
  if (leave.length === 0) return;
  await patchGroup(session, group, oldMembers(leave.map(({ id }) => ({ value: id, operation: "delete" }))));
}

function oldMembers(members: { value: string; operation: "add" | "delete" }[]): JsonObject {
  return { schemas: ["urn:scim:schemas:core:1.0"], members };
}

async function patchGroup(session: Session, group: BelievedGroup, body: JsonObject): Promise<void> {
  const call: Call = { method: "PATCH", target: `/Groups/${group.id}?`, kind: "PATCH /Groups/{id}", body };
  await request(session, call, [200, 204]);
}
