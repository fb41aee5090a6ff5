import { ShareUsedUp } from "../companies/read-in-share.ts";
import { errorBody } from "../scim/error-response.ts";
import type { JsonObject } from "../scim/json.ts";
import { publicCode } from "../scim/refusal-causes.ts";
import { SCIM_MEDIA_TYPE } from "./media-type.ts";
import { headersOf, refuse } from "./refusal-answer.ts";
import type { DoorContext } from "./scim-context.ts";

/** Says at which address the body of the answer is found: RFC 7643 section 3.1 wants its `meta.location` there. */
export function setContentLocation(c: DoorContext, location: string): void {
  c.get("headers")["Content-Location"] = location;
}

/** Answers with a SCIM message, which is noted for the provisioning log too. */
export function answer(c: DoorContext, body: JsonObject, status = 200): Response {
  const text = JSON.stringify(body);
  const log = c.get("log");
  log.responseBody = body;
  log.responseText = text;
  return answerText(c, text, status);
}

/** Answers with the text of a SCIM message; what the log keeps of it is noted by the caller. */
export function answerText(c: DoorContext, text: string, status = 200): Response {
  const headers = c.get("headers");
  headers["Content-Type"] = SCIM_MEDIA_TYPE;
  // Made at once with all its headers: Hono's own way copies the whole set once for each that is added to it.
  return new Response(text, { status, headers });
}

/** Answers without a body. A 204 names the media type all the same: client SDKs take it for a failure without. */
export function answerEmpty(c: DoorContext, status: 204 | 304): Response {
  const headers = c.get("headers");
  if (status === 204) headers["Content-Type"] = SCIM_MEDIA_TYPE;
  return new Response(null, { status, headers });
}

/** Answers with the SCIM error that anything thrown comes to; the one catcher of this door (RFC 7644 section 3.12). */
export function answerError(thrown: unknown, c: DoorContext): Response {
  const error = refuse(thrown, c.get("requestId"));
  const log = c.get("log");
  log.code = publicCode(error.code);
  log.scimType = error.scimType ?? null;
  log.detail = error.detail;
  // The row of the first refusal tells of those that follow it: a row for each would cost the database more than what is refused.
  if (thrown instanceof ShareUsedUp && thrown.isRepeated) log.handedOver = true;
  Object.assign(c.get("headers"), headersOf(error));
  return answer(c, errorBody(error), error.status);
}
