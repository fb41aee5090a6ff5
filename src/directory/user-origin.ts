import { rawSql, sql } from "../platform/sql.ts";

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

/** What a statement selects of the setting `s` of its users, to be read by `readOrigin`. */
export const ORIGIN = sql`s.id AS settingId, s.name AS settingName, s.status <> 'deleted' AS managed,
  ${IS_BEING_REMOVED} AS beingRemoved`;

/** The origin in a row of such a statement. */
export function readOrigin(selected: unknown): Origin {
  const row = selected as { settingId: string; settingName: string; managed: number; beingRemoved: number }; // by ORIGIN
  const { settingId: id, settingName: name, managed, beingRemoved } = row;
  return { managed: managed === 1, beingRemoved: beingRemoved === 1, setting: { id, name } };
}
