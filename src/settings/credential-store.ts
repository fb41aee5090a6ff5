import { columnsOf } from "../platform/columns.ts";
import { type Read, selectAll, selectFirst } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { tokens } from "./tables.ts";

const COLUMNS = columnsOf(tokens, "t", ["id", "kind", "lastFour", "createdAt", "lastUsedAt", "revokedAt"]);

/** A credential of a company, of whatever kind, as the requests that came with it name it; times in milliseconds. */
export type CredentialRecord = ReturnType<typeof COLUMNS.read> & {
  settingId: string;
  settingName: string;
  /** What a secret's client is called, and whose assertions a trust takes; null of a token. */
  name: string | null;
};

/** Reads up to `take` credentials of a company that were used, live and revoked, the last used first. */
export function selectUsedCredentials(companyKey: number, take: number): Read<CredentialRecord[]> {
  const used = sql`t.last_used_at IS NOT NULL ORDER BY t.last_used_at DESC, t.id LIMIT ${take}`;
  return selectAll(select(companyKey, used), toCredential);
}

/** Reads one credential of a company, or null. */
export function selectCredential(companyKey: number, id: string | Sql): Read<CredentialRecord | null> {
  return selectFirst(select(companyKey, sql`t.id = ${id}`), toCredential);
}

function select(companyKey: number, condition: Sql): Sql {
  return sql`SELECT ${COLUMNS.list}, s.id AS settingId, s.name AS settingName, ${NAME} AS name
    FROM scim_settings s CROSS JOIN tokens t ON t.setting_key = s.setting_key
    WHERE s.company_key = ${companyKey} AND ${condition}`;
}

const NAME = rawSql(`CASE t.kind
  WHEN 'secret' THEN (SELECT o.name FROM oauth_clients o WHERE o.setting_key = t.setting_key AND o.id = t.client_id)
  WHEN 'trust' THEN (SELECT o.issuer FROM oauth_trusts o WHERE o.setting_key = t.setting_key AND o.id = t.id) END`);

function toCredential(selected: unknown): CredentialRecord {
  const { settingId, settingName, name } = selected as CredentialRecord; // by the statements
  return { ...COLUMNS.read(selected), settingId, settingName, name };
}
