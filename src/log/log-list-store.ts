import { indexedReads, type Reads } from "../companies/bounded-reads.ts";
import type { ReadInShare } from "../companies/read-in-share.ts";
import type { Stretch } from "../platform/byte-budget.ts";
import type { Database } from "../platform/database.ts";
import { readKey, readText } from "../platform/list-position.ts";
import { NOTHING, type Read } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { walkEachSetting } from "../settings/merge-rows-of-settings.ts";
import type { LogRecord } from "./log-store.ts";
import { LISTED, type LogPosition, mergeNewest, SIZE, selectSources, type Walked } from "./logged-requests.ts";

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
  users: rawSql("resourceType = 'User'"),
  groups: rawSql("resourceType = 'Group'"),
  read: rawSql("method = 'GET'"),
  write: rawSql("method <> 'GET'"),
} as const;

/** Requests that cost as much to look at as a user's document. */
const LIGHTNESS = 10;

/** What no index answers of a list of requests. */
const SEARCH = {
  what: "No index answers a search of the provisioning log",
  quick:
    "At any time: the list by time, by setting, or of one user or group by its id; those that were refused, or are about groups.",
};

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

/** Up to `take` requests of a setting, newest first, after a position; a search is read as `readInShare` lets it. */
export async function listLog(
  database: Database,
  companyKey: number,
  setting: { id: string },
  query: LogQuery,
  page: { take: number; after: LogPosition | null },
  readInShare: ReadInShare,
): Promise<Stretch<ListedRequest>> {
  const { beside: _, ...requests } = await listRequests(
    database,
    companyKey,
    { ...query, settingId: setting.id },
    page,
    NOTHING,
    readInShare,
  );
  return requests;
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
  const { by, tests } = planWalk(query);
  const walked = (settingKey: number, after: LogPosition | null): Walked => ({
    ...{ settingKey, after: after ?? page.after, by },
    ...{ since: query.since ?? 0, until: query.until ?? Number.MAX_SAFE_INTEGER },
  });
  const walk = (reads: Reads) =>
    walkEachSetting(reads, companyKey, which, {
      select: (settingKey, after: LogPosition | null, { rows }) => {
        const list = sql`${LISTED.list}, x.found, ${SIZE} AS size`;
        const given = walked(settingKey, after);
        if (tests.length === 0) return mergeNewest(selectSources(given, "listed"), list, rawSql("TRUE"), page.take);
        const sources = selectSources(given, "listed", LAST);
        return sql`WITH last AS MATERIALIZED (${selectLast(given, rows)})
          ${mergeNewest(sources, list, joinSql(tests, " AND "), page.take)}`;
      },
      end: (settingKey, after, { rows }) => selectLast(walked(settingKey, after), rows),
      toPlace: (selected) => selected as LogPosition, // by lastOf
      toRow: (selected, { id, name }) => ({
        ...{ ...LISTED.read(selected), settingId: id, settingName: name },
        found: (selected as { found: number | null }).found, // by the statement above
      }),
      compare: (a, b) => b.time - a.time || (a.id < b.id ? 1 : -1),
      take: page.take,
      lightness: LIGHTNESS,
      beside,
    });
  return tests.length === 0 ? walk(indexedReads(database)) : readInShare(SEARCH, walk);
}

/** The place of the last of the next requests. */
function selectLast(walked: Walked, rows: number): Sql {
  const places = mergeNewest(selectSources(walked, "place"), rawSql("x.id, x.time"), rawSql("TRUE"), rows);
  return sql`SELECT time, id FROM (${places}) LIMIT 1 OFFSET ${rows - 1}`;
}

const LAST = { id: rawSql("(SELECT id FROM last)"), time: rawSql("(SELECT time FROM last)") };

/** The index that leaves out most of what is not asked for, and what is left to be looked at. */
function planWalk({ resourceId = null, outcome, kind, ...query }: LogQuery): { by: Walked["by"]; tests: Sql[] } {
  if (resourceId !== null) return { by: { resourceId }, tests: testsOf({ ...query, outcome, kind }) };
  if (outcome === "failure") return { by: "failures", tests: testsOf({ ...query, kind }) };
  if (kind === "groups") return { by: "groups", tests: testsOf({ ...query, outcome }) };
  return { by: null, tests: testsOf({ ...query, outcome, kind }) };
}

/** What a list leaves out by, the time and its index aside. */
function testsOf({ outcome, status, method, search, kind }: LogQuery): Sql[] {
  return [
    ...given(outcome, (value) => (value === "success" ? rawSql("status < 400") : rawSql("status >= 400"))),
    ...given(status, (value) => sql`status = ${value}`),
    ...given(method, (value) => sql`method = ${value}`),
    ...given(search === "" ? null : search, (value) => sql`instr(lower(label), lower(${value})) > 0`),
    ...given(kind, (value) => KINDS[value]),
  ];
}

function given<Value>(value: Value | null | undefined, condition: (value: Value) => Sql): Sql[] {
  return value === null || value === undefined ? [] : [condition(value)];
}

/** Where a request stands in a list. */
export function positionOfRequest({ time, id }: ListedRequest): LogPosition {
  return { time, id };
}

/** Reads a decoded cursor as a place in a list; undefined when it is none. */
export function readLogPosition(decoded: unknown): LogPosition | undefined {
  if (typeof decoded !== "object" || decoded === null || !("time" in decoded) || !("id" in decoded)) return undefined;
  const [time, id] = [readKey(decoded.time), readText(decoded.id)];
  return time === undefined || id === undefined ? undefined : { time, id };
}
