import type { Database } from "../platform/database.ts";
import type { SettingStatus } from "../settings/setting.ts";
import type { TokenLiveness } from "../settings/token.ts";
import { type Read, rowsOf } from "./read-batch.ts";

/** What stands in front of every query: whether the token lives, and the counts its setting keeps. */
export interface Access {
  liveness: TokenLiveness | null;
  counts: { User: number; Group: number };
}

interface AccessRow {
  expires_at: number | null;
  revoked_at: number | null;
  status: SettingStatus;
  users: number;
  group_count: number;
}

const SQL = `SELECT t.expires_at, t.revoked_at, s.status, s.active_users + s.inactive_users AS users, s.group_count
FROM tokens t
JOIN scim_settings s ON s.setting_key = t.setting_key
JOIN companies c ON c.company_key = s.company_key AND c.deleted_at IS NULL
WHERE t.setting_key = ? AND t.id = ?`;

/** Reads a token's liveness with its setting's kept counts, in the batch of the request's own query. */
export function selectAccess(db: Database, settingKey: number, tokenId: string): Read<Access> {
  return {
    statements: [db.d1.prepare(SQL).bind(settingKey, tokenId)],
    decode: ([result]) => {
      const row = rowsOf<AccessRow>(result)[0];
      if (row === undefined) return { liveness: null, counts: { User: 0, Group: 0 } };
      return {
        liveness: { expiresAt: row.expires_at, revokedAt: row.revoked_at, settingStatus: row.status },
        counts: { User: row.users, Group: row.group_count },
      };
    },
  };
}
