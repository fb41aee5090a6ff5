import { Hono } from "hono";
import * as z from "zod";
import { createConsoleLink } from "../companies/console-link-store.ts";
import { isoTime } from "../platform/clock.ts";
import { openRegistry } from "../platform/database.ts";
import type { ApiEnv } from "./api-env.ts";
import { readBody } from "./validate-input.ts";

/** How long a one-time sign-in link is good: up to a day, a quarter of an hour unless said otherwise. */
export const consoleLinkInput = z.strictObject({ expiresInMinutes: z.number().int().min(1).max(1440).default(15) });

const MINUTE = 60_000;

/** The route that makes a one-time sign-in link to a company's console. */
export function consoleLinkRoutes() {
  return new Hono<ApiEnv>().post("/", readBody(consoleLinkInput), async (c) => {
    const now = Date.now();
    const expiresAt = now + c.req.valid("json").expiresInMinutes * MINUTE;
    const secret = await createConsoleLink(openRegistry(c.env), c.var.company, { now, expiresAt });
    const url = `${new URL(c.req.url).origin}/console/enter/${secret}`;
    return c.json({ url, expiresAt: isoTime(expiresAt) }, 201);
  });
}
