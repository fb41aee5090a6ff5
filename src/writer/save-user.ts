import { type DerivedUser, deriveUser } from "../directory/derive-user.ts";
import { parseDocument } from "../directory/stored-document.ts";
import { fieldsOf, type User } from "../directory/user.ts";
import { meetsPreconditions, type Preconditions, weakTag } from "../scim/entity-tag.ts";
import { ScimError } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import type { WriterSetting } from "./company-config.ts";
import { keepUser } from "./keep-document.ts";
import { countStatus } from "./mass-change.ts";
import type { StoredUser } from "./operation.ts";
import { notFound, preconditionFailed } from "./refuse.ts";
import { mirrorsFromGroups, regroup } from "./regroup.ts";
import type { Scope } from "./scope.ts";
import { type Ref, refOf } from "./working-set.ts";

/** A user as it stands, with its document. */
export interface CurrentUser {
  ref: Ref;
  user: User;
  document: JsonObject;
}

/** The user an operation names; 404 when the setting has none, 412 when If-Match or If-None-Match rules its version out. */
export function requireUser(
  { workingSet }: Scope,
  setting: WriterSetting,
  { id, ...preconditions }: { id: string } & Preconditions,
): CurrentUser {
  const ref = refOf(setting.key, id);
  const user = workingSet.users.get(ref);
  if (user === undefined) throw notFound("User", id);
  if (!meetsPreconditions(preconditions, weakTag(user.version))) throw preconditionFailed(id);
  return { ref, user, document: parseDocument(workingSet.documents.get(ref) ?? "{}") };
}

/** Makes a user of a document, puts it into its target groups, and says so in the feed. */
export function insertUser(scope: Scope, setting: WriterSetting, sent: JsonObject): CurrentUser {
  const { workingSet } = scope;
  const document = keepUser(scope, setting, sent, null);
  const derived = deriveUser(document, setting.compiledMappings);
  assertNameFree(scope, setting, derived.userNameKey, derived.userName, null);
  const user: User = {
    ...derived,
    key: workingSet.allocateKey(),
    settingKey: setting.key,
    id: workingSet.allocateId(),
    leftAt: null,
    version: 1,
    createdAt: workingSet.now,
    updatedAt: workingSet.now,
  };
  const ref = refOf(setting.key, user.id);
  introduce(scope, ref, user.id);
  workingSet.setUser(ref, user);
  workingSet.documents.set(ref, JSON.stringify(document));
  announceArrival(scope, setting, user);
  scope.touchPerson(user);
  regroup(scope, ref, user, setting, []);
  return { ref, user, document };
}

/** A row made in this commit has nothing in D1 to be read. */
function introduce({ workingSet }: Scope, ref: Ref, id: string): void {
  workingSet.users.load(ref, undefined);
  workingSet.documents.load(ref, undefined);
  workingSet.groupsOf.load(ref, []);
  workingSet.reasons.load(ref, []);
  workingSet.persons.load(`user:${id}`, []);
  workingSet.enrolments.load(`user:${id}`, []);
}

/** Gives a user a new document: fields, target groups and enrolments follow. The same document changes nothing. */
export function updateUser(scope: Scope, setting: WriterSetting, current: CurrentUser, sent: JsonObject): CurrentUser {
  const { workingSet } = scope;
  const { ref, user: before } = current;
  const document = keepUser(scope, setting, sent, current.document);
  const text = JSON.stringify(document);
  if (text === workingSet.documents.get(ref)) return current;
  const derived = deriveUser(document, setting.compiledMappings, before);
  if (derived.userNameKey !== before.userNameKey)
    assertNameFree(scope, setting, derived.userNameKey, derived.userName, ref);
  workingSet.documents.set(ref, text);
  const user = applyDerived(
    scope,
    setting,
    { ref, user: before },
    { ...before, ...derived, version: before.version + 1 },
  );
  return { ref, user, document };
}

/** Reads a user's fields from its document anew, after its setting's mapping or grouping changed. */
export function rederiveUser(
  scope: Scope,
  setting: WriterSetting,
  current: Pick<CurrentUser, "ref" | "user">,
  derived: DerivedUser,
): void {
  applyDerived(scope, setting, current, { ...current.user, ...derived });
}

