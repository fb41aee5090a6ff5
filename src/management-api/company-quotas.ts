import { Hono } from "hono";
import * as z from "zod";
import { QUOTA_NAMES, QUOTAS, type QuotaState } from "../companies/quotas.ts";
import { runRead } from "../platform/read-batch.ts";
import { selectQuotaStates } from "../settings/quota-store.ts";
import type { ApiEnv } from "./api-env.ts";
import type { quotaShape } from "./company-shapes.ts";
import { toWholePage } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { readBody } from "./validate-input.ts";

/** The body that sets quotas: those left out stay as they are, null gives one back to what all companies have. */
export const quotaChange = z.strictObject(
  // Each name with its rule.
  Object.fromEntries(
    QUOTA_NAMES.map((name) => {
      const { least, most } = QUOTAS[name];
      return [name, z.number().int().min(least).max(most).nullable().optional()];
    }),
  ) as Record<keyof typeof QUOTAS, z.ZodOptional<z.ZodNullable<z.ZodNumber>>>,
);

/** The routes of a company's quotas. */
export function quotaRoutes() {
  return new Hono<ApiEnv>()
    .get("/", async (c) => {
      const states = await runRead(c.var.database, selectQuotaStates(c.var.company.key, Date.now()));
      return c.json(toWholePage(states.map(presentQuota)));
    })
    .patch("/", readBody(quotaChange), async (c) => {
      await perform(c, { kind: "setQuotas", quotas: c.req.valid("json") });
      const states = await runRead(c.var.database, selectQuotaStates(c.var.company.key, Date.now()));
      return c.json(toWholePage(states.map(presentQuota)));
    });
}

function presentQuota({ name, limit, used, state }: QuotaState): z.infer<typeof quotaShape> {
  return { name, limit, usual: QUOTAS[name].usual, used, state };
}
