import { type Context, Hono } from "hono";
import { parseChangeId } from "../changes/published-change.ts";
import { readKey } from "../platform/list-position.ts";
import { resendDelivery } from "../webhooks/resend-delivery.ts";
import type { Delivery, Webhook } from "../webhooks/webhook.ts";
import { findDelivery, listDeliveries } from "../webhooks/webhook-store.ts";
import type { ApiEnv } from "./api-env.ts";
import { keptBeside } from "./idempotency.ts";
import { readInShareFor } from "./list-in-share.ts";
import { readPaging } from "./pagination.ts";
import { presentDelivery } from "./present-webhook.ts";
import { notFound, Problem } from "./problem.ts";
import { readQuery } from "./validate-input.ts";
import { deliveryQuery } from "./webhook-input.ts";
import { requireWebhook } from "./webhooks.ts";

/** The routes of a webhook's deliveries. */
export function webhookDeliveryRoutes() {
  return new Hono<ApiEnv>()
    .get("/:webhookId/deliveries", readQuery(deliveryQuery), async (c) => {
      const query = c.req.valid("query");
      const paging = readPaging(c, query, readKey);
      const webhook = await requireWebhook(c, c.req.param("webhookId"));
      const page = { take: paging.take, before: paging.after, status: query.status ?? null };
      const deliveries = await listDeliveries(c.var.database, webhook.key, page, readInShareFor(c));
      const present = (delivery: Delivery) => presentDelivery(delivery, c.var.company.id);
      return c.json(paging.answer(deliveries, ({ seq }) => seq, present));
    })
    .post("/:webhookId/deliveries/:deliveryId/resend", async (c) => {
      const webhook = await requireWebhook(c, c.req.param("webhookId"));
      const asked = await requireDelivery(c, webhook, c.req.param("deliveryId"));
      const answer =
        c.var.replay === null
          ? await resendDelivery(c.env, c.var.database, webhook, asked, keptBeside(c, { ifChanged: true }))
          : "asked";
      if (answer === "disabled") throw new Problem("webhook_disabled", "This webhook is disabled: enable it first.");
      if (answer === "gone") throw new Problem("gone", "This change is no longer kept.");
      const delivery = await requireDelivery(c, webhook, c.req.param("deliveryId"));
      return c.json(presentDelivery(delivery, c.var.company.id), 202);
    });
}

async function requireDelivery(c: Context<ApiEnv>, webhook: Webhook, id: string): Promise<Delivery> {
  const place = parseChangeId(c.var.company.id, id);
  const delivery = place === null ? null : await findDelivery(c.var.database, webhook.key, place);
  if (delivery === null) throw notFound("no_such_delivery", id);
  return delivery;
}
