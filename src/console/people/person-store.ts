import type { Change } from "../../changes/change-store.ts";
import type { Database } from "../../platform/database.ts";

/** What only a person's own page shows: the SCIM document, and the provider's groups with the person in them. */
export interface PersonSource {
  document: Record<string, unknown>;
  scimGroups: { id: string; displayName: string }[];
}

/** The raw SCIM side of a user. */
export async function readPersonSource({ d1 }: Database, userKey: number): Promise<PersonSource> {
  const [user, groups] = await d1.batch<Record<string, string>>([
    d1.prepare("SELECT document FROM users WHERE user_key = ?").bind(userKey),
    d1
      .prepare(
        `SELECT g.id, g.display_name AS displayName FROM group_members m CROSS JOIN groups g ON g.group_key = m.group_key
         WHERE m.user_key = ? ORDER BY g.display_name_key LIMIT 200`,
      )
      .bind(userKey),
  ]);
  return {
    // The writer stores a JSON object.
    document: JSON.parse(user?.results[0]?.document ?? "{}") as Record<string, unknown>,
    // The two columns named above.
    scimGroups: (groups?.results ?? []) as unknown as PersonSource["scimGroups"],
  };
}

/** Up to `take` changes about a person, newest first, before the one numbered `before`. */
export async function listHistory(
  { d1 }: Database,
  companyKey: number,
  userId: string,
  page: { take: number; before: number | null },
): Promise<Change[]> {
  const { results } = await d1
    .prepare(
      `SELECT seq, type, time, subject_kind, subject_id, data, cause FROM changes
       WHERE company_key = ?1 AND user_id = ?2 AND (?3 IS NULL OR seq < ?3) ORDER BY seq DESC LIMIT ?4`,
    )
    .bind(companyKey, userId, page.before, page.take)
    .all<ChangeRow>();
  return results.map(toChange);
}

/** A row of the change feed as the table holds it. */
export interface ChangeRow {
  seq: number;
  type: string;
  time: number;
  subject_kind: string;
  subject_id: string;
  data: string;
  cause: string;
}

/** A change out of its row. */
export function toChange(row: ChangeRow): Change {
  return {
    seq: row.seq,
    type: row.type,
    time: row.time,
    subject: { kind: row.subject_kind, id: row.subject_id },
    // The writer stores JSON objects in both columns.
    data: JSON.parse(row.data) as Record<string, unknown>,
    cause: JSON.parse(row.cause) as Record<string, unknown>,
  };
}

/** Those of some request ids that the provisioning log holds: what was done by hand or by the API is not in it. */
export async function findLogged({ d1 }: Database, companyKey: number, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { results } = await d1
    .prepare("SELECT l.id FROM json_each(?2) j CROSS JOIN provisioning_log l ON l.company_key = ?1 AND l.id = j.value")
    .bind(companyKey, JSON.stringify([...new Set(ids)].slice(0, 500)))
    .all<{ id: string }>();
  return new Set(results.map(({ id }) => id));
}
