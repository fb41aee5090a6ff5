import { literal, type Sql, sql } from "../platform/sql.ts";
import { CHANGED_AT_ONCE, type ComparedUsers, type Comparison, type MemberChange } from "./member-change.ts";
import { listOf } from "./packed-lists.ts";
import { pairOf, refOf, splitRef } from "./resource-references.ts";
import type { Query, Row, UnitOfWork } from "./unit-of-work.ts";

/** Of so many memberships that differ a comparison gives the keys; of more only the number. */
export const MOST_KEYS_COMPARED = 20_000;
const AT_ONCE = literal(CHANGED_AT_ONCE);

/** The users that a change adds, as rows `id` (where it is known) and `k` (null when no user has the id). */
export function addedUsers({ settingKey, added, keys }: MemberChange): Sql {
  if (keys !== null) return ofKeys(keys.added);
  const list = listOf(added.filter(({ type }) => type !== "Group").map(({ value }) => value));
  if (list === null) return NOBODY;
  return sql`SELECT j.value AS id, u.user_key AS k FROM ${list}
    LEFT JOIN users u ON u.setting_key = ${settingKey} AND u.id = j.value`;
}

/** The users that a change removes by name, as the same rows. */
export function removedUsers({ settingKey, removed, keys }: MemberChange): Sql {
  if (keys !== null) return ofKeys(keys.removed);
  const list = listOf(removed);
  if (list === null) return NOBODY;
  return sql`SELECT u.id AS id, u.user_key AS k FROM ${list}
    CROSS JOIN users u ON u.setting_key = ${settingKey} AND u.id = j.value`;
}

const NOBODY = sql`SELECT NULL AS id, NULL AS k WHERE 0`;

function ofKeys(keys: readonly number[]): Sql {
  const list = listOf(keys);
  return list === null ? NOBODY : sql`SELECT NULL AS id, j.value AS k FROM ${list}`;
}

/**
 * A WITH clause whose table `change` has a row for each membership that a change makes or ends: `part` (a field of
 * Comparison), `k` (the user's key, null when there is none) and `id` (of one that is unknown).
 */
function changeRows(change: MemberChange): Sql {
  const [settingKey, id] = change.group === null ? [0, ""] : splitRef(change.group);
  const isMember = sql`EXISTS (SELECT 1 FROM group_members m WHERE m.group_key = p.g AND m.user_key = l.k)`;
  const leaving = change.replaces
    ? sql`SELECT 'leaves' AS part, m.user_key AS k, NULL AS id FROM place p CROSS JOIN group_members m ON m.group_key = p.g
       WHERE m.user_key NOT IN (SELECT k FROM added WHERE k IS NOT NULL)`
    : sql`SELECT 'leaves' AS part, l.k AS k, NULL AS id FROM place p CROSS JOIN removed l WHERE ${isMember}`;
  // A user whose key was looked up some time ago may be gone.
  const isThere = change.keys === null ? sql`` : sql`AND EXISTS (SELECT 1 FROM users u WHERE u.user_key = l.k)`;
  return sql`WITH place(g) AS (SELECT (SELECT group_key FROM groups WHERE setting_key = ${settingKey} AND id = ${id})),
    added(id, k) AS MATERIALIZED (${addedUsers(change)}), removed(id, k) AS (${removedUsers(change)}),
    change(part, k, id) AS MATERIALIZED (${leaving} UNION ALL
      SELECT iif(l.k IS NULL, 'unknown', 'joins'), l.k, l.id FROM place p CROSS JOIN added l WHERE NOT ${isMember} ${isThere})`;
}

/** The longest change whose users are read along with it; a longer one is compared once, and costs one more trip. */
const LONGEST_LIST = 10_000;
/** Changes of member lists whose users one load reads along: each takes some of the 100 parameters that D1 allows a statement. */
export const LISTS_AT_ONCE = 8;

/** The keys of the users whom the changes to be compared concern, as far as they are read along. */
export function changedUsers({ comparisons }: UnitOfWork): Sql[] {
  return [...comparisons.wanted]
    .filter(({ added, removed, keys }) => keys === null && added.length + removed.length <= LONGEST_LIST)
    .slice(0, LISTS_AT_ONCE)
    .map(
      (change) => sql`SELECT k FROM (${changeRows(change)} SELECT k FROM change WHERE k IS NOT NULL LIMIT ${AT_ONCE})`,
    );
}

/** Compares changes of groups' members with what D1 holds. */
export function compareMembers(unit: UnitOfWork): Query[] {
  const memberChanges = [...unit.comparisons.wanted];
  return memberChanges.map((change) => ({
    ...sql`${changeRows(change)} SELECT p.part, count(*) AS n, CASE p.part
        WHEN 'unknown' THEN (SELECT json_group_array(c.id) FROM change c WHERE c.part = 'unknown')
        ELSE (SELECT json_group_array(u.id) FROM (SELECT c.k FROM change c WHERE c.part = p.part LIMIT ${AT_ONCE}) c
          CROSS JOIN users u ON u.user_key = c.k) END AS ids,
        CASE WHEN p.part = 'leaves' AND count(*) > ${AT_ONCE} THEN (SELECT count(*) FROM change c
          WHERE c.part = 'leaves' AND NOT EXISTS (SELECT 1 FROM target_group_members t WHERE t.user_key = c.k
            AND t.held_by IS NULL AND NOT (t.kind = 'idp' AND t.source_key = (SELECT g FROM place)))) END AS nowhereElse,
        (SELECT json_group_array(c.k)
          FROM (SELECT c.k FROM change c WHERE c.part = p.part LIMIT ${literal(MOST_KEYS_COMPARED)}) c) AS keys
      FROM change p GROUP BY p.part`,
    receive: (rows) => {
      const comparison = toComparison(rows);
      unit.comparisons.load(change, comparison);
      loadFound(unit, change, comparison);
      if (change === memberChanges.at(-1)) unit.comparisons.endLoad();
    },
  }));
}

function toComparison(rows: readonly Row[]): Comparison {
  const part = (name: string) => rows.find((row) => row.part === name);
  return {
    joins: toUsers(part("joins")),
    leaves: toUsers(part("leaves")),
    unknown: readList<string>(part("unknown")?.ids),
  };
}

function toUsers(row: Row | undefined): ComparedUsers {
  const count = Number(row?.n ?? 0);
  return {
    count,
    nowhereElse: Number(row?.nowhereElse ?? 0),
    ids: count > CHANGED_AT_ONCE ? [] : readList<string>(row?.ids),
    keys: count > MOST_KEYS_COMPARED ? [] : readList<number>(row?.keys),
  };
}

function readList<T>(text: Row[string] | undefined): T[] {
  // Made by json_group_array in the statement above.
  return typeof text === "string" ? (JSON.parse(text) as T[]) : [];
}

/** What a comparison says of single users need not be read again. */
function loadFound({ users, memberships }: UnitOfWork, { settingKey, group }: MemberChange, found: Comparison): void {
  for (const id of found.unknown) users.load(refOf(settingKey, id), undefined);
  if (group === null) return;
  for (const id of found.joins.ids) memberships.load(pairOf(group, refOf(settingKey, id)), undefined);
  for (const id of found.leaves.ids) memberships.load(pairOf(group, refOf(settingKey, id)), true);
}
