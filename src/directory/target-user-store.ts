import type { Database } from "../platform/database.ts";
import { KEY_SPAN } from "../platform/ids.ts";
import type { Field } from "../settings/fields.ts";

/** A value of a target user's field, of the field's type; null when the identity provider gives none. */
export type FieldValue = string | number | boolean | null;

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

/** A SQL condition over the alias `u` of `users`, as a SCIM filter compiles to. */
export interface UserCondition {
  sql: string;
  params: unknown[];
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

/** Lets a condition use the indexes of `users`, which start with the setting. */
const OF_COMPANY = "u.setting_key IN (SELECT setting_key FROM scim_settings WHERE company_key = ?)";

/**
 * Up to `take` users of a company in the order they came, after the one with key `after`. Without a condition the range
 * of the company's keys is walked; with one, the index that fits it.
 */
export async function listTargetUsers(
  database: Database,
  companyKey: number,
  fields: readonly Field[],
  page: { take: number; after: number | null; condition: UserCondition | null },
): Promise<TargetUser[]> {
  const { condition } = page;
  const range = [page.after ?? companyKey * KEY_SPAN, (companyKey + 1) * KEY_SPAN];
  const where = condition === null ? "" : ` AND ${OF_COMPANY} AND (${condition.sql})`;
  const { results } = await database.d1
    .prepare(`${SELECT} WHERE u.user_key > ? AND u.user_key < ?${where} ORDER BY u.user_key LIMIT ?`)
    .bind(...range, ...(condition === null ? [] : [companyKey, ...condition.params]), page.take)
    .all<Row>();
  return results.map((row) => toTargetUser(row, fields));
}

/** One user of a company by its SCIM id, or null. */
export async function findTargetUser(
  database: Database,
  companyKey: number,
  fields: readonly Field[],
  id: string,
): Promise<TargetUser | null> {
  const row = await database.d1.prepare(`${SELECT} WHERE ${OF_COMPANY} AND u.id = ?`).bind(companyKey, id).first<Row>();
  return row === null ? null : toTargetUser(row, fields);
}

function toTargetUser(row: Row, fields: readonly Field[]): TargetUser {
  const standard: Record<string, FieldValue> = {
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    department: row.department,
    phoneNumber: row.phone_number,
  };
  // Written by the writer as an object of typed values, one for each mapped custom field.
  const custom = new Map(Object.entries(JSON.parse(row.custom_fields) as Record<string, FieldValue>));
  return {
    key: row.user_key,
    id: row.id,
    userName: row.user_name,
    externalId: row.external_id,
    active: row.active === 1,
    fields: Object.fromEntries(
      fields.map((field) => [field.key, (field.standard ? standard[field.key] : custom.get(field.key)) ?? null]),
    ),
    settingId: row.setting_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
