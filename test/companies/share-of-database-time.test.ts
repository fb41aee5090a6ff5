import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BURST, LEASE, ShareOfDatabaseTime, type SlotAnswer } from "../../src/companies/share-of-database-time.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

const GIVEN: SlotAnswer = { isGiven: true };
const pass = (time: number) => vi.advanceTimersByTimeAsync(time);
const newShare = () => new ShareOfDatabaseTime(Date.now);

/** What a request for the slot has been told so far. */
function asked(share: ShareOfDatabaseTime, id: string): { verdict?: SlotAnswer } {
  const answer: { verdict?: SlotAnswer } = {};
  void share.take(id).then((verdict) => {
    answer.verdict = verdict;
  });
  return answer;
}

describe("the slot of a company", () => {
  it("is one's at a time, and goes to those who wait in the order in which they came", async () => {
    const share = newShare();
    const [a, b, c] = ["a", "b", "c"].map((id) => asked(share, id));
    await pass(0);
    expect([a?.verdict, b?.verdict, c?.verdict]).toEqual([GIVEN, undefined, undefined]);
    share.spend("a", 10, false);
    await pass(0);
    expect(b?.verdict).toBeUndefined();
    share.spend("a", 10, true);
    await pass(0);
    expect([b?.verdict, c?.verdict]).toEqual([GIVEN, undefined]);
  });

  it("is free again when its reader is not heard of any more, who is charged for the time", async () => {
    const share = newShare();
    await share.take("dead");
    const next = asked(share, "next");
    await pass(4_900);
    expect(next.verdict).toBeUndefined();
    // Whoever waits longer than that is sent away; the one after it comes when the lease ends.
    await pass(200);
    expect(next.verdict).toEqual({ isGiven: false, retryAfter: 1 });
    await pass(LEASE);
    expect(share.account.reader).toBeNull();
    expect(share.account.left).toBeLessThan(-BURST);
    expect(share.spend("dead", 1_000, true)).toBe(false);
  });

  it("goes to one who waits when the lease of another ends, if nobody else comes by", async () => {
    const share = newShare();
    await share.take("dead");
    await pass(LEASE - 1_000);
    const next = asked(share, "next");
    await pass(1_000);
    // What the dead one may have used is owed first.
    expect(next.verdict).toEqual({ isGiven: false, retryAfter: expect.any(Number) });
  });

  it("is kept as long as its reader is heard of", async () => {
    const share = newShare();
    await share.take("long");
    for (let n = 0; n < 10; n += 1) {
      await pass(LEASE - 1);
      expect(share.spend("long", 1, false)).toBe(true);
    }
  });

  it("makes few wait, and sends the others away at once", async () => {
    const share = newShare();
    await share.take("reader");
    const waiting = Array.from({ length: 12 }, (_, n) => asked(share, `w${n}`));
    await pass(0);
    expect(waiting.filter(({ verdict }) => verdict === undefined)).toHaveLength(8);
    expect(waiting.at(-1)?.verdict).toEqual({ isGiven: false, retryAfter: 1 });
  });
});

describe("the budget of a company", () => {
  it("is two seconds at once, and 50 ms of each second after that", async () => {
    const share = newShare();
    await share.take("a");
    share.spend("a", BURST, true);
    const refused = await share.take("b");
    expect(refused).toEqual({ isGiven: false, retryAfter: 1 });
    await pass(1_000);
    expect(await share.take("b")).toEqual(GIVEN);
    share.spend("b", 50, true);
    expect((await share.take("c")).isGiven).toBe(false);
  });

  it("says how long to stay away, and by then something is left", async () => {
    const share = newShare();
    await share.take("a");
    share.spend("a", BURST + 970, true);
    const refused = await share.take("b");
    expect(refused).toEqual({ isGiven: false, retryAfter: 20 });
    await pass(19_000);
    expect((await share.take("b")).isGiven).toBe(false);
    await pass(1_000);
    expect(await share.take("b")).toEqual(GIVEN);
  });

  it("never grows beyond the burst, and lets one who began finish: what that took is owed", async () => {
    const share = newShare();
    await pass(3_600_000);
    expect(share.account.left).toBe(BURST);
    await share.take("a");
    for (let n = 0; n < 10; n += 1) expect(share.spend("a", 1_000, false)).toBe(true);
    share.spend("a", 0, true);
    expect(share.account.left).toBe(BURST - 10_000);
  });

  it("over a long time is never more than 5 % and the burst, and one read more", async () => {
    const share = newShare();
    let used = 0;
    for (let second = 0; second < 600; second += 1) {
      const id = String(second);
      if ((await share.take(id)).isGiven) {
        share.spend(id, 700, true);
        used += 700;
      }
      await pass(1_000);
    }
    expect(used).toBeLessThanOrEqual(BURST + 600 * 50 + 700);
    expect(used).toBeGreaterThan(600 * 50 - 700);
  });

  it("sends those who wait away when the one before them used it up", async () => {
    const share = newShare();
    await share.take("a");
    const [b, c] = ["b", "c"].map((id) => asked(share, id));
    share.spend("a", BURST + 1_000, true);
    await pass(0);
    for (const waiting of [b, c]) expect(waiting?.verdict).toEqual({ isGiven: false, retryAfter: 21 });
  });

  it("is charged for what needs no slot, and told to those who ask before it", async () => {
    const share = newShare();
    expect([share.owes(), share.isWhole]).toEqual([0, true]);
    share.charge(BURST + 70);
    expect([share.owes(), share.isWhole]).toEqual([2, false]);
    await pass(2_000);
    expect(share.owes()).toBe(0);
  });

  it("goes on from what was kept", async () => {
    const before = newShare();
    await before.take("a");
    before.spend("a", BURST + 970, true);
    const kept = before.account;
    await pass(5_000);
    const after = new ShareOfDatabaseTime(Date.now, structuredClone(kept));
    expect(await after.take("b")).toEqual({ isGiven: false, retryAfter: 15 });
  });
});
