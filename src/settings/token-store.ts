import { and, eq, isNull } from "drizzle-orm";
import type { Database } from "../platform/database.ts";
import { type Read, rowsOf, runRead } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { scimSettings, tokens } from "./tables.ts";

/** What is kept of a token in D1; times in milliseconds. */
export interface TokenRecord {
  id: string;
  lastFour: string;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
  revokedAt: number | null;
}

const SELECT = rawSql(`
SELECT id, last_four AS lastFour, created_at AS createdAt, expires_at AS expiresAt, last_used_at AS lastUsedAt,
  revoked_at AS revokedAt
FROM tokens`);

/** Up to `take` tokens of a setting by id, live and revoked, after the one with id `after`. */
export async function listTokens(
  database: Database,
  settingKey: number,
  page: { take: number; after: string | null },
): Promise<TokenRecord[]> {
  return runRead(database, selectTokens(settingKey, page));
}

/** Reads what `listTokens` gives. */
export function selectTokens(
  settingKey: number | Sql,
  { take, after }: { take: number; after: string | null },
): Read<TokenRecord[]> {
  return {
    statements: [sql`${SELECT} WHERE setting_key = ${settingKey} AND id > ${after ?? ""} ORDER BY id LIMIT ${take}`],
    decode: ([rows]) => rowsOf<TokenRecord>(rows),
  };
}

/** One token of a setting, or null. */
export async function findToken(database: Database, settingKey: number, id: string): Promise<TokenRecord | null> {
  return runRead(database, selectToken(settingKey, id));
}

/** Reads one token of a setting, or null. */
export function selectToken(settingKey: number, id: string): Read<TokenRecord | null> {
  return {
    statements: [sql`${SELECT} WHERE setting_key = ${settingKey} AND id = ${id}`],
    decode: ([rows]) => rowsOf<TokenRecord>(rows)[0] ?? null,
  };
}

/** The ids of a company's unrevoked tokens, or of one setting's: those whose routing KV still holds. */
export async function listLiveTokenIds(database: Database, companyKey: number, settingKey?: number): Promise<string[]> {
  const rows = await database.orm
    .select({ id: tokens.id })
    .from(scimSettings)
    .innerJoin(tokens, eq(tokens.settingKey, scimSettings.key))
    .where(
      and(
        eq(scimSettings.companyKey, companyKey),
        settingKey === undefined ? undefined : eq(scimSettings.key, settingKey),
        isNull(tokens.revokedAt),
      ),
    )
    .all();
  return rows.map((row) => row.id);
}
