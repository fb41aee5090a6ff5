import type { Database } from "../platform/database.ts";
import { type Read, rowsOf } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Note } from "../scim/note.ts";
import type { LogEntry } from "./entry.ts";
import { parseNotes } from "./keep-notes.ts";

/** A kept row of the provisioning log, in a list without the bodies. */
export interface LogRecord extends Omit<LogEntry, "tokenId" | "requestBody" | "responseBody"> {
  key: number;
}

/** A kept row with its redacted bodies. */
type LogRecordInFull = LogRecord & Pick<LogEntry, "requestBody" | "responseBody">;

/** Which rows a list shows; times in milliseconds. */
interface LogFilter {
  outcome?: "success" | "failure";
  status?: number;
  method?: string;
  resourceId?: string;
  /** Part of the userName or displayName the request was about. */
  user?: string;
  from?: number;
  to?: number;
}

type Row = Omit<LogRecord, "notes"> & { notes: string };
type RowInFull = Omit<LogRecordInFull, "notes"> & { notes: string };

const COLUMNS = `
l.log_key AS key, l.id, s.id AS settingId, l.time, l.method, l.path, l.resource_type AS resourceType,
l.resource_id AS resourceId, l.label, l.status, l.code, l.scim_type AS scimType, l.detail, l.duration, l.notes`;
const FROM = "FROM provisioning_log l JOIN scim_settings s ON s.setting_key = l.setting_key";
const IN_FULL = rawSql(`SELECT ${COLUMNS}, l.request_body AS requestBody, l.response_body AS responseBody ${FROM}`);

/** Up to `take` rows of a setting's log, newest first, before the one with key `before`. */
export async function listLog(
  database: Database,
  settingKey: number,
  filter: LogFilter,
  page: { take: number; before: number | null },
): Promise<LogRecord[]> {
  const conditions = ["l.setting_key = ?"];
  const params: (string | number)[] = [settingKey];
  const add = (condition: string, value: string | number | null | undefined) => {
    if (value === undefined || value === null) return;
    conditions.push(condition);
    params.push(value);
  };
  add("l.log_key < ?", page.before);
  if (filter.outcome !== undefined)
    conditions.push(filter.outcome === "success" ? "l.status < 400" : "l.status >= 400");
  add("l.status = ?", filter.status);
  add("l.method = ?", filter.method);
  add("l.resource_id = ?", filter.resourceId);
  add("instr(lower(l.label), lower(?)) > 0", filter.user);
  add("l.time >= ?", filter.from);
  add("l.time <= ?", filter.to);
  const { results } = await database.d1
    .prepare(`SELECT ${COLUMNS} ${FROM} WHERE ${conditions.join(" AND ")} ORDER BY l.log_key DESC LIMIT ?`)
    .bind(...params, page.take)
    .all<Row>();
  return results.map(withNotes);
}

/** Reads one row of a company's log by its request's id, with the redacted bodies, or null. */
export function selectLogEntry(companyKey: number, requestId: string): Read<LogRecordInFull | null> {
  return {
    statements: [sql`${IN_FULL} WHERE l.company_key = ${companyKey} AND l.id = ${requestId}`],
    decode: ([rows]) => rowsOf<RowInFull>(rows).map(withNotes)[0] ?? null,
  };
}

/** Reads what a user was called before, folded; kept as long as the rows that may name it so. */
export function selectFormerNames(userKey: Sql): Read<string[]> {
  return {
    statements: [sql`SELECT name FROM former_names WHERE user_key = ${userKey} ORDER BY name`],
    decode: ([rows]) => rowsOf<{ name: string }>(rows).map(({ name }) => name),
  };
}

/**
 * Reads all rows of the log about a user of a company, oldest first: by its id, or by a name that only it has (ASCII case
 * aside), which its rows tell; `names` are further ones. `userKey` is a piece of SQL for the user's key.
 */
export function selectLogOfUser(userKey: Sql, userId: string, names: readonly string[]): Read<LogRecordInFull[]> {
  const setting = sql`(SELECT setting_key FROM users WHERE user_key = ${userKey})`;
  // The plus takes a column's affinity away, without which the index on lower(label) would not serve.
  const own = sql`SELECT lower(j.value) FROM users u CROSS JOIN json_each(json_array(u.user_name, u.user_name_key, u.external_id,
        u.display_name, u.email, u.email_key, u.id)) j WHERE u.user_key = ${userKey}
    UNION SELECT lower(j.value ->> 'value') FROM users u CROSS JOIN json_each(u.document, '$.emails') j
      WHERE u.user_key = ${userKey} AND j.type = 'object'
    UNION SELECT +f.name FROM former_names f WHERE f.user_key = ${userKey}
    UNION SELECT lower(value) FROM json_each(${JSON.stringify(names)})`;
  const statement = sql`
    ${IN_FULL} WHERE l.setting_key = ${setting} AND l.resource_id = ${userId}
    UNION ALL ${IN_FULL} WHERE l.setting_key = ${setting} AND l.resource_id IS NULL
      AND l.label IS NOT NULL AND lower(l.label) IN (${own}) ORDER BY key`;
  return {
    statements: [statement],
    decode: ([rows]) => rowsOf<RowInFull>(rows).map(withNotes),
  };
}

function withNotes<Kept extends { notes: string }>(row: Kept): Omit<Kept, "notes"> & { notes: Note[] } {
  return { ...row, notes: parseNotes(row.notes) };
}
