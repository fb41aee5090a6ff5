import type { BelievedGroup, Member } from "../belief.ts";
import { GROUP, type JsonObject } from "../document.ts";
import type { GroupConnector } from "../provider.ts";
import { createOrAdopt, request, requestDelete } from "../session.ts";
import type { Call } from "../wire.ts";
import { memberOperations } from "./entra-operations.ts";
import { type Entra, findByFilter, patch } from "./entra-requests.ts";

/** Values of one membership PATCH; Entra batches up to 1,000. */
const BATCHES = [1000, 20];

/** Entra's groups: created empty, filled by PATCH, read without their members. */
export function createEntraGroups(entra: Entra): GroupConnector {
  const { session, query, dialect } = entra;
  const findGroup = (name: string) =>
    findByFilter(entra, "Groups", `displayName eq ${JSON.stringify(name)}`, "excludedAttributes=members&");
  return {
    findGroup,
    createGroup: async (group, members) => {
      const body = groupBody(group, session.random.chance(0.5));
      const call: Call = { method: "POST", target: `/Groups${query}`, kind: "POST /Groups", body };
      group.id = await createOrAdopt(session, call, () => findGroup(group.name));
      if (group.id === null) return;
      group.sentExternalId = group.externalId;
      const target = `/Groups/${group.id}?${entra.flag}excludedAttributes=members`;
      await request(session, { method: "GET", target, kind: "GET /Groups/{id}" }, [200]);
      await changeMembers(entra, group, members, []);
    },
    changeMembers: (group, join, leave) => changeMembers(entra, group, join, leave),
    renameGroup: async (group, name) => {
      const op = dialect === "optscim" ? "replace" : "Replace";
      await patch(entra, "Groups", group.id, [{ op, path: "displayName", value: name }]);
    },
    deleteGroup: (group) => {
      const target = `/Groups/${group.id}${query}`;
      return requestDelete(session, { method: "DELETE", target, kind: "DELETE /Groups/{id}" });
    },
  };
}

async function changeMembers(
  entra: Entra,
  group: BelievedGroup,
  join: readonly Member[],
  leave: readonly Member[],
): Promise<void> {
  const { session, dialect } = entra;
  const size = session.random.pick(BATCHES);
  const bodies = [
    ...memberOperations("Remove", leave, size, dialect, session.random),
    ...memberOperations("Add", join, size, dialect, session.random),
  ];
  const send = async (operations: object[]) => void (await patch(entra, "Groups", group.id, operations));
  // The changes concern different people, so their order is free.
  if (session.chaos) await Promise.all(bodies.map(send));
  else for (const operations of bodies) await send(operations);
  await checkMember(entra, group, join[0], true);
  await checkMember(entra, group, leave[0], false);
}

/** A reference check about the members attribute; its values are quoted or not. */
async function checkMember(entra: Entra, group: BelievedGroup, user: Member | undefined, expected: boolean) {
  if (user === undefined || group.id === null) return;
  const quote = entra.session.random.chance(0.5) ? '"' : "";
  const filter = `id eq ${quote}${group.id}${quote} and members eq ${quote}${user.id}${quote}`;
  const found = await findByFilter(entra, "Groups", filter, "attributes=id&");
  if ((found !== null) !== expected)
    entra.session.report(`reference check: ${user.userName} ${expected ? "is not" : "is still"} in ${group.name}`);
}

function groupBody(group: BelievedGroup, withMembers: boolean): JsonObject {
  return {
    schemas: [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
    externalId: group.externalId,
    displayName: group.name,
    ...(withMembers ? { members: [] } : {}),
    meta: { resourceType: "Group" },
  };
}
