import { isSeen } from "../directory/people-not-in-shadow.ts";
import { users } from "../directory/tables.ts";
import { findStored } from "../grouping/preview-profile-store.ts";
import { columnsOf } from "../platform/columns.ts";
import { type Read, selectAll } from "../platform/read-batch.ts";
import { rawSql, sql } from "../platform/sql.ts";
import type { Setting } from "../settings/setting.ts";

const PERSON = columnsOf(users, "u", ["key", "id", "userName", "email", "firstName", "lastName", "active"]);

/** Somebody in shadow, with what decides what becomes of the person when the setting goes live. */
export interface ShadowPerson extends ReturnType<typeof PERSON.read> {
  fields: Record<string, unknown>;
  groupKeys: number[];
  /** Whether the company has a target user with the same e-mail. */
  isKnown: boolean;
}

const IS_KNOWN = sql`EXISTS (SELECT 1 FROM users o CROSS JOIN scim_settings x ON x.setting_key = o.setting_key
  WHERE o.company_key = u.company_key AND o.email_key = u.email_key AND ${isSeen("o", "x")})`;
const GROUP_KEYS = rawSql("(SELECT json_group_array(m.group_key) FROM group_members m WHERE m.user_key = u.user_key)");

/** Reads people of a setting of which nothing shows, in the order of their ids, after one: up to `take`. */
export function selectShadowPeople(
  { key: settingKey, mappings, groupSettings }: Pick<Setting, "key" | "mappings" | "groupSettings">,
  { after, take }: { after: string; take: number },
): Read<ShadowPerson[]> {
  const { criteria, field } = groupSettings;
  const stored = findStored(criteria === "field" ? field : null, mappings, mappings);
  const value = stored?.value ?? sql`NULL`;
  const groupKeys = criteria === "idp" ? GROUP_KEYS : sql`'[]'`;
  const statement = sql`SELECT ${PERSON.list}, ${value} AS value, ${groupKeys} AS groupKeys, ${IS_KNOWN} AS isKnown
    FROM users u WHERE u.setting_key = ${settingKey} AND u.id > ${after} ORDER BY u.id LIMIT ${take}`;
  return selectAll(statement, (row) => {
    const more = row as { value: string | null; groupKeys: string; isKnown: number }; // JSON, by the statement above
    return {
      ...PERSON.read(row),
      fields: { [stored?.key ?? ""]: more.value === null ? null : JSON.parse(more.value) },
      groupKeys: JSON.parse(more.groupKeys),
      isKnown: more.isKnown === 1,
    };
  });
}
