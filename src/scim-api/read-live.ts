import { type Access, withAccess } from "../directory/access.ts";
import { type Read, runRead } from "../directory/read-batch.ts";
import { systemClock } from "../platform/clock.ts";
import { ScimError } from "../scim/errors.ts";
import { judgeLiveness } from "../settings/token.ts";
import { type DoorContext, directoryOf } from "./door.ts";

/**
 * Runs a read in one D1 batch with the look whether the token still lives, so that revocation holds from the next request
 * on at no extra round trip; gives the read's value and the setting's kept counts.
 */
export async function readLive<T>(c: DoorContext, read: Read<T>): Promise<{ access: Access; value: T }> {
  const answered = await runRead(directoryOf(c), withAccess(c.get("identity"), read));
  const verdict = judgeLiveness(answered.access.liveness, systemClock());
  if (verdict !== null) throw new ScimError(verdict.status, undefined, verdict.detail);
  return answered;
}
