import { foldKey } from "../directory/fold-key.ts";
import { lostKey, lostNameOf } from "../directory/name-lost-by-folding.ts";
import { sql } from "../platform/sql.ts";
import { noteOf } from "../scim/note.ts";
import type { NameKind } from "../unit/names-lost-by-folding.ts";
import { type Ref, refOf } from "../unit/resource-references.ts";
import { readAffectedKeys } from "./find-outdated-name-keys.ts";
import type { RenewalNote } from "./log-what-renewal-changed.ts";
import type { OperationContext } from "./operation-context.ts";
import type { Renewal } from "./renewal.ts";

/** A row that has a name, which is its own within a setting or the company. */
interface Named {
  key: number;
  nameKey: string;
  /** What people know it by. */
  name: string;
  /** Its resource's id; null for a target group. */
  id: string | null;
}

/** How rows of one kind are found by name, and given another key. */
interface Names {
  kind: NameKind;
  /** Of a user's or a group's row the setting's key, of a target group's 0. */
  ownerKey: number;
  find(nameKey: string): Named | undefined;
  set(row: Named, nameKey: string): void;
}

/** The names of target groups, of groups and of users folded anew: of two that come to be one the older row keeps it. */
export const renewTargetGroupNames: Renewal = {
  isFirst: true,
  read: (d1, config, after) =>
    readAffectedKeys(d1, { ...TARGET_GROUPS, owners: [config.companyKey], after }, ({ key, name }) => [key, name]),
  foresee({ targetGroups, targetGroupNames }, row) {
    const [key, nameKey] = readRow<[number, string]>(row);
    targetGroups.want(key);
    targetGroupNames.want(foldKey(nameKey));
  },
  renew(context, row) {
    const { unit } = context;
    const [key] = readRow<[number, string]>(row);
    const find = (found: number | undefined): Named | undefined => {
      const group = found === undefined ? undefined : unit.targetGroups.get(found);
      return group && { key: group.key, nameKey: group.nameKey, name: group.name, id: null };
    };
    return renewName(context, find(key), {
      kind: "targetGroup",
      ownerKey: 0,
      find: (nameKey) => find(unit.targetGroupNames.get(nameKey)),
      set(named, nameKey) {
        const group = unit.targetGroups.get(named.key);
        if (group !== undefined) unit.setTargetGroup(named.key, { ...group, nameKey });
      },
    });
  },
};

/** The same of the IdP's groups. */
export const renewGroupNames: Renewal = {
  isFirst: true,
  read: (d1, config, after) =>
    readAffectedKeys(d1, { ...GROUPS, owners: [...config.settingsByKey.keys()], after }, toNamedRow),
  foresee({ groups, groupNames }, row) {
    const [settingKey, id, nameKey] = readRow<NamedRow>(row);
    groups.want(refOf(settingKey, id));
    groupNames.want(`${settingKey}/${foldKey(nameKey)}`);
  },
  renew(context, row) {
    const { unit } = context;
    const [settingKey, id] = readRow<NamedRow>(row);
    const find = (ref: Ref | undefined): Named | undefined => {
      const group = ref === undefined ? undefined : unit.groups.get(ref);
      return group && { key: group.key, nameKey: group.displayNameKey, name: group.displayName, id: group.id };
    };
    return renewName(context, find(refOf(settingKey, id)), {
      kind: "group",
      ownerKey: settingKey,
      find: (nameKey) => find(unit.groupNames.get(`${settingKey}/${nameKey}`)),
      set(named, displayNameKey) {
        const ref = refOf(settingKey, named.id ?? "");
        const group = unit.groups.get(ref);
        if (group !== undefined) unit.setGroup(ref, { ...group, displayNameKey });
      },
    });
  },
};

/** The same of users. */
export const renewUserNames: Renewal = {
  isFirst: true,
  read: (d1, config, after) =>
    readAffectedKeys(d1, { ...USERS, owners: [...config.settingsByKey.keys()], after }, toNamedRow),
  foresee({ users, userNames }, row) {
    const [settingKey, id, nameKey] = readRow<NamedRow>(row);
    users.want(refOf(settingKey, id));
    userNames.want(`${settingKey}/${foldKey(nameKey)}`);
  },
  renew(context, row) {
    const { unit } = context;
    const [settingKey, id] = readRow<NamedRow>(row);
    const find = (ref: Ref | undefined): Named | undefined => {
      const user = ref === undefined ? undefined : unit.users.get(ref);
      return user && { key: user.key, nameKey: user.userNameKey, name: user.userName, id: user.id };
    };
    return renewName(context, find(refOf(settingKey, id)), {
      kind: "user",
      ownerKey: settingKey,
      find: (nameKey) => find(unit.userNames.get(`${settingKey}/${nameKey}`)),
      set(named, userNameKey) {
        const ref = refOf(settingKey, named.id ?? "");
        const user = unit.users.get(ref);
        if (user !== undefined) unit.setUser(ref, { ...user, userNameKey });
      },
    });
  },
};

const TARGET_GROUPS = {
  table: sql`target_groups`,
  rowKey: sql`target_group_key`,
  column: sql`name_key`,
  owner: sql`company_key`,
};
const GROUPS = { table: sql`groups`, rowKey: sql`group_key`, column: sql`display_name_key`, owner: sql`setting_key` };
const USERS = { table: sql`users`, rowKey: sql`user_key`, column: sql`user_name_key`, owner: sql`setting_key` };

type NamedRow = [settingKey: number, id: string, nameKey: string];

function toNamedRow({ owner, id, name }: { owner: number; id: string; name: string }): NamedRow {
  return [owner, id, name];
}

function readRow<Row>(row: string): Row {
  // Made by the look-up of the same record.
  return JSON.parse(row) as Row;
}

/** Gives a row the key that its name has by the present rule, which can be had from the one it has, or one that no name has. */
function renewName(context: OperationContext, row: Named | undefined, names: Names): RenewalNote[] {
  if (row === undefined) return [];
  const nameKey = foldKey(row.nameKey);
  if (nameKey === row.nameKey || lostNameOf(row.nameKey) !== null) return [];
  const holder = names.find(nameKey);
  if (holder === undefined) {
    names.set(row, nameKey);
    return [];
  }
  const [older, younger] = holder.key < row.key ? [holder, row] : [row, holder];
  names.set(younger, lostKey(nameKey, younger.key));
  if (older === row) names.set(row, nameKey);
  const { config, now } = context.unit;
  context.unit.execute(
    sql`INSERT INTO lost_names (company_key, row_key, kind, scope_key, name_key, lost_at)
      VALUES (${config.companyKey}, ${younger.key}, ${names.kind}, ${names.ownerKey}, ${nameKey}, ${now})`,
  );
  return [renewalNoteOf(names, younger)];
}

function renewalNoteOf({ kind, ownerKey }: Names, { id, name }: Named): RenewalNote {
  if (kind === "targetGroup")
    return { settingKey: null, about: null, note: noteOf("name_shared", "displayName", name) };
  const resourceType = kind === "user" ? "User" : "Group";
  const note = noteOf("name_shared", kind === "user" ? "userName" : "displayName", name);
  return { settingKey: ownerKey, about: { resourceType, resourceId: id, label: name }, note };
}
