import { packJson } from "../platform/pack-json.ts";
import { literal, rawSql, type Sql, sql } from "../platform/sql.ts";
import { BLANK_ROW, blankLookUps } from "./blank-erased-row.ts";
import type { LogEntry } from "./log-entry.ts";
import { PACK } from "./logged-requests.ts";
import { LANES } from "./tables.ts";

/** Users of one setting who are erased: their ids, their keys, and all that they are called, in the log's folding. */
interface Erased {
  ids: readonly string[];
  keys: readonly number[];
  names: readonly string[];
}

/** What finds a row by the names in it; that a key is not null follows from the list: said besides, it would have the index walked. */
const LABELS = { by_label: rawSql("label IS NOT NULL AND lower(label)"), by_label_key: rawSql("label_key") };

/**
 * Takes what the log of a setting says of erased users out of their rows: those with their ids, and of those that have no id
 * the ones that name them as they are or were called. Their former names must still be there.
 */
export function eraseFromLog(settingKey: number, erased: Erased): Sql[] {
  const ids = sql`SELECT value FROM json_each(${JSON.stringify(erased.ids)})`;
  const keys = JSON.stringify(erased.keys);
  // The plus takes the column's affinity away, without which the index on lower(label) would not serve.
  const called = packJson(erased.names).map(
    (names) => sql`SELECT value AS name FROM json_each(${names})
      UNION ALL SELECT +f.name FROM json_each(${keys}) j CROSS JOIN former_names f ON f.user_key = j.value`,
  );
  return [
    ...Object.entries(BLANK_ROW).flatMap(([name, blank]) => [
      sql`UPDATE ${rawSql(name)} SET ${blank} WHERE setting_key = ${settingKey} AND resource_id IN (${ids})`,
      ...Object.entries(LABELS).flatMap(([index, label]) =>
        called.map(
          (names) => sql`UPDATE ${rawSql(`${name} INDEXED BY ${name}_${index}`)} SET ${blank}
            WHERE setting_key = ${settingKey} AND resource_id IS NULL AND ${label} IN (${names})`,
        ),
      ),
    ]),
    ...called.flatMap((names) => eraseLookUps(settingKey, names, ids)),
  ];
}

/** Of look-ups that share a row, those about users are found by the names they are listed under, which go as well. */
function eraseLookUps(settingKey: number, names: Sql, ids: Sql): Sql[] {
  const isAbout = sql`CASE WHEN e.value->>'u' IS NULL
    THEN lower(e.value->>'l') IN (SELECT name FROM given) OR e.value->>'k' IN (SELECT name FROM given)
    ELSE e.value->>'u' IN (${ids}) END`;
  const given = sql`WITH given (name) AS MATERIALIZED (${names})`;
  return [
    sql`${given} UPDATE request_log SET ${blankLookUps(isAbout)} WHERE setting_key = ${settingKey} AND lane = ${PACK}
      AND id IN (SELECT pack_id FROM packed_look_ups WHERE setting_key = ${settingKey}
        AND name IN (${ids} UNION ALL SELECT name FROM given))`,
    // An id names nobody.
    sql`${given} DELETE FROM packed_look_ups WHERE setting_key = ${settingKey}
      AND name IN (SELECT name FROM given EXCEPT ${ids})`,
  ];
}

/** Whether a row has a user's id and says more of the user than that, which it must not where it comes after the erasure. */
export function describesUser(entry: LogEntry): entry is LogEntry & { resourceId: string } {
  const { resourceType, resourceId, label, method, responseBody } = entry;
  return resourceId !== null && resourceType === "User" && (label ?? responseBody) !== null && method !== "DELETE";
}

/** Takes what these requests of a setting say out of their rows, where the user they are about is gone by now. */
export function eraseLateRows(settingKey: number, requestIds: readonly string[]): Sql[] {
  const isGone = (id: Sql) =>
    sql`${id} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users u WHERE u.setting_key = request_log.setting_key AND u.id = ${id})`;
  const entry = isGone(sql`e.value->>'u'`);
  const ids = JSON.stringify(requestIds);
  return [
    sql`UPDATE request_log SET ${BLANK_ROW.request_log} WHERE setting_key = ${settingKey} AND lane <= ${literal(LANES.part)}
      AND id IN (SELECT value FROM json_each(${ids})) AND ${isGone(sql`resource_id`)}`,
    sql`UPDATE request_log SET ${blankLookUps(entry)} WHERE setting_key = ${settingKey} AND lane = ${PACK}
      AND id IN (SELECT (SELECT max(p.id) FROM request_log p
          WHERE p.setting_key = ${settingKey} AND p.lane = ${PACK} AND p.id <= j.value)
        FROM json_each(${ids}) j) AND EXISTS (SELECT 1 FROM json_each(entries) e WHERE ${entry})`,
  ];
}
