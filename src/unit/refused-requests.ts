import { provisioningLog } from "../log/tables.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Read, selectAll } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";

const REQUEST = columnsOf(provisioningLog, "l", [
  ...(["id", "time", "method", "path", "resourceType", "label", "status", "code", "scimType", "detail"] as const),
]);

/** A refused request behind an alert, or behind what may become one. */
export type RefusedRequest = ReturnType<typeof REQUEST.read>;

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
  const statement = sql`SELECT ${REQUEST.list} FROM ${from}
    CROSS JOIN provisioning_log l ON l.company_key = ${companyKey} AND l.id = j.value
    WHERE ${where} TRUE ORDER BY l.id DESC LIMIT ${MOST}`;
  return selectAll(statement, REQUEST.read);
}
