import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { feedCursor } from "../../src/changes/feed-cursor.ts";
import { RETRY_DELAYS, RETRY_PERIOD } from "../../src/webhooks/delivery-retry-schedule.ts";
import { deliver } from "../../src/webhooks/run-delivery-round.ts";
import { SEND_TIMEOUT } from "../../src/webhooks/send-webhook.ts";
import { draw, IS_WHOLE } from "../generated-cases.ts";
import { MemoryEndpoint, seqOf } from "./memory-endpoint.ts";

afterEach(() => vi.useRealTimers());

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("delivering the feed", () => {
  it("sends every change once, in order, signed, in the feed's shape", async () => {
    const endpoint = new MemoryEndpoint(12);
    expect(await endpoint.run()).toEqual({ kind: "idle" });
    expect(endpoint.attempts.map(({ id }) => id)).toEqual(upTo(12).map((seq) => `company-${seq}`));
    const [first] = endpoint.attempts;
    const verified = new Webhook(endpoint.secrets[0] ?? "").verify(
      first?.body ?? "",
      Object.fromEntries(first?.headers ?? []),
    );
    expect(verified).toEqual({
      id: "company-1",
      cursor: feedCursor("company", { seq: 1, mark: null }),
      type: "user.created",
      schemaVersion: 1,
      time: "1970-01-01T00:00:00.001Z",
      companyId: "company",
      subject: { kind: "user", id: "user-1" },
      data: {},
      cause: {},
    });
  });

  it("lets nothing pass a change that is refused, and goes on after it is accepted", async () => {
    const endpoint = new MemoryEndpoint(6);
    let refusals = 3;
    endpoint.answer = (id) => {
      if (id !== "company-3" || refusals === 0) return new Response("ok");
      refusals -= 1;
      return new Response("not now", { status: 500 });
    };
    expect(await endpoint.run()).toEqual({ kind: "idle" });
    const order = endpoint.attempts.map(({ id }) => seqOf(id));
    expect(order).toEqual([1, 2, 3, 3, 3, 3, 4, 5, 6]);
    expect(endpoint.cursor).toBe(6);
    expect(endpoint.failedAttempts).toBe(0);
  });

  it("tries a receiver that is down on the schedule, then marks it failing, and resumes from its cursor", async () => {
    const endpoint = new MemoryEndpoint(4);
    endpoint.cursor = 1;
    endpoint.answer = () => Promise.reject(new TypeError("connection refused"));
    const started = endpoint.now;
    expect(await endpoint.run()).toEqual({ kind: "stopped" });
    const waits = endpoint.attempts.map(({ at }, index) => at - (endpoint.attempts[index - 1]?.at ?? started));
    const scheduled = RETRY_DELAYS.concat(Array(waits.length).fill(RETRY_DELAYS.at(-1)));
    expect(waits).toEqual([0, ...scheduled.slice(0, waits.length - 1)]);
    // What a dead endpoint costs: an attempt every 45 seconds for three days.
    expect(waits).toHaveLength(5_763);
    const last = (endpoint.attempts.at(-1)?.at ?? 0) - started;
    expect(last).toBeGreaterThanOrEqual(RETRY_PERIOD);
    expect(last).toBeLessThan(RETRY_PERIOD + 60_000);
    expect(endpoint).toMatchObject({ isFailing: true, cursor: 1, failureCode: "not_reached" });
    expect(endpoint.failure).toBe("Not reached: connection refused");
    expect(await endpoint.run()).toEqual({ kind: "stopped" });
    expect(endpoint.attempts).toHaveLength(waits.length);

    endpoint.answer = () => new Response("back");
    endpoint.resume();
    expect(await endpoint.run()).toEqual({ kind: "idle" });
    expect(endpoint.received).toEqual([2, 3, 4]);
  });

  it("tries a receiver within a minute of its being up again, however long it was down, and sends all that waits", async () => {
    for (const outage of [3_000, 40_000, 600_000, 5 * 3_600_000, ...(IS_WHOLE ? [71 * 3_600_000] : [])]) {
      const endpoint = new MemoryEndpoint(40);
      const upAgain = endpoint.now + outage;
      endpoint.answer = () => {
        if (endpoint.now >= upAgain) return new Response("ok");
        endpoint.now += SEND_TIMEOUT; // the worst of outages: it hangs
        throw new Error("no answer within 10 s");
      };
      expect(await endpoint.run()).toEqual({ kind: "idle" });
      const heard = endpoint.attempts.find(({ at }) => at >= upAgain)?.at ?? Number.POSITIVE_INFINITY;
      expect(heard - upAgain, `${outage} ms`).toBeLessThanOrEqual(60_000);
      expect(endpoint.now - heard, "what follows waits for nothing").toBe(0);
      expect(endpoint.received).toEqual(upTo(40));
    }
  });
});

