import { emailKeysOf } from "../directory/derive-user.ts";
import { foldDocument } from "../directory/folded-document.ts";
import type { Group } from "../directory/group.ts";
import type { User } from "../directory/user.ts";
import { parseJsonObject } from "../scim/json.ts";
import { addToRows, deleteRows, insertRows, updateRows } from "./commit-sql.ts";
import { splitPair } from "./load-sql.ts";
import type { Changed } from "./tracked.ts";
import type { Ref, Statement, WorkingSet } from "./working-set.ts";

const USER_COLUMNS = [
  "user_name",
  "user_name_key",
  "external_id",
  "display_name",
  "active",
  "email",
  "email_key",
  "first_name",
  "last_name",
  "department",
  "phone_number",
  "custom_fields",
  "version",
  "updated_at",
  "document",
  "folded_document",
];
const GROUP_COLUMNS = [
  "display_name",
  "display_name_key",
  "external_id",
  "target_group_key",
  "version",
  "updated_at",
  "document",
  "folded_document",
];

/** The statements for users, groups, memberships and the counts kept of them: deletes, then updates, then inserts. */
export function planDirectoryRows(workingSet: WorkingSet): Statement[] {
  const users = workingSet.users.changes();
  const groups = workingSet.groups.changes();
  return [
    ...deleteRows("users", ["user_key"], removed(users)),
    ...deleteRows("groups", ["group_key"], removed(groups)),
    ...deleteRows("user_emails", ["setting_key", "value_key", "user_key", "type_key"], emailRows(workingSet, "before")),
    ...freeNames("users", "user_key", "user_name_key", users.filter(renamed("userNameKey")).map(keyOf)),
    ...freeNames("groups", "group_key", "display_name_key", groups.filter(renamed("displayNameKey")).map(keyOf)),
    ...updateUsers(workingSet, users),
    ...updateRows(
      "groups",
      "group_key",
      GROUP_COLUMNS,
      both(groups).map((group) => [group.key, ...groupValues(group)]),
    ),
    ...insertUsers(workingSet, users),
    ...insertRows(
      "groups",
      ["group_key", "company_key", "setting_key", "id", "created_at", ...GROUP_COLUMNS],
      inserted(groups).map((group) => [
        group.key,
        workingSet.config.companyKey,
        group.settingKey,
        group.id,
        group.createdAt,
        ...groupValues(group),
      ]),
    ),
    ...insertRows("user_emails", ["setting_key", "value_key", "user_key", "type_key"], emailRows(workingSet, "after")),
    ...planMemberships(workingSet),
    ...planCounts(workingSet, users, groups),
  ];
}

function removed(changes: Changed<Ref, { key: number }>[]): number[][] {
  return changes.flatMap(({ before, after }) => (before !== undefined && after === undefined ? [[before.key]] : []));
}

function inserted<V>(changes: Changed<Ref, V>[]): V[] {
  return changes.flatMap(({ before, after }) => (before === undefined && after !== undefined ? [after] : []));
}

function both<V>(changes: Changed<Ref, V>[]): V[] {
  return changes.flatMap(({ before, after }) => (before !== undefined && after !== undefined ? [after] : []));
}

function renamed<K extends string>(name: K) {
  return ({ before, after }: Changed<Ref, { key: number } & Record<K, string>>): boolean =>
    before !== undefined && after !== undefined && before[name] !== after[name];
}

function keyOf({ before }: Changed<Ref, { key: number }>): number {
  return before?.key ?? 0;
}

/** Two rows may take each other's names in one commit: the names are set free first, since SQLite checks row by row. */
export function freeNames(table: string, key: string, column: string, keys: readonly number[]): Statement[] {
  if (keys.length < 2) return [];
  return [
    {
      sql: `UPDATE ${table} SET ${column} = char(1) || ${key} WHERE ${key} IN (SELECT value FROM json_each(?))`,
      parameters: [JSON.stringify(keys)],
    },
  ];
}

function userValues(user: User): (string | number | null)[] {
  return [
    user.userName,
    user.userNameKey,
    user.externalId,
    user.displayName,
    user.active ? 1 : 0,
    user.email,
    user.emailKey,
    user.firstName,
    user.lastName,
    user.department,
    user.phoneNumber,
    JSON.stringify(user.customFields),
    user.version,
    user.updatedAt,
  ];
}

function documentValues(document: string): [string, string | null] {
  return [document, foldDocument(parseJsonObject(document))];
}

function groupValues(group: Group): (string | number | null)[] {
  const { displayName, displayNameKey, externalId, targetGroupKey, version, updatedAt } = group;
  return [
    displayName,
    displayNameKey,
    externalId,
    targetGroupKey,
    version,
    updatedAt,
    ...documentValues(group.document),
  ];
}

/** Rows whose document was not read keep it (only their derived columns changed). */
function updateUsers(workingSet: WorkingSet, users: Changed<Ref, User>[]): Statement[] {
  const updated = users.filter(({ before, after }) => before !== undefined && after !== undefined);
  const whole: (string | number | null)[][] = [];
  const partial: (string | number | null)[][] = [];
  for (const { key, after } of updated) {
    if (after === undefined) continue;
    const document = workingSet.documents.knows(key) ? workingSet.documents.get(key) : undefined;
    if (document === undefined) partial.push([after.key, ...userValues(after)]);
    else whole.push([after.key, ...userValues(after), ...documentValues(document)]);
  }
  return [
    ...updateRows("users", "user_key", USER_COLUMNS, whole),
    ...updateRows("users", "user_key", USER_COLUMNS.slice(0, -2), partial),
  ];
}

