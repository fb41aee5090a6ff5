import { and, eq, gt, isNull, lt } from "drizzle-orm";
import type { Database } from "../platform/database.ts";
import { randomSecret, sha256Hex } from "../platform/random-and-hash.ts";
import { rowsOfEach, selectValue, sendBatch } from "../platform/read-batch.ts";
import { retry } from "../platform/retry.ts";
import { type Sql, sql } from "../platform/sql.ts";
import type { Company } from "./company.ts";
import type { SessionStart } from "./console-session-store.ts";
import { companies, consoleLinks } from "./tables.ts";

/**
 * Makes a one-time sign-in secret for a company's console, good until `expiresAt` (ms); only its hash is kept. `beside` goes
 * in the same commit.
 */
export async function createConsoleLink(
  { d1 }: Database,
  company: Pick<Company, "key">,
  times: { now: number; expiresAt: number },
  beside: readonly Sql[] = [],
): Promise<string> {
  const secret = randomSecret(32);
  const { now, expiresAt } = times;
  const statements = [
    sql`DELETE FROM console_links WHERE company_key = ${company.key} AND expires_at < ${now}`,
    sql`INSERT INTO console_links (secret_hash, company_key, created_at, expires_at)
      VALUES (${await sha256Hex(secret)}, ${company.key}, ${now}, ${expiresAt}) ON CONFLICT DO NOTHING`,
    ...beside,
  ];
  await retry(() => sendBatch(d1, statements));
  return secret;
}

/** The id of the company that an unused sign-in secret leads to, or null; it is not used up by that. */
export async function findConsoleLink({ orm }: Database, secret: string, now: number): Promise<string | null> {
  const found = await orm
    .select({ companyId: companies.id })
    .from(consoleLinks)
    .innerJoin(companies, eq(companies.key, consoleLinks.companyKey))
    .where(
      and(
        eq(consoleLinks.secretHash, await sha256Hex(secret)),
        gt(consoleLinks.expiresAt, now),
        isNull(consoleLinks.usedAt),
        isNull(companies.deletedAt),
      ),
    )
    .get();
  return found?.companyId ?? null;
}

/**
 * Uses up a sign-in secret and begins the session of its company's admin: the company's id, or null when the secret is
 * unknown, expired or used before. One transaction decides, so of two who come at once one gets in; it names the session,
 * so one may ask again whose answer was lost.
 */
export async function enterByLink({ d1 }: Database, secret: string, session: SessionStart): Promise<string | null> {
  const hash = await sha256Hex(secret);
  const { id, secretHash, now, expiresAt } = session;
  const use = sql`UPDATE console_links SET used_at = ${now}, used_by = ${id}
    WHERE secret_hash = ${hash} AND expires_at > ${now} AND (used_at IS NULL OR used_by = ${id})`;
  const begin = sql`
    INSERT INTO console_sessions (id, secret_hash, company_key, entry, created_at, last_seen_at, expires_at)
    SELECT ${id}, ${secretHash}, l.company_key, substr(l.secret_hash, 1, 16), ${now}, ${now}, ${expiresAt}
    FROM console_links l JOIN companies c ON c.company_key = l.company_key AND c.deleted_at IS NULL
    WHERE l.secret_hash = ${hash} AND l.used_by = ${id} ON CONFLICT DO NOTHING`;
  const read = selectValue<string>(
    sql`SELECT c.id FROM console_sessions s JOIN companies c ON c.company_key = s.company_key WHERE s.id = ${id}`,
  );
  const [, , ...answers] = await retry(() => sendBatch(d1, [use, begin, ...read.statements]));
  return read.decode(rowsOfEach(answers));
}

/** Forgets the sign-in links whose time was over before `time` (ms). */
export async function purgeConsoleLinks({ orm }: Database, time: number): Promise<void> {
  await orm.delete(consoleLinks).where(lt(consoleLinks.expiresAt, time)).run();
}
