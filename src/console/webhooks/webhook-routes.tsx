import { Hono } from "hono";
import * as z from "zod";
import { parseChangeId } from "../../changes/published-change.ts";
import { isId } from "../../platform/uuid.ts";
import { changeWebhook } from "../../webhooks/change-webhook.ts";
import type { Failure } from "../../webhooks/delivery-failure.ts";
import { resendDelivery } from "../../webhooks/resend-delivery.ts";
import { findDelivery, findWebhook } from "../../webhooks/webhook-store.ts";
import type { ConsoleContext, ConsoleEnv } from "../console-env.ts";
import { SHOWN_AGAIN } from "../form-nonce.ts";
import { attempt, perform } from "../perform-for-page.ts";
import { readForm, readValues } from "../read-form.ts";
import { notHere, Refused } from "../refused.ts";
import { href, ROUTES } from "../routes.ts";
import { leadToSecret, nonceOf } from "../show-secret-once.ts";
import { showWebhookDeletion } from "./delete-webhook-page.tsx";
import { secretOfForm } from "./form-webhook-secret.ts";
import { readWebhookForm } from "./webhook-form.tsx";
import { requireWebhook, showWebhook } from "./webhook-page.tsx";
import { showWebhooks } from "./webhooks-page.tsx";

const HOUR = 3_600_000;

const rotation = z.object({
  nonce: z.string().optional(),
  overlap: z.enum(["0", "1", "24", "168"]).default("24").transform(Number),
});
const resumption = z.object({ from: z.enum(["cursor", "oldest", "now"]).optional() });

const MISSED: Failure = {
  code: "missed_changes",
  detail: "Changes that it had not received are no longer kept.",
};

/** The routes of a company's webhooks. */
export function webhookRoutes() {
  return new Hono<ConsoleEnv>()
    .get(ROUTES.webhooks, (c) => showWebhooks(c))
    .post(ROUTES.webhooks, createWebhook)
    .get(ROUTES.webhook, (c) => showWebhook(c, c.req.param("webhookId")))
    .post(ROUTES.webhook, saveWebhook)
    .post(ROUTES.pauseWebhook, (c) => switchWebhook(c, false))
    .post(ROUTES.resumeWebhook, resume)
    .post(ROUTES.rotateWebhookSecret, rotate)
    .get(ROUTES.deleteWebhook, async (c) => showWebhookDeletion(c, await requireWebhook(c)))
    .post(ROUTES.deleteWebhook, async (c) => {
      const { id } = await requireWebhook(c);
      await perform(c, { kind: "deleteWebhook", webhookId: id });
      return c.redirect(href("webhooks", { companyId: c.var.company.id }, { done: "webhook-deleted" }), 303);
    })
    .post(ROUTES.resendDelivery, resend);
}

/** Makes a webhook and leads to the page that shows its secret, once. Sent twice it makes one: the id is the form's. */
async function createWebhook(c: ConsoleContext) {
  const values = await readValues(c);
  const { input, errors } = readWebhookForm(values, c.req.url);
  const { id = "" } = values;
  if (input === null || !isId(id)) return showWebhooks(c, values, errors);
  const nonce = nonceOf(values.nonce);
  const secret = toStored(await secretOfForm(c, id, nonce));
  const { address, types } = input;
  const result = await attempt(c, { kind: "createWebhook", webhook: { id, ...address, types, secret } });
  const webhook = await findWebhook(c.var.database, c.var.company.key, Date.now(), id);
  if (webhook === null) return showWebhooks(c, values, { "": result.ok ? "It is gone again." : result.detail });
  if (Date.now() - webhook.createdAt <= SHOWN_AGAIN) return leadTo(c, id, nonce);
  return backTo(c, id, "webhook-made-before");
}

async function saveWebhook(c: ConsoleContext) {
  const webhook = await requireWebhook(c);
  const values = await readValues(c);
  const { input, errors } = readWebhookForm(values, c.req.url);
  if (input === null) return showWebhook(c, webhook.id, { values, errors });
  const { address, types } = input;
  // A new address ends a back-off; the same one again is none.
  const change = { types, ...(address.url !== webhook.url && { target: address }) };
  const result = await attempt(c, { kind: "updateWebhook", webhookId: webhook.id, change });
  if (!result.ok) return showWebhook(c, webhook.id, { values, errors: { "": result.detail } });
  return backTo(c, webhook.id, "webhook-changed");
}

async function switchWebhook(c: ConsoleContext, isEnabled: boolean) {
  const { id } = await requireWebhook(c);
  await perform(c, { kind: "updateWebhook", webhookId: id, change: { isEnabled } });
  return backTo(c, id, isEnabled ? "webhook-resumed" : "webhook-paused");
}

/** Switches a paused webhook on; one that stands still or waits goes on from where the form says. */
async function resume(c: ConsoleContext) {
  const webhook = await requireWebhook(c);
  if (!webhook.isEnabled) return switchWebhook(c, true);
  const form = await readForm(c, resumption);
  const from = (form.ok && form.data.from) || "cursor";
  if (!(await changeWebhook(c.env, c.var.database, webhook.key, { kind: "resume", from })))
    return showWebhook(c, webhook.id, { refusal: MISSED });
  return backTo(c, webhook.id, "webhook-resumed");
}

async function rotate(c: ConsoleContext) {
  const webhook = await requireWebhook(c);
  const form = await readForm(c, rotation);
  if (!form.ok) return showWebhook(c, webhook.id, { errors: form.errors });
  const nonce = nonceOf(form.data.nonce);
  const secret = toStored(await secretOfForm(c, webhook.id, nonce));
  const now = Date.now();
  const change = { secret, now, overlapEndsAt: now + form.data.overlap * HOUR };
  await changeWebhook(c.env, c.var.database, webhook.key, { kind: "rotateSecret", ...change });
  const rotated = await requireWebhook(c);
  const madeAt = rotated.secrets[0]?.createdAt ?? 0;
  return now - madeAt <= SHOWN_AGAIN ? leadTo(c, webhook.id, nonce) : backTo(c, webhook.id, "webhook-made-before");
}

async function resend(c: ConsoleContext) {
  const webhook = await requireWebhook(c);
  const place = parseChangeId(c.var.company.id, c.req.param("deliveryId") ?? "");
  const delivery = place === null ? null : await findDelivery(c.var.database, webhook.key, place);
  if (delivery === null) throw notHere();
  const answer = await resendDelivery(c.env, c.var.database, webhook, delivery);
  if (answer === "disabled") throw new Refused(409, "This webhook is paused", "Resume it first, then send it again.");
  if (answer === "gone")
    throw new Refused(410, "This change is no longer kept", "Let the receiver read the people and groups anew.");
  return backTo(c, webhook.id, "resent");
}

/** A secret without its text, which only the page after the form shows. */
function toStored({ id, sealed }: Awaited<ReturnType<typeof secretOfForm>>) {
  return { id, sealed };
}

function leadTo(c: ConsoleContext, webhookId: string, nonce: string) {
  const url = href("webhook", { companyId: c.var.company.id, webhookId });
  return leadToSecret(c, url, { kind: "webhook", of: webhookId, nonce });
}

function backTo(c: ConsoleContext, webhookId: string, done: string) {
  return c.redirect(href("webhook", { companyId: c.var.company.id, webhookId }, { done }), 303);
}
