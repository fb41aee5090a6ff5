import { type Read, rowsOf } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { JsonObject } from "../scim/json.ts";

/** What the directory holds of a user beside its mapped fields. */
export interface PersonRecord {
  /** The SCIM document as stored. */
  document: JsonObject;
  /** The identity provider's groups that it is in, by name. */
  groups: { id: string; displayName: string }[];
  /** What it was called before, folded; kept as long as the provisioning log, which may name it so. */
  formerNames: string[];
}

interface Row {
  document: string;
  groups: string;
  formerNames: string;
}

/** Reads a user's document, groups and former names by its key; null when it is gone. */
export function selectPersonRecord(userKey: Sql): Read<PersonRecord | null> {
  const statement = sql`
    SELECT u.document,
      (SELECT json_group_array(json_object('id', id, 'displayName', display_name)) FROM (SELECT g.id, g.display_name
         FROM group_members m CROSS JOIN groups g ON g.group_key = m.group_key
         WHERE m.user_key = u.user_key ORDER BY g.display_name_key)) AS groups,
      (SELECT json_group_array(name) FROM former_names WHERE user_key = u.user_key) AS formerNames
    FROM users u WHERE u.user_key = ${userKey}`;
  return { statements: [statement], decode: ([rows]) => rowsOf<Row>(rows).map(toRecord)[0] ?? null };
}

function toRecord({ document, groups, formerNames }: Row): PersonRecord {
  // The writer stores a JSON object; the lists are built above.
  return { document: JSON.parse(document), groups: JSON.parse(groups), formerNames: JSON.parse(formerNames) };
}
