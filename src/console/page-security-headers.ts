import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import type { ConsoleEnv } from "./console-env.ts";

/** Nothing runs, loads or frames but what this Worker serves; there is no inline script or style to allow. */
export const strictHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  strictTransportSecurity: "max-age=63072000; includeSubDomains",
  xFrameOptions: "DENY",
  // Not no-referrer: browsers would then send forms with `Origin: null`, and the check against forged forms needs it.
  referrerPolicy: "same-origin",
});

/** Pages show people and secrets: no cache keeps them. Versioned assets say otherwise themselves. */
export const noStore = createMiddleware<ConsoleEnv>(async (c, next) => {
  await next();
  if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
});
