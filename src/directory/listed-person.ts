import { bytesOf } from "../platform/byte-budget.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Read, selectAll } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { users } from "./tables.ts";
import { ORIGIN, readOrigin } from "./user-origin.ts";

const COLUMNS = columnsOf(users, "u", [
  "key",
  "id",
  "settingKey",
  "userName",
  "active",
  "email",
  "firstName",
  "lastName",
  "department",
  "createdAt",
]);

/** A person in a list, with what the list is sorted by (`place`, and `name` where that is not all); times in milliseconds. */
export type Person = ReturnType<typeof readPerson>;

/** What a statement selects of the user `u` of the setting `s`, with its `place`, to be read by `readPerson`. */
export const PERSON = sql`${COLUMNS.list}, ${ORIGIN}`;

/** What that comes to (bytes), as a piece of SQL. */
export const PERSON_SIZE = bytesOf([
  ...["u.user_name", "u.user_name_key", "u.email", "u.first_name", "u.last_name", "u.department"],
]);

/** The person in a row of such a statement. */
export function readPerson(selected: unknown) {
  const { place } = selected as { place: string }; // by the statement
  return { ...COLUMNS.read(selected), ...readOrigin(selected), place, name: null as string | null };
}

/** Reads people of a company by their keys, in no order; their place is when they were added. */
export function selectPeople(companyKey: number, keys: readonly number[]): Read<Person[]> {
  const statement = sql`SELECT ${PERSON}, u.id AS place FROM json_each(${JSON.stringify(keys)}) j
    CROSS JOIN users u ON u.user_key = j.value CROSS JOIN scim_settings s ON s.setting_key = u.setting_key
    WHERE u.company_key = ${companyKey}`;
  return selectAll(statement, readPerson);
}
