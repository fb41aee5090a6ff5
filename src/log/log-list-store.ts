import { indexedReads, type Reads } from "../companies/bounded-reads.ts";
import type { ReadInShare } from "../companies/read-in-share.ts";
import { bytesOf, type Stretch } from "../platform/byte-budget.ts";
import { columnsExcept } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { readKey } from "../platform/list-position.ts";
import { NOTHING, type Read } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { walkEachSetting } from "../settings/merge-rows-of-settings.ts";
import { PART_STATUS } from "./log-entry.ts";
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

/** How many a question was told of; an answer that was cut says nothing. */
const FOUND = rawSql(`iif(l.method = 'GET' AND instr(l.path, 'filter=') > 0 AND json_valid(l.response_body),
  json_extract(l.response_body, '$.totalResults'), NULL) AS found`);

const SIZE = bytesOf(["l.path", "l.label", "l.detail", "l.notes"]);

/** Requests that cost as much to look at as a user's document. */
const LIGHTNESS = 10;

/** What no index answers of a list of requests. */
const SEARCH = {
  what: "No index answers a search of the provisioning log",
  quick: "At any time: the list by time, by setting, or of one user or group by its id.",
};

/** Up to `take` rows of a setting's log, newest first, before the one with key `before`; a search is read as `readInShare` lets it. */
export async function listLog(
  database: Database,
  companyKey: number,
  setting: { id: string },
  query: LogQuery,
  { take, before }: { take: number; before: number | null },
  readInShare: ReadInShare,
): Promise<Stretch<LogRecord>> {
  const { index, condition, rest } = orderedBy(query);
  const span = (settingKey: number, after: number | null, rows: number) =>
    sql`SELECT l.log_key AS place FROM provisioning_log l INDEXED BY ${index} WHERE l.setting_key = ${settingKey}
      AND l.log_key < ${after ?? before ?? Number.MAX_SAFE_INTEGER} AND ${condition} ORDER BY l.log_key DESC LIMIT ${rows}`;
  const tests = testsOf(rest);
  const walk = (reads: Reads) =>
    walkEachSetting(
      reads,
      companyKey,
      { id: setting.id, managed: null },
      {
        select: (
          settingKey,
          after: number | null,
          { rows },
        ) => sql`SELECT ${COLUMNS.list}, ${SIZE} AS size FROM (${span(settingKey, after, rows)}) w
          CROSS JOIN provisioning_log l ON l.log_key = w.place WHERE ${all(tests)} ORDER BY l.log_key DESC LIMIT ${take}`,
        end: (settingKey, after, { rows }) =>
          sql`SELECT place FROM (${span(settingKey, after, rows)}) LIMIT 1 OFFSET ${rows - 1}`,
        toPlace: (selected) => (selected as { place: number }).place, // by the statement above
        toRow: (selected) => ({ ...COLUMNS.read(selected), settingId: setting.id }),
        compare: (a, b) => b.key - a.key,
        take,
        lightness: LIGHTNESS,
        beside: NOTHING,
      },
    );
  const { rows, isCut } = await (tests.length === 0 ? walk(indexedReads(database)) : readInShare(SEARCH, walk));
  return { rows, isCut };
}

/** The index that has requests in their order and leaves out most, with the condition that it answers, and the rest of a query. */
function orderedBy(query: LogQuery): { index: Sql; condition: Sql; rest: LogQuery } {
  if (query.resourceId)
    return { index: rawSql("provisioning_log_by_resource"), condition: ofResource(query), rest: query };
  if (query.outcome === "failure") {
    const rest = { ...query, outcome: null };
    return { index: rawSql("provisioning_log_failures"), condition: sql`l.status >= 400`, rest };
  }
  return { index: rawSql("provisioning_log_by_setting"), condition: rawSql("TRUE"), rest: query };
}

/** Which requests a company's list shows: those of one setting, or null for all. */
export interface CompanyLogQuery extends LogQuery {
  settingId: string | null;
}

/** A request in a company's list, with the name of its setting and what its question was answered. */
export type ListedRequest = LogRecord & {
  settingName: string;
  /** How many the answer to a question told of; null where it is none, or not kept. */
  found: number | null;
};

/** Where a request stands in a company's list. */
export interface LogPosition {
  time: number;
  key: number;
}

/**
 * Up to `take` requests of a company, newest first, after a position, and what else is to be read in the same moment; a
 * search is read as `readInShare` lets it.
 */
