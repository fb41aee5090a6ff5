import type { ContentfulStatusCode } from "hono/utils/http-status";
import { errorBody } from "../scim/errors.ts";
import type { JsonObject } from "../scim/json.ts";
import type { DoorContext } from "./door.ts";
import { SCIM_MEDIA_TYPE } from "./media-type.ts";
import { headersOf, refuse } from "./refuse.ts";

/** Answers with a SCIM message, which is noted for the provisioning log too. */
export function answer(c: DoorContext, body: JsonObject, status: ContentfulStatusCode = 200): Response {
  c.get("log").responseBody = body;
  return c.body(JSON.stringify(body), status, { "Content-Type": SCIM_MEDIA_TYPE });
}

/** Answers with the SCIM error that anything thrown comes to; the one catcher of this door (RFC 7644 section 3.12). */
export function answerError(thrown: unknown, c: DoorContext): Response {
  const error = refuse(thrown, c.get("requestId"));
  const log = c.get("log");
  log.scimType = error.scimType ?? null;
  log.detail = error.detail;
  for (const [name, value] of Object.entries(headersOf(error))) c.header(name, value);
  // Every ScimError is made with a status that has a body.
  return answer(c, errorBody(error), error.status as ContentfulStatusCode);
}
