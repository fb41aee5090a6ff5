import type { Read } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { SettingStatus } from "../settings/setting.ts";
import type { TokenLiveness } from "../settings/token.ts";
import { selectHead, withHead } from "./head-row.ts";

/** What stands in front of every query: whether the token lives, and the counts its setting keeps. */
export interface Access {
  liveness: TokenLiveness | null;
  counts: { User: number; Group: number };
}

/** Whose token it is, and which. */
interface TokenName {
  settingKey: number;
  tokenId: string;
}

/** A read together with the access of its token, in one batch. */
export function withAccess<T>(token: TokenName, read: Read<T>): Read<{ access: Access; value: T }> {
  const headed = withHead("access", selectAccess(token), read);
  return {
    ...headed,
    decode: (results) => {
      const { facts, value } = headed.decode(results);
      return { access: toAccess(facts), value };
    },
  };
}

function selectAccess({ settingKey, tokenId }: TokenName): Sql {
  return selectHead(
    "access",
    sql`json_array(t.expires_at, t.revoked_at, s.status, s.active_users + s.inactive_users, s.group_count)`,
    sql`FROM tokens t
JOIN scim_settings s ON s.setting_key = t.setting_key
JOIN companies c ON c.company_key = s.company_key AND c.deleted_at IS NULL
WHERE t.setting_key = ${settingKey} AND t.id = ${tokenId}`,
  );
}

/** The facts of `selectAccess`. */
type AccessFacts = [
  expiresAt: number | null,
  revokedAt: number | null,
  status: SettingStatus,
  users: number,
  groups: number,
];

function toAccess(facts: string | number | undefined): Access {
  if (facts === undefined) return { liveness: null, counts: { User: 0, Group: 0 } };
  const [expiresAt, revokedAt, settingStatus, User, Group] = JSON.parse(String(facts)) as AccessFacts;
  return { liveness: { expiresAt, revokedAt, settingStatus }, counts: { User, Group } };
}