function insertUsers(workingSet: WorkingSet, users: Changed<Ref, User>[]): Statement[] {
  return insertRows(
    "users",
    ["user_key", "company_key", "setting_key", "id", "created_at", ...USER_COLUMNS],
    users.flatMap(({ key, before, after }) =>
      before === undefined && after !== undefined
        ? [
            [
              after.key,
              workingSet.config.companyKey,
              after.settingKey,
              after.id,
              after.createdAt,
              ...userValues(after),
              ...documentValues(workingSet.documents.get(key) ?? "{}"),
            ],
          ]
        : [],
    ),
  );
}

/** The look-up rows of the e-mails that only one side of a document's change has. */
function emailRows(workingSet: WorkingSet, side: "before" | "after"): (string | number)[][] {
  return workingSet.documents.changes().flatMap((change) => {
    const user = workingSet.users.get(change.key) ?? workingSet.users.before(change.key);
    const own = change[side];
    const other = change[side === "before" ? "after" : "before"];
    if (user === undefined || own === undefined) return [];
    const kept = new Set(
      other === undefined ? [] : emailKeysOf(parseJsonObject(other)).map((email) => email.join("\n")),
    );
    return emailKeysOf(parseJsonObject(own))
      .filter((email) => !kept.has(email.join("\n")))
      .map(([value, type]) => [user.settingKey, value, user.key, type]);
  });
}

function planMemberships(workingSet: WorkingSet): Statement[] {
  const added: number[][] = [];
  const gone: number[][] = [];
  for (const { key, after } of workingSet.memberships.changes()) {
    const [groupRef, userRef] = splitPair(key);
    const group = workingSet.groups.get(groupRef) ?? workingSet.groups.before(groupRef);
    const user = workingSet.users.get(userRef) ?? workingSet.users.before(userRef);
    if (group !== undefined && user !== undefined) (after ? added : gone).push([group.key, user.key]);
  }
  const nestedAdded: number[][] = [];
  const nestedGone: number[][] = [];
  for (const { key, before, after } of workingSet.subgroups.changes()) {
    const parent = (workingSet.groups.get(key) ?? workingSet.groups.before(key))?.key ?? 0;
    const keyOfChild = (ref: Ref) => (workingSet.groups.get(ref) ?? workingSet.groups.before(ref))?.key ?? 0;
    for (const child of after ?? []) if (!before?.includes(child)) nestedAdded.push([parent, keyOfChild(child)]);
    for (const child of before ?? []) if (!after?.includes(child)) nestedGone.push([parent, keyOfChild(child)]);
  }
  return [
    ...deleteRows("group_members", ["group_key", "user_key"], gone),
    ...insertRows("group_members", ["group_key", "user_key"], added),
    ...deleteRows("group_subgroups", ["group_key", "subgroup_key"], nestedGone),
    ...insertRows("group_subgroups", ["group_key", "subgroup_key"], nestedAdded),
    ...addToRows("groups", "group_key", ["member_count"], memberCounts(added, gone)),
  ];
}

function memberCounts(added: readonly number[][], gone: readonly number[][]): number[][] {
  const counts = new Map<number, number>();
  for (const [group = 0] of added) counts.set(group, (counts.get(group) ?? 0) + 1);
  for (const [group = 0] of gone) counts.set(group, (counts.get(group) ?? 0) - 1);
  return [...counts].filter(([, by]) => by !== 0);
}

function planCounts({ now }: WorkingSet, users: Changed<Ref, User>[], groups: Changed<Ref, Group>[]): Statement[] {
  const counts = new Map<number, [active: number, inactive: number, groups: number]>();
  const count = (settingKey: number, column: 0 | 1 | 2, by: number) => {
    const row = counts.get(settingKey) ?? [0, 0, 0];
    row[column] += by;
    counts.set(settingKey, row);
  };
  for (const { before, after } of users) {
    if (before !== undefined) count(before.settingKey, before.active ? 0 : 1, -1);
    if (after !== undefined) count(after.settingKey, after.active ? 0 : 1, 1);
  }
  for (const { before, after } of groups) {
    if (before !== undefined) count(before.settingKey, 2, -1);
    if (after !== undefined) count(after.settingKey, 2, 1);
  }
  const rows = [...counts].filter(([, row]) => row.some((by) => by !== 0)).map(([key, row]) => [key, ...row]);
  const first = (column: string, changes: Changed<Ref, { settingKey: number }>[]): Statement[] => {
    const keys = [...new Set(inserted(changes).map(({ settingKey }) => settingKey))];
    if (keys.length === 0) return [];
    const sql = `UPDATE scim_settings SET ${column} = ? WHERE ${column} IS NULL AND setting_key IN (SELECT value FROM json_each(?))`;
    return [{ sql, parameters: [now, JSON.stringify(keys)] }];
  };
  return [
    ...addToRows("scim_settings", "setting_key", ["active_users", "inactive_users", "group_count"], rows),
    ...first("first_user_at", users),
    ...first("first_group_at", groups),
  ];
}
