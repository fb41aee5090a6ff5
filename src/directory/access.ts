import type { SettingStatus } from "../settings/setting.ts";
import type { TokenLiveness } from "../settings/token.ts";
import { type Read, rowsOf } from "./read-batch.ts";
import { type Sql, sql } from "./sql.ts";

/** What stands in front of every query: whether the token lives, and the counts its setting keeps. */
export interface Access {
  liveness: TokenLiveness | null;
  counts: { User: number; Group: number };
}

/** Whose token it is, and which. */
export interface TokenName {
  settingKey: number;
  tokenId: string;
}

interface AccessRow {
  expires_at: number | null;
  revoked_at: number | null;
  status: SettingStatus;
  users: number;
  group_count: number;
}

/**
 * A read together with the access of its token, in one batch. What gives one row at most shares its statement: a further
 * statement costs D1 more than what it looks up here.
 */
export function withAccess<T>(token: TokenName, read: Read<T>): Read<{ access: Access; value: T }> {
  const { decode, isSingle, share, statements } = read;
  const [first, ...others] = statements;
  if (isSingle !== true || first === undefined)
    return {
      statements: [accessSql(token), ...statements],
      share,
      decode: ([access, ...own]) => ({ access: toAccess(rowsOf<AccessRow>(access)[0]), value: decode(own) }),
    };
  const joined = sql`SELECT a.*, r.* FROM (${accessSql(token)}) a LEFT JOIN (${first}) r`;
  return {
    statements: [joined, ...others],
    share,
    decode: ([rows, ...own]) => {
      const [row] = rowsOf<AccessRow & { row_key: number | null }>(rows);
      return { access: toAccess(row), value: decode([row === undefined || row.row_key === null ? [] : [row], ...own]) };
    },
  };
}

function accessSql({ settingKey, tokenId }: TokenName): Sql {
  return sql`SELECT t.expires_at, t.revoked_at, s.status, s.active_users + s.inactive_users AS users, s.group_count
FROM tokens t
JOIN scim_settings s ON s.setting_key = t.setting_key
JOIN companies c ON c.company_key = s.company_key AND c.deleted_at IS NULL
WHERE t.setting_key = ${settingKey} AND t.id = ${tokenId}`;
}

function toAccess(row: AccessRow | undefined): Access {
  if (row === undefined) return { liveness: null, counts: { User: 0, Group: 0 } };
  return {
    liveness: { expiresAt: row.expires_at, revokedAt: row.revoked_at, settingStatus: row.status },
    counts: { User: row.users, Group: row.group_count },
  };
}
