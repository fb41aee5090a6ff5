import { getTableColumns } from "drizzle-orm";
import { emailKeysOf } from "../directory/derive-user-fields.ts";
import type { Group } from "../directory/group.ts";
import { parseDocument } from "../directory/parse-document.ts";
import { GROUP, groupMembers, groupSubgroups, USER, userEmails } from "../directory/tables.ts";
import type { User } from "../directory/user.ts";
import { type Fields, namesOf, omit, pick, type RowOf, valuesOfRow } from "../platform/columns.ts";
import type { Sql } from "../platform/sql.ts";
import { DOCUMENT, documentColumns, USER_DOCUMENT, userDocumentColumns } from "./document-columns.ts";
import { freeNamesBeforeWriting } from "./free-names-before-writing.ts";
import type { Changed } from "./loaded-and-changed-rows.ts";
import { type Ref, splitPair } from "./resource-references.ts";
import { addToRows, deleteRows, insertRows, Shapes } from "./row-statements.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** Columns of users and groups. Those in an index are named apart: an update that leaves them out writes no index. */
const USER_KEYS = pick(USER, "userNameKey", "externalId", "emailKey");
const USER_WORDS = pick(USER, "firstName", "lastName", "fullNameKey", "displayName", "active");
/** What stays as it was made. */
const USER_ORIGIN = pick(USER, "key", "settingKey", "id", "createdAt");
const USER_COLUMNS = omit(USER, ...fieldsIn(USER_KEYS), ...fieldsIn(USER_WORDS), ...fieldsIn(USER_ORIGIN));
/** What of a new user's row its user has, in order. */
const NEW_USER = { ...USER_ORIGIN, ...USER_COLUMNS, ...USER_KEYS, ...USER_WORDS };
const NEW_USER_ROW = ["company_key", ...namesOf(NEW_USER), ...namesOf(USER_DOCUMENT)];
const GROUP_KEYS = pick(GROUP, "displayNameKey", "externalId", "targetGroupKey");
const GROUP_ORIGIN = pick(GROUP, "key", "settingKey", "id", "createdAt");
const GROUP_COLUMNS = pick(GROUP, "displayName", "version", "updatedAt");

const MEMBER_COUNT = "member_count";
const NEW_GROUP_ROW = [
  ...["company_key", MEMBER_COUNT],
  ...[GROUP_ORIGIN, GROUP_COLUMNS, DOCUMENT, GROUP_KEYS].flatMap((fields) => namesOf(fields)),
];

/** Of rows that are nothing but a key, in the order in which the rows below have it. */
const EMAIL = namesOf(pick(getTableColumns(userEmails), "settingKey", "valueKey", "userKey", "typeKey"));
const MEMBER = namesOf(pick(getTableColumns(groupMembers), "groupKey", "userKey"));
const SUBGROUP = namesOf(pick(getTableColumns(groupSubgroups), "groupKey", "subgroupKey"));

function fieldsIn<F extends Fields>(fields: F): (keyof F & string)[] {
  return Object.keys(fields);
}

/** Columns with what a row has of them. */
function part<F extends Fields>(fields: F, row: RowOf<F>): Part {
  return [namesOf(fields), valuesOfRow(fields, row)];
}