/** Gives a user other fields, or another status, by hand; the same ones change nothing. */
export function editUser(
  scope: Scope,
  setting: WriterSetting,
  { ref, user: before }: Pick<CurrentUser, "ref" | "user">,
  edited: { user: User; document: JsonObject },
): void {
  const { user, document } = edited;
  if (user.active === before.active && Object.keys(differenceOf(before, user)).length === 0) return;
  scope.workingSet.documents.set(ref, JSON.stringify(document));
  applyDerived(scope, setting, { ref, user: before }, { ...user, version: before.version + 1 });
}

function applyDerived(
  scope: Scope,
  setting: WriterSetting,
  { ref, user: before }: Pick<CurrentUser, "ref" | "user">,
  derived: User,
): User {
  const isSame = derived.version === before.version && Object.keys(differenceOf(before, derived)).length === 0;
  const user = isSame
    ? before
    : { ...derived, leftAt: countStatus(scope, before, derived.active), updatedAt: scope.workingSet.now };
  if (!isSame) {
    scope.touchPerson(before);
    scope.touchPerson(user);
    scope.workingSet.setUser(ref, user);
    scope.noteMove(ref, before, user);
    announceUpdate(scope, before, user);
  }
  regroup(scope, ref, user, setting, mirrorsFromGroups(scope, ref));
  return user;
}

function assertNameFree(
  { workingSet }: Scope,
  setting: WriterSetting,
  nameKey: string,
  name: string,
  own: Ref | null,
): void {
  const holder = workingSet.userNames.get(`${setting.key}/${nameKey}`);
  if (holder !== undefined && holder !== own)
    throw new ScimError(
      "user_name_taken",
      `A user with userName "${name}" already exists in this SCIM setting. Find it with filter=userName eq "${name}" and update it instead.`,
    );
}

function announceArrival(scope: Scope, setting: WriterSetting, user: User): void {
  const { id, userName, externalId, displayName, active } = user;
  scope.announce({
    type: "user.created",
    subject: { kind: "user", id },
    userId: id,
    data: {
      userName,
      status: active ? "active" : "inactive",
      fields: fieldsOf(user),
      externalId,
      displayName,
      settingId: setting.id,
    },
  });
}

function announceUpdate(scope: Scope, before: User, after: User): void {
  const subject = { kind: "user" as const, id: after.id };
  const changed = differenceOf(before, after);
  if (Object.keys(changed).length > 0)
    scope.announce({ type: "user.updated", subject, userId: after.id, data: { userName: after.userName, changed } });
  if (before.active !== after.active)
    scope.announce({
      type: after.active ? "user.reactivated" : "user.deactivated",
      subject,
      userId: after.id,
      data: { userName: after.userName },
    });
}

/**
 * What changed of a target user: old and new value by field; SCIM attributes that no field shows are not listed. A field
 * whose key is an attribute's (they were not always reserved) is listed as `fields.` and its key, which no other key begins with.
 */
function differenceOf(before: User, after: User): Record<string, { old: unknown; new: unknown }> {
  const facts = (user: User): Record<string, unknown> => {
    const { userName, externalId, displayName } = user;
    const attributes = { userName, externalId, displayName };
    const fields = Object.entries(fieldsOf(user)).map(([key, value]) => [
      Object.hasOwn(attributes, key) ? `fields.${key}` : key,
      value,
    ]);
    return { ...attributes, ...Object.fromEntries(fields) };
  };
  const old = facts(before);
  const fresh = facts(after);
  const changed: Record<string, { old: unknown; new: unknown }> = {};
  for (const name of new Set([...Object.keys(old), ...Object.keys(fresh)]))
    if ((old[name] ?? null) !== (fresh[name] ?? null))
      changed[name] = { old: old[name] ?? null, new: fresh[name] ?? null };
  return changed;
}

/** What the door answers with. */
export function toStoredUser({ workingSet }: Scope, { ref, user, document }: CurrentUser): StoredUser {
  const groups = (workingSet.groupsOf.get(ref) ?? []).flatMap((groupRef) => {
    const group = workingSet.groups.get(groupRef);
    return group === undefined ? [] : [{ id: group.id, displayName: group.displayName }];
  });
  const { id, version, createdAt, updatedAt } = user;
  return { id, document, version, createdAt, updatedAt, groups };
}
