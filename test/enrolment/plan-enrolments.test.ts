import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AutoEnrolment,
  isOpen,
  type PersonUser,
  type PresentEnrolment,
  planEnrolments as planAt,
} from "../../src/enrolment/plan-enrolments.ts";
import { draw } from "../generated-cases.ts";

const phishing: AutoEnrolment = { kind: "phishing", itemId: "p1", name: "First phish" };
const training: AutoEnrolment = { kind: "training", itemId: "t1", name: "Basics" };
const itemsOf = (key: number) => ({ 1: [training], 2: [training, phishing] })[key] ?? [];

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const OPEN = { status: "active", progressStatus: null, completedAt: null, given: true } as const;
const COMPLETED = { ...OPEN, progressStatus: "completed", completedAt: NOW - 10 * DAY } as const;

function planEnrolments<Present extends PresentEnrolment>(
  users: PersonUser[],
  items: (key: number) => AutoEnrolment[],
  present: Present[],
) {
  return planAt(users, items, present, NOW);
}

describe("planEnrolments", () => {
  it("enrols a person in several groups with the same item once", () => {
    const plan = planEnrolments([{ userId: "a", active: true, targetGroupKeys: [1, 2] }], itemsOf, []);
    expect(plan.start.map(({ itemId }) => itemId)).toEqual(["t1", "p1"]);
  });

  it("withdraws only with the last group that gives the item", () => {
    const present = [{ ...training, ...OPEN, userId: "a" }];
    expect(planEnrolments([{ userId: "a", active: true, targetGroupKeys: [2] }], itemsOf, present).withdraw).toEqual(
      [],
    );
    expect(planEnrolments([{ userId: "a", active: true, targetGroupKeys: [] }], itemsOf, present).withdraw).toEqual(
      present,
    );
  });

  it("never enrols inactive people", () => {
    expect(planEnrolments([{ userId: "a", active: false, targetGroupKeys: [1, 2] }], itemsOf, []).start).toEqual([]);
  });

  it("hands an enrolment over to the person's other user when the first leaves", () => {
    const present = [{ ...training, ...OPEN, userId: "a" }];
    const plan = planEnrolments(
      [
        { userId: "a", active: false, targetGroupKeys: [1] },
        { userId: "b", active: true, targetGroupKeys: [1] },
      ],
      itemsOf,
      present,
    );
    expect(plan).toEqual({
      ...{ start: [], withdraw: [], handOver: [{ enrolment: present[0], userId: "b" }], rename: [] },
      ...{ leave: [], comeBack: [] },
    });
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
        let present: PresentEnrolment[] = [];
        for (const now of history) {
          const plan = planEnrolments(now, itemsOf, present);
          present = [
            ...present
              .filter((one) => !plan.withdraw.includes(one))
              .map((one) => ({
                ...one,
                userId: plan.handOver.find((move) => move.enrolment === one)?.userId ?? one.userId,
              })),
            ...plan.start.map((one) => ({ ...one, ...OPEN })),
          ];
          const active = now.filter((user) => user.active);
          const expected = new Set(
            active.flatMap((user) => user.targetGroupKeys.flatMap(itemsOf)).map((i) => i.itemId),
          );
          expect(new Set(present.map(({ itemId }) => itemId))).toEqual(expected);
          expect(present.length).toBe(expected.size);
          for (const one of present)
            expect(
              active.some(
                (user) =>
                  user.userId === one.userId &&
                  user.targetGroupKeys.flatMap(itemsOf).some((i) => i.itemId === one.itemId),
              ),
            ).toBe(true);
        }
      }),
      draw(500),
    );
  });
});

