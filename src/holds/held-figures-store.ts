import type { Reads } from "../companies/split-long-reads.ts";
import { OPEN_ENROLMENT } from "../directory/enrolment-column-values.ts";
import type { Item } from "../enrolment/plan-enrolments.ts";
import { type Read, rowsOf, selectFirst, together } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { SafeguardKind } from "../settings/safeguards.ts";

/** The open holds of a company in numbers. */
export interface OpenHolds {
  holds: number;
  people: number;
  /** The id of the one that opened first, or null. */
  id: string | null;
  /** The kind that all of them are of, or null. */
  kind: SafeguardKind | null;
}

/** Reads how many holds of a company are open, and how many people wait in them; with a setting, of that one only. */
export function selectOpenHoldCount(companyKey: number, settingId: string | null = null): Read<OpenHolds> {
  const isAsked =
    settingId === null
      ? sql`TRUE`
      : sql`setting_key = (SELECT s.setting_key FROM scim_settings s WHERE s.company_key = ${companyKey} AND s.id = ${settingId})`;
  const statement = sql`SELECT count(*) AS holds, coalesce(sum(people), 0) AS people, min(id) AS id,
      CASE WHEN min(kind) = max(kind) THEN min(kind) END AS kind
    FROM holds WHERE company_key = ${companyKey} AND status = 'open' AND ${isAsked}`;
  const read = selectFirst(statement, (selected) => selected as OpenHolds); // by the statement
  return { ...read, decode: (results) => read.decode(results) ?? { holds: 0, people: 0, id: null, kind: null } };
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

/** Which effects of a hold are meant: those recorded up to a version. */
interface Effects {
  holdKey: number;
  version: number;
}

/** Reads what the release of a hold would carry out now for some people, by their ids. */
export function selectHeldFigures(
  holdKey: number,
  { version, userIds }: { version: number; userIds: readonly string[] },
): Read<HeldFigures> {
  const effects = { holdKey, version };
  const waiting = waitingIn(meantAmong(effects, keysOfNamed(holdKey, userIds)));
  return figuresOf(waiting, staysIn(effects), sql`TRUE`, sql`TRUE`);
}

/** Reads whether a decision about a hold would be about anybody at all. */
export function selectIsAboutAnybody(holdKey: number, { version, userIds }: Asked): Read<boolean> {
  const keys = userIds === null ? null : keysOfNamed(holdKey, userIds);
  const read = selectFirst(sql`SELECT 1 FROM (${meantAmong({ holdKey, version }, keys)}) LIMIT 1`, () => true);
  return { ...read, decode: (results) => read.decode(results) ?? false };
}

/** The keys of the users of some ids: who is named is looked up, and not looked for among all who wait. */
function keysOfNamed(holdKey: number, userIds: readonly string[]): Sql {
  return sql`(SELECT n.user_key FROM holds h CROSS JOIN scim_settings s ON s.company_key = h.company_key
    CROSS JOIN users n ON n.setting_key = s.setting_key AND n.id IN (SELECT value FROM json_each(${JSON.stringify(userIds)}))
    WHERE h.hold_key = ${holdKey})`;
}

/** Reads the same for all people, in bounded statements: those whose effects wait, in the order of their keys. */
export async function readHeldFigures(reads: Reads, holdKey: number, version: number): Promise<HeldFigures> {
  const sum: HeldFigures = { people: 0, deactivated: 0, deleted: 0, memberships: 0, enrolments: [] };
  const items = new Map<string, HeldFigures["enrolments"][number]>();
  for (let after: number | null = 0; after !== null; ) {
    const from: number = after;
    const { figures, edge } = await reads.run(({ rows }) => selectStretch({ holdKey, version }, from, rows));
    for (const name of ["people", "deactivated", "deleted", "memberships"] as const) sum[name] += figures[name];
    for (const item of figures.enrolments) {
      const key = `${item.kind} ${item.itemId}`;
      items.set(key, { ...item, people: item.people + (items.get(key)?.people ?? 0) });
    }
    after = edge;
  }
  return { ...sum, enrolments: [...items.values()].sort(byPeople).slice(0, MOST_ITEMS) };
}

/** Items that a page names. */
const MOST_ITEMS = 50;

type HeldItem = HeldFigures["enrolments"][number];

function byPeople(left: HeldItem, right: HeldItem): number {
  return right.people - left.people || (left.name < right.name ? -1 : 1);
}

/**
 * What the next `rows` of those who wait come to. A person of several users is told of with the first of them, by what all of
 * them hold.
 */
function selectStretch(
  effects: Effects,
  after: number,
  rows: number,
): Read<{ figures: HeldFigures; edge: number | null }> {
  const { holdKey, version } = effects;
  const next = sql`SELECT m.user_key AS k FROM target_group_members m INDEXED BY held_members
      WHERE m.held_by = ${holdKey} AND m.held_version <= ${version} AND m.user_key > ${after}
    UNION SELECT o.user_key FROM users o INDEXED BY held_users
      WHERE o.held_by = ${holdKey} AND o.held_version <= ${version} AND o.user_key > ${after} ORDER BY k LIMIT ${rows}`;
  const end = sql`(SELECT max(k) FROM (${next}))`;
  const twins = sql`(SELECT k FROM (${next}) UNION SELECT t.user_key FROM (${next}) n CROSS JOIN users u ON u.user_key = n.k
    CROSS JOIN users t ON t.company_key = u.company_key AND t.email_key = u.email_key)`;
  const read = together({
    figures: figuresOf(
      waitingIn(meantAmong(effects, twins)),
      staysIn(effects),
      sql`w.user_key > ${after} AND w.user_key <= ${end}`,
      sql`(SELECT min(f.user_key) FROM w f WHERE f.company_key = p.company_key AND f.person = p.person) > ${after}`,
    ),
    edge: selectFirst(
      sql`SELECT CASE count(*) WHEN ${rows} THEN max(k) END AS edge FROM (${next})`,
      (row) => row as { edge: number | null }, // the column of the statement
    ),
  });
  return {
    ...read,
    decode: (results) => {
      const { figures, edge } = read.decode(results);
      return { figures, edge: edge?.edge ?? null };
    },
  };
}

/** What waits, of some users by their keys or (null) of all: of a membership, or of the user as a whole. */
function meantAmong({ holdKey, version }: Effects, keys: Sql | null): Sql {
  const isAmong = (key: string) => (keys === null ? sql`TRUE` : sql`${rawSql(key)} IN ${keys}`);
  return sql`SELECT m.user_key AS k, 0 AS whole, 0 AS gone FROM target_group_members m
      WHERE m.held_by = ${holdKey} AND m.held_version <= ${version} AND ${isAmong("m.user_key")}
    UNION ALL SELECT o.user_key, 1, o.held_as = 'deleted' FROM users o
      WHERE o.held_by = ${holdKey} AND o.held_version <= ${version} AND ${isAmong("o.user_key")}`;
}

/** A WITH clause whose table `w` holds the users of whom something waits, and what. */
function waitingIn(meant: Sql): Sql {
  return sql`WITH w AS MATERIALIZED (
    SELECT u.user_key, u.company_key, ${PERSON} AS person, max(f.whole) AS whole, max(f.gone) AS gone FROM (${meant}) f
    CROSS JOIN users u ON u.user_key = f.k GROUP BY u.user_key)`;
}

/** Whether a membership `m` of somebody who waits in `w` is left after a release. */
function staysIn({ holdKey, version }: Effects): Sql {
  return sql`CASE WHEN w.gone THEN 0 WHEN w.whole THEN m.kind = 'manual'
    ELSE NOT coalesce(m.held_by = ${holdKey} AND m.held_version <= ${version}, 0) END`;
}

/** Counts, of those who wait in `w`, the users for whom `isCounted` holds, and the persons `p` for whom `isTold` does. */
function figuresOf(waiting: Sql, stays: Sql, isCounted: Sql, isTold: Sql): Read<HeldFigures> {
  const people = sql`${waiting} SELECT count(*) AS people, coalesce(sum(whole AND NOT gone), 0) AS deactivated,
    coalesce(sum(gone), 0) AS deleted, (SELECT count(*) FROM (SELECT 1 FROM w CROSS JOIN target_group_members m
      ON m.user_key = w.user_key WHERE ${isCounted} GROUP BY m.user_key, m.target_group_key HAVING sum(${stays}) = 0)) AS memberships
    FROM w WHERE ${isCounted}`;
  return {
    statements: [people, sql`${waiting} ${withdrawals(stays, isTold)}`],
    decode: ([counts, enrolments]) => {
      const [found] = rowsOf<Omit<HeldFigures, "enrolments">>(counts);
      const none = { people: 0, deactivated: 0, deleted: 0, memberships: 0 };
      return { ...(found ?? none), enrolments: rowsOf<HeldItem>(enrolments) };
    },
  };
}

const PERSON = rawSql("coalesce(u.email_key, 'user:' || u.id)");

/**
 * Open enrolments of those who wait that no membership holds any more, of any user of the same person; and completed ones
 * of a person of whom no user stays.
 */
function withdrawals(stays: Sql, isTold: Sql): Sql {
  return sql`SELECT e.kind, e.item_id AS itemId, max(e.name) AS name, count(DISTINCT e.enrolment_key) AS people
    FROM (SELECT * FROM (SELECT DISTINCT company_key, person FROM w) p WHERE ${isTold}) p
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
    GROUP BY e.kind, e.item_id ORDER BY people DESC, name`;
}
