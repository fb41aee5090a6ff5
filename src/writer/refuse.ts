import { ScimError } from "../scim/errors.ts";
import type { Refusal } from "./operation.ts";

/** A resource that the setting does not have (RFC 7644 section 3.12, 404). */
export function notFound(kind: "User" | "Group", id: string): ScimError {
  return new ScimError(404, undefined, `${kind} ${id} does not exist in this SCIM setting.`);
}

/** Refuses an If-Match header that does not name the resource's present version (RFC 7644 section 3.14). */
export function preconditionFailed(id: string): ScimError {
  return new ScimError(
    412,
    undefined,
    `Resource ${id} has changed since the version in If-Match. Read it again and retry.`,
  );
}

/** The refusal that an error stands for, or null for one that is a bug. */
export function toRefusal(error: unknown): Refusal | null {
  if (!(error instanceof ScimError)) return null;
  return { status: error.status, scimType: error.scimType, detail: error.detail };
}
