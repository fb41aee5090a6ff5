import { rawSql, type Sql, sql } from "../platform/sql.ts";

/*
 * The people whom the target side knows: all but those in shadow (settings/shadow.ts). Whatever reads target users by their
 * own table has one of these conditions; whatever reads them by what they are in finds nobody in shadow.
 */

/** Whether the user `u` of the setting `s` is a target user, as a condition; other aliases may be given. */
export function isSeen(user = "u", setting = "s"): Sql {
  const key = `${user}.user_key`;
  return rawSql(`(${setting}.shadow_after IS NULL OR ${key} <= ${setting}.shadow_after
    OR (${setting}.shadow_until IS NOT NULL AND ${key} > ${setting}.shadow_until))`);
}

/** Whether the user `u` is, where its setting is known by its key: an index that has the key tells it. */
export function isSeenIn(settingKey: number): Sql {
  const of = (column: "shadow_after" | "shadow_until") =>
    sql`(SELECT ${rawSql(column)} FROM scim_settings WHERE setting_key = ${settingKey})`;
  return sql`(u.user_key <= coalesce(${of("shadow_after")}, u.user_key) OR u.user_key > ${of("shadow_until")})`;
}

/** Whether anybody of the setting `s` can be a target user. */
export const SHOWS_PEOPLE = rawSql("(s.shadow_after IS NULL OR s.shadow_until IS NOT NULL)");

/** Whether somebody of a company may be in shadow. */
export function hasShadow(companyKey: number): Sql {
  return sql`EXISTS (SELECT 1 FROM scim_settings s WHERE s.company_key = ${companyKey} AND s.shadow_after IS NOT NULL)`;
}
