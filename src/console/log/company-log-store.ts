import { type Change, type ChangeRow, toChange } from "../../changes/change-store.ts";
import type { LogRecord } from "../../log/log-store.ts";
import type { Database } from "../../platform/database.ts";
import { KEY_SPAN } from "../../platform/ids.ts";

/** Which requests the log shows; times in milliseconds. */
export interface LogQuery {
  outcome: "success" | "failure" | null;
  /** Part of the userName or displayName the request was about. */
  search: string;
  kind: "users" | "groups" | "read" | "write" | null;
  settingId: string | null;
  resourceId: string | null;
  since: number | null;
}

const KINDS = {
  users: "l.resource_type = 'User'",
  groups: "l.resource_type = 'Group'",
  read: "l.method = 'GET'",
  write: "l.method <> 'GET'",
} as const;

/** Names are looked for in the index that holds them, not in the rows. */
const NAMED = `
l.log_key IN (SELECT n.log_key FROM scim_settings o
  CROSS JOIN provisioning_log n INDEXED BY provisioning_log_activity ON n.setting_key = o.setting_key
  WHERE o.company_key = ? AND instr(lower(n.label), lower(?)) > 0)`;

type Row = Omit<LogRecord, "notes"> & { notes: string };

/**
 * Up to `take` requests of a company, newest first, before the one with key `before`. A company's rows lie together, so
 * all settings are one walk backwards; one setting, one person and failures have indexes of their own.
 */
export async function listRequests(
  { d1 }: Database,
  companyKey: number,
  query: LogQuery,
  page: { take: number; before: number | null },
): Promise<(LogRecord & { settingName: string })[]> {
  const conditions = ["l.log_key > ?", "l.log_key < ?", "s.company_key = ?"];
  const params: (string | number)[] = [companyKey * KEY_SPAN, page.before ?? (companyKey + 1) * KEY_SPAN, companyKey];
  const add = (condition: string, value: string | number | null) => {
    if (value === null || value === "") return;
    conditions.push(condition);
    params.push(value);
  };
  add(
    "l.setting_key = (SELECT setting_key FROM scim_settings WHERE company_key = s.company_key AND id = ?)",
    query.settingId,
  );
  add("l.resource_id = ?", query.resourceId);
  if (query.search !== "") {
    conditions.push(NAMED);
    params.push(companyKey, query.search);
  }
  add("l.time >= ?", query.since);
  if (query.outcome !== null) conditions.push(query.outcome === "success" ? "l.status < 400" : "l.status >= 400");
  if (query.kind !== null) conditions.push(KINDS[query.kind]);
  const { results } = await d1
    .prepare(
      `SELECT l.log_key AS key, l.id, s.id AS settingId, s.name AS settingName, l.time, l.method, l.path,
         l.resource_type AS resourceType, l.resource_id AS resourceId, l.label, l.status, l.scim_type AS scimType, l.detail,
         l.duration, l.notes
       FROM provisioning_log l CROSS JOIN scim_settings s ON s.setting_key = l.setting_key
       WHERE ${conditions.join(" AND ")} ORDER BY l.log_key DESC LIMIT ?`,
    )
    .bind(...params, page.take)
    .all<Row & { settingName: string }>();
  // The writer stores a JSON array of texts.
  return results.map((row) => ({ ...row, notes: JSON.parse(row.notes) as string[] }));
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
