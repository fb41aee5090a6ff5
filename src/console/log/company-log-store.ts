import { type Change, type ChangeRow, toChange } from "../../changes/change-store.ts";
import type { LogRecord } from "../../log/log-store.ts";
import type { Database } from "../../platform/database.ts";
import type { Position } from "../cursor.ts";

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
  users: "l.resource_type = 'User'",
  groups: "l.resource_type = 'Group'",
  read: "l.method = 'GET'",
  write: "l.method <> 'GET'",
} as const;

type Row = Omit<LogRecord, "notes" | "settingId"> & { notes: string };

/** A request in a list, with the name of its setting. */
export type ListedRequest = LogRecord & { settingName: string };

/**
 * Up to `take` requests of a company, newest first, after a position. The indexes of the log begin with the setting, and a
 * company has few: each setting is walked backwards in time, all in one trip, and the walks are merged here.
 */
export async function listRequests(
  { d1 }: Database,
  companyKey: number,
  query: LogQuery,
  page: { take: number; after: Position | null },
): Promise<ListedRequest[]> {
  const { results: settings } = await d1
    .prepare(
      "SELECT setting_key AS key, id, name FROM scim_settings WHERE company_key = ?1 AND (?2 IS NULL OR id = ?2)",
    )
    .bind(companyKey, query.settingId)
    .all<{ key: number; id: string; name: string }>();
  if (settings.length === 0) return [];
  const walks = await d1.batch<Row>(settings.map(({ key }) => prepareWalk(d1, key, query, page)));
  const requests = walks.flatMap(({ results }, index) =>
    results.map((row) => ({
      ...row,
      notes: JSON.parse(row.notes) as string[], // the writer stores a JSON array of texts
      settingId: settings[index]?.id ?? "",
      settingName: settings[index]?.name ?? "",
    })),
  );
  return requests.sort((a, b) => b.time - a.time || b.key - a.key).slice(0, page.take);
}

/** Where a request stands in the list. */
export function positionOf({ time, key }: ListedRequest): Position {
  return [time, key];
}

/** The index that leaves out most: it holds times, statuses and names, so that rows with whole bodies are not touched. */
function indexFor({ resourceId, kind, search }: LogQuery): string {
  if (resourceId !== null) return "provisioning_log_by_resource";
  return kind === "groups" && search === "" ? "provisioning_log_groups" : "provisioning_log_activity";
}

function prepareWalk(
  d1: D1Database,
  settingKey: number,
  query: LogQuery,
  { take, after }: { take: number; after: Position | null },
): D1PreparedStatement {
  const conditions = ["l.setting_key = ?"];
  const params: (string | number)[] = [settingKey];
  const add = (condition: string, ...values: (string | number | null)[]) => {
    const given = values.flatMap((value) => (value === null || value === "" ? [] : [value]));
    if (given.length < values.length) return;
    conditions.push(condition);
    params.push(...given);
  };
  const [time = null, key = null] = after ?? [];
  add("l.time <= ? AND (l.time < ? OR l.log_key < ?)", time, time, key);
  add("l.time >= ?", query.since);
  add("l.time < ?", query.until);
  add("l.resource_id = ?", query.resourceId);
  add("instr(lower(l.label), lower(?)) > 0", query.search);
  if (query.outcome !== null) add(query.outcome === "success" ? "l.status < 400" : "l.status >= 400");
  if (query.kind !== null) add(KINDS[query.kind]);
  return d1
    .prepare(
      `SELECT l.log_key AS key, l.id, l.time, l.method, l.path, l.resource_type AS resourceType,
         l.resource_id AS resourceId, l.label, l.status, l.code, l.scim_type AS scimType, l.detail, l.duration, l.notes
       FROM provisioning_log l INDEXED BY ${indexFor(query)}
       WHERE ${conditions.join(" AND ")} ORDER BY l.time DESC, l.log_key DESC LIMIT ?`,
    )
    .bind(...params, take);
}

/** Commits of a request are looked for up to this long after it (ms). */
const PATIENCE = 60_000;

/** Finds by halving the first change at or after a time: times follow the order of commits, and numbers have no gaps. */
const FIRST_SINCE = `
WITH RECURSIVE halves(low, high) AS (
  SELECT coalesce((SELECT min(seq) FROM changes WHERE company_key = ?1), 1),
    (SELECT change_seq + 1 FROM companies WHERE company_key = ?1)
  UNION ALL
  SELECT CASE WHEN TIME_IN_THE_MIDDLE < ?2 THEN (low + high) / 2 + 1 ELSE low END,
    CASE WHEN TIME_IN_THE_MIDDLE < ?2 THEN high ELSE (low + high) / 2 END
  FROM halves WHERE low < high
)
SELECT max(low) FROM halves`.replaceAll(
  "TIME_IN_THE_MIDDLE",
  "(SELECT time FROM changes WHERE company_key = ?1 AND seq = (low + high) / 2)",
);

/** Up to `take` changes that one request made. */
export async function listChangesOf(
  { d1 }: Database,
  companyKey: number,
  request: { id: string; time: number },
  take: number,
): Promise<Change[]> {
  const { results } = await d1
    .prepare(
      `SELECT seq, type, time, subject_kind, subject_id, data, cause FROM changes
       WHERE company_key = ?1 AND seq >= (${FIRST_SINCE}) AND seq < (${FIRST_SINCE.replaceAll("?2", "?3")})
         AND cause ->> 'requestId' = ?4 ORDER BY seq LIMIT ?5`,
    )
    .bind(companyKey, request.time, request.time + PATIENCE, request.id, take)
    .all<ChangeRow>();
  return results.map(toChange);
}