describe("one attempt to deliver", () => {
  it("keeps the webhook-id over retries, and stamps and signs each attempt anew", async () => {
    const endpoint = new MemoryEndpoint(1);
    let attempt = 0;
    endpoint.answer = () => new Response(null, { status: attempt++ < 2 ? 503 : 200 });
    await endpoint.run();
    expect(endpoint.attempts.map(({ id }) => id)).toEqual(["company-1", "company-1", "company-1"]);
    const stamps = endpoint.attempts.map(({ headers }) => headers.get("webhook-timestamp"));
    expect(new Set(stamps).size).toBe(3);
  });

  it("gives up on a receiver that does not answer in time", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const endpoint = new MemoryEndpoint(1);
    const sent = Promise.withResolvers<void>();
    endpoint.answer = () => {
      sent.resolve();
      return new Promise(() => undefined);
    };
    const round = deliver(endpoint.ports);
    await sent.promise;
    vi.advanceTimersByTime(SEND_TIMEOUT);
    expect(await round).toEqual({ kind: "due", at: endpoint.now + (RETRY_DELAYS[0] ?? 0) });
    expect(endpoint).toMatchObject({ failureCode: "too_slow", failure: "Not reached: no answer within 10 s" });
  });

  it("takes the status for the answer when the body never ends", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const endpoint = new MemoryEndpoint(1);
    const asked = Promise.withResolvers<void>();
    const pull = () => {
      asked.resolve();
      return new Promise<void>(() => undefined);
    };
    endpoint.answer = () => new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
    const round = deliver(endpoint.ports);
    await asked.promise;
    vi.advanceTimersByTime(SEND_TIMEOUT);
    expect(await round).toEqual({ kind: "idle" });
  });

  it("does not follow redirects", async () => {
    const endpoint = new MemoryEndpoint(1);
    endpoint.answer = () =>
      new Response(null, { status: 302, headers: { Location: "https://elsewhere.example.com/" } });
    await deliver(endpoint.ports);
    expect(endpoint).toMatchObject({ cursor: 0, failure: "Answered 302: redirects are not followed." });
  });

  it("waits as long as Retry-After asks", async () => {
    const endpoint = new MemoryEndpoint(1);
    endpoint.answer = () => new Response(null, { status: 429, headers: { "Retry-After": "120" } });
    expect(await deliver(endpoint.ports)).toEqual({ kind: "due", at: endpoint.now + 120_000 });
  });

  it("stops at once when the receiver answers 410, as Standard Webhooks says", async () => {
    const endpoint = new MemoryEndpoint(1);
    endpoint.answer = () => new Response(null, { status: 410 });
    expect(await deliver(endpoint.ports)).toEqual({ kind: "stopped" });
    expect(endpoint.isFailing).toBe(true);
  });
});

