import { getTableColumns } from "drizzle-orm";
import { pick, type RowOf } from "../platform/columns.ts";
import { mergeMappings } from "./fields.ts";
import type { FieldMapping, Setting } from "./setting.ts";
import { scimSettings } from "./tables.ts";

/** What a `Setting` has of its row: all but its mappings, which are rows of their own. */
export const SETTING = pick(
  getTableColumns(scimSettings),
  "key",
  "id",
  "name",
  "provider",
  "status",
  "targetGroupKey",
  "targetGroupScope",
  "criteria",
  "criteriaField",
  "putWithoutMembers",
  "showPagination",
);

type SettingRow = RowOf<typeof SETTING>;

/** A setting from its row and the mappings stored with it, which are those that differ from the standard fields' own. */
export function toSetting(row: SettingRow, overrides: readonly FieldMapping[]): Setting {
  const { key, id, name, provider, status, targetGroupKey, targetGroupScope, criteria, criteriaField } = row;
  return {
    ...{ key, id, name, provider, status },
    mappings: mergeMappings(overrides),
    groupSettings: { targetGroupKey, targetGroupScope, criteria, field: criteriaField },
    dialect: { putWithoutMembers: row.putWithoutMembers, showPagination: row.showPagination },
  };
}

/** The row of a setting, of which `toSetting` makes the same one again. */
export function toSettingRow({ groupSettings, dialect, ...setting }: Omit<Setting, "mappings">): SettingRow {
  const { field: criteriaField, ...grouping } = groupSettings;
  return { ...setting, ...grouping, criteriaField, ...dialect };
}
