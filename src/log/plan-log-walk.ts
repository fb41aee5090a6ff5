import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import type { LogRecord } from "./log-store.ts";
import { LISTED, type LogPosition, SIZE } from "./logged-requests.ts";
import { mergeSources, selectSources, type Walked, type Way } from "./walk-requests.ts";

/** Which requests a list of the log shows, null for all; times in milliseconds. */
export interface LogQuery {
  outcome?: "success" | "failure" | null;
  status?: number | null;
  method?: string | null;
  /** Part of the userName or displayName the request was about; "" for all. */
  search: string;
  kind?: "users" | "groups" | "read" | "write" | null;
  resourceId?: string | null;
  /** What nobody here is called, folded: only those that ask for nobody else, or would have made somebody of this name. */
  name?: string | null;
  /** The id of the credential they came with. */
  tokenId?: string | null;
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

/** A request in a company's list, with the name of its setting and what its question was answered. */
export type ListedRequest = LogRecord & {
  settingName: string;
  /** How many the answer to a question told of; null where it is none, or not kept. */
  found: number | null;
};

/** Selects, of the next requests of a walk, the first `take` that pass the tests; with tests, of the next `rows`. */
export function compileWalk(walked: Walked, tests: readonly Sql[], take: number, rows: number): Sql {
  const list = sql`${LISTED.list}, x.found, ${SIZE} AS size`;
  if (tests.length === 0) return mergeSources(selectSources(walked, "listed"), walked, list, rawSql("TRUE"), take);
  const sources = selectSources(walked, "listed", LAST);
  return sql`WITH last AS MATERIALIZED (${selectLast(walked, rows)})
    ${mergeSources(sources, walked, list, joinSql(tests, " AND "), take)}`;
}

/** Understands what such a statement selects of a setting. */
export function toListed(selected: unknown, { id, name }: { id: string; name: string }): ListedRequest {
  const { found } = selected as { found: number | null }; // by the statement
  return { ...LISTED.read(selected), settingId: id, settingName: name, found };
}

/** The order of a walk. */
export function comparisonOf({ isUp }: Pick<Walked, "isUp">): (a: LogPosition, b: LogPosition) => number {
  return (a, b) => (isUp ? -1 : 1) * (b.time - a.time || Number(a.id < b.id) - Number(a.id > b.id));
}

/** The place of the last of the next requests, and how many these are. */
export function selectLast(walked: Walked, rows: number): Sql {
  const places = mergeSources(selectSources(walked, "place"), walked, rawSql("x.id, x.time"), rawSql("TRUE"), rows);
  return sql`SELECT time, id, ${rows} + 0 AS looked FROM (${places}) LIMIT 1 OFFSET ${rows - 1}`;
}

const LAST = { id: rawSql("(SELECT id FROM last)"), time: rawSql("(SELECT time FROM last)") };

/** The index that leaves out most of what is not asked for, and what is left to be looked at. */
export function planWalk(query: LogQuery): { by: Way | null; tests: Sql[] } {
  const { resourceId = null, name = null, outcome, status = null, kind, method = null } = query;
  if (resourceId !== null) return { by: { resourceId }, tests: testsOf(query) };
  if (name !== null) return { by: { name }, tests: testsOf(query) };
  if (status !== null && status >= 400 && outcome !== "success")
    return { by: { status }, tests: testsOf({ ...query, status: null, outcome: null }) };
  if (outcome === "failure") return { by: "failures", tests: testsOf({ ...query, outcome: null }) };
  if (kind === "groups") return { by: "groups", tests: testsOf({ ...query, kind: null }) };
  // Look-ups that share rows are asked for by GET.
  const isApart = kind === "write" || (method !== null && method !== "GET");
  return { by: isApart ? "apart" : null, tests: testsOf(query) };
}

/** What a list leaves out by, the time and its index aside. */
function testsOf({ outcome, status, method, search, kind, tokenId }: LogQuery): Sql[] {
  return [
    ...given(outcome, (value) => (value === "success" ? rawSql("status < 400") : rawSql("status >= 400"))),
    ...given(status, (value) => sql`status = ${value}`),
    ...given(method, (value) => sql`method = ${value}`),
    ...given(search === "" ? null : search, (value) => sql`instr(lower(label), lower(${value})) > 0`),
    ...given(kind, (value) => KINDS[value]),
    ...given(tokenId, (value) => sql`tokenId = ${value}`),
  ];
}

function given<Value>(value: Value | null | undefined, condition: (value: Value) => Sql): Sql[] {
  return value === null || value === undefined ? [] : [condition(value)];
}
