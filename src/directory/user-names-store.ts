import { type Read, selectAll } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";

/** Reads what those of some users of a company that are there still are called, by their ids. */
export function selectUserNames(companyKey: number, ids: readonly string[]): Read<ReadonlyMap<string, string>> {
  const statement = sql`SELECT u.id, u.user_name AS name FROM json_each(${JSON.stringify([...new Set(ids)])}) j
    CROSS JOIN scim_settings s ON s.company_key = ${companyKey}
    CROSS JOIN users u ON u.setting_key = s.setting_key AND u.id = j.value`;
  const read = selectAll(statement, (row) => row as { id: string; name: string }); // the columns of the statement
  return { ...read, decode: (results) => new Map(read.decode(results).map(({ id, name }) => [id, name])) };
}
