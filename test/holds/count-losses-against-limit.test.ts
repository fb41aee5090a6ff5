import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addLoss,
  type Batch,
  countLosses,
  inWindow,
  isOver,
  removeLoss,
  WINDOW,
} from "../../src/holds/count-losses-against-limit.ts";
import { limitFor, USUAL_SAFEGUARDS } from "../../src/settings/safeguards.ts";
import { draw } from "../generated-cases.ts";

describe("a limit", () => {
  it.each([
    // people, percent, lost, of: trips only when both are exceeded.
    [20, 10, 20, 100, false],
    [20, 10, 21, 100, true],
    [20, 10, 21, 210, false],
    [20, 10, 21, 209, true],
    [20, 10, 30, 300, false],
    [20, 10, 31, 300, true],
    [20, 50, 30, 60, false],
    [20, 50, 31, 60, true],
    [0, 0, 0, 10, false],
    [0, 0, 1, 10, true],
    [0, 100, 10, 10, false],
  ])("of %i people and %i percent: %i of %i trips: %s", (people, percent, lost, base, trips) => {
    expect(isOver({ people, percent }, lost, base)).toBe(trips);
  });

  it("of leavers is 10 and 30 under 50 people, unless an admin has set one", () => {
    expect(limitFor(USUAL_SAFEGUARDS, "leavers", 49)).toEqual({ people: 10, percent: 30 });
    expect(limitFor(USUAL_SAFEGUARDS, "leavers", 50)).toEqual({ people: 20, percent: 10 });
    expect(limitFor(USUAL_SAFEGUARDS, "group", 10)).toEqual({ people: 20, percent: 50 });
    const own = { ...USUAL_SAFEGUARDS, leavers: { people: 5, percent: 5 } };
    expect(limitFor(own, "leavers", 10)).toEqual({ people: 5, percent: 5 });
    expect(limitFor({ ...own, leavers: null }, "leavers", 10)).toBe(null);
  });
});

describe("losses of an hour", () => {
  const event = fc.record({ wait: fc.nat(20), user: fc.nat(9), isBack: fc.boolean() });

  it("are each person once, off when back, and of the state before the first of them", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let now = 10 * WINDOW;
        let batches: Batch[] = [];
        // Independent: who was lost when, and what stood before each moment.
        const lostAt = new Map<number, number>();
        const baseAt = new Map<number, number>();
        for (const [index, { wait, user, isBack }] of events.entries()) {
          now += wait * 60_000;
          for (const [key, at] of lostAt) if (at <= now - WINDOW) lostAt.delete(key);
          if (isBack) {
            lostAt.delete(user);
            batches = removeLoss(batches, user, () => true) ?? batches;
          } else {
            if (!lostAt.has(user)) {
              if (![...lostAt.values()].includes(now)) baseAt.set(now, 1_000 + index);
              lostAt.set(user, now);
            }
            batches = addLoss(batches, { userKey: user, lost: null }, { now, base: () => 1_000 + index }) ?? batches;
          }
          const present = inWindow(batches, now);
          expect(countLosses(present)).toBe(lostAt.size);
          const first = Math.min(...lostAt.values());
          if (lostAt.size > 0) expect(present[0]).toMatchObject({ at: first, base: baseAt.get(first) });
        }
      }),
      draw(500),
    );
  });
});
