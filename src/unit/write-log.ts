import { getTableColumns } from "drizzle-orm";
import { foldKey } from "../directory/fold-key.ts";
import type { LogEntry } from "../log/log-entry.ts";
import { PART_STATUS } from "../log/log-entry.ts";
import {
  foundBy,
  isPackable,
  type KeyedEntry,
  namesInPack,
  type PackedLookUp,
  packLookUps,
} from "../log/packed-look-ups.ts";
import { LANES, packedLookUps, requestLog } from "../log/tables.ts";
import { namesOf, omit, pick, valuesOfRow } from "../platform/columns.ts";
import { packJson } from "../platform/pack-json.ts";
import type { Sql } from "../platform/sql.ts";
import { isId, timeOfId } from "../platform/uuid.ts";
import { isAscii } from "../scim/fold-case.ts";
import { keepBorneName } from "./bearers-of-logged-names.ts";
import { withoutErased } from "./erase-person-traces.ts";
import { insertRows } from "./row-statements.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

const ENTRY = omit(getTableColumns(requestLog), "packed", "lastId", "entries");
const PACK = pick(
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
const NAME = namesOf(getTableColumns(packedLookUps));
const KEY = ["setting_key", "lane", "id"];

/** The statements for the provisioning log, and for when tokens were last used. */
export function planLogRows(unit: UnitOfWork): Sql[] {
  const { logEntries, config, now } = unit;
  const bySetting = Map.groupBy(logEntries, ({ settingId }) => config.settings.get(settingId)?.key);
  const used = config.lastUses.dueIn(unit).tokens.map(({ settingKey, id }) => [settingKey, id]);
  return [
    ...[...bySetting].flatMap(([settingKey, entries]) =>
      settingKey === undefined
        ? []
        : planSetting(
            settingKey,
            entries.map((entry) => keyed(keepBorneName(withoutErased(entry, unit), unit))),
          ),
    ),
    ...packJson(used).map((text) => ({
      sql: "UPDATE tokens SET last_used_at = ? FROM json_each(?) j WHERE tokens.setting_key = j.value->>0 AND tokens.id = j.value->>1",
      params: [now, text],
    })),
  ];
}

/** An entry with what SQLite's lower() would not fold of its label. By its id it is found at its time, so that both are one. */
function keyed(entry: LogEntry): KeyedEntry {
  const { id, label } = entry;
  const [own = ""] = id.split(".", 1);
  return {
    ...entry,
    time: isId(own) ? timeOfId(own) : entry.time,
    labelKey: label === null || isAscii(label) ? null : foldKey(label),
  };
}

function planSetting(settingKey: number, entries: readonly KeyedEntry[]): Sql[] {
  // Handed over again, one may stand twice in a commit; of the other rows the table keeps one by itself.
  const lookUps = [...new Map(entries.filter(isPackable).map((entry) => [entry.id, entry])).values()];
  const rows = entries.filter((entry) => !isPackable(entry)).map((entry) => rowOf(settingKey, entry));
  const packs = lookUps.length > 1 ? packLookUps(lookUps) : [];
  return [
    // A door that had no answer hands a request over again that may be there already.
    ...insertRows("request_log", namesOf(ENTRY), rows, KEY),
    ...packs.flatMap((pack) => planPack(settingKey, pack)),
    ...planUnpacked(settingKey, lookUps),
  ];
}

function rowOf(settingKey: number, entry: KeyedEntry) {
  const lane =
    entry.status === PART_STATUS ? LANES.part : entry.resourceType === "Group" ? LANES.ofGroup : LANES.request;
  const { requestBody, responseBody } = entry;
  const bodies = requestBody === null && responseBody === null ? null : { requestBody, responseBody };
  return valuesOfRow(ENTRY, { ...entry, settingKey, lane, found: foundBy(entry), bodies });
}

const OF_PACKS = "p.setting_key = ? AND p.lane = ?";

const INSERT_PACK = `INSERT INTO request_log (${namesOf(PACK)}) SELECT ${namesOf(PACK).map(() => "?")} WHERE NOT EXISTS (SELECT 1 FROM
          (SELECT p.last_id FROM request_log p WHERE ${OF_PACKS} ORDER BY p.id DESC LIMIT 1) WHERE last_id >= ?)
        AND NOT EXISTS (SELECT 1 FROM request_log p WHERE ${OF_PACKS} AND p.id IN (SELECT value FROM json_each(?)))`;

const INSERT_NAMES = `INSERT INTO packed_look_ups (${NAME}) SELECT ?, j.value, ? FROM json_each(?) j
        WHERE EXISTS (SELECT 1 FROM request_log p WHERE ${OF_PACKS} AND p.id = ? AND p.last_id = ?) ON CONFLICT DO NOTHING`;

const ID = `j.value->>${namesOf(ENTRY).indexOf("id")}`;
const INSERT_UNPACKED = `INSERT INTO request_log (${namesOf(ENTRY)}) SELECT ${namesOf(ENTRY).map((_, index) => `j.value->>${index}`)} FROM json_each(?) j
      WHERE NOT EXISTS (SELECT 1 FROM request_log p, json_each(p.entries) e WHERE ${OF_PACKS}
        AND p.id = (SELECT max(id) FROM request_log WHERE setting_key = ? AND lane = ? AND id <= ${ID}) AND e.value->>'i' = ${ID})
      ON CONFLICT (${KEY}) DO NOTHING`;

/**
 * The statements for look-ups that share a row. It is written where it comes after all others of its kind, so that they do
 * not overlap, and where none of them is there already.
 */
function planPack(settingKey: number, pack: readonly PackedLookUp[]): Sql[] {
  const [first, last] = [pack[0], pack.at(-1)];
  if (first === undefined || last === undefined) return [];
  const row = valuesOfRow(PACK, {
    ...{ settingKey, lane: LANES.pack, id: first.i, lastId: last.i, time: last.t },
    ...{ method: "GET", path: "", status: 200, duration: 0, packed: pack.length, entries: JSON.stringify(pack) },
  });
  return [
    {
      sql: INSERT_PACK,
      params: [
        ...[...row, settingKey, LANES.pack, first.i],
        ...[settingKey, LANES.request, JSON.stringify(pack.map(({ i }) => i))],
      ],
    },
    {
      sql: INSERT_NAMES,
      params: [
        ...[settingKey, first.i, JSON.stringify(namesInPack(pack))],
        ...[settingKey, LANES.pack, first.i, last.i],
      ],
    },
  ];
}

/** The statements for those look-ups that no row of many has. */
function planUnpacked(settingKey: number, lookUps: readonly KeyedEntry[]): Sql[] {
  return packJson(lookUps.map((entry) => rowOf(settingKey, entry))).map((text) => ({
    sql: INSERT_UNPACKED,
    params: [text, settingKey, LANES.pack, settingKey, LANES.pack],
  }));
}
