import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { runRead, selectAll, together } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import { keysOf } from "./fold-key.ts";
import { isSeen } from "./people-not-in-shadow.ts";
import { users } from "./tables.ts";

const NAMES = columnsOf(users, "u", ["id", "userName"]);

/** The people of a company with exactly this user name, or else with this e-mail address: at most three. */
export async function findPeopleByName(
  database: Database,
  companyKey: number,
  name: string,
): Promise<ReturnType<typeof NAMES.read>[]> {
  const keys = JSON.stringify(keysOf(name));
  const { byName, byEmail } = await runRead(
    database,
    together({
      byName: selectAll(
        sql`SELECT ${NAMES.list} FROM scim_settings s
          CROSS JOIN users u ON u.setting_key = s.setting_key AND u.user_name_key IN (SELECT value FROM json_each(${keys}))
          WHERE s.company_key = ${companyKey} AND ${isSeen()} LIMIT 3`,
        NAMES.read,
      ),
      byEmail: selectAll(
        sql`SELECT ${NAMES.list} FROM users u CROSS JOIN scim_settings s ON s.setting_key = u.setting_key
          WHERE u.company_key = ${companyKey} AND u.email_key IN (SELECT value FROM json_each(${keys})) AND ${isSeen()} LIMIT 3`,
        NAMES.read,
      ),
    }),
  );
  return byName.length > 0 ? byName : byEmail;
}
