import { foldKey } from "../directory/fold-key.ts";
import type { LogEntry } from "../log/log-entry.ts";
import { isPackable } from "../log/packed-look-ups.ts";
import { type KeyedEntry, keyEntry, ROW_COLUMNS, ROW_KEY, rowOf } from "../log/row-of-request.ts";
import { insertLookUps } from "../log/write-packed-look-ups.ts";
import { packJson } from "../platform/pack-json.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { keepBorneName } from "./bearers-of-logged-names.ts";
import { withoutErased } from "./erase-person-traces.ts";
import { insertRows } from "./row-statements.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

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
            entries.map((entry) => asKept(entry, unit)),
          ),
    ),
    ...packJson(used).map(
      (text) => sql`UPDATE tokens SET last_used_at = ${now} FROM json_each(${text}) j
        WHERE tokens.setting_key = j.value->>0 AND tokens.id = j.value->>1`,
    ),
  ];
}

/** An entry without the names that by this commit are nobody's. */
function asKept(logged: LogEntry, unit: UnitOfWork): KeyedEntry {
  const entry = keepBorneName(withoutErased(logged, unit), unit);
  return keyEntry(entry, entry.label === null ? null : foldKey(entry.label));
}

function planSetting(settingKey: number, entries: readonly KeyedEntry[]): Sql[] {
  const rows = entries.filter((entry) => !isPackable(entry)).map((entry) => rowOf(settingKey, entry));
  return [
    ...insertRows("request_log", ROW_COLUMNS, rows, ROW_KEY),
    ...insertLookUps(settingKey, entries.filter(isPackable)),
  ];
}
