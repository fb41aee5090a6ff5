import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "./api-env.ts";
import { Problem } from "./problem.ts";

const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;

/**
 * Refuses bodies that are not JSON with 415. A request that names a media type but has no body (as clients that always
 * send Content-Type do) loses the header, so that the validator does not try to parse nothing.
 */
export const requireJson = createMiddleware<ApiEnv>(async (c, next) => {
  const mediaType = (c.req.header("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (!hasBody(c.req.raw)) {
    if (mediaType !== "") {
      const headers = new Headers(c.req.raw.headers);
      headers.delete("Content-Type");
      c.req.raw = new Request(c.req.raw, { headers });
    }
  } else if (!JSON_TYPE.test(mediaType))
    throw new Problem(
      "unsupported_media_type",
      "Send the body as JSON, with the header `Content-Type: application/json`.",
    );
  await next();
});

function hasBody(request: Request): boolean {
  return request.body !== null && request.headers.get("Content-Length") !== "0";
}
