import { deriveUser } from "../directory/derive-user-fields.ts";
import { foldKey } from "../directory/fold-key.ts";
import { emailKeyOf } from "../directory/person-key.ts";
import { fieldsOf, type User } from "../directory/user.ts";
import { groupNameOf } from "../grouping/plan-groups.ts";
import type { JsonObject } from "../scim/json.ts";
import { applyPatch } from "../scim/patch/patch.ts";
import { resourceTypes } from "../scim/schema/resource-types.ts";
import { isInShadow } from "../settings/shadow.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import { refOf } from "../unit/resource-references.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { uncountPerson } from "./assert-quota.ts";
import { keepDeleted } from "./brake-deactivations-and-deletions.ts";
import { textsIn, textsSetTo } from "./names-in-patch.ts";
import { holdsOf } from "./open-and-close-holds.ts";
import type { Outcome, UserOperation } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { changeReasons } from "./regroup-user.ts";
import { raiseVersionsOfGroupsOf } from "./save-group.ts";
import { type CurrentUser, insertUser, requireUser, toStoredUser, updateUser } from "./save-user.ts";

/** POST /Users (RFC 7644 section 3.3): a user without `active` is active; 409 uniqueness when the userName is taken. */
export function createUser(context: OperationContext, operation: UserOperation & { kind: "createUser" }): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const created = insertUser(context, setting, { active: true, ...operation.document });
  return { kind: "user", user: toStoredUser(context, created) };
}

/**
 * PUT /Users/{id} (RFC 7644 section 3.5.1). A deviation: without `active` the user keeps its status, since some IdPs send
 * templates without it and must not deactivate or revive anybody by that.
 */
export function replaceUser(context: OperationContext, operation: UserOperation & { kind: "replaceUser" }): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const current = requireUser(context, setting, operation);
  const document = { active: statusOf(current), ...operation.document };
  return { kind: "user", user: toStoredUser(context, updateUser(context, setting, current, document)) };
}

/**
 * PATCH /Users/{id} (RFC 7644 section 3.5.2): all operations of the request or none. A document of before `active` could
 * not be taken away is given it.
 */
export function patchUser(context: OperationContext, operation: UserOperation & { kind: "patchUser" }): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const current = requireUser(context, setting, operation);
  const { document, notes } = applyPatch(resourceTypes().User, current.document, operation.request);
  context.notes.push(...notes);
  document.active ??= statusOf(current);
  return { kind: "user", user: toStoredUser(context, updateUser(context, setting, current, document)) };
}

/** The status that the identity provider gave, which somebody who waits in a hold does not have yet. */
function statusOf({ document, user }: CurrentUser): boolean {
  return typeof document.active === "boolean" ? document.active : user.active;
}

/**
 * DELETE /Users/{id} (RFC 7644 section 3.6): the user, its memberships and target memberships go, enrolments are withdrawn.
 * Where that waits in a hold, the SCIM user is gone and the target user stays.
 */
export function deleteUser(context: OperationContext, operation: UserOperation & { kind: "deleteUser" }): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const current = requireUser(context, setting, operation);
  if (!keepDeleted(context, setting, current)) removeUser(context, current);
  return { kind: "deleted", label: null };
}

/** Removes a user with everything that hangs on it; the change feed keeps the fact, but for one in shadow, of whom it never told. */
export function removeUser(context: OperationContext, { ref, user }: Pick<CurrentUser, "ref" | "user">): void {
  const { unit } = context;
  const setting = unit.config.settingsByKey.get(user.settingKey);
  const isSeen = setting === undefined || !isInShadow(setting, user.key);
  if (isSeen) context.touchPerson(user);
  context.watch(ref, user.id, () => holdsOf(unit, ref));
  uncountPerson(unit);
  raiseVersionsOfGroupsOf(context, ref);
  for (const group of unit.groupsOf.get(ref) ?? []) unit.setMembership(group, ref, false);
  changeReasons(context, ref, user, { join: [], leave: unit.reasons.get(ref) ?? [] });
  unit.setUser(ref, undefined);
  unit.documents.set(ref, undefined);
  if (!isSeen) return;
  // Whoever takes over what the user had is told first: who reads the feed then has nothing that hangs on it.
  context.announceLast({
    type: "user.deleted",
    subject: { kind: "user", id: user.id },
    userId: user.id,
    data: {},
  });
}

/** Wants what an operation on a user will read. */
export function foreseeUser(unit: UnitOfWork, operation: UserOperation): void {
  const setting = unit.config.settings.get(operation.settingId);
  if (setting === undefined) return;
  if (operation.kind !== "createUser") {
    unit.wantUser(refOf(setting.key, operation.id));
    unit.brakes.want(setting.key);
  } else unit.people.want("all");
  if (operation.kind === "createUser" || operation.kind === "replaceUser")
    foreseeDocument(unit, operation.document, setting);
  if (operation.kind === "patchUser") {
    for (const name of textsSetTo(operation.request, "userName"))
      unit.userNames.want(`${setting.key}/${foldKey(name)}`);
    for (const text of textsIn(operation.request, 40)) {
      unit.targetGroupNames.want(foldKey(text));
      const person = emailKeyOf(text);
      if (person !== null) unit.wantPerson(person);
    }
  }
}

function foreseeDocument(unit: UnitOfWork, document: JsonObject, setting: WriterSetting): void {
  const derived = deriveUser(document, setting.compiledMappings);
  unit.userNames.want(`${setting.key}/${derived.userNameKey}`);
  if (derived.emailKey !== null) unit.wantPerson(derived.emailKey);
  const { criteria, field } = setting.groupSettings;
  if (criteria !== "field" || field === null) return;
  // Only the mapped fields are read of this user that does not exist yet.
  const name = groupNameOf(fieldsOf(derived as User)[field]);
  if (name !== "") unit.targetGroupNames.want(foldKey(name));
}
