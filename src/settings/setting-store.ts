import type { Database } from "../platform/database.ts";
import { type Read, rowsOf, runRead } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { mergeMappings } from "./fields.ts";
import type { Criteria, FieldMapping, Provider, Setting, SettingStatus, TargetGroupScope } from "./setting.ts";

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

interface Row {
  setting_key: number;
  id: string;
  name: string;
  provider: Provider;
  status: SettingStatus;
  target_group_key: number | null;
  target_group_id: string | null;
  target_group_name: string | null;
  target_group_scope: TargetGroupScope;
  criteria: Criteria;
  criteria_field: string | null;
  active_users: number;
  inactive_users: number;
  group_count: number;
  first_request_at: number | null;
  first_user_at: number | null;
  first_group_at: number | null;
  last_request_at: number | null;
  created_at: number;
  mappings: string;
}

const SELECT = rawSql(`
SELECT s.*, t.id AS target_group_id, t.name AS target_group_name,
  (SELECT json_group_array(json_object('field', m.field_key, 'path', m.path))
   FROM field_mappings m WHERE m.setting_key = s.setting_key) AS mappings
FROM scim_settings s
LEFT JOIN target_groups t ON t.target_group_key = s.target_group_key
WHERE s.status <> 'deleted'`);

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
  return {
    statements: [sql`${SELECT} AND ${from} ORDER BY s.id LIMIT ${take}`],
    decode: ([rows]) => rowsOf<Row>(rows).map(toRecord),
  };
}

/** One setting of a company, or null when it is another company's, unknown or deleted. */
export async function findSetting(database: Database, companyKey: number, id: string): Promise<SettingRecord | null> {
  return runRead(database, selectSetting(companyKey, id));
}

/** Reads one setting of a company, or null as `findSetting` gives. */
export function selectSetting(companyKey: number, id: string | Sql): Read<SettingRecord | null> {
  return {
    statements: [sql`${SELECT} AND s.company_key = ${companyKey} AND s.id = ${id}`],
    decode: ([rows]) => rowsOf<Row>(rows).map(toRecord)[0] ?? null,
  };
}

/** The key of a company's setting that is not deleted, as a piece of SQL. */
export function settingKeyOf(companyKey: number, id: string): Sql {
  return sql`(SELECT setting_key FROM scim_settings WHERE company_key = ${companyKey} AND id = ${id} AND status <> 'deleted')`;
}

function toRecord(row: Row): SettingRecord {
  return {
    key: row.setting_key,
    id: row.id,
    name: row.name,
    provider: row.provider,
    status: row.status,
    // Built by json_object in the query above.
    mappings: mergeMappings(JSON.parse(row.mappings) as FieldMapping[]),
    groupSettings: {
      targetGroupKey: row.target_group_key,
      targetGroupScope: row.target_group_scope,
      criteria: row.criteria,
      field: row.criteria_field,
    },
    targetGroup:
      row.target_group_id === null || row.target_group_name === null
        ? null
        : { id: row.target_group_id, name: row.target_group_name },
    users: { active: row.active_users, inactive: row.inactive_users },
    groupCount: row.group_count,
    firstRequestAt: row.first_request_at,
    firstUserAt: row.first_user_at,
    firstGroupAt: row.first_group_at,
    lastRequestAt: row.last_request_at,
    createdAt: row.created_at,
  };
}
