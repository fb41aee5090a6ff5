import { sql } from "../platform/sql.ts";
import { WAITING_DELETIONS } from "../settings/count-held-deletions.ts";
import type { Query, UnitOfWork } from "./unit-of-work.ts";

/**
 * How many people of settings are on the target side and not counted as theirs, or the other way round. Rarely asked: it looks
 * at each of them.
 */
export function readUncounted({ uncounted }: UnitOfWork): Query[] {
  if (uncounted.wanted.size === 0) return [];
  return [
    {
      ...sql`SELECT s.setting_key, ${WAITING_DELETIONS} AS waiting, CASE WHEN s.shadow_after IS NULL THEN 0 ELSE
          (SELECT count(*) FROM users u WHERE u.setting_key = s.setting_key AND u.user_key > s.shadow_after
            AND u.user_key <= coalesce(s.shadow_until, u.user_key) AND u.active = 1) END AS shadow
        FROM json_each(${JSON.stringify([...uncounted.wanted])}) j CROSS JOIN scim_settings s ON s.setting_key = j.value`,
      receive: (rows) => {
        for (const { setting_key: key, waiting, shadow } of rows)
          uncounted.load(Number(key), { waitingDeletions: Number(waiting), inShadow: Number(shadow) });
        uncounted.endLoad();
      },
    },
  ];
}
