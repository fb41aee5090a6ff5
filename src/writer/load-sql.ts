import { packJson } from "../platform/json-parameter.ts";
import { type Comparison, LISTS_AT_ONCE, readComparison } from "./member-lists.ts";
import type { Ref, Statement, WorkingSet } from "./working-set.ts";

/** A piece of SQL with its parameters in order. */
export type Fragment = Statement;

/** The two parts of a reference. */
export function splitRef(ref: Ref): [settingKey: number, id: string] {
  const slash = ref.indexOf("/");
  return [Number(ref.slice(0, slash)), ref.slice(slash + 1)];
}

/** The two references of a membership's key. */
export function splitPair(pair: string): [group: Ref, user: Ref] {
  const space = pair.indexOf(" ");
  return [pair.slice(0, space), pair.slice(space + 1)];
}

/** Rows packed for `json_each`, as a FROM item named `j` with a column `value`; null for no rows. */
export function listOf(rows: readonly unknown[]): Fragment | null {
  const texts = packJson(rows);
  if (texts.length === 0) return null;
  if (texts.length === 1) return { sql: "json_each(?) j", parameters: texts };
  return {
    sql: `(${unionOf(
      texts.map(() => "SELECT value FROM json_each(?)"),
      " UNION ALL ",
    )}) j`,
    parameters: texts,
  };
}

/** The values of a packed list, as a subquery for IN. */
export function valuesOf(rows: readonly unknown[]): Fragment {
  const list = listOf(rows);
  return list === null
    ? { sql: "(SELECT NULL AS value WHERE 0)", parameters: [] }
    : { sql: `(SELECT value FROM ${list.sql})`, parameters: list.parameters };
}

/** Selects columns of users (aliased `u`) named by reference; their keys, as `k`, unless told otherwise. */
export function usersByRef(refs: Iterable<Ref>, columns = "u.user_key AS k"): Fragment | null {
  const list = listOf(Array.from(refs, splitRef));
  return (
    list && {
      sql: `SELECT ${columns} FROM ${list.sql} CROSS JOIN users u ON u.setting_key = j.value->>0 AND u.id = j.value->>1`,
      parameters: list.parameters,
    }
  );
}

function usersByName(names: Iterable<string>): Fragment | null {
  const list = listOf(Array.from(names, splitRef));
  return (
    list && {
      sql: `SELECT u.user_key FROM ${list.sql} CROSS JOIN users u ON u.setting_key = j.value->>0 AND u.user_name_key = j.value->>1`,
      parameters: list.parameters,
    }
  );
}

function usersByPerson(companyKey: number, emails: Iterable<string>): Fragment | null {
  const list = listOf([...emails].filter((key) => !key.startsWith("user:")));
  return (
    list && {
      sql: `SELECT u.user_key FROM ${list.sql} CROSS JOIN users u ON u.company_key = ? AND u.email_key = j.value`,
      parameters: [...list.parameters, companyKey],
    }
  );
}

/**
 * How a list of a group's members differs from what D1 holds, as rows `part` (a field of MemberDifference), `k` (the user's
 * key, null when there is none) and `id`: in one statement, since the list is long.
 */
export function differenceOf({ group, memberIds, verb }: Comparison): Fragment {
  const [settingKey, id] = splitRef(group);
  const { sql: list, parameters } = valuesOf(memberIds);
  const isMember = "EXISTS (SELECT 1 FROM group_members m WHERE m.group_key = p.g AND m.user_key = l.k)";
  const leaving = `SELECT 'leaves' AS part, u.user_key AS k, u.id AS id FROM place p CROSS JOIN group_members m ON m.group_key = p.g
    CROSS JOIN users u ON u.user_key = m.user_key WHERE m.user_key NOT IN (SELECT k FROM listed WHERE k IS NOT NULL)`;
  const joining = `SELECT iif(l.k IS NULL, 'unknown', 'joins') AS part, l.k AS k, l.id AS id FROM place p CROSS JOIN listed l WHERE NOT ${isMember}`;
  const named = `SELECT 'leaves' AS part, l.k AS k, l.id AS id FROM place p CROSS JOIN listed l WHERE ${isMember}`;
  const parts = { add: joining, remove: named, replace: `${leaving} UNION ALL ${joining}` };
  return {
    sql: `WITH place(s, g) AS (SELECT ?, (SELECT group_key FROM groups WHERE setting_key = ? AND id = ?)),
      listed(id, k) AS MATERIALIZED (SELECT j.value, u.user_key FROM place p CROSS JOIN ${list} j
        LEFT JOIN users u ON u.setting_key = p.s AND u.id = j.value) ${parts[verb]}`,
    parameters: [settingKey, settingKey, id, ...parameters],
  };
}

/** The longest member list whose changes are read along with it; a longer one is compared once, and costs one more trip. */
const LONGEST_LIST = 10_000;
/** The most changes of one list that are read along. */
const MOST_CHANGES = 1_000;

/**
 * A WITH clause whose table `closure(k)` holds the keys of all users that are wanted, in whatever way, and, where
 * enrolment is at stake, of the other users of the same persons. Those whom only a long list or a long change of one
 * concerns, or a list after the first few, are left out: they are named in a further trip.
 */
export function closureOf(workingSet: WorkingSet, withPersons: boolean): Fragment | null {
  const { users, userNames, persons: named, comparisons, config } = workingSet;
  const differences = Array.from(comparisons.wanted, readComparison)
    .filter(({ memberIds }) => memberIds.length <= LONGEST_LIST)
    .slice(0, LISTS_AT_ONCE)
    .map((wanted) => differenceOf(wanted));
  const parts = [
    usersByRef(users.wanted),
    usersByName(userNames.wanted),
    withPersons ? usersByPerson(config.companyKey, named.wanted) : null,
    ...differences.map(({ sql, parameters }) => ({
      sql: `SELECT k FROM (SELECT k FROM (${sql}) WHERE k IS NOT NULL LIMIT ${MOST_CHANGES})`,
      parameters,
    })),
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  const persons = withPersons
    ? ` UNION SELECT m.user_key FROM named n CROSS JOIN users x ON x.user_key = n.k
        CROSS JOIN users m ON m.company_key = x.company_key AND m.email_key = x.email_key`
    : "";
  return {
    sql: `WITH named(k) AS (${unionOf(parts.map((part) => part.sql))}), closure(k) AS (SELECT k FROM named${persons}) `,
    parameters: parts.flatMap((part) => part.parameters),
  };
}

/** D1 refuses more than six terms in one compound SELECT, so longer unions are nested. */
function unionOf(selects: readonly string[], operator = " UNION "): string {
  if (selects.length <= 5) return selects.join(operator);
  const rest = unionOf(selects.slice(5), operator);
  return `SELECT * FROM (${selects.slice(0, 5).join(operator)})${operator}SELECT * FROM (${rest})`;
}
