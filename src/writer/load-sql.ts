import { packJson } from "../platform/json-parameter.ts";
import type { Needs } from "./needs.ts";
import type { Ref, Statement } from "./working-set.ts";

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

/** Selects the keys of users named by reference. */
export function usersByRef(refs: Iterable<Ref>): Fragment | null {
  const list = listOf(Array.from(refs, splitRef));
  return (
    list && {
      sql: `SELECT u.user_key AS k FROM ${list.sql} CROSS JOIN users u ON u.setting_key = j.value->>0 AND u.id = j.value->>1`,
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

const GROUP_BY_REF = "(SELECT group_key FROM groups WHERE setting_key = ? AND id = ?)";

/** The members of a group that a list does not name. */
export function leaversOf(group: Ref, memberIds: readonly string[]): Fragment {
  const listed = valuesOf(memberIds);
  return {
    sql: `SELECT u.user_key AS k, u.setting_key AS settingKey, u.id AS id FROM group_members m CROSS JOIN users u ON u.user_key = m.user_key
      WHERE m.group_key = ${GROUP_BY_REF} AND u.id NOT IN ${listed.sql}`,
    parameters: [...splitRef(group), ...listed.parameters],
  };
}

/** The users a list names that are not members of the group. */
export function joinersOf(group: Ref, memberIds: readonly string[]): Fragment | null {
  return usersListed(group, memberIds, "NOT EXISTS");
}

/** The users a list names that are members of the group. */
export function membersAmong(group: Ref, memberIds: readonly string[]): Fragment | null {
  return usersListed(group, memberIds, "EXISTS");
}

function usersListed(group: Ref, memberIds: readonly string[], test: "EXISTS" | "NOT EXISTS"): Fragment | null {
  const list = listOf(memberIds);
  const [settingKey, groupId] = splitRef(group);
  return (
    list && {
      sql: `SELECT u.user_key AS k, u.setting_key AS settingKey, u.id AS id FROM ${list.sql} CROSS JOIN users u ON u.setting_key = ? AND u.id = j.value
        WHERE ${test} (SELECT 1 FROM group_members m WHERE m.group_key = ${GROUP_BY_REF} AND m.user_key = u.user_key)`,
      parameters: [...list.parameters, settingKey, settingKey, groupId],
    }
  );
}

/** The ids of a list that no user of the setting has. */
export function strangersOf(settingKey: number, memberIds: readonly string[]): Fragment | null {
  const list = listOf(memberIds);
  return (
    list && {
      sql: `SELECT j.value AS id FROM ${list.sql} WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.setting_key = ? AND u.id = j.value)`,
      parameters: [...list.parameters, settingKey],
    }
  );
}

/**
 * The longest member list whose changes are read along with it, and the most of them that are. Comparing a longer one
 * over again in every statement costs more than one more trip.
 */
const LONGEST_LIST = 1_000;

/**
 * A WITH clause whose table `closure(k)` holds the keys of all users the needs name, in whatever way, and, where
 * enrolment is at stake, of the other users of the same persons.
 */
export function closureOf(needs: Needs, companyKey: number, withPersons: boolean): Fragment | null {
  const differences = [...needs.differences.values()].flatMap(({ group, memberIds, verb }) => {
    // What a list of this length changes is read in slices, if it is much.
    if (memberIds.length > LONGEST_LIST) return [];
    return verb === "add" ? [joinersOf(group, memberIds)] : [leaversOf(group, memberIds), joinersOf(group, memberIds)];
  });
  const parts = [
    usersByRef(needs.users),
    usersByName(needs.userNames),
    withPersons ? usersByPerson(companyKey, needs.persons) : null,
    ...differences.map((part) => part && { ...part, sql: `SELECT k FROM (${part.sql} LIMIT ${LONGEST_LIST})` }),
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
