import type { Database } from "../platform/database.ts";
import { newId } from "../platform/ids.ts";
import { retry } from "../platform/retry.ts";
import { randomSecret, sha256Hex } from "../platform/secrets.ts";
import type { Company } from "./company.ts";

/** Makes a one-time sign-in secret for a company's console, good until `expiresAt` (ms); only its hash is kept. */
export async function createConsoleLink(
  registry: Database,
  company: Pick<Company, "key">,
  times: { now: number; expiresAt: number },
): Promise<string> {
  const secret = randomSecret(32);
  const statements = [
    registry.d1
      .prepare("DELETE FROM console_links WHERE company_key = ? AND expires_at < ?")
      .bind(company.key, times.now),
    registry.d1
      .prepare(
        `INSERT INTO console_links (secret_hash, company_key, created_at, expires_at) VALUES (?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
      )
      .bind(await sha256Hex(secret), company.key, times.now, times.expiresAt),
  ];
  await retry(() => registry.d1.batch(statements));
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
