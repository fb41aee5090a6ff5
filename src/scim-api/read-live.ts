import { type Access, selectAccess } from "../directory/access.ts";
import { type Read, runReads } from "../directory/read-batch.ts";
import { systemClock } from "../platform/clock.ts";
import { ScimError } from "../scim/errors.ts";
import { judgeLiveness } from "../settings/token.ts";
import { type DoorContext, directoryOf } from "./door.ts";

/**
 * Runs reads in one D1 batch with the look whether the token still lives, so that revocation holds from the next request
 * on at no extra round trip; gives the reads' values and the setting's kept counts.
 */
export async function readLive<T extends Record<string, unknown>>(
  c: DoorContext,
  reads: { [K in keyof T]: Read<T[K]> },
): Promise<T & { access: Access }> {
  const { settingKey, tokenId } = c.get("identity");
  const db = directoryOf(c);
  const access = selectAccess(db, settingKey, tokenId);
  // The names of `reads` with `access` added: a mapped type cannot be spread with its parts kept apart.
  const all = { access, ...reads } as { [K in keyof (T & { access: Access })]: Read<(T & { access: Access })[K]> };
  const values = await runReads<T & { access: Access }>(db, all);
  const verdict = judgeLiveness(values.access.liveness, systemClock());
  if (verdict !== null) throw new ScimError(verdict.status, undefined, verdict.detail);
  return values;
}
