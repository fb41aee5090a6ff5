import { env } from "cloudflare:workers";
import { KEY_SPAN } from "../../src/platform/ids.ts";

/** A hold that is put into the database beside the writer, and its id; a closed one leaves the company as it was. */
export async function insertHold(settingId: string, mark: string): Promise<{ holdId: string; holdKey: number }> {
  const setting = await env.DB.prepare("SELECT company_key, setting_key FROM scim_settings WHERE id = ?")
    .bind(settingId)
    .first<{ company_key: number; setting_key: number }>();
  if (setting === null) throw new Error(`there is no setting ${settingId}`);
  const holdKey = setting.company_key * KEY_SPAN + 4_000;
  const holdId = `0192f0aa-0000-7000-9000-${String(setting.company_key % 1e12).padStart(12, "0")}`;
  const causes = JSON.stringify([{ detail: `Cause ${mark}`, requestIds: [], people: 1 }]);
  await env.DB.prepare(
    `INSERT INTO holds (hold_key, company_key, setting_key, id, kind, status, version, people, released, kept, dissolved,
       causes, opened_at, closed_at) VALUES (?, ?, ?, ?, 'group', 'closed', 1, 0, 1, 0, 0, ?, 1, 2)`,
  )
    .bind(holdKey, setting.company_key, setting.setting_key, holdId, causes)
    .run();
  return { holdId, holdKey };
}
