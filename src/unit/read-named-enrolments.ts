import { ENROLMENT } from "../directory/tables.ts";
import { columnsIn } from "../platform/columns.ts";
import { sql } from "../platform/sql.ts";
import { listOf } from "./packed-lists.ts";
import type { Reader } from "./select-referenced-users.ts";
import type { Query } from "./unit-of-work.ts";

const OF_ENROLMENT = columnsIn(ENROLMENT, "e");

/** The enrolments that are asked for by id, open or not. */
export function readNamedEnrolments({ unit }: Reader): Query[] {
  const { namedEnrolments, config } = unit;
  const ids = listOf([...namedEnrolments.wanted]);
  if (ids === null) return [];
  return [
    {
      ...sql`SELECT ${OF_ENROLMENT.list}, u.user_key IS NOT NULL AS hasUser,
          coalesce(u.email_key, 'user:' || u.id, e.person_key) AS presentPersonKey FROM ${ids}
        CROSS JOIN enrolments e ON e.company_key = ${config.companyKey} AND e.id = j.value
        LEFT JOIN users u ON u.user_key = e.user_key`,
      receive: (rows) => {
        for (const row of rows) {
          const enrolment = OF_ENROLMENT.read(row);
          const presentPersonKey = String(row.presentPersonKey);
          namedEnrolments.load(enrolment.id, { ...enrolment, hasUser: row.hasUser === 1, presentPersonKey });
        }
        namedEnrolments.endLoad();
      },
    },
  ];
}
