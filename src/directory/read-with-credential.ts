import { QUOTAS } from "../companies/quotas.ts";
import { type Read, rowsOf } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { TokenLiveness } from "../settings/judge-token-liveness.ts";
import type { SettingStatus } from "../settings/setting.ts";
import type { CredentialRowKind } from "../settings/tables.ts";

/** What stands in front of every query: whether the credential lives, and the counts its setting keeps. */
export interface Access {
  liveness: TokenLiveness | null;
  counts: { User: number; Group: number };
  /** The most values that the body of one request may hold. */
  mostValues: number;
}

/** Whose credential it is, and which: the id of its row, of whatever kind. */
interface TokenName {
  settingKey: number;
  tokenId: string;
}

interface AccessRow {
  kind: CredentialRowKind;
  expiresAt: number | null;
  revokedAt: number | null;
  settingStatus: SettingStatus;
  users: number;
  groups: number;
  mostValues: number | null;
}

/** A read together with the access of its token, in one batch. */
export function withAccess<T>(
  token: TokenName,
  { statements, weight, decode }: Read<T>,
): Read<{ access: Access; value: T }> {
  return {
    statements: [selectAccess(token), ...statements],
    weight,
    decode: ([rows, ...own]) => ({ access: toAccess(rowsOf<AccessRow>(rows)[0]), value: decode(own) }),
  };
}

function selectAccess({ settingKey, tokenId }: TokenName): Sql {
  // By itself SQLite would go by the setting first, and then by the index on the id.
  return sql`SELECT t.kind, t.expires_at AS expiresAt, t.revoked_at AS revokedAt, s.status AS settingStatus,
    s.active_users + s.inactive_users AS users, s.group_count AS groups, c.quotas ->> 'valuesPerBody' AS mostValues
    FROM tokens t CROSS JOIN scim_settings s ON s.setting_key = t.setting_key
    JOIN companies c ON c.company_key = s.company_key AND c.deleted_at IS NULL
    WHERE t.setting_key = ${settingKey} AND t.id = ${tokenId}`;
}

function toAccess(row: AccessRow | undefined): Access {
  if (row === undefined) return { liveness: null, counts: { User: 0, Group: 0 }, mostValues: 0 };
  const { users, groups, mostValues, ...liveness } = row;
  return {
    liveness,
    counts: { User: users, Group: groups },
    mostValues: mostValues ?? QUOTAS.valuesPerBody.usual,
  };
}
