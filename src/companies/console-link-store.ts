import { and, eq, lt } from "drizzle-orm";
import type { Database } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { retry } from "../platform/retry.ts";
import { randomSecret, sha256Hex } from "../platform/secrets.ts";
import type { Company } from "./company.ts";
import { consoleLinks } from "./tables.ts";

/** Makes a one-time sign-in secret for a company's console, good until `expiresAt` (ms); only its hash is kept. */
export async function createConsoleLink(
  registry: Database,
  company: Pick<Company, "key">,
  times: { now: number; expiresAt: number },
): Promise<string> {
  const secret = randomSecret(32);
  const row = { secretHash: await sha256Hex(secret), companyKey: company.key, createdAt: times.now };
  const isOver = and(eq(consoleLinks.companyKey, company.key), lt(consoleLinks.expiresAt, times.now));
  await retry(() =>
    registry.orm.batch([
      registry.orm.delete(consoleLinks).where(isOver),
      registry.orm
        .insert(consoleLinks)
        .values({ ...row, expiresAt: times.expiresAt })
        .onConflictDoNothing(),
    ]),
  );
  return secret;
}

/**
 * Uses up a sign-in secret: the id of its company, or null when the secret is unknown, expired or used before. One
 * statement decides, so of two who come at once one gets in; it names who came, so one may ask again whose answer was lost.
 */
export async function useConsoleLink(registry: Database, secret: string, now: number): Promise<string | null> {
  const use = registry.d1
    .prepare(
      `UPDATE console_links SET used_at = ?1, used_by = ?3
       WHERE secret_hash = ?2 AND expires_at > ?1 AND (used_at IS NULL OR used_by = ?3)
       RETURNING (SELECT id FROM companies c WHERE c.company_key = console_links.company_key AND c.deleted_at IS NULL) AS id`,
    )
    .bind(now, await sha256Hex(secret), newId(now));
  const used = await retry(() => use.first<{ id: string | null }>());
  return used?.id ?? null;
}
