import { packJson } from "../platform/pack-json.ts";
import type { Sql } from "../platform/sql.ts";
import { BLANK_ROW, blankLookUps } from "./blank-erased-row.ts";
import type { LogEntry } from "./log-entry.ts";
import { LANES } from "./tables.ts";

/** Users of one setting who are erased: their ids, their keys, and all that they are called, in the log's folding. */
interface Erased {
  ids: readonly string[];
  keys: readonly number[];
  names: readonly string[];
}

/**
 * Takes what the log of a setting says of erased users out of their rows: those with their ids, and of those that have no id
 * the ones that name them as they are or were called. Their former names must still be there.
 */
export function eraseFromLog(settingKey: number, erased: Erased): Sql[] {
  const { names } = erased;
  const ids = JSON.stringify(erased.ids);
  const keys = JSON.stringify(erased.keys);
  // The plus takes the column's affinity away, without which the index on lower(label) would not serve.
  const called = `SELECT value AS name FROM json_each(?1)
    UNION ALL SELECT +f.name FROM json_each(?2) j CROSS JOIN former_names f ON f.user_key = j.value`;
  // That a key is not null follows from the list; said besides, it would have the index walked.
  const labels = { by_label: "label IS NOT NULL AND lower(label)", by_label_key: "label_key" };
  return [
    ...Object.entries(BLANK_ROW).flatMap(([table, blank]) => [
      {
        sql: `UPDATE ${table} SET ${blank} WHERE setting_key = ? AND resource_id IN (SELECT value FROM json_each(?))`,
        params: [settingKey, ids],
      },
      ...Object.entries(labels).flatMap(([index, label]) =>
        packJson(names).map((text) => ({
          sql: `UPDATE ${table} INDEXED BY ${table}_${index} SET ${blank} WHERE setting_key = ?3 AND resource_id IS NULL AND ${label} IN (${called})`,
          params: [text, keys, settingKey],
        })),
      ),
    ]),
    ...packJson(names).flatMap((text) => eraseLookUps(settingKey, called, [text, keys, ids])),
  ];
}

/** Of look-ups that share a row, those about users are found by the names they are listed under, which go as well. */
function eraseLookUps(settingKey: number, called: string, [names, keys, ids]: [string, string, string]): Sql[] {
  const isAbout = `CASE WHEN e.value->>'u' IS NULL
    THEN lower(e.value->>'l') IN (SELECT name FROM given) OR e.value->>'k' IN (SELECT name FROM given)
    ELSE e.value->>'u' IN (SELECT value FROM json_each(?3)) END`;
  const given = `WITH given (name) AS MATERIALIZED (${called})`;
  return [
    {
      sql: `${given} UPDATE request_log SET ${blankLookUps(isAbout)} WHERE setting_key = ?4 AND lane = ${LANES.pack}
        AND id IN (SELECT pack_id FROM packed_look_ups WHERE setting_key = ?4
          AND name IN (SELECT value FROM json_each(?3) UNION ALL SELECT name FROM given))`,
      params: [names, keys, ids, settingKey],
    },
    {
      // An id names nobody.
      sql: `${given} DELETE FROM packed_look_ups WHERE setting_key = ?4
        AND name IN (SELECT name FROM given EXCEPT SELECT value FROM json_each(?3))`,
      params: [names, keys, ids, settingKey],
    },
  ];
}

/** Whether a row has a user's id and says more of the user than that, which it must not where it comes after the erasure. */
export function describesUser(entry: LogEntry): entry is LogEntry & { resourceId: string } {
  const { resourceType, resourceId, label, method, responseBody } = entry;
  return resourceId !== null && resourceType === "User" && (label ?? responseBody) !== null && method !== "DELETE";
}

/** Takes what these requests of a setting say out of their rows, where the user they are about is gone by now. */
export function eraseLateRows(settingKey: number, requestIds: readonly string[]): Sql[] {
  const isGone = (id: string) =>
    `${id} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users u WHERE u.setting_key = request_log.setting_key AND u.id = ${id})`;
  const entry = isGone("e.value->>'u'");
  const ids = JSON.stringify(requestIds);
  return [
    {
      sql: `UPDATE request_log SET ${BLANK_ROW.request_log} WHERE setting_key = ? AND lane <= ${LANES.part}
          AND id IN (SELECT value FROM json_each(?)) AND ${isGone("resource_id")}`,
      params: [settingKey, ids],
    },
    {
      sql: `UPDATE request_log SET ${blankLookUps(entry)} WHERE setting_key = ?1 AND lane = ${LANES.pack}
          AND id IN (SELECT (SELECT max(p.id) FROM request_log p WHERE p.setting_key = ?1 AND p.lane = ${LANES.pack} AND p.id <= j.value)
            FROM json_each(?2) j) AND EXISTS (SELECT 1 FROM json_each(entries) e WHERE ${entry})`,
      params: [settingKey, ids],
    },
  ];
}