/** The statements for users, groups, memberships and the counts of members: deletes, then updates, then inserts. */
export function planDirectoryRows(unit: UnitOfWork): Sql[] {
  const users = unit.users.differences();
  const groups = unit.groups.differences();
  const memberships = membershipsChanged(unit);
  const counts = memberCounts(memberships);
  const emails = emailRows(unit);
  const counted = (group: { key: number }): Part => [[MEMBER_COUNT], [counts.get(group.key) ?? 0]];
  const changed = new Set(groups.flatMap(({ after }) => (after === undefined ? [] : [after.key])));
  return [
    ...deleteRows("users", ["user_key"], removed(users)),
    ...deleteRows("groups", ["group_key"], removed(groups)),
    ...deleteRows("user_emails", EMAIL, emails.gone),
    ...freeNamesBeforeWriting("users", "user_key", "user_name_key", users.filter(renamed("userNameKey")).map(keyOf)),
    ...freeNamesBeforeWriting(
      "groups",
      "group_key",
      "display_name_key",
      groups.filter(renamed("displayNameKey")).map(keyOf),
    ),
    ...updateUsers(unit, users),
    ...updateGroups(groups, (group) => (counts.has(group.key) ? [counted(group)] : [])),
    ...insertUsers(unit, users),
    ...insertGroups(unit, groups, counts),
    ...insertRows("user_emails", EMAIL, emails.added),
    ...planMemberships(unit, memberships),
    // Mostly none: a group gets a new version with its members, and is written once.
    ...addToRows(
      "groups",
      "group_key",
      MEMBER_COUNT,
      [...counts].filter(([key]) => !changed.has(key)),
    ),
  ];
}

function removed(differences: readonly Changed<Ref, { key: number }>[]): number[][] {
  return differences.flatMap(({ before, after }) =>
    before !== undefined && after === undefined ? [[before.key]] : [],
  );
}

function inserted<V>(differences: readonly Changed<Ref, V>[]): V[] {
  return differences.flatMap(({ before, after }) => (before === undefined && after !== undefined ? [after] : []));
}

function renamed<K extends string>(name: K) {
  return ({ before, after }: Changed<Ref, { key: number } & Record<K, string>>): boolean =>
    before !== undefined && after !== undefined && before[name] !== after[name];
}

function keyOf({ before }: Changed<Ref, { key: number }>): number {
  return before?.key ?? 0;
}

type Values = (string | number | null)[];

type Part = readonly [columns: readonly string[], values: Values];

/** Rows whose document was not read keep it (only their derived columns changed); so do those whose keys stay theirs. */
function updateUsers(unit: UnitOfWork, users: readonly Changed<Ref, User>[]): Sql[] {
  const shapes = new Shapes("users", "user_key");
  for (const { key, before, after } of users) {
    if (before === undefined || after === undefined) continue;
    const document = unit.documents.knows(key) ? unit.documents.get(key) : undefined;
    shapes.add(after.key, [
      part(USER_COLUMNS, after),
      ...(isSame(USER_KEYS, before, after) ? [] : [part(USER_KEYS, after)]),
      ...(isSame(USER_WORDS, before, after) ? [] : [part(USER_WORDS, after)]),
      ...(document === undefined ? [] : [part(USER_DOCUMENT, userDocumentColumns(document))]),
    ]);
  }
  return shapes.statements();
}

function updateGroups(groups: readonly Changed<Ref, Group>[], counted: (group: Group) => Part[]): Sql[] {
  const shapes = new Shapes("groups", "group_key", [MEMBER_COUNT]);
  for (const { before, after } of groups) {
    if (before === undefined || after === undefined) continue;
    shapes.add(after.key, [
      part(GROUP_COLUMNS, after),
      ...counted(after),
      ...(after.document === before.document ? [] : [part(DOCUMENT, documentColumns(after.document))]),
      ...(isSame(GROUP_KEYS, before, after) ? [] : [part(GROUP_KEYS, after)]),
    ]);
  }
  return shapes.statements();
}

function isSame<F extends Fields>(fields: F, left: RowOf<F>, right: RowOf<F>): boolean {
  return Object.keys(fields).every((name) => left[name] === right[name]);
}

function insertUsers({ documents, config }: UnitOfWork, users: readonly Changed<Ref, User>[]): Sql[] {
  const rows: Values[] = [];
  for (const { key, before, after } of users) {
    if (before !== undefined || after === undefined) continue;
    const document = documents.get(key) ?? "{}";
    rows.push([
      config.companyKey,
      ...valuesOfRow(NEW_USER, after),
      ...valuesOfRow(USER_DOCUMENT, userDocumentColumns(document)),
    ]);
  }
  return insertRows("users", NEW_USER_ROW, rows);
}

