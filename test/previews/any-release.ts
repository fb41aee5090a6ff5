import fc from "fast-check";
import { anyHoldHistory, type Step } from "../writer/any-hold-history.ts";

/** What befalls a company in the middle of its history. */
const MIDWAY = ["nothing", "some are kept", "names are lost", "the rules change", "a setting is deleted"] as const;

const nth = fc.nat(12);
const members = fc.array(nth, { maxLength: 4 });
/** Two names more often than others: those that come to be one. */
const value = fc.constantFrom("Sales", "Deck", "Sales", "Deck", "Legal", "Crew", null);
const name = fc.constantFrom("Sales", "Deck", "Legal", "Crew");

/** A step by which mostly somebody loses something. */
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ kind: fc.constant("value" as const), nth, value }) },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant("member" as const),
      nth,
      member: nth,
      isIn: fc.nat(3).map((n) => n === 0),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("status" as const), nth, active: fc.nat(3).map((n) => n === 0) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("list" as const), nth, name, members }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("ungroup" as const), nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("join" as const), nth, value }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("manual" as const), member: nth, isIn: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ kind: fc.constant("report" as const), mail: fc.nat(4), item: fc.nat(2) },
      status: fc.constantFrom("inProgress" as const, "completed" as const),
    }),
  },
);

/** How a company begins: everybody is two users of each setting, which have two groups with the most of them in both. */
export const BEGINNING: readonly Step[] = [
  ...[0, 1, 2, 3, 4].map((n): Step => ({ kind: "join", nth: n, value: n % 2 === 0 ? "Deck" : "Sales" })),
  { kind: "group", name: "Legal", members: [0, 1, 2, 3] },
  { kind: "group", name: "Deck", members: [0, 1, 2, 4] },
  { kind: "group", name: "Crew", members: [0, 1, 2] },
  { kind: "group", name: "Sales", members: [0, 1, 3] },
];

/**
 * A company in which everything waits, who is in shadow beside it (whose person, of which department), what befalls it when,
 * and what of each hold is released: what was recorded up to half of its versions, or of every second person only.
 */
export const anyRelease = fc.record({
  history: anyHoldHistory.map((history) => ({ ...history, steps: [] })),
  steps: fc.array(anyStep, { minLength: 6, maxLength: 30, size: "max" }),
  shadow: fc.array(fc.record({ mail: fc.nat(4), department: name }), { maxLength: 3 }),
  midway: fc.constantFrom(...MIDWAY),
  at: nth,
  releases: fc.array(fc.record({ isEarlier: fc.boolean(), isOfSome: fc.boolean() }), {
    ...{ minLength: 3, maxLength: 8, size: "max" },
  }),
});

/** A company of which something is released. */
export type ReleasePlan = typeof anyRelease extends fc.Arbitrary<infer T> ? T : never;
