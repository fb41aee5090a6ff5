import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pause } from "../../src/platform/clock.ts";
import type { Committer } from "../../src/writer/committer.ts";
import type { WriteResult } from "../../src/writer/operation.ts";
import type { QueuedRequest } from "../../src/writer/run-requests.ts";
import { WriteQueue } from "../../src/writer/write-queue.ts";

const DONE: WriteResult = { ok: true, outcome: { kind: "done" } };
/** Trips to D1 of a commit: one that reads, one that writes. */
const TRIPS = 2;

/** A queue on a D1 that is so far away (ms for each trip), how many requests each commit had, and how long the queue waited. */
function queueOn(distance: number) {
  const sizes: number[] = [];
  const waits: number[] = [];
  const run = async (requests: QueuedRequest[]) => {
    sizes.push(requests.length);
    await pause(TRIPS * distance);
    return requests.map(() => DONE);
  };
  const wait = (time: number) => {
    waits.push(time);
    return pause(time);
  };
  // The one method that the queue calls here.
  const committer = { run } as unknown as Committer;
  return { queue: new WriteQueue(committer, Date.now, wait), sizes, waits };
}

const cause = { requestId: "r", actor: "scim" as const, settingId: null, provider: null };
const WRITE: QueuedRequest = { operation: { kind: "deleteUser", settingId: "s", id: "u" }, cause };
const STEP = { operation: { kind: "followUp", followUp: {}, step: {} }, cause } as unknown as QueuedRequest; // nobody reads it

/** A client that sends its next write so long (ms) after the answer to the last one, `times` times; gives how long each took. */
async function sendInTurn(queue: WriteQueue, times: number, rest: number, write = WRITE): Promise<number[]> {
  const latencies: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const since = Date.now();
    expect(await queue.write(write)).toEqual(DONE);
    latencies.push(Date.now() - since);
    await pause(rest);
  }
  return latencies;
}

/** Clients that are back one to four ms after an answer. */
function sendAll(queue: WriteQueue, clients: number, times: number): Promise<number[][]> {
  return Promise.all(Array.from({ length: clients }, (_, n) => sendInTurn(queue, times, 1 + (n % 4))));
}

/** Lets the timers run until something is there. */
async function finish<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  const watched = work.finally(() => {
    isOver = true;
  });
  while (!isOver) await vi.advanceTimersByTimeAsync(1);
  return watched;
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("clients that send their next write when one is answered", () => {
  it.each([5, 20, 50].flatMap((distance) => [1, 2, 3, 16, 64].map((clients) => ({ distance, clients }))))(
    "have each answer in 1.3 times what one of them alone waits: $clients, $distance ms from D1",
    async ({ distance, clients }) => {
      const { queue, sizes } = queueOn(distance);
      const latencies = await finish(sendAll(queue, clients, 20));
      const settled = latencies.flatMap((own) => own.slice(5, -1));
      expect(Math.max(...settled)).toBeLessThanOrEqual(1.3 * TRIPS * distance);
      expect(sizes.slice(5, -2).every((size) => size === clients)).toBe(true);
    },
  );

  it("find together again after one of them was late", async () => {
    const { queue, sizes } = queueOn(20);
    const late = async () => [
      ...(await sendInTurn(queue, 9, 1)),
      ...(await pause(30).then(() => sendInTurn(queue, 9, 1))),
    ];
    const latencies = await finish(Promise.all([late(), sendAll(queue, 15, 20)]));
    expect(Math.max(...latencies[1].flat())).toBeLessThanOrEqual(2 * TRIPS * 20 + 2.5 * 4 + 1);
    expect(sizes.slice(-6, -3)).toEqual([16, 16, 16]);
  });

  it("find together again soon after a minute of silence", async () => {
    const { queue, sizes } = queueOn(20);
    await finish(sendAll(queue, 16, 10));
    vi.setSystemTime(Date.now() + 60_000);
    const before = sizes.length;
    await finish(sendAll(queue, 16, 10));
    expect(sizes.slice(before + 4, before + 8)).toEqual([16, 16, 16, 16]);
  });

  it("wait no longer for one that went than two and a half times what half of them take to be back", async () => {
    const { queue, waits } = queueOn(50);
    const gone = sendInTurn(queue, 10, 1);
    const latencies = await finish(Promise.all([sendAll(queue, 15, 20), gone]));
    expect(Math.max(...waits)).toBeLessThanOrEqual(2.5 * 4 + 1);
    expect(Math.max(...latencies[0].flatMap((own) => own.slice(5)))).toBeLessThanOrEqual(TRIPS * 50 + 2.5 * 4 + 1);
  });

  it("wait for a step of the writer's own work, which waits for none of them, and go on together after it", async () => {
    const { queue, sizes } = queueOn(20);
    const clients = sendAll(queue, 16, 20);
    await finish(pause(300));
    const before = sizes.length;
    while (sizes.length === before) await vi.advanceTimersByTimeAsync(1);
    const step = sendInTurn(queue, 1, 1, STEP);
    // The commit under way, and its own.
    expect(await finish(step)).toEqual([2 * TRIPS * 20]);
    const latencies = await finish(clients);
    expect(Math.max(...latencies.flatMap((own) => own.slice(5)))).toBeLessThanOrEqual(2 * TRIPS * 20);
    expect(sizes.slice(before, before + 5)).toEqual([16, 1, 16, 16, 16]);
  });
});

describe("whom the queue does not wait for", () => {
  it("clients that do not come back: writes at any moment wait for no more than the commit under way", async () => {
    const { queue, waits } = queueOn(20);
    const arrivals = Array.from({ length: 100 }, async (_, n) => {
      await pause(7 * n);
      const since = Date.now();
      await queue.write(WRITE);
      return Date.now() - since;
    });
    const latencies = await finish(Promise.all(arrivals));
    expect(Math.max(...latencies.slice(20))).toBeLessThanOrEqual(2 * TRIPS * 20);
    // At first it takes them for each other's clients: the second came soon after the first was answered.
    expect(waits.length).toBeLessThanOrEqual(2);
  });

  it("clients that take their time", async () => {
    const { queue, waits } = queueOn(20);
    await finish(Promise.all(Array.from({ length: 16 }, (_, n) => sendInTurn(queue, 10, 15 + n))));
    expect(waits).toEqual([]);
  });

  it("one that is alone, and the first", async () => {
    const { queue, waits } = queueOn(20);
    expect(await finish(sendInTurn(queue, 10, 1))).toEqual(Array.from({ length: 10 }, () => TRIPS * 20));
    expect(waits).toEqual([]);
  });

  it("anybody, where commits are full without", async () => {
    const { queue, sizes, waits } = queueOn(20);
    await finish(Promise.all(Array.from({ length: 400 }, () => sendInTurn(queue, 10, 1))));
    expect(sizes.slice(2, -3).every((size) => size >= 100)).toBe(true);
    expect(waits).toEqual([]);
  });

  it.each([
    [30, 76],
    [60, undefined],
  ])("anybody for longer than 100 ms, however long commits take: back after %d ms", async (rest, waited) => {
    const { queue, waits } = queueOn(2_000);
    await finish(Promise.all(Array.from({ length: 4 }, (_, n) => sendInTurn(queue, n === 0 ? 3 : 6, rest))));
    expect(waits.sort((a, b) => b - a)[0]).toBe(waited);
  });
});
