import { ShareUsedUp } from "../companies/read-in-share.ts";
import { NOTHING } from "../platform/read-batch.ts";
import { ScimError } from "../scim/scim-error.ts";
import { readLive } from "./check-live-credential.ts";
import { RefusedWrite } from "./refusal-answer.ts";
import type { DoorContext } from "./scim-context.ts";

/**
 * What a refused request is answered with: to a dead token that it is dead, whatever else is wrong with the request.
 * Only refusals that came before any look at D1 cost this one; the writer judges the tokens of what reaches it.
 */
export async function judgeRefused(thrown: unknown, c: DoorContext): Promise<unknown> {
  const isRefusal = thrown instanceof ScimError && !(thrown instanceof RefusedWrite) && thrown.status !== 401;
  const isEarly = isRefusal || thrown instanceof ShareUsedUp;
  if (!isEarly || c.get("identity") === undefined || c.get("isLive") === true) return thrown;
  try {
    await readLive(c, NOTHING);
    return thrown;
  } catch (verdict) {
    return verdict instanceof ScimError ? verdict : thrown;
  }
}
