import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { RETRY_DELAYS, RETRY_PERIOD } from "../../src/webhooks/delivery-retry-schedule.ts";
import { loadRound, recordReport } from "../../src/webhooks/delivery-store.ts";
import type { NextStep } from "../../src/webhooks/run-delivery-round.ts";
import { requestResend, resumeWebhook } from "../../src/webhooks/webhook-change-store.ts";
import { findDelivery, findLaggingWebhooks, listDeliveries, listWebhooks } from "../../src/webhooks/webhook-store.ts";
import { freeReads } from "../companies/free-reads.ts";
import { database, hookCompany } from "./hooked-company.ts";

const NEWEST = { take: 100, before: null, status: null };
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** A fault of D1 in a round: before a trip, after it, or in one of its statements. */
interface Failure {
  about: string;
  fail: (trip: number, statements: D1PreparedStatement[]) => Promise<D1Result[]> | null;
}

/** All there can be in the trips of a round: one that loads (and takes over), and two that write. */
function* failures(): Generator<Failure> {
  const lost = new Error("D1_ERROR: Network connection lost.");
  for (const place of [0, 1, 2]) {
    const only = (fail: (statements: D1PreparedStatement[]) => Promise<D1Result[]>): Failure["fail"] => {
      let isOver = false;
      return (trip, statements) => {
        if (isOver || trip !== place) return null;
        isOver = true;
        return fail(statements);
      };
    };
    yield { about: `before trip ${place}`, fail: only(() => Promise.reject(lost)) };
    const answerLost = (statements: D1PreparedStatement[]) => env.DB.batch(statements).then(() => Promise.reject(lost));
    yield { about: `after trip ${place}`, fail: only(answerLost) };
    for (let index = 0; index < (place === 0 ? 5 : 3); index += 1) {
      const broken = (statements: D1PreparedStatement[]) =>
        env.DB.batch(statements.with(index, env.DB.prepare("SELECT * FROM no_such_table")));
      yield { about: `statement ${index} of trip ${place}`, fail: only(broken) };
    }
  }
}

describe("a webhook's rounds against D1", () => {
  it("deliver the feed in order from the cursor, in several rounds, and write down what came of it", async () => {
    const { addChanges, round, receiver, show, webhook } = await hookCompany({ cursor_seq: 2 });
    await addChanges(1, 40);
    expect(await round()).toEqual({ kind: "more" });
    expect(await round()).toEqual({ kind: "idle" });
    expect(receiver.received).toEqual(Array.from({ length: 38 }, (_, index) => index + 3));
    expect(await show()).toMatchObject({ cursor: 40, behind: 0, failure: null, lastDeliveredAt: receiver.now });
    expect(await listDeliveries(database, webhook.key, { ...NEWEST, take: 1 }, freeReads(database))).toEqual([
      {
        seq: 40,
        mark: null,
        type: "user.created",
        status: "delivered",
        attempts: 1,
        responseStatus: 200,
        responseBody: "thanks",
        errorCode: null,
        error: null,
        duration: 0,
        firstAttemptAt: receiver.now,
        lastAttemptAt: receiver.now,
        deliveredAt: receiver.now,
        resendAt: null,
      },
    ]);
    expect(await round()).toEqual({ kind: "idle" });
    expect(receiver.received).toHaveLength(38);
  });

  it("leave out other types without breaking the order, and move the cursor over them", async () => {
    const { addChanges, round, receiver, show } = await hookCompany({ types: '["member.added"]' });
    await addChanges(1, 3, "user.created");
    await addChanges(4, 5, "member.added");
    await addChanges(6, 9, "user.updated");
    expect(await round()).toEqual({ kind: "idle" });
    expect(receiver.received).toEqual([4, 5]);
    expect(await show()).toMatchObject({ cursor: 9, behind: 0 });
  });

  it("keep a receiver's failure where operators see it, with the first 1 KB of its answer", async () => {
    const { addChanges, round, receiver, show, webhook } = await hookCompany();
    await addChanges(1, 2);
    receiver.answer = () => new Response("é".repeat(5_000), { status: 500 });
    const due = receiver.now + (RETRY_DELAYS[0] ?? 0);
    expect(await round()).toEqual({ kind: "due", at: due });
    expect(await round()).toEqual({ kind: "due", at: due });
    expect(receiver.received).toEqual([1]);
    expect(await show()).toMatchObject({
      cursor: 0,
      behind: 2,
      failedAttempts: 1,
      firstFailedAt: receiver.now,
      failure: { code: "broken", detail: "Answered 500." },
      nextAttemptAt: due,
    });
    const [delivery] = await listDeliveries(database, webhook.key, NEWEST, freeReads(database));
    expect(delivery).toMatchObject({ seq: 1, status: "retrying", attempts: 1, responseStatus: 500, deliveredAt: null });
    expect(delivery).toMatchObject({ errorCode: "broken", error: "Answered 500." });
    expect(delivery?.responseBody).toBe("é".repeat(512));
  });

  it("mark it failing after three days; resumed, it goes on from its cursor", async () => {
    const { addChanges, round, receiver, show, webhook } = await hookCompany();
    await addChanges(1, 3);
    receiver.answer = (seq) => new Response(null, { status: seq === 2 ? 503 : 200 });
    const firstFailedAt = receiver.now;
    for (const later of [60_000, RETRY_PERIOD - 60_000 - 1]) {
      expect(await round()).toMatchObject({ kind: "due" });
      receiver.now += later;
    }
    expect(await round()).toMatchObject({ kind: "due" });
    receiver.now += 60_000;
    expect(await round()).toEqual({ kind: "stopped" });
    expect(await show()).toMatchObject({ isFailing: true, cursor: 1, failedAttempts: 4, firstFailedAt });
    expect(await findDelivery(database, webhook.key, { seq: 2, mark: null })).toMatchObject({
      status: "failed",
      attempts: 4,
    });
    expect(await findLaggingWebhooks(database, receiver.now + 120_000)).not.toContain(webhook.key);

    receiver.answer = () => new Response("back");
    receiver.received.length = 0;
    expect(await resumeWebhook(database, webhook.key, "cursor")).toBe(true);
    expect(await round()).toEqual({ kind: "idle" });
    expect(receiver.received).toEqual([2, 3]);
    expect(await show()).toMatchObject({ isFailing: false, cursor: 3, failure: null, failedAttempts: 0 });
    expect(await findDelivery(database, webhook.key, { seq: 2, mark: null })).toMatchObject({
      ...{ status: "delivered", attempts: 5 },
      ...{ errorCode: null, error: null },
    });
  });
});

