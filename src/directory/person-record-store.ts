import type { Database } from "../platform/database.ts";
import type { JsonObject } from "../scim/json.ts";

/** What the directory holds of a user beside its mapped fields. */
export interface PersonRecord {
  settingKey: number;
  /** The SCIM document as stored. */
  document: JsonObject;
  /** The identity provider's groups that it is in. */
  groups: { id: string; displayName: string }[];
}

interface Row {
  settingKey: number;
  document: string;
}

/** A user's document and groups by its key, in one round trip; null when it is gone. */
export async function findPersonRecord({ d1 }: Database, userKey: number): Promise<PersonRecord | null> {
  const [users, groups] = await d1.batch<Record<string, unknown>>([
    d1.prepare("SELECT setting_key AS settingKey, document FROM users WHERE user_key = ?").bind(userKey),
    d1
      .prepare(
        `SELECT g.id, g.display_name AS displayName FROM group_members m CROSS JOIN groups g ON g.group_key = m.group_key
         WHERE m.user_key = ? ORDER BY g.group_key`,
      )
      .bind(userKey),
  ]);
  // The columns are those selected above.
  const row = users?.results[0] as Row | undefined;
  if (row === undefined) return null;
  return {
    settingKey: row.settingKey,
    document: JSON.parse(row.document),
    groups: (groups?.results ?? []) as unknown as PersonRecord["groups"],
  };
}
