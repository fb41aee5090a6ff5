import { columnsOf } from "../platform/columns.ts";
import { type Read, selectAll } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { isSeen } from "./people-not-in-shadow.ts";
import { users } from "./tables.ts";
import { ORIGIN, type Origin, readOrigin } from "./user-origin.ts";

const COLUMNS = columnsOf(users, "u", ["id", "userName", "createdAt"]);

/** Another target user of one person: it has the same folded e-mail; times in milliseconds. */
export type SamePerson = ReturnType<typeof COLUMNS.read> & Pick<Origin, "setting">;

/** Reads up to `take` other target users of the person of a user, whose key is a piece of SQL, in the order they came. */
export function selectSamePerson(userKey: Sql, take: number): Read<SamePerson[]> {
  const statement = sql`SELECT ${COLUMNS.list}, ${ORIGIN} FROM users me
    CROSS JOIN users u ON u.company_key = me.company_key AND u.email_key = me.email_key AND u.user_key <> me.user_key
    CROSS JOIN scim_settings s ON s.setting_key = u.setting_key
    WHERE me.user_key = ${userKey} AND ${isSeen()} ORDER BY u.user_key LIMIT ${take}`;
  return selectAll(statement, (selected) => ({ ...COLUMNS.read(selected), setting: readOrigin(selected).setting }));
}
