import { type Sql, sql } from "../platform/sql.ts";
import { listOf } from "./packed-lists.ts";
import { type Ref, splitRef } from "./resource-references.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** Selects columns of users (aliased `u`) named by reference; their keys, as `k`, unless told otherwise. */
export function usersByRef(refs: Iterable<Ref>, columns = sql`u.user_key AS k`): Sql | null {
  const list = listOf(Array.from(refs, splitRef));
  return (
    list && sql`SELECT ${columns} FROM ${list} CROSS JOIN users u ON u.setting_key = j.value->>0 AND u.id = j.value->>1`
  );
}

/** Selects the keys of users named by setting and folded userName. */
export function usersByName(names: Iterable<string>): Sql | null {
  const list = listOf(Array.from(names, splitRef));
  return (
    list &&
    sql`SELECT u.user_key FROM ${list} CROSS JOIN users u ON u.setting_key = j.value->>0 AND u.user_name_key = j.value->>1`
  );
}

/** Selects the keys of users by what identifies their persons. */
export function usersByPerson(companyKey: number, emails: Iterable<string>): Sql | null {
  const list = listOf([...emails].filter((key) => !key.startsWith("user:")));
  return (
    list &&
    sql`SELECT u.user_key FROM ${list} CROSS JOIN users u ON u.company_key = ${companyKey} AND u.email_key = j.value`
  );
}

/** What the parts of a load share. */
export interface Reader {
  unit: UnitOfWork;
  /** A WITH clause that defines `closure(k)`, the keys of the users in play; null when there are none. */
  closure: Sql | null;
  withPersons: boolean;
}
