import { rawSql } from "../platform/sql.ts";

/** Where a user came from: a SCIM setting, which may be deleted, and then nothing keeps the user up to date. */
export interface Origin {
  managed: boolean;
  setting: { id: string; name: string };
}

/** What a statement selects of the setting `s` of its users, to be read by `readOrigin`. */
export const ORIGIN = rawSql("s.id AS settingId, s.name AS settingName, s.status <> 'deleted' AS managed");

/** The origin in a row of such a statement. */
export function readOrigin(selected: unknown): Origin {
  const { settingId, settingName, managed } = selected as { settingId: string; settingName: string; managed: number }; // by ORIGIN
  return { managed: managed === 1, setting: { id: settingId, name: settingName } };
}