describe("planEnrolments of what was completed", () => {
  const inGroup = (...targetGroupKeys: number[]): PersonUser[] => [{ userId: "a", active: true, targetGroupKeys }];
  const completed = { ...training, ...COMPLETED, userId: "a" };
  const left = { ...completed, given: null };
  const onTerms =
    (...reenrol: AutoEnrolment["reenrol"][]) =>
    (key: number) =>
      reenrol.slice(key - 1, key).map((rule) => ({ ...training, ...(rule !== undefined && { reenrol: rule }) }));
  const nothing = { start: [], withdraw: [], handOver: [], rename: [], leave: [], comeBack: [] };

  it("leaves it as it is when its group is lost, and calls it by its name of then", () => {
    expect(planEnrolments(inGroup(), itemsOf, [completed])).toEqual({ ...nothing, leave: [completed] });
    expect(planEnrolments(inGroup(), itemsOf, [left])).toEqual(nothing);
    const renamed = () => [{ ...training, name: "Basics, second edition" }];
    expect(planEnrolments(inGroup(1), renamed, [completed])).toEqual(nothing);
  });

  it.each([
    ["never where nothing is said", undefined, 0],
    ["never", "never" as const, 0],
    ["always", "always" as const, 1],
    ["once enough days went by", { afterDays: 10 }, 1],
    ["not before", { afterDays: 11 }, 0],
  ])("starts it again for whoever comes back: %s", (_, rule, starts) => {
    const plan = planEnrolments(inGroup(1), onTerms(rule), [left]);
    expect(plan.start).toHaveLength(starts);
    expect(plan.comeBack).toEqual(starts === 0 ? [left] : []);
    // Who was there all the time did not come back.
    expect(planEnrolments(inGroup(1), onTerms(rule), [completed])).toEqual(nothing);
  });

  it("starts it again where one of several groups says so, by the shortest time that one gives", () => {
    const items = (key: number) => [
      { ...training, ...(key === 1 ? { reenrol: "never" as const, dueInDays: 30 } : {}) },
    ];
    expect(planEnrolments(inGroup(1, 2), items, [left]).start).toEqual([]);
    expect(planEnrolments(inGroup(1, 2), onTerms("never", "always"), [left]).start).toHaveLength(1);
    expect(planEnrolments(inGroup(2, 1), items, []).start).toEqual([{ ...training, userId: "a", dueInDays: 30 }]);
  });

  it("counts from what was completed last, withdrawn or not, and never beside an open one", () => {
    const early = { ...left, completedAt: NOW - 20 * DAY };
    const withdrawn = { ...left, status: "withdrawn" as const };
    const onceAfter = (afterDays: number) => onTerms({ afterDays });
    expect(planEnrolments(inGroup(1), onceAfter(15), [early, withdrawn]).comeBack).toEqual([withdrawn]);
    expect(planEnrolments(inGroup(1), onceAfter(10), [early, withdrawn]).start).toHaveLength(1);
    const open = { ...training, ...OPEN, userId: "a" };
    expect(planEnrolments(inGroup(1), onceAfter(1), [early, open])).toEqual(nothing);
    expect(planEnrolments(inGroup(), onceAfter(1), [early, open])).toEqual({ ...nothing, withdraw: [open] });
  });

  it("is the other users' when its user goes, and over with the last", () => {
    const other = { userId: "b", active: false, targetGroupKeys: [] };
    const withdrawn = { ...left, status: "withdrawn" as const };
    expect(planEnrolments([other], itemsOf, [completed, withdrawn])).toEqual({
      ...nothing,
      handOver: [completed, withdrawn].map((enrolment) => ({ enrolment, userId: "b" })),
      leave: [completed],
    });
    expect(planEnrolments([], itemsOf, [completed, withdrawn])).toEqual({ ...nothing, withdraw: [completed] });
  });

  it("never withdraws what is completed of somebody who is there, nor starts it beside it, over random histories", () => {
    const step = fc.record({
      groups: fc.subarray([1, 2]),
      completes: fc.boolean(),
      days: fc.integer({ min: 0, max: 9 }),
    });
    const rule = fc.constantFrom<NonNullable<AutoEnrolment["reenrol"]>>("never", "always", { afterDays: 5 });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 15 }), rule, (history, reenrol) => {
        const items = () => [{ ...training, reenrol }];
        let present: PresentEnrolment[] = [];
        let now = 0;
        let wasIn = false;
        for (const { groups, completes, days } of history) {
          now += days * DAY;
          const isIn = groups.length > 0;
          const last = Math.max(...present.filter((one) => !isOpen(one)).map(({ completedAt }) => completedAt ?? 0));
          const isFree = reenrol === "always" || (typeof reenrol === "object" && last + 5 * DAY <= now);
          const plan = planAt(inGroup(...groups), items, present, now);
          expect(plan.withdraw.every(isOpen)).toBe(true);
          const isDue = !present.some((one) => !isOpen(one)) || isFree;
          expect(plan.start.length, JSON.stringify({ present, isIn, wasIn })).toBe(isIn && !wasIn && isDue ? 1 : 0);
          present = present
            .filter((one) => !plan.withdraw.includes(one))
            .map((one) => ({
              ...one,
              given: plan.leave.includes(one) ? null : plan.comeBack.includes(one) || one.given,
            }))
            .concat(plan.start.map((one) => ({ ...one, ...OPEN })));
          if (completes)
            present = present.map((one) =>
              isOpen(one) ? { ...one, progressStatus: "completed", completedAt: now } : one,
            );
          wasIn = isIn;
        }
      }),
      draw(500),
    );
  });
});
