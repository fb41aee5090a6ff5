import { eq } from "drizzle-orm";
import type { Database } from "../platform/database.ts";
import { sendBatch } from "../platform/read-batch.ts";
import { retry } from "../platform/retry.ts";
import { sql } from "../platform/sql.ts";
import { secretRotations } from "./tables.ts";

/** How far the rotation to the present SESSION_SECRET is; times in milliseconds. */
export interface Rotation {
  /** When the schedule first saw the present secret beside the previous one. */
  since: number;
  /** When all webhook secrets that can be read had been sealed anew; null while some wait. */
  sealedAt: number | null;
  /** Webhook secrets that neither secret opens. */
  unreadable: number;
}

/** Begins a rotation to the secret whose key has this id, unless it has begun; any other is over. */
export async function beginRotation({ d1 }: Database, keyId: string, now: number): Promise<void> {
  await retry(() =>
    sendBatch(d1, [
      sql`DELETE FROM secret_rotations WHERE key_id <> ${keyId}`,
      sql`INSERT INTO secret_rotations (key_id, since) VALUES (${keyId}, ${now}) ON CONFLICT DO NOTHING`,
    ]),
  );
}

/** Writes down that a walk over all webhook secrets has left none to seal anew, but for so many that it could not read. */
export async function recordAllSealed(
  { orm }: Database,
  keyId: string,
  { now, unreadable }: { now: number; unreadable: number },
): Promise<void> {
  const isOfKey = eq(secretRotations.keyId, keyId);
  await retry(() => orm.update(secretRotations).set({ sealedAt: now, unreadable }).where(isOfKey).run());
}

/** The rotation to the secret whose key has this id, or null while the schedule has not seen it. */
export async function findRotation({ orm }: Database, keyId: string): Promise<Rotation | null> {
  const { since, sealedAt, unreadable } = secretRotations;
  const isOfKey = eq(secretRotations.keyId, keyId);
  const found = await orm.select({ since, sealedAt, unreadable }).from(secretRotations).where(isOfKey).get();
  return found ?? null;
}
