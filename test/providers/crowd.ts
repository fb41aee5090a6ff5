import { env } from "cloudflare:workers";
import { moveFence } from "../writer/foreign-commit.ts";
import type { Connection } from "./world.ts";

/** The id of the n-th user that `fillWithUsers` made, from 1. */
export function memberId(n: number): string {
  return `0192f0aa-0000-7000-8000-${String(n).padStart(12, "0")}`;
}

/** Puts `size` active users straight into the database, as if they had been provisioned, and gives their ids. */
export async function fillWithUsers(
  { companyId, settingId }: Pick<Connection, "companyId" | "settingId">,
  size: number,
): Promise<string[]> {
  const document = `json_object('userName', 'user' || n, 'active', json('true'))`;
  await env.DB.batch([
    env.DB.prepare(
      `WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ?3)
       INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, document, version, created_at, updated_at)
       SELECT c.company_key * 4294967296 + c.next_key + n, c.company_key, s.setting_key, printf('0192f0aa-0000-7000-8000-%012d', n), 'user' || n, 'user' || n, 1, ${document}, 1, 0, 0
       FROM count, companies c JOIN scim_settings s ON s.company_key = c.company_key WHERE c.id = ?1 AND s.id = ?2`,
    ).bind(companyId, settingId, size),
    env.DB.prepare("UPDATE companies SET next_key = next_key + ?2 + 1 WHERE id = ?1").bind(companyId, size),
    env.DB.prepare("UPDATE scim_settings SET active_users = active_users + ?2 WHERE id = ?1").bind(settingId, size),
  ]);
  await moveFence(companyId);
  return Array.from({ length: size }, (_, index) => memberId(index + 1));
}

/** Makes every user of a group's setting its member, straight in the database. */
export async function fillGroup(groupId: string): Promise<void> {
  const group = "(SELECT group_key FROM groups WHERE id = ?1)";
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO group_members SELECT g.group_key, u.user_key FROM groups g JOIN users u ON u.setting_key = g.setting_key WHERE g.id = ?1`,
    ).bind(groupId),
    env.DB.prepare(
      `UPDATE groups SET member_count = (SELECT count(*) FROM group_members WHERE group_key = ${group}) WHERE id = ?1`,
    ).bind(groupId),
  ]);
  const companyKey = await env.DB.prepare("SELECT company_key FROM groups WHERE id = ?")
    .bind(groupId)
    .first<number>("company_key");
  await moveFence(companyKey ?? "");
}
