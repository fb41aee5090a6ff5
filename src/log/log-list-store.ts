import { bytesOf, type Stretch, selectStretch } from "../platform/byte-budget.ts";
import { columnsExcept } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { readKey } from "../platform/list-position.ts";
import { type Read, runRead } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { walkEachSetting } from "../settings/merge-rows-of-settings.ts";
import type { LogRecord } from "./log-store.ts";
import { provisioningLog } from "./tables.ts";

/** Which requests a list of the log shows, null for all; times in milliseconds. */
interface LogQuery {
  outcome?: "success" | "failure" | null;
  status?: number | null;
  method?: string | null;
  /** Part of the userName or displayName the request was about; "" for all. */
  search: string;
  kind?: "users" | "groups" | "read" | "write" | null;
  resourceId?: string | null;
  since?: number | null;
  /** The first moment that no longer counts. */
  until?: number | null;
}

const KINDS = {
  users: sql`l.resource_type = 'User'`,
  groups: sql`l.resource_type = 'Group'`,
  read: sql`l.method = 'GET'`,
  write: sql`l.method <> 'GET'`,
} as const;

const COLUMNS = columnsExcept(provisioningLog, "l", ["companyKey", "settingKey", "requestBody", "responseBody"]);

const SIZE = bytesOf(["l.path", "l.label", "l.detail", "l.notes"]);

/** Up to `take` rows of a setting's log, newest first, before the one with key `before`. */
export async function listLog(
  database: Database,
  setting: { key: number; id: string },
  query: LogQuery,
  { take, before }: { take: number; before: number | null },
): Promise<Stretch<LogRecord>> {
  const isBefore = before === null ? rawSql("TRUE") : sql`l.log_key < ${before}`;
  const statement = sql`SELECT ${COLUMNS.list}, ${SIZE} AS size FROM provisioning_log l
    WHERE l.setting_key = ${setting.key} AND ${isBefore} AND ${matches(query)} ORDER BY l.log_key DESC LIMIT ${take}`;
  return runRead(
    database,
    selectStretch(statement, (selected) => ({ ...COLUMNS.read(selected), settingId: setting.id })),
  );
}

/** Which requests a company's list shows: those of one setting, or null for all. */
export interface CompanyLogQuery extends LogQuery {
  settingId: string | null;
}

/** A request in a company's list, with the name of its setting. */
export type ListedRequest = LogRecord & { settingName: string };

/** Where a request stands in a company's list. */
export interface LogPosition {
  time: number;
  key: number;
}

/** Up to `take` requests of a company, newest first, after a position, and what else is to be read in the same moment. */
export async function listRequests<Beside>(
  database: Database,
  companyKey: number,
  query: CompanyLogQuery,
  page: { take: number; after: LogPosition | null },
  beside: Read<Beside>,
): Promise<Stretch<ListedRequest> & { beside: Beside }> {
  const which = { id: query.settingId, managed: null };
  return walkEachSetting(database, companyKey, which, {
    select: (settingKey) => compileWalk(settingKey, query, page),
    toRow: (selected, { id, name }) => ({ ...COLUMNS.read(selected), settingId: id, settingName: name }),
    compare: (a, b) => b.time - a.time || b.key - a.key,
    take: page.take,
    beside,
  });
}

function compileWalk(
  settingKey: number,
  query: LogQuery,
  { take, after }: { take: number; after: LogPosition | null },
): Sql {
  const isAfter =
    after === null
      ? rawSql("TRUE")
      : sql`l.time <= ${after.time} AND (l.time < ${after.time} OR l.log_key < ${after.key})`;
  return sql`SELECT ${COLUMNS.list}, ${SIZE} AS size FROM provisioning_log l INDEXED BY ${rawSql(indexFor(query))}
    WHERE l.setting_key = ${settingKey} AND ${isAfter} AND ${matches(query)}
    ORDER BY l.time DESC, l.log_key DESC LIMIT ${take}`;
}

/** The index that leaves out most: it holds times, statuses and names, so that rows with whole bodies are not touched. */
function indexFor({ resourceId = null, kind, search }: LogQuery): string {
  if (resourceId !== null) return "provisioning_log_by_resource";
  return kind === "groups" && search === "" ? "provisioning_log_groups" : "provisioning_log_activity";
}

function matches({ outcome, status, method, search, kind, resourceId, since, until }: LogQuery): Sql {
  const conditions = [
    rawSql("TRUE"),
    ...given(outcome, (value) => (value === "success" ? sql`l.status < 400` : sql`l.status >= 400`)),
    ...given(status, (value) => sql`l.status = ${value}`),
    ...given(method, (value) => sql`l.method = ${value}`),
    ...given(search === "" ? null : search, (value) => sql`instr(lower(l.label), lower(${value})) > 0`),
    ...given(kind, (value) => KINDS[value]),
    ...given(resourceId, (value) => sql`l.resource_id = ${value}`),
    ...given(since, (value) => sql`l.time >= ${value}`),
    ...given(until, (value) => sql`l.time < ${value}`),
  ];
  return joinSql(conditions, " AND ");
}

function given<Value>(value: Value | null | undefined, condition: (value: Value) => Sql): Sql[] {
  return value === null || value === undefined ? [] : [condition(value)];
}

/** Where a request stands in a company's list. */
export function positionOfRequest({ time, key }: ListedRequest): LogPosition {
  return { time, key };
}

/** Reads a decoded cursor as a place in a company's list; undefined when it is none. */
export function readLogPosition(decoded: unknown): LogPosition | undefined {
  if (typeof decoded !== "object" || decoded === null || !("time" in decoded) || !("key" in decoded)) return undefined;
  const [time, key] = [readKey(decoded.time), readKey(decoded.key)];
  return time === undefined || key === undefined ? undefined : { time, key };
}
