import type { Group } from "../directory/group.ts";
import type { Member } from "../scim/schema/read-members.ts";
import type { WriterSetting } from "./company-config.ts";
import type { GroupOperation, Outcome } from "./operation.ts";
import { requireGroup, toStoredGroup, updateGroup } from "./save-group.ts";
import type { Scope } from "./scope.ts";
import { pairOf, type Ref } from "./working-set.ts";

/**
 * PUT /Groups/{id} (RFC 7644 section 3.5.1). A deviation: a body without `members` keeps them, since some IdPs rename so
 * and a rename must not empty a group; `members: []` empties it. So does a body without them where the setting's dialect
 * says so: Keycloak's plug-ins leave them out when the last one goes (test/scim-api/dialect.worker.test.ts).
 */
export function replaceGroup(scope: Scope, operation: GroupOperation & { kind: "replaceGroup" }): Outcome {
  const setting = scope.requireSetting(operation.settingId);
  const current = requireGroup(scope, setting, operation);
  const { document } = operation;
  const members = membersPut(setting, operation);
  updateGroup(scope, setting, current, {
    document,
    memberOperations: members === undefined ? [] : [{ kind: "replace", members: [...members] }],
  });
  if (members === undefined) noteKept(scope, current);
  return { kind: "group", group: toStoredGroup(scope, current.ref) };
}

/** The members that a PUT gives its group; undefined where it leaves them as they are. */
export function membersPut(
  { dialect }: WriterSetting,
  { members }: GroupOperation & { kind: "replaceGroup" },
): readonly Member[] | undefined {
  return members ?? (dialect.putWithoutMembers === "empty" ? [] : undefined);
}

function noteKept(scope: Scope, { ref, group }: { ref: Ref; group: Group }): void {
  const { memberships, subgroups } = scope.workingSet;
  // Requests before this one in the same commit may have changed them.
  const earlier = memberships.changes().filter(({ key }) => key.startsWith(pairOf(ref, "")));
  const users = earlier.reduce((sum, { after }) => sum + (after ? 1 : -1), group.memberCount);
  if (users + (subgroups.get(ref)?.length ?? 0) > 0)
    scope.notes.push(
      "members was not sent: the group keeps those it has. If this client leaves members out when the last one goes, change how the setting takes that.",
    );
}
