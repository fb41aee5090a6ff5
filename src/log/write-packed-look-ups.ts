import { getTableColumns } from "drizzle-orm";
import { namesOf, pick, valuesOfRow } from "../platform/columns.ts";
import { packJson } from "../platform/pack-json.ts";
import { bindEach, rawSql, type Sql, sql } from "../platform/sql.ts";
import { namesInPack, type PackedLookUp, packLookUps } from "./packed-look-ups.ts";
import { type KeyedEntry, ROW_COLUMNS, ROW_KEY, rowOf } from "./row-of-request.ts";
import { LANES, packedLookUps, requestLog } from "./tables.ts";

const PACK_ROW = pick(
  getTableColumns(requestLog),
  ...([
    "settingKey",
    "lane",
    "id",
    "lastId",
    "time",
    "method",
    "path",
    "status",
    "duration",
    "packed",
    "entries",
  ] as const),
);
const PACK_COLUMNS = rawSql(namesOf(PACK_ROW).join());
const NAME_COLUMNS = rawSql(namesOf(getTableColumns(packedLookUps)).join());
/** The look-ups that stand in a row of their own, out of a list of rows as JSON. */
const UNPACKED = rawSql(
  `INSERT INTO request_log (${ROW_COLUMNS}) SELECT ${ROW_COLUMNS.map((_, index) => `j.value->>${index}`)}`,
);
const ID = rawSql(`j.value->>${ROW_COLUMNS.indexOf("id")}`);
const KEY = rawSql(ROW_KEY.join());

/** The statements for a setting's look-ups, as far as they are not there yet: many in a row where they can, else each in its own. */
export function insertLookUps(settingKey: number, entries: readonly KeyedEntry[]): Sql[] {
  // Handed over again, one may stand twice in a commit; of the other rows the table keeps one by itself.
  const lookUps = [...new Map(entries.map((entry) => [entry.id, entry])).values()];
  const packs = lookUps.length > 1 ? packLookUps(lookUps) : [];
  return [...packs.flatMap((pack) => insertPack(settingKey, pack)), ...insertUnpacked(settingKey, lookUps)];
}

/**
 * The statements for look-ups that share a row. It is written where it comes after all others of its kind, so that they do
 * not overlap, and where none of them is there already.
 */
function insertPack(settingKey: number, pack: readonly PackedLookUp[]): Sql[] {
  const [first, last] = [pack[0], pack.at(-1)];
  if (first === undefined || last === undefined) return [];
  const row = valuesOfRow(PACK_ROW, {
    ...{ settingKey, lane: LANES.pack, id: first.i, lastId: last.i, time: last.t },
    ...{ method: "GET", path: "", status: 200, duration: 0, packed: pack.length, entries: JSON.stringify(pack) },
  });
  return [
    sql`INSERT INTO request_log (${PACK_COLUMNS}) SELECT ${bindEach(row)} WHERE NOT EXISTS (SELECT 1 FROM
        (SELECT p.last_id FROM request_log p WHERE ${ofLane(settingKey, LANES.pack)} ORDER BY p.id DESC LIMIT 1)
        WHERE last_id >= ${first.i})
      AND NOT EXISTS (SELECT 1 FROM request_log p WHERE ${ofLane(settingKey, LANES.request)}
        AND p.id IN (SELECT value FROM json_each(${JSON.stringify(pack.map(({ i }) => i))})))`,
    sql`INSERT INTO packed_look_ups (${NAME_COLUMNS})
      SELECT ${settingKey}, j.value, ${first.i} FROM json_each(${JSON.stringify(namesInPack(pack))}) j
      WHERE EXISTS (SELECT 1 FROM request_log p
        WHERE ${ofLane(settingKey, LANES.pack)} AND p.id = ${first.i} AND p.last_id = ${last.i}) ON CONFLICT DO NOTHING`,
  ];
}

/** The statements for those look-ups that no row of many has. */
function insertUnpacked(settingKey: number, lookUps: readonly KeyedEntry[]): Sql[] {
  return packJson(lookUps.map((entry) => rowOf(settingKey, entry))).map(
    (text) => sql`${UNPACKED} FROM json_each(${text}) j
      WHERE NOT EXISTS (SELECT 1 FROM request_log p, json_each(p.entries) e WHERE ${ofLane(settingKey, LANES.pack)}
        AND p.id = (SELECT max(id) FROM request_log WHERE setting_key = ${settingKey} AND lane = ${LANES.pack} AND id <= ${ID})
        AND e.value->>'i' = ${ID})
      ON CONFLICT (${KEY}) DO NOTHING`,
  );
}

function ofLane(settingKey: number, lane: number): Sql {
  return sql`p.setting_key = ${settingKey} AND p.lane = ${lane}`;
}
