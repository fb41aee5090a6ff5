import { env } from "cloudflare:workers";
import { openRegistry } from "../../src/platform/database.ts";
import type { Env } from "../../src/platform/env.ts";
import { rowKey } from "../../src/platform/row-keys.ts";
import { newId } from "../../src/platform/uuid.ts";
import type { Report, Round } from "../../src/webhooks/courier-ports.ts";
import { loadRound, recordReport } from "../../src/webhooks/delivery-store.ts";
import { deliver, type NextStep } from "../../src/webhooks/run-delivery-round.ts";
import { mintWebhookSecret, sealWebhookSecret } from "../../src/webhooks/webhook-secret.ts";
import { findWebhook } from "../../src/webhooks/webhook-store.ts";
import { fillCompany, insert } from "../management-api/fill-company.ts";

/** The database of the tests, as the stores take it. */
// The test's generated binding types name the classes; the server's own view of them is narrower.
export const database = openRegistry(env as unknown as Env);

type AnswerTrip = (trip: number, statements: D1PreparedStatement[]) => Promise<D1Result[]> | null;

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
    sealed: await sealWebhookSecret(env, webhook.id, secret),
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
  const portsOn = (d1: D1Database, supersedesOthers: boolean) => ({
    load: () => loadRound({ ...database, d1 }, webhook.key, env, { now: receiver.now, supersedesOthers }),
    record: (round: Round, report: Report) => recordReport({ ...database, d1 }, round, report, receiver.now),
    fetch,
    clock: () => receiver.now,
    random: () => 0.5,
    isInterrupted: () => false,
  });
  return {
    ...filled,
    webhook,
    secret,
    receiver,
    addChanges: async (from: number, to: number, type = "user.created") => {
      const change = env.DB.prepare(
        `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, data, cause)
         VALUES (?1, ?2, ?3, 1, 'user', 'user-' || ?2, '{}', '{"requestId":"request-1"}')`,
      );
      const head = env.DB.prepare("UPDATE companies SET change_seq = ?2 WHERE company_key = ?1");
      const { key } = filled.company;
      const seqs = Array.from({ length: to - from + 1 }, (_, index) => from + index);
      await env.DB.batch([...seqs.map((seq) => change.bind(key, seq, type)), head.bind(key, to)]);
    },
    round: (on = env.DB) => deliver({ ...portsOn(on, false), isOurs: () => true }),
    /** A courier of the webhook: each call is a round of it. A test may answer some of its trips to D1 in D1's place. */
    startCourier: (answer: AnswerTrip = () => null): (() => Promise<NextStep>) => {
      let revision: number | null = null;
      let trips = 0;
      const batch = (statements: D1PreparedStatement[]) => answer(trips++, statements) ?? env.DB.batch(statements);
      // The stores of couriers call these two methods only.
      const d1 = { prepare: (sql: string) => env.DB.prepare(sql), batch } as unknown as D1Database;
      const isOurs = (read: number) => {
        revision ??= read;
        return revision === read;
      };
      return () => deliver({ ...portsOn(d1, revision === null), isOurs });
    },
    show: () => findWebhook(database, filled.company.key, receiver.now, webhook.id),
  };
}
