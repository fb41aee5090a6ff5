import { type Change, readChanges } from "../../changes/change-store.ts";
import { parseNotes } from "../../log/keep-notes.ts";
import type { LogRecord } from "../../log/log-store.ts";
import type { Database } from "../../platform/database.ts";
import { readKey } from "../../platform/position.ts";
import type { Read } from "../../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../../platform/sql.ts";
import { readEachSetting } from "../../settings/each-setting.ts";

/** Which requests the log shows; times in milliseconds. */
export interface LogQuery {
  outcome: "success" | "failure" | null;
  /** Part of the userName or displayName the request was about. */
  search: string;
  kind: "users" | "groups" | "read" | "write" | null;
  settingId: string | null;
  resourceId: string | null;
  since: number | null;
  /** The first moment that no longer counts. */
  until: number | null;
}

const KINDS = {
  users: sql`l.resource_type = 'User'`,
  groups: sql`l.resource_type = 'Group'`,
  read: sql`l.method = 'GET'`,
  write: sql`l.method <> 'GET'`,
} as const;

type Row = Omit<LogRecord, "notes" | "settingId"> & { notes: string };

/** A request in a list, with the name of its setting. */
export type ListedRequest = LogRecord & { settingName: string };

/** Where a request stands in the list. */
export interface LogPosition {
  time: number;
  key: number;
}

/**
 * Up to `take` requests of a company, newest first, after a position, and what else is to be read in the same moment.
 * Each setting is walked backwards in time, and the walks are merged here.
 */
export async function listRequests<Beside>(
  database: Database,
  companyKey: number,
  query: LogQuery,
  page: { take: number; after: LogPosition | null },
  beside: Read<Beside>,
): Promise<{ requests: ListedRequest[]; beside: Beside }> {
  const read = await readEachSetting<Row, Beside>(
    database,
    companyKey,
    { id: query.settingId, managed: null },
    {
      walk: (settingKey) => compileWalk(settingKey, query, page),
      beside,
    },
  );
  const requests = read.rows.flatMap((rows, index) =>
    rows.map((row) => ({
      ...row,
      notes: parseNotes(row.notes),
      settingId: read.settings[index]?.id ?? "",
      settingName: read.settings[index]?.name ?? "",
    })),
  );
  return {
    requests: requests.sort((a, b) => b.time - a.time || b.key - a.key).slice(0, page.take),
    beside: read.beside,
  };
}

/** Where a request stands in the list. */
export function positionOf({ time, key }: ListedRequest): LogPosition {
  return { time, key };
}

/** Reads a decoded cursor as a place in the log; undefined when it is none. */
export function readLogPosition(decoded: unknown): LogPosition | undefined {
  if (typeof decoded !== "object" || decoded === null || !("time" in decoded) || !("key" in decoded)) return undefined;
  const [time, key] = [readKey(decoded.time), readKey(decoded.key)];
  return time === undefined || key === undefined ? undefined : { time, key };
}

/** The index that leaves out most: it holds times, statuses and names, so that rows with whole bodies are not touched. */
function indexFor({ resourceId, kind, search }: LogQuery): string {
  if (resourceId !== null) return "provisioning_log_by_resource";
  return kind === "groups" && search === "" ? "provisioning_log_groups" : "provisioning_log_activity";
}

function compileWalk(
  settingKey: number,
  query: LogQuery,
  { take, after }: { take: number; after: LogPosition | null },
): Sql {
  const { since, until, resourceId, search, outcome, kind } = query;
  const conditions = [sql`l.setting_key = ${settingKey}`];
  if (after !== null)
    conditions.push(sql`l.time <= ${after.time} AND (l.time < ${after.time} OR l.log_key < ${after.key})`);
  if (since !== null) conditions.push(sql`l.time >= ${since}`);
  if (until !== null) conditions.push(sql`l.time < ${until}`);
  if (resourceId !== null && resourceId !== "") conditions.push(sql`l.resource_id = ${resourceId}`);
  if (search !== "") conditions.push(sql`instr(lower(l.label), lower(${search})) > 0`);
  if (outcome !== null) conditions.push(outcome === "success" ? sql`l.status < 400` : sql`l.status >= 400`);
  if (kind !== null) conditions.push(KINDS[kind]);
  return sql`SELECT l.log_key AS key, l.id, l.time, l.method, l.path, l.resource_type AS resourceType,
      l.resource_id AS resourceId, l.label, l.status, l.code, l.scim_type AS scimType, l.detail, l.duration, l.notes
    FROM provisioning_log l INDEXED BY ${rawSql(indexFor(query))}
    WHERE ${joinSql(conditions, " AND ")} ORDER BY l.time DESC, l.log_key DESC LIMIT ${take}`;
}

/** Commits of a request are looked for up to this long after it (ms). */
const PATIENCE = 60_000;

/** Finds by halving the first change at or after a time: times follow the order of commits, and numbers have no gaps. */
function firstSince(companyKey: number, time: Sql): Sql {
  const inTheMiddle = sql`(SELECT time FROM changes WHERE company_key = ${companyKey} AND seq = (low + high) / 2)`;
  return sql`(WITH RECURSIVE halves(low, high) AS (
  SELECT coalesce((SELECT min(seq) FROM changes WHERE company_key = ${companyKey}), 1),
    (SELECT change_seq + 1 FROM companies WHERE company_key = ${companyKey})
  UNION ALL
  SELECT CASE WHEN ${inTheMiddle} < ${time} THEN (low + high) / 2 + 1 ELSE low END,
    CASE WHEN ${inTheMiddle} < ${time} THEN high ELSE (low + high) / 2 END
  FROM halves WHERE low < high
)
SELECT max(low) FROM halves)`;
}

/** Reads up to `take` changes that one logged request made. */
export function selectChangesOf(companyKey: number, requestId: string, take: number): Read<Change[]> {
  const time = sql`(SELECT time FROM provisioning_log WHERE company_key = ${companyKey} AND id = ${requestId})`;
  return readChanges(sql`SELECT seq, type, time, subject_kind, subject_id, data, cause FROM changes
    WHERE company_key = ${companyKey} AND seq >= ${firstSince(companyKey, time)}
      AND seq < ${firstSince(companyKey, sql`(${time} + ${PATIENCE})`)}
      AND cause ->> 'requestId' = ${requestId} ORDER BY seq LIMIT ${take}`);
}

/** The id of the setting that a logged request came to, as a piece of SQL. */
export function settingOfRequest(companyKey: number, requestId: string): Sql {
  return sql`(SELECT n.id FROM provisioning_log l JOIN scim_settings n ON n.setting_key = l.setting_key
    WHERE l.company_key = ${companyKey} AND l.id = ${requestId})`;
}
