import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { draw } from "../generated-cases.ts";
import { MemoryEndpoint, seqOf } from "./memory-endpoint.ts";
import { type Mishap, MortalCourier } from "./mortal-courier.ts";

const MISHAPS = ["dies", "is cut off", "fails"] as const satisfies Mishap[];
const ROUND_SIZE = 3;

beforeEach(() => {
  // Signing takes place on other threads, and its timeout is the wall clock's: neither has to do with what is tested here.
  vi.spyOn(crypto.subtle, "importKey").mockResolvedValue({} as CryptoKey); // given to `sign` and no one else
  vi.spyOn(crypto.subtle, "sign").mockResolvedValue(new ArrayBuffer(32));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

interface History {
  mishaps?: ReadonlyMap<number, Mishap>;
  /** Which of the three commits no courier hears of. */
  lostNotices?: readonly number[];
  /** The step at which the second of them comes. */
  commitAt?: number;
}

/** Seven changes, two more while they are under way and three after a long quiet; the receiver refuses the fourth once. */
async function play({ mishaps = new Map(), lostNotices = [], commitAt = 9 }: History): Promise<MortalCourier> {
  const endpoint = new MemoryEndpoint(0);
  endpoint.roundSize = ROUND_SIZE;
  let refusals = 1;
  endpoint.answer = (id) => new Response(null, { status: seqOf(id) === 4 && refusals-- > 0 ? 503 : 204 });
  const courier = new MortalCourier(endpoint);
  courier.mishaps = mishaps;
  courier.commits = new Map([[commitAt, { count: 2, isNoticeLost: lostNotices.includes(1) }]]);
  courier.commit({ count: 7, isNoticeLost: lostNotices.includes(0) });
  await courier.settle();
  endpoint.now += 3_600_000;
  courier.commit({ count: 3, isNoticeLost: lostNotices.includes(2) });
  await courier.settle();
  return courier;
}

/** All arrived; first arrivals in order; what came again had come before; and few came again. */
function judge({ endpoint, lives, steps }: MortalCourier, mishaps: number): void {
  const about = steps.join("\n");
  const head = endpoint.feed.length;
  expect(endpoint.cursor, about).toBe(head);
  expect(endpoint.received, about).toEqual(Array.from({ length: head }, (_, index) => index + 1));
  const arrivals = endpoint.attempts.map(({ id }) => seqOf(id));
  // The fourth change is refused once, which makes an arrival more.
  expect(arrivals.length - head - 1, about).toBeLessThanOrEqual(mishaps * 2 * ROUND_SIZE);
  // One that was cut off sends what it had before it, until its next report says that another took over.
  for (const { lateRequests } of lives) expect(lateRequests, about).toBeLessThanOrEqual(ROUND_SIZE);
}

describe("a courier", () => {
  it("delivers everything once, in order, when nothing goes wrong", async () => {
    const courier = await play({});
    expect(courier.endpoint.attempts.map(({ id }) => seqOf(id))).toEqual([1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(courier.endpoint.cursor).toBe(12);
    expect(courier).toMatchObject({ sweeps: 0, lives: [{ number: 0 }] });
    // The steps at which something can happen to it, among them each that matters.
    for (const name of ["arm", "load", "send 1", "send 12", "record"])
      for (const when of ["before", "after"]) expect(courier.steps).toContain(`0 ${when} ${name}`);
  });

  it("needs nobody else to think of a change that is committed at any step of it", async () => {
    const { steps } = await play({});
    for (let commitAt = 0; commitAt < steps.length; commitAt += 1) {
      const courier = await play({ commitAt });
      judge(courier, 0);
      expect(courier.sweeps, `committed at ${courier.steps[commitAt]}`).toBe(0);
    }
  });

  it.each(MISHAPS)("that %s at any step of it delivers everything, in order", async (mishap) => {
    const { steps } = await play({});
    for (let place = 0; place < steps.length; place += 1) judge(await play({ mishaps: new Map([[place, mishap]]) }), 1);
  });

  it("delivers what it was not notified of, whichever notification is lost, and dies meanwhile", async () => {
    const lost = [[0], [1], [2], [0, 1, 2]];
    for (const lostNotices of lost) judge(await play({ lostNotices }), 0);
    const { steps } = await play({ lostNotices: [0, 1, 2] });
    for (let place = 0; place < steps.length; place += 1)
      judge(await play({ lostNotices: [0, 1, 2], mishaps: new Map([[place, "dies"]]) }), 1);
  });

  it("delivers everything, in order, through any history of these", async () => {
    const mishaps = fc.uniqueArray(fc.tuple(fc.nat(90), fc.constantFrom(...MISHAPS)), {
      maxLength: 8,
      selector: ([place]) => place,
    });
    const lostNotices = fc.subarray([0, 1, 2]);
    await fc.assert(
      fc.asyncProperty(mishaps, lostNotices, async (entries, lost) =>
        judge(await play({ mishaps: new Map(entries), lostNotices: lost }), entries.length),
      ),
      draw(300),
    );
  });
});
