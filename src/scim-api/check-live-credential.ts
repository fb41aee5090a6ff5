import { describeTooManyValues } from "../companies/quotas.ts";
import { type Access, withAccess } from "../directory/read-with-credential.ts";
import { runShared } from "../directory/shared-read-batches.ts";
import { systemClock } from "../platform/clock.ts";
import type { Read } from "../platform/read-batch.ts";
import { ScimError } from "../scim/scim-error.ts";
import { judgeLiveness } from "../settings/judge-token-liveness.ts";
import { type DoorContext, directoryOf } from "./scim-context.ts";

/**
 * Runs a read in one D1 batch with the look whether the token still lives, so that revocation holds from the next request
 * on at no extra round trip; gives the read's value and the setting's kept counts.
 */
export async function readLive<T>(c: DoorContext, read: Read<T>): Promise<{ access: Access; value: T }> {
  const { d1 } = directoryOf(c);
  const identity = c.get("identity");
  const keep = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const answered = await runShared(d1, identity.companyKey, withAccess(identity, read), keep);
  const verdict = judgeLiveness(answered.access.liveness, systemClock());
  if (verdict !== null) throw new ScimError(verdict.code, verdict.detail);
  c.set("isLive", true);
  const { mostValues } = answered.access;
  const { values = 0 } = c.var;
  if (values > mostValues) throw new ScimError("quota_size", describeTooManyValues(values, mostValues));
  return answered;
}
