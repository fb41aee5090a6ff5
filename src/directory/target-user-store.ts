import type { Database } from "../platform/database.ts";
import { KEY_SPAN } from "../platform/ids.ts";
import type { Filter } from "../scim/filter/filter.ts";
import type { Field } from "../settings/fields.ts";
import { compileFilter } from "./compile-filter.ts";
import { type FieldValue, toFieldValue } from "./derive-user.ts";
import { prepare, rawSql, sql } from "./sql.ts";

/** What the platform sees of a SCIM user; times in milliseconds. */
export interface TargetUser {
  key: number;
  id: string;
  userName: string;
  externalId: string | null;
  active: boolean;
  fields: Record<string, FieldValue>;
  settingId: string;
  createdAt: number;
  updatedAt: number;
}

interface Row {
  user_key: number;
  id: string;
  user_name: string;
  external_id: string | null;
  active: number;
  email: string | null;
  first_name: string | null;
  last_name: string | null;
  department: string | null;
  phone_number: string | null;
  custom_fields: string;
  setting_id: string;
  created_at: number;
  updated_at: number;
}

const SELECT = `
SELECT u.user_key, u.id, u.user_name, u.external_id, u.active, u.email, u.first_name, u.last_name, u.department,
  u.phone_number, u.custom_fields, s.id AS setting_id, u.created_at, u.updated_at
FROM users u JOIN scim_settings s ON s.setting_key = u.setting_key`;

/** A stretch of the list of users: up to `take` after the one with key `after`, of those the filter matches. */
interface TargetUserPage {
  take: number;
  after: number | null;
  filter: Filter | null;
  /** What a filter's `meta.location` is built on. */
  baseUrl: string;
}

/** Users of a company in the order they came. */
export async function listTargetUsers(
  database: Database,
  companyKey: number,
  fields: readonly Field[],
  page: TargetUserPage,
): Promise<TargetUser[]> {
  const { filter } = page;
  const rows =
    filter === null
      ? await readRange(database, companyKey, page)
      : await readMatches(database, companyKey, filter, page);
  return rows.map((row) => toTargetUser(row, fields));
}

async function readRange(database: Database, companyKey: number, page: TargetUserPage): Promise<Row[]> {
  const { results } = await database.d1
    .prepare(`${SELECT} WHERE u.user_key > ? AND u.user_key < ? ORDER BY u.user_key LIMIT ?`)
    .bind(page.after ?? companyKey * KEY_SPAN, (companyKey + 1) * KEY_SPAN, page.take)
    .all<Row>();
  return results;
}

/**
 * The indexes of users start with the setting, so each setting of the company is asked by itself, all in one round trip;
 * deleted ones too, since their users may have been kept.
 */
async function readMatches(
  database: Database,
  companyKey: number,
  filter: Filter,
  page: TargetUserPage,
): Promise<Row[]> {
  const settingKeys = await listSettingKeys(database, companyKey);
  if (settingKeys.length === 0) return [];
  const statements = settingKeys.map((settingKey) => {
    const condition = compileFilter({ type: "User", settingKey, baseUrl: page.baseUrl }, filter);
    return prepare(
      database.d1,
      sql`${rawSql(SELECT)} WHERE u.setting_key = ${settingKey} AND u.user_key > ${page.after ?? 0} AND ${condition}
        ORDER BY u.user_key LIMIT ${page.take}`,
    );
  });
  const found = (await database.d1.batch<Row>(statements)).flatMap(({ results }) => results);
  return found.sort((left, right) => left.user_key - right.user_key).slice(0, page.take);
}

/** One user of a company by its SCIM id, or null. */
export async function findTargetUser(
  database: Database,
  companyKey: number,
  fields: readonly Field[],
  id: string,
): Promise<TargetUser | null> {
  const row = await database.d1
    .prepare(
      `${SELECT} WHERE u.setting_key IN (SELECT setting_key FROM scim_settings WHERE company_key = ?) AND u.id = ?`,
    )
    .bind(companyKey, id)
    .first<Row>();
  return row === null ? null : toTargetUser(row, fields);
}

async function listSettingKeys(database: Database, companyKey: number): Promise<number[]> {
  const { results } = await database.d1
    .prepare("SELECT setting_key FROM scim_settings WHERE company_key = ?")
    .bind(companyKey)
    .all<{ setting_key: number }>();
  return results.map((row) => row.setting_key);
}

function toTargetUser(row: Row, fields: readonly Field[]): TargetUser {
  const standard: Record<string, FieldValue> = {
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    department: row.department,
    phoneNumber: row.phone_number,
  };
  // Written by the writer as an object of typed values, one for each mapped custom field; of a deleted field they go a
  // while after it, and may meet a new one of the same key and another type.
  const custom = new Map(Object.entries(JSON.parse(row.custom_fields) as Record<string, FieldValue>));
  return {
    key: row.user_key,
    id: row.id,
    userName: row.user_name,
    externalId: row.external_id,
    active: row.active === 1,
    fields: Object.fromEntries(
      fields.map(({ key, type, standard: isStandard }) => [
        key,
        isStandard ? (standard[key] ?? null) : toFieldValue(type, custom.get(key)),
      ]),
    ),
    settingId: row.setting_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
