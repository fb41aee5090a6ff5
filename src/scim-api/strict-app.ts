import { Hono, type Env as HonoEnv } from "hono";
import type { Env } from "../platform/env.ts";
import { pathOf } from "../platform/request-url.ts";
import { strictHeaders } from "./api-security-headers.ts";

/** An app whose answers bear the strict headers. */
type StrictApp = Hono<{ Bindings: Env }>;

/** Begins one. What a door under it says itself stays: the console allows its own scripts and styles, and lets versioned assets be kept. */
export function strictApp(): StrictApp {
  const app: StrictApp = new Hono({ getPath: (request) => pathOf(request.url) });
  app.use(strictHeaders, async (context, next) => {
    await next();
    if (!context.res.headers.has("Cache-Control")) context.header("Cache-Control", "no-store");
  });
  return app;
}

/** A door that SCIM's first answer does not wait for: its modules run, and its routes are made, when it is first asked for. */
export function lateDoor<E extends HonoEnv>(base: string, load: () => Promise<Hono<E>>): () => Promise<StrictApp> {
  return onFirstCall(async () => strictApp().route(base, await load()));
}

/** What the first call makes, for all calls. */
export function onFirstCall<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Made | undefined;
  return async () => {
    made ??= await make();
    return made;
  };
}