describe("a webhook's rounds and what operators ask of them", () => {
  it("stop before changes that the retention took; the operator chooses to go on from the oldest kept", async () => {
    const { addChanges, round, receiver, show, webhook, company } = await hookCompany({ cursor_seq: 1 });
    await addChanges(1, 6);
    await env.DB.prepare("DELETE FROM changes WHERE company_key = ? AND seq <= 3").bind(company.key).run();
    expect(await round()).toEqual({ kind: "stopped" });
    expect((await show())?.failure).toMatchObject({ code: "missed_changes" });
    expect(await resumeWebhook(database, webhook.key, "cursor")).toBe(false);
    expect(await resumeWebhook(database, webhook.key, "oldest")).toBe(true);
    expect(await round()).toEqual({ kind: "idle" });
    expect(receiver.received).toEqual([4, 5, 6]);
  });

  it("send once more what an operator asks for, under the same id, also while the feed waits", async () => {
    const { addChanges, round, receiver, webhook, show } = await hookCompany();
    await addChanges(1, 3);
    await round();
    await addChanges(4, 4);
    receiver.answer = (seq) => new Response(null, { status: seq === 4 ? 500 : 200 });
    expect(await round()).toMatchObject({ kind: "due" });
    expect(await requestResend(database, webhook.key, 2, receiver.now)).toBe(true);
    receiver.received.length = 0;
    expect(await round()).toMatchObject({ kind: "due", at: receiver.now + (RETRY_DELAYS[0] ?? 0) });
    expect(receiver.received).toEqual([2]);
    expect(await findDelivery(database, webhook.key, { seq: 2, mark: null })).toMatchObject({
      status: "delivered",
      attempts: 2,
      resendAt: null,
    });
    await round();
    expect(receiver.received).toEqual([2]);
    expect(await show()).toMatchObject({ cursor: 3 });
    expect(await requestResend(database, webhook.key, 99, receiver.now)).toBe(false);
  });

  it("leave no rows behind for a webhook deleted meanwhile", async () => {
    const { addChanges, round, receiver, webhook } = await hookCompany();
    await addChanges(1, 2);
    receiver.answer = async () => {
      for (const table of ["webhook_deliveries", "webhook_secrets", "webhooks"])
        await env.DB.prepare(`DELETE FROM ${table} WHERE webhook_key = ?`).bind(webhook.key).run();
      return new Response("ok");
    };
    await round();
    expect(await listDeliveries(database, webhook.key, NEWEST, freeReads(database))).toEqual([]);
    expect(await round()).toEqual({ kind: "gone" });
  });
});

