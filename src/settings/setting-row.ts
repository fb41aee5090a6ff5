import { getTableColumns } from "drizzle-orm";
import { pick, type RowOf } from "../platform/columns.ts";
import { mergeMappings } from "./fields.ts";
import { changeSafeguards, USUAL_SAFEGUARDS } from "./safeguards.ts";
import type { FieldMapping, Setting, Shadow } from "./setting.ts";
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
  "safeguards",
  "expected",
  "heirOf",
  "shadowAfter",
  "shadowUntil",
  "shadowGroup",
);

type SettingRow = RowOf<typeof SETTING>;

/** A setting from its row and the mappings stored with it, which are those that differ from the standard fields' own. */
export function toSetting(row: SettingRow, overrides: readonly FieldMapping[]): Setting {
  const { key, id, name, provider, status, targetGroupKey, targetGroupScope, criteria, criteriaField } = row;
  const { expected, heirOf } = row;
  return {
    ...{ key, id, name, provider, status },
    mappings: mergeMappings(overrides),
    groupSettings: { targetGroupKey, targetGroupScope, criteria, field: criteriaField },
    safeguards: changeSafeguards(USUAL_SAFEGUARDS, row.safeguards ?? {}),
    ...{ expected, heirOf },
    shadow: toShadow(row),
    dialect: { putWithoutMembers: row.putWithoutMembers, showPagination: row.showPagination },
  };
}

/** The row of a setting, of which `toSetting` makes the same one again. */
export function toSettingRow({ groupSettings, dialect, shadow, ...setting }: Omit<Setting, "mappings">): SettingRow {
  const { field: criteriaField, ...grouping } = groupSettings;
  const { after: shadowAfter, until: shadowUntil, groupName: shadowGroup } = shadow ?? LIVE;
  return { ...setting, ...grouping, criteriaField, ...dialect, shadowAfter, shadowUntil, shadowGroup };
}

const LIVE = { after: null, until: null, groupName: null };

function toShadow({ shadowAfter: after, shadowUntil: until, shadowGroup: groupName }: SettingRow): Shadow | null {
  return after === null ? null : { after, until, groupName };
}
