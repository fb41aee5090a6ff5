import type { Group } from "../directory/group.ts";
import { personKeyOf } from "../directory/person-key.ts";
import { GROUP, USER } from "../directory/tables.ts";
import type { User } from "../directory/user.ts";
import { columnsIn } from "../platform/columns.ts";
import { sql } from "../platform/sql.ts";
import { listOf } from "./packed-lists.ts";
import { REASONS_COLUMN, toReasons } from "./read-target-groups-and-enrolments.ts";
import { pairOf, type Ref, refOf, splitPair, splitRef } from "./resource-references.ts";
import { type Reader, usersByRef } from "./select-referenced-users.ts";
import type { Query, Row, UnitOfWork } from "./unit-of-work.ts";

const USERS = columnsIn(USER, "u");

/** Users with the look-ups by name and person, and the documents asked for. */
export function readUsers({ unit, closure, withPersons }: Reader): Query[] {
  const wanted = unit.documents.wanted;
  const queries: Query[] = [];
  // Documents are read along where all users need theirs; those of a group's members stay where they are.
  const withDocuments = wanted.size > 0 && isSameSet(wanted, unit.users.wanted);
  const receive = (rows: Row[]) => {
    const persons = new Map<string, Ref[]>();
    for (const row of rows) {
      const user: User = USERS.read(row);
      const ref = refOf(user.settingKey, user.id);
      unit.users.load(ref, user);
      unit.reasons.load(ref, toReasons(String(row.reasons)));
      if (withDocuments && wanted.has(ref)) unit.documents.load(ref, String(row.document));
      unit.userNames.load(`${user.settingKey}/${user.userNameKey}`, ref);
      persons.set(personKeyOf(user), [...(persons.get(personKeyOf(user)) ?? []), ref]);
    }
    if (withPersons) for (const [person, refs] of persons) unit.persons.load(person, refs);
    unit.users.endLoad();
    unit.userNames.endLoad();
    if (!withPersons) unit.persons.endLoad();
    if (withDocuments) unit.documents.endLoad();
  };
  if (closure === null) receive([]);
  else
    queries.push({
      ...sql`${closure} SELECT ${USERS.list}, ${REASONS_COLUMN}${withDocuments ? sql`, u.document` : sql``}
        FROM closure c CROSS JOIN users u ON u.user_key = c.k`,
      receive,
    });
  const documents = usersByRef(wanted, sql`u.setting_key, u.id, u.document`);
  if (documents !== null && !withDocuments)
    queries.push({
      ...documents,
      receive: (rows) => {
        for (const row of rows)
          unit.documents.load(refOf(Number(row.setting_key), String(row.id)), String(row.document));
        unit.documents.endLoad();
      },
    });
  return queries;
}

function isSameSet(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((value) => right.has(value));
}

const GROUPS = columnsIn(GROUP, "g");

function loadGroups(unit: UnitOfWork, rows: Row[]): void {
  for (const row of rows) {
    const group: Group = GROUPS.read(row);
    const ref = refOf(group.settingKey, group.id);
    unit.groups.load(ref, group);
    unit.groupNames.load(`${group.settingKey}/${group.displayNameKey}`, ref);
  }
}

/** Groups by reference and by name, and the groups of the users asked for. */
export function readGroups({ unit }: Reader): Query[] {
  const queries: Query[] = [];
  const byRef = listOf(Array.from(unit.groups.wanted, splitRef));
  if (byRef !== null)
    queries.push({
      ...sql`SELECT ${GROUPS.list} FROM ${byRef}
        CROSS JOIN groups g ON g.setting_key = j.value->>0 AND g.id = j.value->>1`,
      receive: (rows) => {
        loadGroups(unit, rows);
        unit.groups.endLoad();
      },
    });
  const byName = listOf(Array.from(unit.groupNames.wanted, splitRef));
  if (byName !== null)
    queries.push({
      ...sql`SELECT ${GROUPS.list} FROM ${byName}
        CROSS JOIN groups g ON g.setting_key = j.value->>0 AND g.display_name_key = j.value->>1`,
      receive: (rows) => {
        loadGroups(unit, rows);
        unit.groupNames.endLoad();
      },
    });
  return [...queries, ...readGroupsOf(unit)];
}

/** The groups of the users asked for. */
function readGroupsOf(unit: UnitOfWork): Query[] {
  const users = usersByRef(unit.groupsOf.wanted);
  if (users === null) return [];
  return [
    {
      ...sql`WITH named(k) AS (${users}) SELECT u.setting_key AS of_setting, u.id AS of_id, ${GROUPS.list}
        FROM named n CROSS JOIN users u ON u.user_key = n.k CROSS JOIN group_members m ON m.user_key = n.k
        CROSS JOIN groups g ON g.group_key = m.group_key`,
      receive: (rows) => {
        loadGroups(unit, rows);
        const groupsOf = new Map<Ref, Ref[]>(Array.from(unit.groupsOf.wanted, (ref) => [ref, []]));
        for (const row of rows) {
          const user = refOf(Number(row.of_setting), String(row.of_id));
          const { settingKey, id } = GROUPS.read(row);
          const group = refOf(settingKey, id);
          groupsOf.get(user)?.push(group);
          unit.memberships.load(pairOf(group, user), true);
        }
        for (const [user, groups] of groupsOf) unit.groupsOf.load(user, groups);
        unit.groupsOf.endLoad();
      },
    },
  ];
}

/** Single memberships, and the subgroups of the groups asked for. */
export function readMemberships({ unit }: Reader): Query[] {
  const queries: Query[] = [];
  const pairs = listOf(Array.from(unit.memberships.wanted, (pair) => splitPair(pair).flatMap(splitRef)));
  if (pairs !== null)
    queries.push({
      ...sql`SELECT g.setting_key AS gs, g.id AS gid, u.setting_key AS us, u.id AS uid FROM ${pairs}
        CROSS JOIN groups g ON g.setting_key = j.value->>0 AND g.id = j.value->>1
        CROSS JOIN users u ON u.setting_key = j.value->>2 AND u.id = j.value->>3
        CROSS JOIN group_members m ON m.group_key = g.group_key AND m.user_key = u.user_key`,
      receive: (rows) => {
        for (const row of rows)
          unit.memberships.load(
            pairOf(refOf(Number(row.gs), String(row.gid)), refOf(Number(row.us), String(row.uid))),
            true,
          );
        unit.memberships.endLoad();
      },
    });
  const parents = listOf(Array.from(unit.subgroups.wanted, splitRef));
  if (parents !== null)
    queries.push({
      ...sql`SELECT p.setting_key AS ps, p.id AS pid, ${GROUPS.list} FROM ${parents}
        CROSS JOIN groups p ON p.setting_key = j.value->>0 AND p.id = j.value->>1
        CROSS JOIN group_subgroups s ON s.group_key = p.group_key CROSS JOIN groups g ON g.group_key = s.subgroup_key`,
      receive: (rows) => {
        const subgroups = new Map<Ref, Ref[]>(Array.from(unit.subgroups.wanted, (ref) => [ref, []]));
        for (const row of rows) {
          const group = GROUPS.read(row);
          const ref = refOf(group.settingKey, group.id);
          subgroups.get(refOf(Number(row.ps), String(row.pid)))?.push(ref);
          unit.groups.load(ref, group);
        }
        for (const [parent, children] of subgroups) unit.subgroups.load(parent, children);
        unit.subgroups.endLoad();
      },
    });
  return queries;
}
