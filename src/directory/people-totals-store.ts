import { type Read, rowsOf } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { SHOWS_PEOPLE } from "./people-not-in-shadow.ts";
import { IS_BEING_REMOVED } from "./user-origin.ts";

/** How many people the target side of a company knows. */
export interface PeopleTotals {
  active: number;
  inactive: number;
}

/** Reads how many people a company has, those whose setting was deleted too: from the counts that commits keep. */
export function selectPeopleTotals(companyKey: number): Read<PeopleTotals> {
  const statement = sql`SELECT coalesce(sum(s.active_users), 0) AS active, coalesce(sum(s.inactive_users), 0) AS inactive
    FROM scim_settings s WHERE s.company_key = ${companyKey} AND ${SHOWS_PEOPLE}`;
  return {
    statements: [statement],
    decode: ([rows]) => rowsOf<PeopleTotals>(rows)[0] ?? { active: 0, inactive: 0 },
  };
}

/** People whom no setting manages: kept when their setting was deleted, or when they were; or being removed with it. */
export interface Unmanaged {
  kept: number;
  keptDeletions: number;
  beingRemoved: number;
}

/** Reads how many people of a company no live setting keeps up to date. */
export function countUnmanaged(companyKey: number): Read<Unmanaged> {
  const people = sql`s.active_users + s.inactive_users`;
  const sumOf = (condition: Sql) => sql`coalesce(sum(iif(${condition}, ${people}, 0)), 0)`;
  // Whose deletion waits lies where those lie whose deletion was kept, and is its setting's still.
  const waiting = sql`(SELECT count(*) FROM holds h CROSS JOIN users w ON w.held_by = h.hold_key AND w.held_as = 'deleted'
    WHERE h.company_key = ${companyKey} AND h.status = 'open')`;
  const statement = sql`SELECT ${sumOf(sql`s.heir_of IS NULL AND NOT ${IS_BEING_REMOVED}`)} AS kept,
      ${sumOf(sql`s.heir_of IS NOT NULL`)} - ${waiting} AS keptDeletions, ${sumOf(IS_BEING_REMOVED)} AS beingRemoved
    FROM scim_settings s WHERE s.company_key = ${companyKey} AND s.status = 'deleted' AND ${SHOWS_PEOPLE}`;
  return {
    statements: [statement],
    decode: ([rows]) => rowsOf<Unmanaged>(rows)[0] ?? { kept: 0, keptDeletions: 0, beingRemoved: 0 },
  };
}

/** Reads whether the target side of a company knows anybody. */
export function selectHasPeople(companyKey: number): Read<boolean> {
  const statement = sql`SELECT EXISTS (SELECT 1 FROM scim_settings s WHERE s.company_key = ${companyKey} AND ${SHOWS_PEOPLE}
    AND s.active_users + s.inactive_users > 0) AS found`;
  return { statements: [statement], decode: ([rows]) => rowsOf<{ found: number }>(rows)[0]?.found === 1 };
}