function insertGroups(
  { config }: UnitOfWork,
  groups: readonly Changed<Ref, Group>[],
  counts: ReadonlyMap<number, number>,
): Sql[] {
  const rows = inserted(groups).map((group) => [
    ...[config.companyKey, counts.get(group.key) ?? 0, ...valuesOfRow(GROUP_ORIGIN, group)],
    ...[
      ...valuesOfRow(GROUP_COLUMNS, group),
      ...valuesOfRow(DOCUMENT, documentColumns(group.document)),
      ...valuesOfRow(GROUP_KEYS, group),
    ],
  ]);
  return insertRows("groups", NEW_GROUP_ROW, rows);
}

/** What a commit puts into a table that is nothing but keys, and what it takes out. */
interface KeyRows<Row extends Values = Values> {
  added: Row[];
  gone: Row[];
}

/** The look-up rows of the e-mails that only one side of a document's change has. */
function emailRows(unit: UnitOfWork): KeyRows {
  const rows: KeyRows = { added: [], gone: [] };
  for (const { key, before, after } of unit.documents.differences()) {
    const user = unit.users.get(key) ?? unit.users.before(key);
    if (user === undefined) continue;
    const [old, fresh] = [emailsIn(before), emailsIn(after)];
    const toRow = ([value, type]: Email) => [user.settingKey, value, user.key, type];
    rows.gone.push(...without(old, fresh).map(toRow));
    rows.added.push(...without(fresh, old).map(toRow));
  }
  return rows;
}

type Email = readonly [value: string, type: string];

function emailsIn(document: string | undefined): readonly Email[] {
  return document === undefined ? [] : emailKeysOf(parseDocument(document));
}

function without(emails: readonly Email[], others: readonly Email[]): readonly Email[] {
  if (others.length === 0) return emails;
  const left = new Set(others.map((email) => email.join("\n")));
  return emails.filter((email) => !left.has(email.join("\n")));
}

/** By how many members a commit changes each group, by its key. */
export function countMemberships(unit: UnitOfWork): Map<number, number> {
  return memberCounts(membershipsChanged(unit));
}

/** Who comes into which group, and who goes. */
function membershipsChanged(unit: UnitOfWork): KeyRows<[groupKey: number, userKey: number]> {
  const rows: KeyRows<[number, number]> = { added: [], gone: [] };
  for (const { key, after } of unit.memberships.differences()) {
    const [groupRef, userRef] = splitPair(key);
    const group = unit.groups.get(groupRef) ?? unit.groups.before(groupRef);
    const user = unit.users.get(userRef) ?? unit.users.before(userRef);
    if (group !== undefined && user !== undefined) (after ? rows.added : rows.gone).push([group.key, user.key]);
  }
  return rows;
}

/** The statements for who, and which groups, are in which group. */
function planMemberships(unit: UnitOfWork, { added, gone }: KeyRows<[number, number]>): Sql[] {
  const nestedAdded: number[][] = [];
  const nestedGone: number[][] = [];
  for (const { key, before, after } of unit.subgroups.differences()) {
    const parent = (unit.groups.get(key) ?? unit.groups.before(key))?.key ?? 0;
    const keyOfChild = (ref: Ref) => (unit.groups.get(ref) ?? unit.groups.before(ref))?.key ?? 0;
    for (const child of after ?? []) if (!before?.includes(child)) nestedAdded.push([parent, keyOfChild(child)]);
    for (const child of before ?? []) if (!after?.includes(child)) nestedGone.push([parent, keyOfChild(child)]);
  }
  return [
    ...deleteRows("group_members", MEMBER, gone),
    ...insertRows("group_members", MEMBER, added),
    ...deleteRows("group_subgroups", SUBGROUP, nestedGone),
    ...insertRows("group_subgroups", SUBGROUP, nestedAdded),
  ];
}

function memberCounts({ added, gone }: KeyRows<[number, number]>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [group] of added) counts.set(group, (counts.get(group) ?? 0) + 1);
  for (const [group] of gone) counts.set(group, (counts.get(group) ?? 0) - 1);
  return new Map([...counts].filter(([, by]) => by !== 0));
}
