import { rawSql, type Sql, sql } from "../platform/sql.ts";

/** Where a user came from: a SCIM setting, which may be deleted, and then nothing keeps the user up to date. */
export interface Origin {
  managed: boolean;
  /** Whether its setting was deleted with its users: the steps under way take it away, and nobody changes it any more. */
  beingRemoved: boolean;
  setting: { id: string; name: string };
}

/** Whether the users of the setting `s` are being removed, as a condition. */
export const IS_BEING_REMOVED = rawSql(`(s.status = 'deleted' AND EXISTS (SELECT 1 FROM replans w
  WHERE w.company_key = s.company_key AND w.kind = 'removeUsers' AND w.scope_key = s.setting_key))`);

/** Whether the user `u` of the setting `s` is kept up to date; one whose deletion waits in a hold still counts as its setting's. */
export const IS_MANAGED = rawSql(`(s.status <> 'deleted' OR u.held_as IS 'deleted')`);

/** The setting that somebody whose deletion waits came through. */
function ofOrigin(column: "id" | "name"): Sql {
  return rawSql(`CASE WHEN u.held_as = 'deleted' THEN coalesce((SELECT o.${column} FROM scim_settings o
    WHERE o.setting_key = s.heir_of), s.${column}) ELSE s.${column} END`);
}

/** What a statement selects of the setting `s` of its users `u`, to be read by `readOrigin`. */
export const ORIGIN = sql`${ofOrigin("id")} AS settingId, ${ofOrigin("name")} AS settingName, ${IS_MANAGED} AS managed,
  ${IS_BEING_REMOVED} AS beingRemoved`;

/** The origin in a row of such a statement. */
export function readOrigin(selected: unknown): Origin {
  const row = selected as { settingId: string; settingName: string; managed: number; beingRemoved: number }; // by ORIGIN
  const { settingId: id, settingName: name, managed, beingRemoved } = row;
  return { managed: managed === 1, beingRemoved: beingRemoved === 1, setting: { id, name } };
}
