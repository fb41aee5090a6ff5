import type { Database } from "../platform/database.ts";
import type { JsonObject } from "../scim/json.ts";

/** What the directory holds of a user beside its mapped fields. */
interface PersonRecord {
  settingKey: number;
  /** The SCIM document as stored. */
  document: JsonObject;
  /** The identity provider's groups that it is in, by name. */
  groups: { id: string; displayName: string }[];
}

interface Row {
  settingKey: number;
  document: string;
  groups: string;
}

/** A user's document and groups by its key, in one round trip; null when it is gone. */
export async function findPersonRecord({ d1 }: Database, userKey: number): Promise<PersonRecord | null> {
  const row = await d1
    .prepare(
      `SELECT u.setting_key AS settingKey, u.document,
         (SELECT json_group_array(json_object('id', id, 'displayName', display_name)) FROM (SELECT g.id, g.display_name
            FROM group_members m CROSS JOIN groups g ON g.group_key = m.group_key
            WHERE m.user_key = ?1 ORDER BY g.display_name_key)) AS groups
       FROM users u WHERE u.user_key = ?1`,
    )
    .bind(userKey)
    .first<Row>();
  if (row === null) return null;
  // The writer stores a JSON object; the list is built above.
  return { settingKey: row.settingKey, document: JSON.parse(row.document), groups: JSON.parse(row.groups) };
}
