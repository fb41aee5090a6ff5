import { bytesOf, type Stretch, selectStretch } from "../platform/byte-budget.ts";
import { columnsExcept, columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { withParts } from "./parts-of-bulk-entry.ts";
import { formerNames, provisioningLog } from "./tables.ts";

const IN_FULL = columnsExcept(provisioningLog, "l", ["companyKey", "settingKey", "labelKey"]);

/** A kept row of the provisioning log with its redacted bodies. */
type LogRecordInFull = ReturnType<typeof IN_FULL.read> & { settingId: string };

/** A kept row of the provisioning log, in a list without the bodies. */
export type LogRecord = Omit<LogRecordInFull, "requestBody" | "responseBody">;

const SELECT = sql`SELECT ${IN_FULL.list}, s.id AS settingId
  FROM provisioning_log l JOIN scim_settings s ON s.setting_key = l.setting_key`;

function toRecord(selected: unknown): LogRecordInFull {
  const { settingId } = selected as { settingId: string }; // by SELECT
  return { ...IN_FULL.read(selected), settingId };
}

/** Reads one row of a company's log by its request's id, with the redacted bodies and what its parts say of people, or null. */
export function selectLogEntry(companyKey: number, requestId: string): Read<LogRecordInFull | null> {
  const entry = selectFirst(sql`${SELECT} WHERE l.company_key = ${companyKey} AND l.id = ${requestId}`, toRecord);
  const parts = selectAll(
    sql`SELECT ${NOTES.list} FROM provisioning_log l WHERE l.company_key = ${companyKey}
      AND l.id > ${`${requestId}.`} AND l.id < ${`${requestId}/`}`,
    NOTES.read,
  );
  const read = together({ entry, parts });
  return {
    ...read,
    decode: (results) => {
      const { entry: found, parts: held } = read.decode(results);
      return (
        found && {
          ...found,
          notes: withParts(
            found.notes,
            held.flatMap(({ notes }) => notes),
          ),
        }
      );
    },
  };
}

/** When a logged request came (ms), as a piece of SQL. */
export function timeOfRequest(companyKey: number, requestId: string): Sql {
  return sql`(SELECT time FROM provisioning_log WHERE company_key = ${companyKey} AND id = ${requestId})`;
}

/** The id of the setting that a logged request came to, as a piece of SQL. */
export function settingOfRequest(companyKey: number, requestId: string): Sql {
  return sql`(SELECT n.id FROM provisioning_log l JOIN scim_settings n ON n.setting_key = l.setting_key
    WHERE l.company_key = ${companyKey} AND l.id = ${requestId})`;
}

const ID = columnsOf(provisioningLog, "l", ["id"]);
const NOTES = columnsOf(provisioningLog, "l", ["notes"]);

/** A page asks for at most this many at once. */
const MOST_ASKED = 500;

/** Those of some request ids that the log holds: what was done by hand or by the API is not in it. */
export async function findLogged(
  database: Database,
  companyKey: number,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const asked = JSON.stringify([...new Set(ids)].slice(0, MOST_ASKED));
  const statement = sql`SELECT ${ID.list} FROM json_each(${asked}) j
    CROSS JOIN provisioning_log l ON l.company_key = ${companyKey} AND l.id = j.value`;
  const found = await runRead(database, selectAll(statement, ID.read));
  return new Set(found.map(({ id }) => id));
}

const NAME = columnsOf(formerNames, "f", ["name"]);

/** Reads what a user was called before, folded; kept as long as the rows that may name it so. */
export function selectFormerNames(userKey: Sql): Read<string[]> {
  return selectAll(
    sql`SELECT ${NAME.list} FROM former_names f WHERE f.user_key = ${userKey} ORDER BY f.name`,
    (selected) => NAME.read(selected).name,
  );
}

const SIZE = bytesOf(["l.path", "l.label", "l.detail", "l.notes", "l.request_body", "l.response_body"]);

/** Reads the key of the row of the log that was written last. */
export function selectLogHead(): Read<number> {
  const read = selectFirst(sql`SELECT max(log_key) AS head FROM provisioning_log`, (row) => row as { head: number }); // the column
  return { ...read, decode: (results) => read.decode(results)?.head ?? 0 };
}

/**
 * Reads up to `take` rows of the log about a user of a company, after the one with key `after`, up to that with key `head`,
 * oldest first: by its id, or by a name that only it has, which its rows tell; `names` are further ones, folded. `userKey` is
 * a piece of SQL for the user's key.
 */
export function selectLogOfUser(
  userKey: Sql,
  userId: string,
  names: readonly string[],
  { take, after, head }: { take: number; after: number; head: number },
): Read<Stretch<LogRecordInFull>> {
  const setting = sql`(SELECT setting_key FROM users WHERE user_key = ${userKey})`;
  // The plus takes a column's affinity away, without which the index on lower(label) would not serve.
  const own = sql`SELECT lower(j.value) FROM users u CROSS JOIN json_each(json_array(u.user_name, u.user_name_key, u.external_id,
        u.display_name, u.email, u.email_key, u.id)) j WHERE u.user_key = ${userKey}
    UNION SELECT lower(j.value ->> 'value') FROM users u CROSS JOIN json_each(u.document, '$.emails') j
      WHERE u.user_key = ${userKey} AND j.type = 'object'
    UNION SELECT +f.name FROM former_names f WHERE f.user_key = ${userKey}
    UNION SELECT lower(value) FROM json_each(${JSON.stringify(names)})`;
  // By itself SQLite may walk all that is after a key.
  const ofUser = (index: string) => sql`SELECT log_key FROM provisioning_log INDEXED BY ${rawSql(index)}
    WHERE setting_key = ${setting} AND log_key > ${after} AND log_key <= ${head}`;
  const keys = sql`${ofUser("provisioning_log_by_resource")} AND resource_id = ${userId}
    UNION ${ofUser("provisioning_log_by_label")} AND resource_id IS NULL AND label IS NOT NULL AND lower(label) IN (${own})
    UNION ${ofUser("provisioning_log_by_label_key")} AND resource_id IS NULL AND label_key IS NOT NULL AND label_key IN (${own})
    ORDER BY log_key LIMIT ${take}`;
  const statement = sql`SELECT ${IN_FULL.list}, s.id AS settingId, ${SIZE} AS size FROM (${keys}) k
    CROSS JOIN provisioning_log l ON l.log_key = k.log_key JOIN scim_settings s ON s.setting_key = l.setting_key
    ORDER BY key LIMIT ${take}`;
  return selectStretch(statement, toRecord);
}
