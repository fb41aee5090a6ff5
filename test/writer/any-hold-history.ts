import fc from "fast-check";
import type { ProgressStatus, Reenrol } from "../../src/directory/enrolment-column-values.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";

/** Where a slip moves everybody to. */
export const ELSEWHERE = "Elsewhere";
/** A value, and the name of a group, that nothing had before. */
export const ANEW = "Anew";
/** Values, and names of groups. */
export const NAMES = ["Sales", "Legal", "Crew", "Deck"];
const nth = fc.nat(7);
const name = fc.constantFrom(...NAMES);
const members = fc.array(nth, { maxLength: 4 });

const progress = fc.constantFrom<ProgressStatus[]>("inProgress", "completed", "completed", "failed");

/** One step of an identity provider's, or an admin's, day; who and what it concerns is named by its place. */
const anyStep = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("status" as const), nth, active: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("value" as const), nth, value: fc.option(name) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("join" as const), nth, value: fc.option(name) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("delete" as const), nth }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("group" as const), name, members }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("member" as const), nth, member: nth, isIn: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("list" as const), nth, name, members }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("ungroup" as const), nth }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("manual" as const), member: nth, isIn: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("release" as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("report" as const), mail: fc.nat(4), item: fc.nat(2), status: progress }),
  },
);
export type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const grouping: fc.Arbitrary<GroupSettingsInput> = fc.constantFrom<GroupSettingsInput[]>(
  { criteria: "idp" },
  { criteria: "idp", targetGroupName: "All", targetGroupScope: "ungrouped" },
  { criteria: "field", field: "department" },
  { criteria: "field", field: "department", targetGroupName: "All", targetGroupScope: "ungrouped" },
  { criteria: "none", targetGroupName: "All" },
);

/** Slips of an identity provider that take something from everybody at once. */
export const SLIPS = ["everyone deactivated", "values cleared", "values changed", "groups emptied"] as const;
export type Slip = (typeof SLIPS)[number];

/** Two settings that share people and names of groups, and what happens. */
export const anyHoldHistory = fc.record({
  settings: fc.tuple(grouping, grouping),
  people: fc.nat(1),
  reenrol: fc.constantFrom<Reenrol[]>("always", "never", { afterDays: 1 }),
  steps: fc.array(anyStep, { minLength: 6, maxLength: 40, size: "max" }),
});
export type HoldHistory = typeof anyHoldHistory extends fc.Arbitrary<infer T> ? T : never;
