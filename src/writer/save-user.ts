import { clipDisplay } from "../directory/clip-display-name.ts";
import { type DerivedUser, deriveUser } from "../directory/derive-user-fields.ts";
import { isWaitingFor } from "../directory/name-lost-by-folding.ts";
import { parseDocument } from "../directory/parse-document.ts";
import { personIdOf, personKeyOf } from "../directory/person-key.ts";
import { versionOf } from "../directory/resource-version.ts";
import type { Related } from "../directory/select-resources.ts";
import { fieldsOf, type User } from "../directory/user.ts";
import { isoTime } from "../platform/clock.ts";
import { meetsPreconditions, type Preconditions, weakTag } from "../scim/entity-tag.ts";
import type { JsonObject } from "../scim/json.ts";
import { quote, ScimError } from "../scim/scim-error.ts";
import { isInShadow } from "../settings/shadow.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import { type Ref, refOf, splitRef } from "../unit/resource-references.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { assertText, countPerson, textOfUser } from "./assert-quota.ts";
import { brakeStatus, NOT_HELD } from "./brake-deactivations-and-deletions.ts";
import { userToStore } from "./note-unfit-field-values.ts";
import { holdsOf } from "./open-and-close-holds.ts";
import type { OperationContext } from "./operation-context.ts";
import { notFound, preconditionFailed } from "./refuse-write.ts";
import { isNewOf, mirrorsFromGroups, regroup } from "./regroup-user.ts";
import { raiseVersionsOfGroupsOf } from "./save-group.ts";
import type { StoredUser } from "./stored-resource.ts";

/** A user as it stands, with its document. */
export interface CurrentUser {
  ref: Ref;
  user: User;
  document: JsonObject;
}

/** The user an operation names; 404 when the setting has none, 412 when If-Match or If-None-Match rules its version out. */
export function requireUser(
  { unit }: OperationContext,
  setting: WriterSetting,
  { id, ...preconditions }: { id: string } & Preconditions,
): CurrentUser {
  const ref = refOf(setting.key, id);
  const user = unit.users.get(ref);
  if (user === undefined) throw notFound("User", id);
  const tag = weakTag(versionOf({ type: "User", version: user.version, related: groupsShown(unit, ref) }));
  if (!meetsPreconditions(preconditions, tag)) throw preconditionFailed(id);
  return { ref, user, document: parseDocument(unit.documents.get(ref) ?? "{}") };
}

/** The groups that a user is shown in. */
function groupsShown({ groups, groupsOf }: UnitOfWork, ref: Ref): Related[] {
  return (groupsOf.get(ref) ?? []).flatMap((groupRef) => {
    const group = groups.get(groupRef);
    return group === undefined ? [] : [{ value: group.id, display: clipDisplay(group.displayName), type: "direct" }];
  });
}

/** Makes a user of a document, puts it into its target groups, and says so in the feed. */
export function insertUser(context: OperationContext, setting: WriterSetting, sent: JsonObject): CurrentUser {
  const { unit } = context;
  const document = userToStore(context, setting, sent, null);
  const derived = deriveUser(document, setting.compiledMappings);
  const text = JSON.stringify(document);
  assertText(context, textOfUser(text, derived), 0);
  assertNameFree(context, setting, derived.userNameKey, derived.userName, null);
  countPerson(unit);
  const user: User = {
    ...derived,
    key: unit.allocateKey(),
    settingKey: setting.key,
    id: unit.allocateId(),
    ...NOT_HELD,
    version: 1,
    createdAt: unit.now,
    updatedAt: unit.now,
  };
  const ref = refOf(setting.key, user.id);
  introduce(context, ref, user.id);
  unit.setUser(ref, user);
  unit.documents.set(ref, text);
  if (!isInShadow(setting, user.key)) {
    announceArrival(context, setting, user);
    context.touchPerson(user);
    regroup(context, ref, user, setting, []);
  }
  return { ref, user, document };
}

/** A row made in this commit has nothing in D1 to be read. */
function introduce({ unit }: OperationContext, ref: Ref, id: string): void {
  unit.users.load(ref, undefined);
  unit.documents.load(ref, undefined);
  unit.groupsOf.load(ref, []);
  unit.reasons.load(ref, []);
  unit.persons.load(`user:${id}`, []);
  unit.enrolments.load(`user:${id}`, []);
}

/** Gives a user a new document: fields, target groups and enrolments follow. The same document changes nothing. */
export function updateUser(
  context: OperationContext,
  setting: WriterSetting,
  current: CurrentUser,
  sent: JsonObject,
): CurrentUser {
  const { unit } = context;
  const { ref, user: before } = current;
  const document = userToStore(context, setting, sent, current.document);
  const text = JSON.stringify(document);
  if (text === unit.documents.get(ref)) return current;
  const derived = withNameOf(context, setting, before, deriveUser(document, setting.compiledMappings, before));
  assertText(context, textOfUser(text, derived), textOfUser(unit.documents.get(ref) ?? "", before));
  if (derived.userNameKey !== before.userNameKey)
    assertNameFree(context, setting, derived.userNameKey, derived.userName, ref);
  unit.documents.set(ref, text);
  const user = applyDerived(
    context,
    setting,
    { ref, user: before },
    { ...before, ...derived, version: before.version + 1 },
  );
  return { ref, user, document };
}

