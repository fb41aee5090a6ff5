import { DAY } from "../platform/clock.ts";
import { type Read, selectAll } from "../platform/read-batch.ts";
import { joinSql, rawSql, type Sql, sql } from "../platform/sql.ts";
import { firstIdAt } from "../platform/uuid.ts";
import { LANES } from "./tables.ts";

/** How a setting's identity provider fares: it has not come yet, comes, has not come for a day, or is refused. */
export const SYNC_STATES = ["waiting", "active", "quiet", "failing"] as const;

/** What is known of the requests of a setting; times in milliseconds. */
export interface Sync {
  state: (typeof SYNC_STATES)[number];
  lastSuccessAt: number | null;
  failures24h: number;
}

/** Of a setting that was made after the others were looked at. */
export const NOTHING_CAME: Sync = { state: "waiting", lastSuccessAt: null, failures24h: 0 };

/** Failures of a day are counted up to so many. */
export const MOST_FAILURES = 1_000;
/** A success is looked for among so many of the last requests. */
const LOOKED_THROUGH = 10_000;

/** What the statement below selects of a setting. */
interface Facts {
  key: number;
  firstRequestAt: number | null;
  lastStatus: number | null;
  lastSuccessAt: number | null;
  failures24h: number;
}

/** Reads how the settings of a company fare at `now` (ms), by their keys: from indexes, and few rows however many requests came. */
export function selectSyncs(companyKey: number, now: number): Read<Map<number, Sync>> {
  const places = [newest(LANES.request), newest(LANES.ofGroup), newestBefore];
  // Look-ups that share a row succeeded.
  const look = rawSql(`SELECT r.time, r.status FROM request_log r
    WHERE r.setting_key = s.setting_key AND r.lane = ${LANES.pack} ORDER BY r.id DESC LIMIT 1`);
  const first = (source: Sql, condition: Sql) =>
    sql`SELECT * FROM (SELECT * FROM (${source}) WHERE ${condition} LIMIT 1)`;
  const heads = joinSql(
    [look, ...places].map((source) => first(source, rawSql("status > 0"))),
    " UNION ALL ",
  );
  const successes = joinSql(
    [look, ...places].map((source) => first(source, rawSql("status BETWEEN 1 AND 399"))),
    " UNION ALL ",
  );
  const since = now - DAY;
  const failed = sql`SELECT 1 FROM (SELECT 1 FROM request_log r INDEXED BY request_log_failures
      WHERE r.setting_key = s.setting_key AND r.status >= 400 AND r.id >= ${firstIdAt(since + 1)} LIMIT ${MOST_FAILURES})
    UNION ALL SELECT 1 FROM (SELECT l.time FROM provisioning_log l INDEXED BY provisioning_log_failures
      WHERE l.setting_key = s.setting_key AND l.status >= 400 ORDER BY l.log_key DESC LIMIT ${MOST_FAILURES}) WHERE time > ${since}`;
  const statement = sql`SELECT s.setting_key AS key, s.first_request_at AS firstRequestAt,
      (SELECT status FROM (${heads}) ORDER BY time DESC LIMIT 1) AS lastStatus,
      (SELECT max(time) FROM (${successes})) AS lastSuccessAt,
      (SELECT count(*) FROM (SELECT 1 FROM (${failed}) LIMIT ${MOST_FAILURES})) AS failures24h
    FROM scim_settings s WHERE s.company_key = ${companyKey} AND s.status <> 'deleted'`;
  const read = selectAll(statement, (row) => row as Facts); // the columns of the statement
  return {
    ...read,
    decode: (results) => new Map(read.decode(results).map((facts) => [facts.key, toSync(facts, now)])),
  };
}

/** The newest requests in one place of the log, so many as are looked through. */
function newest(lane: number): Sql {
  return rawSql(`SELECT r.time, r.status FROM request_log r
    WHERE r.setting_key = s.setting_key AND r.lane = ${lane} ORDER BY r.id DESC LIMIT ${LOOKED_THROUGH}`);
}

// Parts of a Bulk request have no status of their own.
const newestBefore = rawSql(`SELECT l.time, l.status FROM provisioning_log l INDEXED BY provisioning_log_activity
  WHERE l.setting_key = s.setting_key ORDER BY l.time DESC LIMIT ${LOOKED_THROUGH}`);

function toSync({ firstRequestAt, lastStatus, lastSuccessAt, failures24h }: Facts, now: number): Sync {
  const known = { lastSuccessAt, failures24h };
  if (firstRequestAt === null && lastStatus === null) return { state: "waiting", ...known };
  if (lastStatus !== null && lastStatus >= 400 && failures24h > 0) return { state: "failing", ...known };
  return { state: lastSuccessAt === null || lastSuccessAt <= now - DAY ? "quiet" : "active", ...known };
}
