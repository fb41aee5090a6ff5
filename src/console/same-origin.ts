import { createMiddleware } from "hono/factory";
import type { ConsoleEnv } from "./console-env.ts";
import { Refused } from "./refused.ts";

const SAFE = new Set(["GET", "HEAD"]);

/**
 * Refuses what another site has a browser send. Hono's csrf() asks only about the media types of forms; here every
 * request that may change something is asked, whatever it says it carries: some need no body at all.
 */
export const requireSameOrigin = createMiddleware<ConsoleEnv>(async (c, next) => {
  const isOwn =
    c.req.header("Sec-Fetch-Site") === "same-origin" || c.req.header("Origin") === new URL(c.req.url).origin;
  if (!isOwn && !SAFE.has(c.req.method))
    throw new Refused(
      403,
      "This form came from another site",
      "For your safety it was not taken. Open the page here and send the form again.",
    );
  await next();
});