describe("delivering the feed when something came in between", () => {
  it("never skips changes that the retention took: it stops and says so", async () => {
    const endpoint = new MemoryEndpoint(5);
    endpoint.oldestKept = 3;
    expect(await deliver(endpoint.ports)).toEqual({ kind: "stopped" });
    expect(endpoint.attempts).toEqual([]);
    expect(endpoint.failure).toContain("no longer kept");
    expect(endpoint.failureCode).toBe("missed_changes");
  });

  it("does not let a failure planned before an operator's change undo that change", async () => {
    const endpoint = new MemoryEndpoint(1);
    endpoint.answer = () => {
      endpoint.resume();
      endpoint.answer = () => new Response("ok");
      return new Response(null, { status: 500 });
    };
    expect(await deliver(endpoint.ports)).toEqual({ kind: "superseded" });
    expect(endpoint.failedAttempts).toBe(0);
    expect(await endpoint.run()).toEqual({ kind: "idle" });
  });

  it("fails without sending when no secret can be opened", async () => {
    const endpoint = new MemoryEndpoint(1);
    endpoint.secrets = [];
    await deliver(endpoint.ports);
    expect(endpoint.attempts).toEqual([]);
    expect(endpoint.failure).toContain("Rotate the webhook's secret");
    expect(endpoint.failureCode).toBe("unreadable_secret");
  });
});

describe("a crash between send and cursor write", () => {
  it("gives a duplicate under the same id, never a gap", async () => {
    const endpoint = new MemoryEndpoint(7);
    let writes = 0;
    endpoint.beforeRecord = () => {
      writes += 1;
      if (writes === 2) throw new Error("the instance died");
    };
    await expect(deliver(endpoint.ports)).rejects.toThrow("the instance died");
    expect(endpoint.cursor).toBe(1);
    await endpoint.run();
    const order = endpoint.attempts.map(({ id }) => seqOf(id));
    expect(order.filter((seq) => seq === 2).length).toBe(2);
    expect(endpoint.received).toEqual(upTo(7));
    expect(endpoint.cursor).toBe(7);
  });

  it("leaves a gap where the cursor is written before the send: the order of the two is what holds", async () => {
    const endpoint = new MemoryEndpoint(3);
    endpoint.answer = (id) => {
      if (id !== "company-2") return new Response("ok");
      endpoint.cursor = 2; // what a cursor written first would look like
      throw new Error("the instance died");
    };
    await deliver(endpoint.ports);
    endpoint.answer = () => new Response("ok");
    endpoint.attempts.length = 0;
    await endpoint.run();
    expect(endpoint.received).toEqual([3]);
  });

  it("never loses or reorders anything, whatever receiver and courier do", async () => {
    const kinds = fc.constantFrom("ok", "ok", "ok", "500", "down", "lost answer", "crash");
    await fc.assert(
      fc.asyncProperty(fc.array(kinds, { maxLength: 60 }), fc.integer({ min: 0, max: 25 }), async (history, count) => {
        const endpoint = new MemoryEndpoint(count);
        const accepted: number[] = [];
        const events = history.values();
        let isCrashing = false;
        endpoint.answer = (id) => {
          const event = events.next().value ?? "ok";
          if (event === "500") return new Response(null, { status: 500 });
          if (event === "down") throw new TypeError("connection refused");
          accepted.push(seqOf(id));
          isCrashing = event === "crash";
          if (event === "lost answer") throw new TypeError("connection lost");
          return new Response("ok");
        };
        endpoint.beforeRecord = () => {
          if (!isCrashing) return;
          isCrashing = false;
          throw new Error("the instance died");
        };
        for (let start = 0; endpoint.cursor < count; start += 1) {
          expect(start).toBeLessThan(200);
          const next = await endpoint.run().catch(() => null);
          if (next?.kind === "stopped") endpoint.resume();
        }
        // Each change arrives, first arrivals are in order, and what comes again does not come before its time.
        expect([...new Set(accepted)]).toEqual(upTo(count));
        expect(accepted.every((seq, index) => seq <= (Math.max(0, ...accepted.slice(0, index)) || 0) + 1)).toBe(true);
      }),
      draw(150),
    );
  });
});
