import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AutoEnrolment, type HeldEnrolment, planEnrolments } from "../../src/enrolment/plan-enrolments.ts";

const phishing: AutoEnrolment = { kind: "phishing", itemId: "p1", name: "First phish" };
const training: AutoEnrolment = { kind: "training", itemId: "t1", name: "Basics" };
const itemsOf = (key: number) => ({ 1: [training], 2: [training, phishing] })[key] ?? [];

describe("planEnrolments", () => {
  it("enrols a person in several groups with the same item once", () => {
    const plan = planEnrolments([{ userId: "a", active: true, targetGroupKeys: [1, 2] }], itemsOf, []);
    expect(plan.start.map(({ itemId }) => itemId)).toEqual(["t1", "p1"]);
  });

  it("withdraws only with the last group that gives the item", () => {
    const held = [{ ...training, userId: "a" }];
    expect(planEnrolments([{ userId: "a", active: true, targetGroupKeys: [2] }], itemsOf, held).withdraw).toEqual([]);
    expect(planEnrolments([{ userId: "a", active: true, targetGroupKeys: [] }], itemsOf, held).withdraw).toEqual(held);
  });

  it("never enrols inactive people", () => {
    expect(planEnrolments([{ userId: "a", active: false, targetGroupKeys: [1, 2] }], itemsOf, []).start).toEqual([]);
  });

  it("hands an enrolment over to the person's other user when the first leaves", () => {
    const held = [{ ...training, userId: "a" }];
    const plan = planEnrolments(
      [
        { userId: "a", active: false, targetGroupKeys: [1] },
        { userId: "b", active: true, targetGroupKeys: [1] },
      ],
      itemsOf,
      held,
    );
    expect(plan).toEqual({ start: [], withdraw: [], handOver: [{ held: held[0], userId: "b" }], rename: [] });
  });

  it("agrees with a naive model over random histories", () => {
    const users = fc.array(
      fc.record({
        userId: fc.constantFrom("a", "b", "c"),
        active: fc.boolean(),
        targetGroupKeys: fc.uniqueArray(fc.integer({ min: 1, max: 3 })),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.array(users, { minLength: 1, maxLength: 12 }), (history) => {
        let held: HeldEnrolment[] = [];
        for (const now of history) {
          const plan = planEnrolments(now, itemsOf, held);
          held = [
            ...held
              .filter((one) => !plan.withdraw.includes(one))
              .map((one) => ({
                ...one,
                userId: plan.handOver.find((move) => move.held === one)?.userId ?? one.userId,
              })),
            ...plan.start,
          ];
          const active = now.filter((user) => user.active);
          const expected = new Set(
            active.flatMap((user) => user.targetGroupKeys.flatMap(itemsOf)).map((i) => i.itemId),
          );
          expect(new Set(held.map(({ itemId }) => itemId))).toEqual(expected);
          expect(held.length).toBe(expected.size);
          for (const one of held)
            expect(
              active.some(
                (user) =>
                  user.userId === one.userId &&
                  user.targetGroupKeys.flatMap(itemsOf).some((i) => i.itemId === one.itemId),
              ),
            ).toBe(true);
        }
      }),
    );
  });
});
