import type { ReadInShare } from "../companies/read-in-share.ts";
import type { Database } from "../platform/database.ts";
import type { KeyedPage } from "../platform/list-position.ts";
import { type Read, rowsOf, runRead, selectFirst } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";

/** Why what was carried out cannot be undone, or not any more, in the order in which it is judged. */
export const OBSTACLES = ["undone", "erased", "unmanaged", "inactive", "groupGone", "back", "waiting"] as const;
/** One of these. */
export type Obstacle = (typeof OBSTACLES)[number];

/** Somebody of whom something was carried out in the hour before a hold opened. */
export interface AppliedPerson {
  userKey: number;
  /** Null for somebody who was deleted: that cannot be undone. */
  userId: string | null;
  userName: string | null;
  group: { id: string; name: string } | null;
  lostAt: number;
  undoneAt: number | null;
  /** Null for what can be undone. */
  obstacle: Obstacle | null;
}

/** What was carried out, as `a`, with what there is of it today. */
const APPLIED = sql`hold_applied a LEFT JOIN users u ON u.user_key = a.user_key
  LEFT JOIN scim_settings s ON s.setting_key = u.setting_key
  LEFT JOIN target_groups t ON t.target_group_key = a.target_group_key`;

/** As the writer judges it when it undoes (`writer/carry-out-hold-decision.ts`); a test holds the two together. */
const OBSTACLE: Sql = sql`CASE WHEN a.undone_at IS NOT NULL THEN 'undone' WHEN u.user_key IS NULL THEN 'erased'
  WHEN s.status = 'deleted' THEN 'unmanaged' WHEN a.target_group_key = 0 THEN CASE WHEN u.active THEN 'back' END
  WHEN NOT u.active THEN 'inactive' WHEN t.target_group_key IS NULL THEN 'groupGone'
  WHEN EXISTS (SELECT 1 FROM target_group_members m WHERE m.target_group_key = a.target_group_key AND m.user_key = a.user_key)
    THEN 'back' WHEN u.held_by IS NOT NULL THEN 'waiting' END`;

/** What was carried out in the hour before a hold opened: a page of the users by their keys. */
export async function listApplied(
  database: Database,
  holdKey: number,
  { take, after, before = null }: KeyedPage,
): Promise<AppliedPerson[]> {
  const isThere = before === null ? sql`a.user_key > ${after ?? 0}` : sql`a.user_key < ${before}`;
  const direction = rawSql(before === null ? "ASC" : "DESC");
  const statement = sql`SELECT a.user_key AS userKey, u.id AS userId, u.user_name AS userName, t.id AS groupId,
      t.name AS groupName, a.lost_at AS lostAt, a.undone_at AS undoneAt,
      ${OBSTACLE} AS obstacle
    FROM ${APPLIED} WHERE a.hold_key = ${holdKey} AND ${isThere} ORDER BY a.user_key ${direction} LIMIT ${take}`;
  return runRead(database, {
    statements: [statement],
    decode: ([rows]) =>
      rowsOf<AppliedRow>(rows).map(({ groupId, groupName, ...row }) => ({
        ...row,
        group: groupId === null || groupName === null ? null : { id: groupId, name: groupName },
      })),
  });
}

type AppliedRow = Omit<AppliedPerson, "group"> & { groupId: string | null; groupName: string | null };

const UNDO = {
  what: "No index answers whether anything of all that was carried out before a hold can be undone",
  quick: "At any time: of people who are named.",
};

/**
 * Whether anything that was carried out before a hold opened can be undone: of those named, who are looked up, or of anybody,
 * for whom `readInShare` lets it look through all.
 */
export async function canUndo(
  database: Database,
  holdKey: number,
  userIds: readonly string[] | null,
  readInShare: ReadInShare,
): Promise<boolean> {
  const named = sql`(SELECT n.user_key FROM holds h CROSS JOIN scim_settings o ON o.company_key = h.company_key
    CROSS JOIN users n ON n.setting_key = o.setting_key AND n.id IN (SELECT value FROM json_each(${JSON.stringify(userIds)}))
    WHERE h.hold_key = ${holdKey})`;
  const isNamed = userIds === null ? sql`TRUE` : sql`a.user_key IN ${named}`;
  const read: Read<true | null> = selectFirst(
    sql`SELECT 1 FROM ${APPLIED} WHERE a.hold_key = ${holdKey} AND ${isNamed} AND ${OBSTACLE} IS NULL LIMIT 1`,
    () => true,
  );
  const found = userIds === null ? readInShare(UNDO, (reads) => reads.once(read)) : runRead(database, read);
  return (await found) ?? false;
}

/** Of how many people something was carried out before a hold opened, of how many it was undone, and of how many it can be. */
export interface AppliedCounts {
  people: number;
  undone: number;
  open: number;
}

const COUNT = {
  what: "No index counts what was carried out before a hold",
  quick: "At any time: the list of it, page by page.",
};

/** Counts those of whom something was carried out in the hour before a hold opened, as `readInShare` lets it. */
export async function countApplied(holdKey: number, readInShare: ReadInShare): Promise<AppliedCounts> {
  const read: Read<AppliedCounts | null> = selectFirst(
    sql`SELECT count(*) AS people, coalesce(sum(undone), 0) AS undone, coalesce(sum(open), 0) AS open
      FROM (SELECT max(a.undone_at IS NOT NULL) AS undone, max(${OBSTACLE} IS NULL) AS open
        FROM ${APPLIED} WHERE a.hold_key = ${holdKey} GROUP BY a.user_key)`,
    (row) => row as AppliedCounts, // the columns of the statement
  );
  const found = await readInShare(COUNT, (reads) => reads.once(read));
  return found ?? { people: 0, undone: 0, open: 0 };
}
