import { columnsExcept, columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectAll, selectFirst } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { WAITING_DELETIONS } from "./count-held-deletions.ts";
import type { FieldMapping, GroupSettingsInput, Setting } from "./setting.ts";
import { toSetting } from "./setting-row.ts";
import { scimSettings } from "./tables.ts";

/** A setting as its admin sees it: with the name of its target group, its counts and its milestones (ms). */
export interface SettingRecord extends Setting {
  targetGroup: { id: string; name: string } | null;
  users: { active: number; inactive: number };
  groupCount: number;
  firstRequestAt: number | null;
  firstUserAt: number | null;
  firstGroupAt: number | null;
  lastRequestAt: number | null;
  createdAt: number;
}

/** The group settings of a setting as an admin would give them. */
export function groupSettingsInputOf({ groupSettings, targetGroup, shadow }: SettingRecord): GroupSettingsInput {
  const { targetGroupScope, criteria, field } = groupSettings;
  const name = shadow?.groupName ?? undefined;
  const own = name === undefined ? { targetGroupId: targetGroup?.id } : { targetGroupName: name };
  return { ...own, targetGroupScope, criteria, field: field ?? undefined };
}

/** The name of a setting's own target group, which is not there yet where it is made when the setting goes live. */
export function ownGroupNameOf({ targetGroup, shadow }: Pick<SettingRecord, "targetGroup" | "shadow">): string | null {
  return targetGroup?.name ?? shadow?.groupName ?? null;
}

const COLUMNS = columnsExcept(scimSettings, "s", ["companyKey", "deletedAt", "traffic"]);

const SHOWN = columnsOf(scimSettings, "s", ["showPagination"]);

/** What a setting's row tells of other tables. */
interface Beside {
  targetGroupId: string | null;
  targetGroupName: string | null;
  mappings: string;
  waitingDeletions: number;
}

const SELECT = sql`
SELECT ${COLUMNS.list}, t.id AS targetGroupId, t.name AS targetGroupName,
  (SELECT json_group_array(json_object('field', m.field_key, 'path', m.path))
   FROM field_mappings m WHERE m.setting_key = s.setting_key) AS mappings, ${WAITING_DELETIONS} AS waitingDeletions
FROM scim_settings s
LEFT JOIN target_groups t ON t.target_group_key = s.target_group_key
WHERE s.status <> 'deleted'`;

/** Up to `take` settings of a company in the order they were made, after the one with id `after`. */
export async function listSettings(
  database: Database,
  companyKey: number,
  page: { take: number; after: string | null },
): Promise<SettingRecord[]> {
  return runRead(database, selectSettings(companyKey, page));
}

/** Reads what `listSettings` gives. */
export function selectSettings(
  companyKey: number,
  { take, after }: { take: number; after: string | null },
): Read<SettingRecord[]> {
  const from = sql`s.company_key = ${companyKey} AND s.id > ${after ?? ""}`;
  return selectAll(sql`${SELECT} AND ${from} ORDER BY s.id LIMIT ${take}`, toRecord);
}

/** One setting of a company, or null when it is another company's, unknown or deleted. */
export async function findSetting(database: Database, companyKey: number, id: string): Promise<SettingRecord | null> {
  return runRead(database, selectSetting(companyKey, id));
}

/** Reads one setting of a company, or null as `findSetting` gives. */
export function selectSetting(companyKey: number, id: string | Sql): Read<SettingRecord | null> {
  return selectFirst(sql`${SELECT} AND s.company_key = ${companyKey} AND s.id = ${id}`, toRecord);
}

const DELETED = columnsOf(scimSettings, "s", ["name", "deletedAt"]);

/** Reads what a deleted setting of a company was called and when it was deleted (ms); null for any other. */
export function selectDeletedSetting(companyKey: number, id: string): Read<ReturnType<typeof DELETED.read> | null> {
  const row = sql`SELECT ${DELETED.list} FROM scim_settings s WHERE s.company_key = ${companyKey} AND s.id = ${id} AND s.status = 'deleted'`;
  return selectFirst(row, DELETED.read);
}

/** Reads whether the ServiceProviderConfig of a setting shows pagination. */
export function selectShowsPagination(settingKey: number): Read<boolean> {
  const row = sql`SELECT ${SHOWN.list} FROM scim_settings s WHERE s.setting_key = ${settingKey}`;
  const read = selectFirst(row, (selected) => SHOWN.read(selected).showPagination);
  return { ...read, decode: (results) => read.decode(results) ?? true };
}

/** The key of a company's setting that is not deleted, as a piece of SQL. */
export function settingKeyOf(companyKey: number, id: string): Sql {
  return sql`(SELECT setting_key FROM scim_settings WHERE company_key = ${companyKey} AND id = ${id} AND status <> 'deleted')`;
}

function toRecord(selected: unknown): SettingRecord {
  const row = COLUMNS.read(selected);
  const { groupCount, firstRequestAt, firstUserAt, firstGroupAt, lastRequestAt, createdAt } = row;
  const { targetGroupId: id, targetGroupName: name, mappings, waitingDeletions } = selected as Beside; // by SELECT
  return {
    // Built by json_object in SELECT.
    ...toSetting(row, JSON.parse(mappings) as FieldMapping[]),
    targetGroup: id === null || name === null ? null : { id, name },
    users: { active: row.activeUsers + waitingDeletions, inactive: row.inactiveUsers },
    ...{ groupCount, firstRequestAt, firstUserAt, firstGroupAt, lastRequestAt, createdAt },
  };
}
