import type { Sql } from "../platform/sql.ts";
import { splitRef } from "./resource-references.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** More characters of names than this are looked up: they travel in one parameter of the commit. */
const MOST_CHARACTERS = 500_000;

/**
 * Takes it, where nothing else is to be read, that nobody has the names and is the persons that are wanted: who is created is
 * mostly new. Says whether it did; the commit proves it (`planPresumed`). A lone create takes one trip so and not two: with D1
 * 5 ms away 11 ms and not 19, 20 ms away 27 and not 49 (`npm run bench -- --parts tunings`).
 */
export function presumeNamesAreFree(unit: UnitOfWork): boolean {
  const { userNames, persons, journal } = unit;
  if (journal.isWantingBesides([userNames, persons])) return false;
  const presumed = { userNames: [...userNames.wanted], persons: [...persons.wanted] };
  if (JSON.stringify(presumed).length > MOST_CHARACTERS) return false;
  unit.presumed = presumed;
  userNames.endLoad();
  persons.endLoad();
  return true;
}

/** Whether a unit takes anything not to be there. */
export function isPresuming({ presumed: { userNames, persons } }: UnitOfWork): boolean {
  return userNames.length + persons.length > 0;
}

/** The statement that violates the fence where somebody has one of those names, or is one of those persons, after all. */
export function planPresumed(unit: UnitOfWork): Sql[] {
  if (!isPresuming(unit)) return [];
  const { userNames, persons } = unit.presumed;
  const names = userNames.map(splitRef);
  // Numbered, since the persons are looked for twice and their list is long: it is sent once.
  return [
    {
      sql: `UPDATE companies SET commit_no = -1 WHERE company_key = ?1 AND (
        EXISTS (SELECT 1 FROM json_each(?2) j CROSS JOIN users u ON u.setting_key = j.value->>0 AND u.user_name_key = j.value->>1)
        OR EXISTS (SELECT 1 FROM json_each(?3) j CROSS JOIN users u ON u.company_key = ?1 AND u.email_key = j.value)
        OR EXISTS (SELECT 1 FROM json_each(?3) j CROSS JOIN enrolments e ON e.company_key = ?1 AND e.person_key = j.value
          AND (e.status = 'active' OR e.progress_status = 'completed')))`,
      params: [unit.config.companyKey, JSON.stringify(names), JSON.stringify(persons)],
    },
  ];
}