/** Reads a user's fields from its document anew, after its setting's mapping or grouping changed. */
export function rederiveUser(
  context: OperationContext,
  setting: WriterSetting,
  current: Pick<CurrentUser, "ref" | "user">,
  derived: DerivedUser,
): void {
  applyDerived(context, setting, current, { ...current.user, ...withNameOf(context, setting, current.user, derived) });
}

/** One whose name is another one's since names are folded otherwise does without until that one goes or is renamed. */
function withNameOf(
  { unit }: OperationContext,
  { key }: WriterSetting,
  { userNameKey }: User,
  derived: DerivedUser,
): DerivedUser {
  if (!isWaitingFor(userNameKey, derived.userNameKey)) return derived;
  return unit.userNames.get(`${key}/${derived.userNameKey}`) === undefined ? derived : { ...derived, userNameKey };
}

/** Gives a user other fields, or another status, by hand; the same ones change nothing. */
export function editUser(
  context: OperationContext,
  setting: WriterSetting,
  { ref, user: before }: Pick<CurrentUser, "ref" | "user">,
  edited: { user: User; document: JsonObject },
): void {
  const { user, document } = edited;
  if (user.active === before.active && Object.keys(differenceOf(before, user)).length === 0) return;
  const { documents } = context.unit;
  const text = JSON.stringify(document);
  assertText(context, textOfUser(text, user), textOfUser(documents.get(ref) ?? "", before));
  documents.set(ref, text);
  applyDerived(context, setting, { ref, user: before }, { ...user, version: before.version + 1 });
}

function applyDerived(
  context: OperationContext,
  setting: WriterSetting,
  { ref, user: before }: Pick<CurrentUser, "ref" | "user">,
  derived: User,
): User {
  const isSame = derived.version === before.version && Object.keys(differenceOf(before, derived)).length === 0;
  context.watch(ref, before.id, () => holdsOf(context.unit, ref));
  const user = isSame
    ? before
    : { ...derived, ...brakeStatus(context, setting, before, derived.active), updatedAt: context.unit.now };
  if (!isSame) {
    context.unit.setUser(ref, user);
    if (nameShown(before) !== nameShown(user)) raiseVersionsOfGroupsOf(context, ref);
  }
  if (isInShadow(setting, user.key)) return user;
  if (!isSame) {
    context.touchPerson(before);
    context.touchPerson(user);
    context.recordPersonChange(ref, before, user);
    announceUpdate(context, before, user);
  }
  regroup(context, ref, user, setting, mirrorsFromGroups(context, ref), isNewOf(context, setting, before, user));
  return user;
}

/** The name that groups show a member by (see `RESOURCE_TABLES`). */
function nameShown({ displayName, userName }: User): string {
  return displayName ?? userName;
}

function assertNameFree(
  { unit, notes }: OperationContext,
  setting: WriterSetting,
  nameKey: string,
  name: string,
  own: Ref | null,
): void {
  const holder = unit.userNames.get(`${setting.key}/${nameKey}`);
  if (holder === undefined || holder === own) return;
  notes.add("name_held", "userName", splitRef(holder)[1]);
  throw new ScimError(
    "user_name_taken",
    `A user with userName ${quote(name)} already exists in this SCIM setting. Find it with filter=userName eq ${quote(name)} and update it instead.`,
  );
}

/** Tells the feed of a new target user; one that was in shadow came earlier than it is told of. */
export function announceArrival(context: OperationContext, setting: WriterSetting, user: User): void {
  const { id, userName, externalId, displayName, active, createdAt } = user;
  context.announce({
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
      personId: personIdOf(context.unit.config.companyId, personKeyOf(user)),
      ...(createdAt !== context.unit.now && { createdAt: isoTime(createdAt) }),
    },
  });
}

function announceUpdate(context: OperationContext, before: User, after: User): void {
  const subject = { kind: "user" as const, id: after.id };
  const changed = differenceOf(before, after);
  if (personKeyOf(before) !== personKeyOf(after)) {
    const [old, fresh] = [before, after].map((user) => personIdOf(context.unit.config.companyId, personKeyOf(user)));
    changed.personId = { old, new: fresh };
  }
  if (Object.keys(changed).length > 0)
    context.announce({ type: "user.updated", subject, userId: after.id, data: { userName: after.userName, changed } });
  if (before.active !== after.active)
    context.announce({
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
      Object.hasOwn(attributes, key) || key === "personId" ? `fields.${key}` : key,
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
export function toStoredUser({ unit }: OperationContext, { ref, user, document }: CurrentUser): StoredUser {
  const { id, version, createdAt, updatedAt } = user;
  return { id, document, version, createdAt, updatedAt, related: groupsShown(unit, ref) };
}