export async function listRequests<Beside>(
  database: Database,
  companyKey: number,
  query: CompanyLogQuery,
  page: { take: number; after: LogPosition | null },
  beside: Read<Beside>,
  readInShare: ReadInShare,
): Promise<Stretch<ListedRequest> & { beside: Beside }> {
  const which = { id: query.settingId, managed: null };
  const tests = testsInTime(query);
  const walk = (reads: Reads) =>
    walkEachSetting(reads, companyKey, which, {
      select: (settingKey, after: LogPosition | null, { rows }) =>
        sql`SELECT ${COLUMNS.list}, ${FOUND}, ${SIZE} AS size FROM (${selectSpan(settingKey, query, after ?? page.after, rows)}) w
          CROSS JOIN provisioning_log l ON l.log_key = w.key WHERE ${all(tests)}
          ORDER BY l.time DESC, l.log_key DESC LIMIT ${page.take}`,
      end: (settingKey, after, { rows }) =>
        sql`SELECT key, time FROM (${selectSpan(settingKey, query, after ?? page.after, rows)}) LIMIT 1 OFFSET ${rows - 1}`,
      toPlace: (selected) => selected as LogPosition, // by the statement above
      toRow: (selected, { id, name }) => ({
        ...{ ...COLUMNS.read(selected), settingId: id, settingName: name },
        found: (selected as { found: number | null }).found, // by FOUND
      }),
      compare: (a, b) => b.time - a.time || b.key - a.key,
      take: page.take,
      lightness: LIGHTNESS,
      beside,
    });
  return tests.length === 0 ? walk(indexedReads(database)) : readInShare(SEARCH, walk);
}

/** The next requests of a setting, newest first, by the index that leaves out most. */
function selectSpan(settingKey: number, query: LogQuery, after: LogPosition | null, rows: number): Sql {
  const isAfter =
    after === null
      ? rawSql("TRUE")
      : sql`l.time <= ${after.time} AND (l.time < ${after.time} OR l.log_key < ${after.key})`;
  const ofGroups = indexFor(query) === OF_GROUPS ? KINDS.groups : rawSql("TRUE");
  return sql`SELECT l.log_key AS key, l.time FROM provisioning_log l INDEXED BY ${rawSql(indexFor(query))}
    WHERE l.setting_key = ${settingKey} AND ${isAfter} AND ${ofResource(query)} AND ${ofGroups}
      AND l.time >= ${query.since ?? 0} AND l.time < ${query.until ?? Number.MAX_SAFE_INTEGER}
    ORDER BY l.time DESC, l.log_key DESC LIMIT ${rows}`;
}

const OF_GROUPS = "provisioning_log_groups";

/** One that holds what decides, so that rows with whole bodies are not touched. */
function indexFor({ resourceId = null, kind, search }: LogQuery): string {
  if (resourceId !== null) return "provisioning_log_by_resource";
  return kind === "groups" && search === "" ? OF_GROUPS : "provisioning_log_activity";
}

function ofResource({ resourceId = null }: LogQuery): Sql {
  return resourceId === null ? rawSql("TRUE") : sql`l.resource_id = ${resourceId}`;
}

/** What a list in the order of time leaves out by, and no index answers. */
function testsInTime(query: LogQuery): Sql[] {
  const kind = indexFor(query) === OF_GROUPS ? null : query.kind;
  return testsOf({ ...query, kind, since: null, until: null });
}

/** What a list leaves out by, its resource aside. */
function testsOf({ outcome, status, method, search, kind, since, until }: LogQuery): Sql[] {
  return [
    ...given(outcome, (value) => (value === "success" ? sql`l.status < 400` : sql`l.status >= 400`)),
    ...given(status, (value) => sql`l.status = ${value}`),
    ...given(method, (value) => sql`l.method = ${value}`),
    ...given(search === "" ? null : search, (value) => sql`instr(lower(l.label), lower(${value})) > 0`),
    ...given(kind, (value) => KINDS[value]),
    ...given(since, (value) => sql`l.time >= ${value}`),
    ...given(until, (value) => sql`l.time < ${value}`),
  ];
}

/** A part of an entry is none. */
const IS_REQUEST = sql`l.status <> ${PART_STATUS}`;

function all(tests: readonly Sql[]): Sql {
  return joinSql([IS_REQUEST, ...tests], " AND ");
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
