import { type Access, selectAccess } from "../directory/access.ts";
import { type Read, runReads } from "../directory/read-batch.ts";
import { systemClock } from "../platform/clock.ts";
import { ScimError } from "../scim/errors.ts";
import { judgeLiveness } from "../settings/token.ts";
import { type DoorContext, directoryOf } from "./door.ts";
import { RefusedWrite } from "./refuse.ts";

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
  c.set("isLive", true);
  return values;
}

/**
 * What a refused request is answered with: to a dead token that it is dead, whatever else is wrong with the request.
 * Only refusals that came before any look at D1 cost this one; the writer judges the tokens of what reaches it.
 */
export async function judgeRefused(thrown: unknown, c: DoorContext): Promise<unknown> {
  const isEarly = thrown instanceof ScimError && !(thrown instanceof RefusedWrite) && thrown.status !== 401;
  if (!isEarly || c.get("identity") === undefined || c.get("isLive") === true) return thrown;
  try {
    await readLive(c, {});
    return thrown;
  } catch (verdict) {
    return verdict instanceof ScimError ? verdict : thrown;
  }
}
