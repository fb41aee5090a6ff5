import { and, asc, eq, gt, isNull } from "drizzle-orm";
import type { Database } from "../platform/database.ts";
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

const COLUMNS = {
  id: tokens.id,
  lastFour: tokens.lastFour,
  createdAt: tokens.createdAt,
  expiresAt: tokens.expiresAt,
  lastUsedAt: tokens.lastUsedAt,
  revokedAt: tokens.revokedAt,
};

/** Up to `take` tokens of a setting by id, live and revoked, after the one with id `after`. */
export async function listTokens(
  database: Database,
  settingKey: number,
  page: { take: number; after: string | null },
): Promise<TokenRecord[]> {
  return database.orm
    .select(COLUMNS)
    .from(tokens)
    .where(and(eq(tokens.settingKey, settingKey), gt(tokens.id, page.after ?? "")))
    .orderBy(asc(tokens.id))
    .limit(page.take)
    .all();
}

/** One token of a setting, or null. */
export async function findToken(database: Database, settingKey: number, id: string): Promise<TokenRecord | null> {
  const found = await database.orm
    .select(COLUMNS)
    .from(tokens)
    .where(and(eq(tokens.settingKey, settingKey), eq(tokens.id, id)))
    .get();
  return found ?? null;
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
