import { packJson } from "../platform/json-parameter.ts";
import type { Sql } from "../platform/sql.ts";
import { type Ref, splitRef } from "./resource-references.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** Rows packed for `json_each`, as a FROM item named `j` with a column `value`; null for no rows. */
export function listOf(rows: readonly unknown[]): Sql | null {
  const texts = packJson(rows);
  if (texts.length === 0) return null;
  if (texts.length === 1) return { sql: "json_each(?) j", params: texts };
  return {
    sql: `(${unionOf(
      texts.map(() => "SELECT value FROM json_each(?)"),
      " UNION ALL ",
    )}) j`,
    params: texts,
  };
}

/** The values of a packed list, as a subquery for IN. */
export function valuesOf(rows: readonly unknown[]): Sql {
  const list = listOf(rows);
  return list === null
    ? { sql: "(SELECT NULL AS value WHERE 0)", params: [] }
    : { sql: `(SELECT value FROM ${list.sql})`, params: list.params };
}

/** Selects columns of users (aliased `u`) named by reference; their keys, as `k`, unless told otherwise. */
export function usersByRef(refs: Iterable<Ref>, columns = "u.user_key AS k"): Sql | null {
  const list = listOf(Array.from(refs, splitRef));
  return (
    list && {
      sql: `SELECT ${columns} FROM ${list.sql} CROSS JOIN users u ON u.setting_key = j.value->>0 AND u.id = j.value->>1`,
      params: list.params,
    }
  );
}

/** Selects the keys of users named by setting and folded userName. */
export function usersByName(names: Iterable<string>): Sql | null {
  const list = listOf(Array.from(names, splitRef));
  return (
    list && {
      sql: `SELECT u.user_key FROM ${list.sql} CROSS JOIN users u ON u.setting_key = j.value->>0 AND u.user_name_key = j.value->>1`,
      params: list.params,
    }
  );
}

/** Selects the keys of users by what identifies their persons. */
export function usersByPerson(companyKey: number, emails: Iterable<string>): Sql | null {
  const list = listOf([...emails].filter((key) => !key.startsWith("user:")));
  return (
    list && {
      sql: `SELECT u.user_key FROM ${list.sql} CROSS JOIN users u ON u.company_key = ? AND u.email_key = j.value`,
      params: [...list.params, companyKey],
    }
  );
}

/** D1 refuses more than six terms in one compound SELECT, so longer unions are nested. */
export function unionOf(selects: readonly string[], operator = " UNION "): string {
  if (selects.length <= 5) return selects.join(operator);
  const rest = unionOf(selects.slice(5), operator);
  return `SELECT * FROM (${selects.slice(0, 5).join(operator)})${operator}SELECT * FROM (${rest})`;
}

/** What the parts of a load share. */
export interface Reader {
  unit: UnitOfWork;
  /** A WITH clause that defines `closure(k)`, the keys of the users in play; null when there are none. */
  closure: Sql | null;
  withPersons: boolean;
}
