import type { Database } from "../platform/database.ts";
import { spanAfter } from "../platform/ids.ts";
import { type Read, rowsOf, runRead } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Filter } from "../scim/filter/filter.ts";
import { readEachSetting } from "../settings/each-setting.ts";
import { selectFields } from "../settings/field-store.ts";
import type { Field } from "../settings/fields.ts";
import { compileFilter } from "./compile-filter.ts";
import { type FieldValue, toFieldValue } from "./typed-value.ts";

/** What the platform sees of a SCIM user; times in milliseconds. */
export interface TargetUser {
  key: number;
  id: string;
  userName: string;
  externalId: string | null;
  displayName: string | null;
  active: boolean;
  fields: Record<string, FieldValue>;
  /** Whether a live SCIM setting keeps it up to date. */
  managed: boolean;
  /** The SCIM setting it came through, which may be deleted. */
  setting: { id: string; name: string };
  createdAt: number;
  updatedAt: number;
}

interface Row {
  user_key: number;
  id: string;
  user_name: string;
  external_id: string | null;
  display_name: string | null;
  active: number;
  email: string | null;
  first_name: string | null;
  last_name: string | null;
  department: string | null;
  phone_number: string | null;
  custom_fields: string;
  setting_id: string;
  setting_name: string;
  managed: number;
  created_at: number;
  updated_at: number;
}

const SELECT = rawSql(`
SELECT u.user_key, u.id, u.user_name, u.external_id, u.display_name, u.active, u.email, u.first_name, u.last_name, u.department,
  u.phone_number, u.custom_fields, s.id AS setting_id, s.name AS setting_name, s.status <> 'deleted' AS managed,
  u.created_at, u.updated_at
FROM users u JOIN scim_settings s ON s.setting_key = u.setting_key`);

/** A stretch of the list of users: up to `take` after the one with key `after`, of those the filter matches. */
interface TargetUserPage {
  take: number;
  after: number | null;
  filter: Filter | null;
  /** Only those whom a live SCIM setting keeps up to date, or only those whom none does; null for all. */
  managed: boolean | null;
  /** What a filter's `meta.location` is built on. */
  baseUrl: string;
}

/** Users of a company in the order they came. */
export async function listTargetUsers(
  database: Database,
  companyKey: number,
  { filter, baseUrl, ...page }: TargetUserPage,
): Promise<TargetUser[]> {
  if (filter === null) return runRead(database, readTargetUsers(companyKey, selectUnfiltered(companyKey, page)));
  const { after } = spanAfter(companyKey, page.after);
  // The indexes of users start with the setting; those of deleted ones may have been kept.
  const which = { id: null, managed: page.managed };
  const { rows, beside: fields } = await readEachSetting<Row, Field[]>(database, companyKey, which, {
    walk: (settingKey) => {
      const matches = compileFilter({ type: "User", settingKey, baseUrl }, filter);
      return sql`${SELECT} WHERE u.setting_key = ${settingKey} AND u.user_key > ${after} AND ${matches}
        ORDER BY u.user_key LIMIT ${page.take}`;
    },
    beside: selectFields(companyKey),
  });
  const found = rows.flat().sort((left, right) => left.user_key - right.user_key);
  return found.slice(0, page.take).map((row) => toTargetUser(row, fields));
}

function selectUnfiltered(
  companyKey: number,
  { take, managed, ...page }: Pick<TargetUserPage, "take" | "after" | "managed">,
): Sql {
  const { after, before } = spanAfter(companyKey, page.after);
  if (managed !== false) {
    const isManaged = managed === null ? sql`TRUE` : sql`s.status <> 'deleted'`;
    return sql`${SELECT} WHERE u.user_key > ${after} AND u.user_key < ${before} AND ${isManaged}
      ORDER BY u.user_key LIMIT ${take}`;
  }
  // Those of deleted settings may be few among many: their keys are found in a narrow index, and only the page's rows read.
  const ofDeleted = sql`SELECT setting_key FROM scim_settings WHERE company_key = ${companyKey} AND status = 'deleted'`;
  const keys = sql`SELECT user_key FROM users INDEXED BY users_by_id WHERE setting_key IN (${ofDeleted})
    AND user_key > ${after} ORDER BY user_key LIMIT ${take}`;
  return sql`${SELECT} WHERE u.user_key IN (${keys}) ORDER BY u.user_key`;
}

/** Reads one user of a company by its SCIM id, or null. */
export function selectTargetUser(companyKey: number, id: string): Read<TargetUser | null> {
  const read = readTargetUsers(companyKey, sql`${SELECT} WHERE u.user_key = ${userKeyOf(companyKey, id)}`);
  return { ...read, decode: (results) => read.decode(results)[0] ?? null };
}

/** The key of a company's user, as a piece of SQL. */
export function userKeyOf(companyKey: number, id: string): Sql {
  return sql`(SELECT n.user_key FROM users n
    WHERE n.setting_key IN (SELECT setting_key FROM scim_settings WHERE company_key = ${companyKey}) AND n.id = ${id})`;
}

function readTargetUsers(companyKey: number, statement: Sql): Read<TargetUser[]> {
  const fields = selectFields(companyKey);
  return {
    statements: [statement, ...fields.statements],
    decode: ([rows, ...own]) => {
      const known = fields.decode(own);
      return rowsOf<Row>(rows).map((row) => toTargetUser(row, known));
    },
  };
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
    displayName: row.display_name,
    active: row.active === 1,
    fields: Object.fromEntries(
      fields.map(({ key, type, standard: isStandard }) => [
        key,
        isStandard ? (standard[key] ?? null) : toFieldValue(type, custom.get(key)),
      ]),
    ),
    managed: row.managed === 1,
    setting: { id: row.setting_id, name: row.setting_name },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