describe("a webhook's rounds when couriers overlap or fail", () => {
  it("keep a late failure of an older courier from setting back what a newer one delivered", async () => {
    const { addChanges, round, receiver, show } = await hookCompany();
    await addChanges(1, 2);
    let isFirst = true;
    receiver.answer = async () => {
      if (!isFirst) return new Response("ok");
      isFirst = false;
      expect(await round()).toEqual({ kind: "idle" }); // another instance, while this one still waits
      return new Response(null, { status: 500 });
    };
    await round();
    expect(await show()).toMatchObject({ cursor: 2, failedAttempts: 0, nextAttemptAt: null, failure: null });
    expect(receiver.received).toEqual([1, 1, 2]);
  });

  it("end for an older courier when a newer one takes over, but what it delivered counts", async () => {
    const { addChanges, startCourier, receiver, show } = await hookCompany();
    await addChanges(1, 40);
    const [older, newer] = [startCourier(), startCourier()];
    receiver.answer = async (seq) => {
      if (seq !== 2) return new Response("ok");
      receiver.answer = () => new Response("ok");
      // While the older one waits for the receiver.
      expect(await newer()).toEqual({ kind: "more" });
      return new Response(null, { status: 500 });
    };
    expect(await older()).toEqual({ kind: "superseded" });
    expect(await show()).toMatchObject({ cursor: 33, failedAttempts: 0, nextAttemptAt: null, failure: null });
    // Nor does it begin another round.
    receiver.received.length = 0;
    expect(await older()).toEqual({ kind: "superseded" });
    expect(receiver.received).toEqual([]);
    expect(await newer()).toEqual({ kind: "idle" });
    expect(receiver.received).toEqual(upTo(40).slice(33));
  });

  it("lose nothing and leave nothing half-written when D1 fails at any statement of theirs", async () => {
    const faults = [...failures()];
    for (const { about, fail } of faults) {
      const { addChanges, startCourier, receiver, show, webhook } = await hookCompany();
      await addChanges(1, 40);
      const round = startCourier(fail);
      // A fault that passes is tried again within the round; any other ends it.
      let next = await round().catch((): NextStep => ({ kind: "more" }));
      const { cursor = Number.NaN } = (await show()) ?? {};
      const written = await listDeliveries(database, webhook.key, NEWEST, freeReads(database));
      expect(written.length, about).toBe(cursor);
      while (next.kind === "more") next = await round();
      expect(next, about).toEqual({ kind: "idle" });
      expect([...new Set(receiver.received)], about).toEqual(upTo(40));
      expect(receiver.received.slice(-40 + cursor), about).toEqual(upTo(40).slice(cursor));
      expect(await show(), about).toMatchObject({ cursor: 40, behind: 0 });
    }
    expect(faults.length).toBeGreaterThan(10);
  });

  it("are found by the sweep when their notification was lost", async () => {
    const { addChanges, round, receiver, webhook } = await hookCompany();
    expect(await findLaggingWebhooks(database, receiver.now)).not.toContain(webhook.key);
    await addChanges(1, 1);
    expect(await findLaggingWebhooks(database, receiver.now)).toContain(webhook.key);
    receiver.answer = () => new Response(null, { status: 500 });
    const next = await round();
    const due = next.kind === "due" ? next.at : 0;
    expect(await findLaggingWebhooks(database, due)).not.toContain(webhook.key);
    expect(await findLaggingWebhooks(database, due + 61_000)).toContain(webhook.key);
  });
});

describe("the statements of couriers and of their lists", () => {
  it("walk no table: every step is a search by key or index", async () => {
    const { webhook, company } = await hookCompany();
    const queries = new Set<string>();
    const watched = {
      prepare: (sql: string) => {
        queries.add(sql);
        return env.DB.prepare(sql);
      },
      batch: (statements: D1PreparedStatement[]) => env.DB.batch(statements),
    };
    // The stores call these two methods only.
    const d1 = { ...database, d1: watched as unknown as D1Database };
    const round = await loadRound(d1, webhook.key, env, { now: 1, supersedesOthers: true });
    if (round === null) throw new Error("there is a webhook");
    const setback = {
      failedAttempts: 1,
      nextAttemptAt: 1,
      isFailing: false,
      failure: { code: "gone", detail: "" },
    } as const;
    await recordReport(d1, round, { attempts: [], cursor: 1, setback }, 1);
    await listWebhooks(d1, company.key, 1, { take: 1, after: null });
    await listDeliveries(d1, webhook.key, { ...NEWEST, status: "failed" }, freeReads(d1));
    await requestResend(d1, webhook.key, 1, 1);
    await resumeWebhook(d1, webhook.key, "oldest");
    const plans = [...queries].map(async (sql) => {
      const count = Math.max(0, ...[...sql.matchAll(/\?(\d+)/g)].map((match) => Number(match[1])));
      const explain = env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(
        ...Array(count === 0 && sql.includes("?") ? 1 : count).fill(null),
      );
      return (await explain.all<{ detail: string }>()).results.map(({ detail }) => detail);
    });
    const steps = (await Promise.all(plans)).flat();
    expect(steps.length).toBeGreaterThan(10);
    // `y` is what a subquery with a limit found by a search: no table.
    expect(steps.filter((step) => /^SCAN (?!CONSTANT|j |json_each|\(subquery|[ny]$)/.test(step))).toEqual([]);
  });
});
