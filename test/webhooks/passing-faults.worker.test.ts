import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openRegistry } from "../../src/platform/database.ts";
import { requestResend, resumeWebhook } from "../../src/webhooks/webhook-change-store.ts";
import { findDelivery, listDeliveries } from "../../src/webhooks/webhook-store.ts";
import { freeReads } from "../companies/free-reads.ts";
import { failingOnce } from "../safety/injected-bindings.ts";
import { database, hookCompany } from "./hooked-company.ts";

const NEWEST = { take: 100, before: null, status: null };

describe.each(["before", "after"] as const)("a courier whose D1 fails %s the work is done", (when) => {
  /** The database as a courier has it, failing once at each call. */
  const failing = () => openRegistry({ ...env, DB: failingOnce(when).d1 });

  it("delivers each change once, in order, and counts each attempt once", async () => {
    const { addChanges, round, receiver, show, webhook } = await hookCompany();
    await addChanges(1, 40);
    const on = failing().d1;
    while ((await round(on)).kind === "more");
    expect(receiver.received).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(await show()).toMatchObject({ cursor: 40, behind: 0, failure: null });
    const deliveries = await listDeliveries(database, webhook.key, NEWEST, freeReads(database));
    expect(deliveries.map(({ attempts, status }) => [attempts, status])).toEqual(Array(40).fill([1, "delivered"]));
  });

  it("counts the failures of a receiver once each", async () => {
    const { addChanges, round, receiver, show, webhook } = await hookCompany();
    await addChanges(1, 1);
    receiver.answer = () => new Response(null, { status: 500 });
    for (const attempts of [1, 2, 3]) {
      const next = await round(failing().d1);
      expect(await findDelivery(database, webhook.key, { seq: 1, mark: null })).toMatchObject({
        attempts,
        status: "retrying",
      });
      expect(await show()).toMatchObject({ failedAttempts: attempts });
      receiver.now = next.kind === "due" ? next.at : receiver.now;
    }
  });

  it("takes what an operator asks of it", async () => {
    const { addChanges, round, receiver, webhook } = await hookCompany();
    await addChanges(1, 3);
    await round();
    expect(await requestResend(failing(), webhook.key, 2, receiver.now)).toBe(true);
    await round(failing().d1);
    expect(receiver.received).toEqual([1, 2, 3, 2]);
    expect(await findDelivery(failing(), webhook.key, { seq: 2, mark: null })).toMatchObject({
      attempts: 2,
      resendAt: null,
    });
    expect(await resumeWebhook(failing(), webhook.key, "now")).toBe(true);
  });
});
