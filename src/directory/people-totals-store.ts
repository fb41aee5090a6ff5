import { type Read, rowsOf } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { SHOWS_PEOPLE } from "./seen-people.ts";

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
