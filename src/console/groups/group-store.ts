import { foldKey } from "../../directory/fold-key.ts";
import type { CountedTargetGroup } from "../../grouping/target-group-store.ts";
import type { Database } from "../../platform/database.ts";
import { type Position, resumeValue, toPosition } from "../../platform/position.ts";
import { rowsOf, runRead } from "../../platform/read-batch.ts";
import { joinSql, rawSql, sql } from "../../platform/sql.ts";

/** The orders a list of target groups has. */
export type GroupOrder = "name" | "-name" | "members" | "-members";

/** Which target groups a list shows, and in what order. */
export interface GroupQuery {
  search: string;
  source: CountedTargetGroup["source"] | null;
  order: GroupOrder;
}

/** Up to `take` target groups of a company after a position. A company has hundreds, so sizes are sorted as they come. */
export async function listGroups(
  database: Database,
  companyKey: number,
  query: GroupQuery,
  page: { take: number; after: Position | null },
): Promise<CountedTargetGroup[]> {
  const column = rawSql(query.order.endsWith("name") ? "name_key" : "member_count");
  const isDown = query.order.startsWith("-");
  const own = sql`company_key = ${companyKey}`;
  const conditions = [own];
  if (page.after !== null) {
    const { key } = page.after;
    const row = sql`SELECT ${column} AS v FROM target_groups WHERE target_group_key = ${key} AND ${own}`;
    const value = resumeValue(page.after, row, isDown);
    const beyond = rawSql(isDown ? "<" : ">");
    conditions.push(
      sql`(${column} ${beyond} ${value} OR (${column} = ${value} AND target_group_key ${beyond} ${key}))`,
    );
  }
  if (query.search !== "") conditions.push(sql`instr(name_key, ${foldKey(query.search)}) > 0`);
  if (query.source !== null) conditions.push(sql`source = ${query.source}`);
  const direction = rawSql(isDown ? "DESC" : "ASC");
  return runRead(database, {
    statements: [
      sql`SELECT target_group_key AS key, id, name, name_key AS nameKey, source, member_count AS memberCount,
          created_at AS createdAt
        FROM target_groups WHERE ${joinSql(conditions, " AND ")}
        ORDER BY ${column} ${direction}, target_group_key ${direction} LIMIT ${page.take}`,
    ],
    decode: ([rows]) => rowsOf<CountedTargetGroup>(rows),
  });
}

/** Where a group stands in a list of this order. */
export function positionOf(group: CountedTargetGroup, order: GroupOrder): Position {
  return toPosition(order.endsWith("name") ? group.nameKey : group.memberCount, group.key);
}

/** The people of a company with exactly this user name, or else with this e-mail address: at most three. */
export async function findByName(
  database: Database,
  companyKey: number,
  name: string,
): Promise<{ id: string; userName: string }[]> {
  const key = foldKey(name);
  const [byName, byEmail] = await database.d1.batch<{ id: string; userName: string }>([
    database.d1
      .prepare(
        `SELECT u.id, u.user_name AS userName FROM scim_settings s
         CROSS JOIN users u ON u.setting_key = s.setting_key AND u.user_name_key = ?2 WHERE s.company_key = ?1 LIMIT 3`,
      )
      .bind(companyKey, key),
    database.d1
      .prepare("SELECT id, user_name AS userName FROM users WHERE company_key = ?1 AND email_key = ?2 LIMIT 3")
      .bind(companyKey, key),
  ]);
  return byName !== undefined && byName.results.length > 0 ? byName.results : (byEmail?.results ?? []);
}
