import { type Read, rowsOf } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { JsonObject } from "../scim/json.ts";

/** What the directory holds of a user beside its mapped fields. */
export interface PersonRecord {
  /** The SCIM document as stored. */
  document: JsonObject;
  /** The identity provider's groups that it is in, by name. */
  groups: { id: string; displayName: string }[];
}

interface Row {
  document: string;
  groups: string;
}

/** Reads a user's document and groups by its key; null when it is gone. */
export function selectPersonRecord(userKey: Sql): Read<PersonRecord | null> {
  const statement = sql`
    SELECT u.document,
      (SELECT json_group_array(json_object('id', id, 'displayName', display_name)) FROM (SELECT g.id, g.display_name
         FROM group_members m CROSS JOIN groups g ON g.group_key = m.group_key
         WHERE m.user_key = u.user_key ORDER BY g.display_name_key)) AS groups
    FROM users u WHERE u.user_key = ${userKey}`;
  return { statements: [statement], decode: ([rows]) => rowsOf<Row>(rows).map(toRecord)[0] ?? null };
}

function toRecord({ document, groups }: Row): PersonRecord {
  // The writer stores a JSON object; the list is built above.
  return { document: JSON.parse(document), groups: JSON.parse(groups) };
}
