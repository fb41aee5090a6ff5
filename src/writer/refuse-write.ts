import { RowTooLarge } from "../platform/pack-json.ts";
import { rootOf } from "../platform/transient-fault.ts";
import { notThere, type Refusal, refusal, ScimError } from "../scim/scim-error.ts";
import { judgeLiveness } from "../settings/judge-token-liveness.ts";
import type { WriteRequest } from "./operation.ts";

/** A resource that the setting does not have (RFC 7644 section 3.12, 404). */
export function notFound(kind: "User" | "Group", id: string): ScimError {
  return notThere(kind, `${kind} ${id} does not exist in this SCIM setting.`);
}

/** Refuses a write whose If-Match or If-None-Match header rules the resource's present version out (RFC 7644 section 3.14). */
export function preconditionFailed(id: string): ScimError {
  return new ScimError(
    "version_mismatch",
    `Resource ${id} is not in the version that If-Match or If-None-Match asks for: it has changed since. Read it again and retry.`,
  );
}

/** The refusal that an error stands for, or null for one that is a bug. */
export function toRefusal(error: unknown): Refusal | null {
  if (!(error instanceof ScimError)) return null;
  return refusal(error.code, error.detail);
}

/** To a token's holder its company is not there: the token is not known. */
export function noCompany({ tokenId }: Pick<WriteRequest, "tokenId">): Refusal {
  const verdict = tokenId === undefined ? null : judgeLiveness(null, 0);
  return verdict ?? refusal("no_such_company", "This company does not exist.");
}

/** An operation that failed for a reason that is nobody's but ours. */
export function bug(): Refusal {
  return refusal("internal_error", "The server could not carry out this request. Nothing was changed.");
}

/** Whether a commit failed for a row, or one of its values, that D1 does not hold. */
export function isTooLarge(error: unknown): boolean {
  const root = rootOf(error);
  return root instanceof RowTooLarge || (root instanceof Error && root.message.includes("string or blob too big"));
}

/** An operation whose result no row can hold: text that is not ASCII takes two or three times its length. */
export function tooLarge(): Refusal {
  return refusal("resource_too_large", "The resource is larger than can be kept. Nothing was changed.");
}

/** An operation that was tried often enough. */
export function busy(): Refusal {
  return refusal("busy", "The directory is busy. Nothing was changed; send the request again.", 2);
}

/** An operation of which D1 does not say whether it was done. */
export function undecided(): Refusal {
  const detail = "The directory is busy, and it is not known whether this was done. Look before you send it again.";
  return refusal("outcome_unknown", detail, 2);
}

/** Another request with the same Idempotency-Key was carried out meanwhile. */
export function keyTaken(isSameRequest: boolean): ScimError {
  return isSameRequest
    ? new ScimError(
        "request_under_way",
        "The same request is being carried out just now: send it again in a moment, and it answers what came of it.",
      )
    : new ScimError("key_reused", "This Idempotency-Key was given with another request: give a new one.");
}
