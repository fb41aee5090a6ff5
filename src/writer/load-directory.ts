import type { Group } from "../directory/group.ts";
import { personKeyOf, type User } from "../directory/user.ts";
import { type Fragment, listOf, usersByRef } from "./load-sql.ts";
import { REASONS_COLUMN, toReasons } from "./load-targets.ts";
import { pairOf, type Ref, refOf, splitPair, splitRef } from "./references.ts";
import type { Query, Row, WorkingSet } from "./working-set.ts";

/** What the parts of a load share. */
export interface Reader {
  workingSet: WorkingSet;
  /** A WITH clause that defines `closure(k)`, the keys of the users in play; null when there are none. */
  closure: Fragment | null;
  withPersons: boolean;
}

const USER_COLUMNS = `u.user_key, u.setting_key, u.id, u.user_name, u.user_name_key, u.external_id, u.display_name, u.active,
  u.email, u.email_key, u.first_name, u.last_name, u.department, u.phone_number, u.custom_fields, u.left_at, u.version, u.created_at, u.updated_at`;

/** Reads a user's row (aliased `u`, without the document). */
export function toUser(row: Row): User {
  return {
    key: Number(row.user_key),
    settingKey: Number(row.setting_key),
    id: String(row.id),
    userName: String(row.user_name),
    userNameKey: String(row.user_name_key),
    externalId: text(row.external_id),
    displayName: text(row.display_name),
    active: row.active === 1,
    email: text(row.email),
    emailKey: text(row.email_key),
    firstName: text(row.first_name),
    lastName: text(row.last_name),
    department: text(row.department),
    phoneNumber: text(row.phone_number),
    customFields: JSON.parse(String(row.custom_fields)),
    leftAt: row.left_at === null ? null : Number(row.left_at),
    version: Number(row.version),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

function text(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** Users with the look-ups by name and person, and the documents asked for. */
export function readUsers({ workingSet, closure, withPersons }: Reader): Query[] {
  const wanted = workingSet.documents.wanted;
  const queries: Query[] = [];
  // Documents are read along where all users need theirs; those of a group's members stay where they are.
  const withDocuments = wanted.size > 0 && isSameSet(wanted, workingSet.users.wanted);
  const take = (rows: Row[]) => {
    const persons = new Map<string, Ref[]>();
    for (const row of rows) {
      const user = toUser(row);
      const ref = refOf(user.settingKey, user.id);
      workingSet.users.load(ref, user);
      workingSet.reasons.load(ref, toReasons(String(row.reasons)));
      if (withDocuments && wanted.has(ref)) workingSet.documents.load(ref, String(row.document));
      workingSet.userNames.load(`${user.settingKey}/${user.userNameKey}`, ref);
      persons.set(personKeyOf(user), [...(persons.get(personKeyOf(user)) ?? []), ref]);
    }
    if (withPersons) for (const [person, refs] of persons) workingSet.persons.load(person, refs);
    workingSet.users.endLoad();
    workingSet.userNames.endLoad();
    if (!withPersons) workingSet.persons.endLoad();
    if (withDocuments) workingSet.documents.endLoad();
  };
  if (closure === null) take([]);
  else
    queries.push({
      sql: `${closure.sql} SELECT ${USER_COLUMNS}, ${REASONS_COLUMN}${withDocuments ? ", u.document" : ""} FROM closure c CROSS JOIN users u ON u.user_key = c.k`,
      parameters: closure.parameters,
      take,
    });
  const documents = usersByRef(wanted, "u.setting_key, u.id, u.document");
  if (documents !== null && !withDocuments)
    queries.push({
      ...documents,
      take: (rows) => {
        for (const row of rows)
          workingSet.documents.load(refOf(Number(row.setting_key), String(row.id)), String(row.document));
        workingSet.documents.endLoad();
      },
    });
  return queries;
}

function isSameSet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((value) => right.has(value));
}

const GROUP_COLUMNS = `g.group_key, g.setting_key, g.id, g.display_name, g.display_name_key, g.external_id, g.document,
  g.target_group_key, g.member_count, g.version, g.created_at, g.updated_at`;

function toGroup(row: Row): Group {
  return {
    key: Number(row.group_key),
    settingKey: Number(row.setting_key),
    id: String(row.id),
    displayName: String(row.display_name),
    displayNameKey: String(row.display_name_key),
    externalId: text(row.external_id),
    document: String(row.document),
    targetGroupKey: row.target_group_key === null ? null : Number(row.target_group_key),
    memberCount: Number(row.member_count),
    version: Number(row.version),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

/** Groups by reference and by name, and the groups of the users asked for. */
export function readGroups({ workingSet }: Reader): Query[] {
  const takeGroups = (rows: Row[]) => {
    for (const row of rows) {
      const group = toGroup(row);
      const ref = refOf(group.settingKey, group.id);
      workingSet.groups.load(ref, group);
      workingSet.groupNames.load(`${group.settingKey}/${group.displayNameKey}`, ref);
    }
  };
  const queries: Query[] = [];
  const byRef = listOf(Array.from(workingSet.groups.wanted, splitRef));
  if (byRef !== null)
    queries.push({
      sql: `SELECT ${GROUP_COLUMNS} FROM ${byRef.sql} CROSS JOIN groups g ON g.setting_key = j.value->>0 AND g.id = j.value->>1`,
      parameters: byRef.parameters,
      take: (rows) => {
        takeGroups(rows);
        workingSet.groups.endLoad();
      },
    });
  const byName = listOf(Array.from(workingSet.groupNames.wanted, splitRef));
  if (byName !== null)
    queries.push({
      sql: `SELECT ${GROUP_COLUMNS} FROM ${byName.sql} CROSS JOIN groups g ON g.setting_key = j.value->>0 AND g.display_name_key = j.value->>1`,
      parameters: byName.parameters,
      take: (rows) => {
        takeGroups(rows);
        workingSet.groupNames.endLoad();
      },
    });
  const users = usersByRef(workingSet.groupsOf.wanted);
  if (users !== null)
    queries.push({
      sql: `WITH named(k) AS (${users.sql}) SELECT u.setting_key AS of_setting, u.id AS of_id, ${GROUP_COLUMNS}
        FROM named n CROSS JOIN users u ON u.user_key = n.k CROSS JOIN group_members m ON m.user_key = n.k
        CROSS JOIN groups g ON g.group_key = m.group_key`,
      parameters: users.parameters,
      take: (rows) => {
        takeGroups(rows);
        const groupsOf = new Map<Ref, Ref[]>(Array.from(workingSet.groupsOf.wanted, (ref) => [ref, []]));
        for (const row of rows) {
          const user = refOf(Number(row.of_setting), String(row.of_id));
          const group = refOf(Number(row.setting_key), String(row.id));
          groupsOf.get(user)?.push(group);
          workingSet.memberships.load(pairOf(group, user), true);
        }
        for (const [user, groups] of groupsOf) workingSet.groupsOf.load(user, groups);
        workingSet.groupsOf.endLoad();
      },
    });
  return queries;
}

/** Single memberships, and the subgroups of the groups asked for. */
export function readMemberships({ workingSet }: Reader): Query[] {
  const queries: Query[] = [];
  const pairs = listOf(Array.from(workingSet.memberships.wanted, (pair) => splitPair(pair).flatMap(splitRef)));
  if (pairs !== null)
    queries.push({
      sql: `SELECT g.setting_key AS gs, g.id AS gid, u.setting_key AS us, u.id AS uid FROM ${pairs.sql}
        CROSS JOIN groups g ON g.setting_key = j.value->>0 AND g.id = j.value->>1
        CROSS JOIN users u ON u.setting_key = j.value->>2 AND u.id = j.value->>3
        CROSS JOIN group_members m ON m.group_key = g.group_key AND m.user_key = u.user_key`,
      parameters: pairs.parameters,
      take: (rows) => {
        for (const row of rows)
          workingSet.memberships.load(
            pairOf(refOf(Number(row.gs), String(row.gid)), refOf(Number(row.us), String(row.uid))),
            true,
          );
        workingSet.memberships.endLoad();
      },
    });
  const parents = listOf(Array.from(workingSet.subgroups.wanted, splitRef));
  if (parents !== null)
    queries.push({
      sql: `SELECT p.setting_key AS ps, p.id AS pid, ${GROUP_COLUMNS} FROM ${parents.sql}
        CROSS JOIN groups p ON p.setting_key = j.value->>0 AND p.id = j.value->>1
        CROSS JOIN group_subgroups s ON s.group_key = p.group_key CROSS JOIN groups g ON g.group_key = s.subgroup_key`,
      parameters: parents.parameters,
      take: (rows) => {
        const subgroups = new Map<Ref, Ref[]>(Array.from(workingSet.subgroups.wanted, (ref) => [ref, []]));
        for (const row of rows)
          subgroups.get(refOf(Number(row.ps), String(row.pid)))?.push(refOf(Number(row.setting_key), String(row.id)));
        for (const row of rows) workingSet.groups.load(refOf(Number(row.setting_key), String(row.id)), toGroup(row));
        for (const [parent, children] of subgroups) workingSet.subgroups.load(parent, children);
        workingSet.subgroups.endLoad();
      },
    });
  return queries;
}
