import { LANES, provisioningLog, requestLog } from "../log/tables.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Read, selectAll } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";

const FIELDS = [
  ...(["id", "time", "method", "path", "resourceType", "label", "status", "code", "scimType", "detail"] as const),
];
const NOW = columnsOf(requestLog, "l", FIELDS);
const BEFORE = columnsOf(provisioningLog, "l", FIELDS);

/** A refused request behind an alert, or behind what may become one. */
export type RefusedRequest = ReturnType<typeof NOW.read>;

/** How many are read at once. */
const MOST = 100;

/** Reads the logged requests behind an alert, the newest first. */
export function selectRequestsOfAlert(companyKey: number, alertId: string): Read<RefusedRequest[]> {
  const ids = sql`(SELECT json_extract(a.facts, '$.requestIds') FROM alerts a WHERE a.company_key = ${companyKey} AND a.id = ${alertId})`;
  return selectLogged(companyKey, sql`json_each(coalesce(${ids}, '[]')) j`);
}

/** Reads the logged writes of a setting that were refused and not made good, the newest first. */
export function selectRequestsNotMadeGood(companyKey: number, settingKey: Sql): Read<RefusedRequest[]> {
  return selectLogged(
    companyKey,
    sql`failing_writes f CROSS JOIN json_each(f.request_ids) j`,
    sql`f.setting_key = ${settingKey} AND`,
  );
}

function selectLogged(companyKey: number, from: Sql, where: Sql = sql``): Read<RefusedRequest[]> {
  const id = rawSql("j.value");
  const statement = sql`SELECT * FROM (SELECT ${NOW.list} FROM ${from} CROSS JOIN scim_settings s
        CROSS JOIN request_log l ON l.setting_key = s.setting_key AND l.lane IN (${LANES.request}, ${LANES.ofGroup}) AND l.id = ${id}
      WHERE ${where} s.company_key = ${companyKey}
    UNION ALL SELECT ${BEFORE.list} FROM ${from}
      CROSS JOIN provisioning_log l ON l.company_key = ${companyKey} AND l.id = ${id} WHERE ${where} TRUE)
    ORDER BY id DESC LIMIT ${MOST}`;
  return selectAll(statement, NOW.read);
}
