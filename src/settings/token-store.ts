import { and, eq, isNull } from "drizzle-orm";
import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectAll, selectFirst } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { scimSettings, tokens } from "./tables.ts";

const COLUMNS = columnsOf(tokens, "t", ["id", "lastFour", "createdAt", "expiresAt", "lastUsedAt", "revokedAt"]);

/** What is kept of a token in D1; times in milliseconds. */
export type TokenRecord = ReturnType<typeof COLUMNS.read>;

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
  return selectAll(
    sql`SELECT ${COLUMNS.list} FROM tokens t WHERE t.setting_key = ${settingKey} AND t.kind = 'token' AND t.id > ${after ?? ""}
        ORDER BY t.id LIMIT ${take}`,
    COLUMNS.read,
  );
}

/** One token of a setting, or null. */
export async function findToken(database: Database, settingKey: number, id: string): Promise<TokenRecord | null> {
  return runRead(database, selectToken(settingKey, id));
}

/** Reads one token of a setting, or null. */
export function selectToken(settingKey: number, id: string): Read<TokenRecord | null> {
  return selectFirst(
    sql`SELECT ${COLUMNS.list} FROM tokens t WHERE t.setting_key = ${settingKey} AND t.kind = 'token' AND t.id = ${id}`,
    COLUMNS.read,
  );
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
        eq(tokens.kind, "token"),
        isNull(tokens.revokedAt),
      ),
    )
    .all();
  return rows.map((row) => row.id);
}
