import { type Context, Hono } from "hono";
import { readText } from "../platform/list-position.ts";
import { newId } from "../platform/uuid.ts";
import { changeWebhook } from "../webhooks/change-webhook.ts";
import type { Webhook } from "../webhooks/webhook.ts";
import { mintWebhookSecret, sealWebhookSecret } from "../webhooks/webhook-secret.ts";
import { findWebhook, listWebhooks } from "../webhooks/webhook-store.ts";
import { readWebhookAddress, type WebhookAddress } from "../webhooks/webhook-url.ts";
import type { ApiEnv } from "./api-env.ts";
import { idsOfMade, keptBeside, onlyOnce } from "./idempotency.ts";
import { requireSessionSecret } from "./issue-token.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { presentWebhook } from "./present-webhook.ts";
import { invalidInput, notFound, Problem } from "./problem.ts";
import { readBody, readQuery } from "./validate-input.ts";
import { resumeInput, rotationInput, webhookChange, webhookInput } from "./webhook-input.ts";

const HOUR = 60 * 60 * 1000;

/** The routes of a company's webhooks. */
export function webhookRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(pageQuery), async (c) => {
      const paging = readPaging(c, c.req.valid("query"), readText);
      const webhooks = await listWebhooks(c.var.database, c.var.company.key, Date.now(), paging);
      return c.json(
        paging.answer(
          webhooks,
          (webhook) => webhook.id,
          (webhook) => present(c, webhook),
        ),
      );
    })
    .post("/", readBody(webhookInput), async (c) => {
      const { url, types } = c.req.valid("json");
      const { id } = idsOfMade(c, { id: newId(Date.now()) });
      const target = readTarget(c, url);
      const { text, ...secret } = await makeSecret(c, id);
      await perform(c, { kind: "createWebhook", webhook: { id, ...target, types, secret } });
      return c.json({ ...present(c, await requireWebhook(c, id)), ...onlyOnce(c, text) }, 201);
    })
    .get("/:webhookId", async (c) => c.json(present(c, await requireWebhook(c, c.req.param("webhookId")))))
    .patch("/:webhookId", readBody(webhookChange), async (c) => {
      const { url, types, enabled } = c.req.valid("json");
      const webhook = await requireWebhook(c, c.req.param("webhookId"));
      const target = url === undefined ? undefined : readTarget(c, url);
      await perform(c, { kind: "updateWebhook", webhookId: webhook.id, change: { target, types, isEnabled: enabled } });
      return c.json(present(c, await requireWebhook(c, webhook.id)));
    })
    .delete("/:webhookId", async (c) => {
      const webhook = await requireWebhook(c, c.req.param("webhookId"));
      await perform(c, { kind: "deleteWebhook", webhookId: webhook.id });
      return c.body(null, 204);
    })
    .route("/", webhookActionRoutes());
}

/** What can be done with a webhook besides changing it. */
function webhookActionRoutes() {
  return new Hono<ApiEnv>()
    .post("/:webhookId/rotate-secret", readBody(rotationInput), async (c) => {
      const { overlapHours } = c.req.valid("json");
      const webhook = await requireWebhook(c, c.req.param("webhookId"));
      const { text, ...secret } = await makeSecret(c, webhook.id);
      const now = Date.now();
      const rotation = { secret, now, overlapEndsAt: now + overlapHours * HOUR };
      if (c.var.replay === null)
        await changeWebhook(c.env, c.var.database, webhook.key, { kind: "rotateSecret", ...rotation }, keptBeside(c));
      return c.json({ ...present(c, await requireWebhook(c, webhook.id)), ...onlyOnce(c, text) });
    })
    .post("/:webhookId/resume", readBody(resumeInput), async (c) => {
      const webhook = await requireWebhook(c, c.req.param("webhookId"));
      const { from } = c.req.valid("json");
      const isResumed =
        c.var.replay !== null ||
        (await changeWebhook(
          c.env,
          c.var.database,
          webhook.key,
          { kind: "resume", from },
          keptBeside(c, { ifChanged: true }),
        ));
      if (!isResumed)
        throw new Problem(
          "gone",
          'Changes that this webhook has not received are no longer kept. Take GET …/snapshot and put what it lists (users, groups, auto-enrolments, members, enrolments) in the place of what you hold, then resume with {"from": "oldest"}.',
        );
      return c.json(present(c, await requireWebhook(c, webhook.id)));
    });
}

/** The company's webhook of an id, or 404. */
export async function requireWebhook(c: Context<ApiEnv>, id: string): Promise<Webhook> {
  const webhook = await findWebhook(c.var.database, c.var.company.key, Date.now(), id);
  if (webhook === null) throw notFound("no_such_webhook", id);
  return webhook;
}

function present(c: Context<ApiEnv>, webhook: Webhook) {
  return presentWebhook(webhook, c.var.company.id);
}

function readTarget(c: Context<ApiEnv>, url: string): WebhookAddress {
  const { address, refusal } = readWebhookAddress(url, c.req.url);
  if (address === null) throw invalidInput([{ pointer: "/url", detail: refusal }]);
  return address;
}

async function makeSecret(c: Context<ApiEnv>, webhookId: string) {
  const secrets = requireSessionSecret(c);
  const text = mintWebhookSecret();
  return { id: newId(Date.now()), sealed: await sealWebhookSecret(secrets, webhookId, text), text };
}
