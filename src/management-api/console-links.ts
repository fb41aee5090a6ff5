import { Hono } from "hono";
import * as z from "zod";
import { createConsoleLink } from "../companies/console-link-store.ts";
import { isoTime } from "../platform/clock.ts";
import { openRegistry } from "../platform/database.ts";
import type { ApiEnv } from "./api-env.ts";
import { idsOfMade, keptBeside } from "./idempotency.ts";
import { readBody } from "./validate-input.ts";

/** How long a one-time sign-in link is good: up to a day, a quarter of an hour unless said otherwise. */
export const consoleLinkInput = z.strictObject({ expiresInMinutes: z.number().int().min(1).max(1440).default(15) });

const MINUTE = 60_000;

/** The route that makes a one-time sign-in link to a company's console. */
export function consoleLinkRoutes() {
  return new Hono<ApiEnv>().post("/", readBody(consoleLinkInput), async (c) => {
    const now = Date.now();
    const end = now + c.req.valid("json").expiresInMinutes * MINUTE;
    const made = idsOfMade(c, { expiresAt: isoTime(end) });
    if (c.var.replay !== null) return c.json({ expiresAt: made.expiresAt }, 201);
    const secret = await createConsoleLink(openRegistry(c.env), c.var.company, { now, expiresAt: end }, keptBeside(c));
    return c.json({ url: `${c.var.origin}/console/enter/${secret}`, expiresAt: made.expiresAt }, 201);
  });
}
