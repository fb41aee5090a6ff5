import { env } from "cloudflare:workers";
import { openRegistry } from "../../src/platform/database.ts";
import type { Env } from "../../src/platform/env.ts";
import { newId, rowKey } from "../../src/platform/ids.ts";
import { deliver, type NextStep } from "../../src/webhooks/deliver.ts";
import { loadRound, recordReport } from "../../src/webhooks/delivery-store.ts";
import { mintWebhookSecret, sealWebhookSecret } from "../../src/webhooks/webhook-secret.ts";
import { findWebhook } from "../../src/webhooks/webhook-store.ts";
import { fillCompany, insert } from "../management-api/fill-company.ts";

/** The database of the tests, as the stores take it. */
// The test's generated binding types name the classes; the server's own view of them is narrower.
export const database = openRegistry(env as unknown as Env);

/** A company with a webhook made by SQL, and its courier's rounds with a receiver and a clock of the test's own. */
export async function hookCompany(row: Record<string, string | number | null> = {}) {
  const filled = await fillCompany();
  const webhook = { key: rowKey(filled.company.key, 1_000_000), id: newId(Date.now()) };
  const secret = mintWebhookSecret();
  await insert("webhooks", {
    webhook_key: webhook.key,
    company_key: filled.company.key,
    id: webhook.id,
    url: "https://hooks.example.com/",
    cursor_seq: 0,
    created_at: 1,
    ...row,
  });
  await insert("webhook_secrets", {
    webhook_key: webhook.key,
    id: newId(Date.now()),
    sealed: await sealWebhookSecret(env.SESSION_SECRET, webhook.id, secret),
    created_at: 1,
  });
  const receiver = {
    now: Date.now(),
    received: [] as number[],
    headers: [] as Headers[],
    bodies: [] as string[],
    answer: (_seq: number): Response | Promise<Response> => new Response("thanks"),
  };
  const fetch = async (_url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const seq = Number(headers.get("webhook-id")?.split("-").at(-1));
    receiver.received.push(seq);
    receiver.headers.push(headers);
    receiver.bodies.push(String(init.body));
    return receiver.answer(seq);
  };
  return {
    ...filled,
    webhook,
    secret,
    receiver,
    addChanges: async (from: number, to: number, type = "user.created") => {
      for (let seq = from; seq <= to; seq += 1) await filled.addChange(seq, type);
    },
    round: (on = database): Promise<NextStep> =>
      deliver({
        load: () => loadRound(on, webhook.key, env.SESSION_SECRET, receiver.now),
        record: (round, report) => recordReport(on, round, report, receiver.now),
        fetch,
        clock: () => receiver.now,
        random: () => 0.5,
      }),
    show: () => findWebhook(database, filled.company.key, receiver.now, webhook.id),
  };
}
