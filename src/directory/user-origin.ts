import { rawSql, type Sql, sql } from "../platform/sql.ts";

/** Where a user came from: a SCIM setting, which may be deleted, and then nothing keeps the user up to date. */
export interface Origin {
  managed: boolean;
  /** Whether its identity provider has deleted it, and that waits in a hold or was kept: then no setting manages it any more. */
  deletion: "waits" | "kept" | null;
  /** Whether its setting was deleted with its users: the steps under way take it away, and nobody changes it any more. */
  beingRemoved: boolean;
  setting: { id: string; name: string; isDeleted: boolean };
}

/** Whether the users of the setting `s` are being removed, as a condition. */
export const IS_BEING_REMOVED = rawSql(`(s.status = 'deleted' AND EXISTS (SELECT 1 FROM replans w
  WHERE w.company_key = s.company_key AND w.kind = 'removeUsers' AND w.scope_key = s.setting_key))`);

/** Whether the user `u` of the setting `s` is kept up to date; one whose deletion waits in a hold still counts as its setting's. */
export const IS_MANAGED = rawSql(`(s.status <> 'deleted' OR u.held_as IS 'deleted')`);

/** The id, the name or the status of the setting that the people of the setting `s` came through: those whose deletion waited lie in one beside it. */
export function ofOrigin(column: "id" | "name" | "status"): Sql {
  return rawSql(`coalesce((SELECT o.${column} FROM scim_settings o WHERE o.setting_key = s.heir_of), s.${column})`);
}

/** What a statement selects of the setting `s` of its users `u`, to be read by `readOrigin`. */
export const ORIGIN = sql`${ofOrigin("id")} AS settingId, ${ofOrigin("name")} AS settingName, ${ofOrigin("status")} AS settingStatus, ${IS_MANAGED} AS managed,
  CASE WHEN u.held_as = 'deleted' THEN 'waits' WHEN s.heir_of IS NOT NULL THEN 'kept' END AS deletion, ${IS_BEING_REMOVED} AS beingRemoved`;

/** Whether what was kept of the user `u` of the setting `s`, or waits still, is held up: nothing is by a setting that is gone. */
export const IS_HELD_UP = rawSql("(s.status <> 'deleted' OR u.held_version IS NOT NULL)");

/** The origin in a row of such a statement. */
export function readOrigin(selected: unknown): Origin {
  const { settingId: id, settingName: name, settingStatus, ...row } = selected as OriginRow;
  return {
    managed: row.managed === 1,
    deletion: row.deletion,
    beingRemoved: row.beingRemoved === 1,
    setting: { id, name, isDeleted: settingStatus === "deleted" },
  };
}

/** By ORIGIN. */
interface OriginRow {
  settingId: string;
  settingName: string;
  settingStatus: string;
  managed: number;
  deletion: Origin["deletion"];
  beingRemoved: number;
}
