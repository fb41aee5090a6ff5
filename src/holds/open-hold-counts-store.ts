import { type Read, selectFirst } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { SafeguardKind } from "../settings/safeguards.ts";

/** The open holds of a company in numbers. */
export interface OpenHolds {
  holds: number;
  people: number;
  /** The id of the one that opened first, or null. */
  id: string | null;
  /** The kind that all of them are of, or null. */
  kind: SafeguardKind | null;
}

/** Reads how many holds of a company are open, and how many people wait in them; with a setting, of that one only. */
export function selectOpenHoldCount(companyKey: number, settingId: string | null = null): Read<OpenHolds> {
  const isAsked =
    settingId === null
      ? sql`TRUE`
      : sql`setting_key = (SELECT s.setting_key FROM scim_settings s WHERE s.company_key = ${companyKey} AND s.id = ${settingId})`;
  const statement = sql`SELECT count(*) AS holds, coalesce(sum(people), 0) AS people, min(id) AS id,
      CASE WHEN min(kind) = max(kind) THEN min(kind) END AS kind
    FROM holds WHERE company_key = ${companyKey} AND status = 'open' AND ${isAsked}`;
  const read = selectFirst(statement, (selected) => selected as OpenHolds); // by the statement
  return { ...read, decode: (results) => read.decode(results) ?? { holds: 0, people: 0, id: null, kind: null } };
}

/** Which effects of a hold a decision is about: those recorded up to a version, of all people or of those named. */
interface Asked {
  version: number;
  userIds: readonly string[] | null;
}

/** Reads whether a decision about a hold would be about anybody at all. */
export function selectIsAboutAnybody(holdKey: number, { version, userIds }: Asked): Read<boolean> {
  const isAmong = (key: string) =>
    userIds === null ? sql`TRUE` : sql`${rawSql(key)} IN (${keysOfNamed(holdKey, userIds)})`;
  const meant = sql`SELECT m.user_key FROM target_group_members m
      WHERE m.held_by = ${holdKey} AND m.held_version <= ${version} AND ${isAmong("m.user_key")}
    UNION ALL SELECT o.user_key FROM users o
      WHERE o.held_by = ${holdKey} AND o.held_version <= ${version} AND ${isAmong("o.user_key")}`;
  const read = selectFirst(sql`SELECT 1 FROM (${meant}) LIMIT 1`, () => true);
  return { ...read, decode: (results) => read.decode(results) ?? false };
}

/** The keys, as `k`, of the users of some ids: who is named is looked up, and not looked for among all who wait. */
export function keysOfNamed(holdKey: number, userIds: readonly string[]): Sql {
  return sql`SELECT n.user_key AS k FROM holds h CROSS JOIN scim_settings s ON s.company_key = h.company_key
    CROSS JOIN users n ON n.setting_key = s.setting_key AND n.id IN (SELECT value FROM json_each(${JSON.stringify(userIds)}))
    WHERE h.hold_key = ${holdKey}`;
}
