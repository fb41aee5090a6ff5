import type { Database } from "../platform/database.ts";
import type { LogEntry } from "./entry.ts";

/** A kept row of the provisioning log, in a list without the bodies. */
export interface LogRecord extends Omit<LogEntry, "tokenId" | "requestBody" | "responseBody"> {
  key: number;
}

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

const COLUMNS = `
l.log_key AS key, l.id, s.id AS settingId, l.time, l.method, l.path, l.resource_type AS resourceType,
l.resource_id AS resourceId, l.label, l.status, l.code, l.scim_type AS scimType, l.detail, l.duration, l.notes`;
const FROM = "FROM provisioning_log l JOIN scim_settings s ON s.setting_key = l.setting_key";

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

/** One row of a company's log by its request's id, with the redacted bodies, or null. */
export async function findLogEntry(
  database: Database,
  companyKey: number,
  requestId: string,
): Promise<(LogRecord & Pick<LogEntry, "requestBody" | "responseBody">) | null> {
  const row = await database.d1
    .prepare(
      `SELECT ${COLUMNS}, l.request_body AS requestBody, l.response_body AS responseBody
       ${FROM} WHERE l.company_key = ? AND l.id = ?`,
    )
    .bind(companyKey, requestId)
    .first<Row & Pick<LogEntry, "requestBody" | "responseBody">>();
  return row === null ? null : withNotes(row);
}

/** What a user was called before, folded; kept as long as the rows that may name it so. */
export async function listFormerNames({ d1 }: Database, userKey: number): Promise<string[]> {
  const { results } = await d1
    .prepare("SELECT name FROM former_names WHERE user_key = ? ORDER BY name")
    .bind(userKey)
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}

/** All rows of a setting's log about a user, by its id or by a name that only it has (ASCII case aside), oldest first. */
export async function listLogOfUser(
  database: Database,
  settingKey: number,
  user: { id: string; names: readonly string[] },
): Promise<(LogRecord & Pick<LogEntry, "requestBody" | "responseBody">)[]> {
  const bodies = "l.request_body AS requestBody, l.response_body AS responseBody";
  const { results } = await database.d1
    .prepare(
      `SELECT ${COLUMNS}, ${bodies} ${FROM} WHERE l.setting_key = ?1 AND l.resource_id = ?2
       UNION ALL SELECT ${COLUMNS}, ${bodies} ${FROM} WHERE l.setting_key = ?1 AND l.resource_id IS NULL
         AND l.label IS NOT NULL AND lower(l.label) IN (SELECT lower(value) FROM json_each(?3)) ORDER BY key`,
    )
    .bind(settingKey, user.id, JSON.stringify(user.names))
    .all<Row & Pick<LogEntry, "requestBody" | "responseBody">>();
  return results.map(withNotes);
}

function withNotes<Kept extends { notes: string }>(row: Kept): Omit<Kept, "notes"> & { notes: string[] } {
  // The writer stores a JSON array of texts.
  return { ...row, notes: JSON.parse(row.notes) as string[] };
}
