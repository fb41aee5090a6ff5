import { foldKey } from "../../directory/fold-key.ts";
import type { CountedTargetGroup } from "../../grouping/target-group-store.ts";
import type { Database } from "../../platform/database.ts";
import type { Position } from "../cursor.ts";

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
  const column = query.order.endsWith("name") ? "name_key" : "member_count";
  const isDown = query.order.startsWith("-");
  const conditions = ["company_key = ?"];
  const params: (string | number)[] = [companyKey];
  const [value, key] = page.after ?? [];
  if (value !== undefined && key !== undefined) {
    const beyond = isDown ? "<" : ">";
    conditions.push(`(${column} ${beyond} ? OR (${column} = ? AND target_group_key ${beyond} ?))`);
    params.push(value, value, key);
  }
  if (query.search !== "") {
    conditions.push("instr(name_key, ?) > 0");
    params.push(foldKey(query.search));
  }
  if (query.source !== null) {
    conditions.push("source = ?");
    params.push(query.source);
  }
  const direction = isDown ? "DESC" : "ASC";
  const { results } = await database.d1
    .prepare(
      `SELECT target_group_key AS key, id, name, name_key AS nameKey, source, member_count AS memberCount, created_at AS createdAt
       FROM target_groups WHERE ${conditions.join(" AND ")} ORDER BY ${column} ${direction}, target_group_key ${direction} LIMIT ?`,
    )
    .bind(...params, page.take)
    .all<CountedTargetGroup>();
  return results;
}

/** Where a group stands in a list of this order. */
export function positionOf(group: CountedTargetGroup, order: GroupOrder): Position {
  return [order.endsWith("name") ? group.nameKey : group.memberCount, group.key];
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
