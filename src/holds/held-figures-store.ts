import { OPEN_ENROLMENT } from "../directory/enrolment-terms.ts";
import type { Item } from "../enrolment/plan-enrolments.ts";
import { type Read, rowsOf, selectFirst } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";

/** The open holds of a company in numbers. */
export interface OpenHolds {
  holds: number;
  people: number;
  /** The id of the one that opened first, or null. */
  id: string | null;
}

/** Reads how many holds of a company are open, and how many people wait in them; with a setting, of that one only. */
export function selectOpenHoldCount(companyKey: number, settingId: string | null = null): Read<OpenHolds> {
  const isAsked =
    settingId === null
      ? sql`TRUE`
      : sql`setting_key = (SELECT s.setting_key FROM scim_settings s WHERE s.company_key = ${companyKey} AND s.id = ${settingId})`;
  const statement = sql`SELECT count(*) AS holds, coalesce(sum(people), 0) AS people, min(id) AS id
    FROM holds WHERE company_key = ${companyKey} AND status = 'open' AND ${isAsked}`;
  const read = selectFirst(statement, (selected) => selected as OpenHolds); // by the statement
  return { ...read, decode: (results) => read.decode(results) ?? { holds: 0, people: 0, id: null } };
}

/** What a release would carry out, in numbers. */
export interface HeldFigures {
  people: number;
  deactivated: number;
  deleted: number;
  /** How many memberships of target groups end. */
  memberships: number;
  /** What people are withdrawn from, and how many of them. */
  enrolments: (Pick<Item, "kind" | "name"> & { itemId: string; people: number })[];
}

/** Which effects of a hold a decision is about: those recorded up to a version, of all people or of those named. */
interface Asked {
  version: number;
  userIds: readonly string[] | null;
}

/** Reads what the release of a hold would carry out now. */
export function selectHeldFigures(holdKey: number, { version, userIds }: Asked): Read<HeldFigures> {
  const waiting = sql`WITH w AS MATERIALIZED (
    SELECT u.user_key, u.company_key, ${PERSON} AS person, max(f.whole) AS whole, max(f.gone) AS gone
    FROM (${meantOf(holdKey, { version, userIds })}) f
    CROSS JOIN users u ON u.user_key = f.k GROUP BY u.user_key)`;
  const stays = sql`CASE WHEN w.gone THEN 0 WHEN w.whole THEN m.kind = 'manual'
    ELSE NOT coalesce(m.held_by = ${holdKey} AND m.held_version <= ${version}, 0) END`;
  const people = sql`${waiting} SELECT count(*) AS people, coalesce(sum(whole AND NOT gone), 0) AS deactivated,
    coalesce(sum(gone), 0) AS deleted, (SELECT count(*) FROM (SELECT 1 FROM w CROSS JOIN target_group_members m
      ON m.user_key = w.user_key GROUP BY m.user_key, m.target_group_key HAVING sum(${stays}) = 0)) AS memberships FROM w`;
  return {
    statements: [people, sql`${waiting} ${withdrawals(stays)}`],
    decode: ([counts, enrolments]) => {
      const [found] = rowsOf<Omit<HeldFigures, "enrolments">>(counts);
      const none = { people: 0, deactivated: 0, deleted: 0, memberships: 0 };
      return { ...(found ?? none), enrolments: rowsOf<HeldFigures["enrolments"][number]>(enrolments) };
    },
  };
}

/** Reads whether a decision about a hold would be about anybody at all. */
export function selectIsAboutAnybody(holdKey: number, asked: Asked): Read<boolean> {
  const read = selectFirst(sql`SELECT 1 FROM (${meantOf(holdKey, asked)}) LIMIT 1`, () => true);
  return { ...read, decode: (results) => read.decode(results) ?? false };
}

/** What waits that a decision is about, by the keys of users: of a membership, or of the user as a whole. */
function meantOf(holdKey: number, { version, userIds }: Asked): Sql {
  // Who is named is looked up, and not looked for among all who wait.
  const named = sql`(SELECT n.user_key FROM holds h CROSS JOIN scim_settings s ON s.company_key = h.company_key
    CROSS JOIN users n ON n.setting_key = s.setting_key AND n.id IN (SELECT value FROM json_each(${JSON.stringify(userIds)}))
    WHERE h.hold_key = ${holdKey})`;
  const isNamed = (key: string) => (userIds === null ? sql`TRUE` : sql`${rawSql(key)} IN ${named}`);
  return sql`SELECT m.user_key AS k, 0 AS whole, 0 AS gone FROM target_group_members m
      WHERE m.held_by = ${holdKey} AND m.held_version <= ${version} AND ${isNamed("m.user_key")}
    UNION ALL SELECT o.user_key, 1, o.held_as = 'deleted' FROM users o
      WHERE o.held_by = ${holdKey} AND o.held_version <= ${version} AND ${isNamed("o.user_key")}`;
}

const PERSON = rawSql("coalesce(u.email_key, 'user:' || u.id)");

/**
 * Open enrolments of those who wait that no membership holds any more, of any user of the same person; and completed ones
 * of a person of whom no user stays.
 */
function withdrawals(stays: Sql): Sql {
  return sql`SELECT e.kind, e.item_id AS itemId, max(e.name) AS name, count(DISTINCT e.enrolment_key) AS people
    FROM (SELECT DISTINCT company_key, person FROM w) p
    CROSS JOIN enrolments e ON e.company_key = p.company_key AND e.person_key = p.person AND e.status = 'active'
    WHERE CASE WHEN ${rawSql(OPEN_ENROLMENT)} THEN NOT EXISTS (SELECT 1 FROM (
        SELECT o.user_key FROM users o WHERE o.company_key = p.company_key AND o.email_key = p.person AND o.active = 1
        UNION SELECT own.user_key FROM w own WHERE own.company_key = p.company_key AND own.person = p.person) o
      LEFT JOIN w ON w.user_key = o.user_key
      CROSS JOIN target_group_members m ON m.user_key = o.user_key
      CROSS JOIN auto_enrolments a ON a.company_key = p.company_key AND a.target_group_key = m.target_group_key
        AND a.kind = e.kind AND a.item_id = e.item_id
      WHERE NOT coalesce(w.whole, 0) AND (w.user_key IS NULL OR ${stays}))
    ELSE NOT EXISTS (SELECT 1 FROM w WHERE w.company_key = p.company_key AND w.person = p.person AND NOT w.gone)
      AND NOT EXISTS (SELECT 1 FROM users o WHERE o.company_key = p.company_key AND o.email_key = p.person
        AND o.user_key NOT IN (SELECT user_key FROM w)) END
    GROUP BY e.kind, e.item_id ORDER BY people DESC, name LIMIT 50`;
}
