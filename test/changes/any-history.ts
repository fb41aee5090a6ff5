import fc from "fast-check";
import type { ProgressStatus, Reenrol } from "../../src/directory/enrolment-column-values.ts";
import type { GroupSettingsInput } from "../../src/settings/setting.ts";

/** The URN of the enterprise extension. */
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/** The company's own field, which may come and go. */
export const SITE = { key: "site", label: "Site", type: "text" } as const;
/** The mappings that a setting may come to have; the last one needs the company's own field. */
const MAPPINGS = [
  [],
  [{ field: "email", path: "userName" }],
  [{ field: "department", path: "title" }],
  [{ field: "site", path: "title" }],
];
/** Few of each, so that people meet: values that name groups, and addresses that are one person's. */
const VALUES = ["Sales", "Legal", "Crew"];
const MAILS = ["a@example.com", "B@example.com", "b@example.com", "c@example.com"];

const nth = fc.nat(7);
const value = fc.constantFrom(...VALUES);
const groupName = fc.constantFrom(...VALUES, "Deck", "All");
const mail = fc.constantFrom(...MAILS);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 3 });
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: 1, maxLength: 4 });

const groupSettings: fc.Arbitrary<GroupSettingsInput> = fc.oneof(
  fc.record({
    criteria: fc.constantFrom("field" as const, "field" as const, "idp" as const, "none" as const),
    field: fc.constantFrom("department", "site"),
    targetGroupName: fc.constantFrom("All", "Sales"),
    targetGroupScope: fc.constantFrom("everyone" as const, "ungrouped" as const),
  }),
  fc.record({ criteria: fc.constant("idp" as const) }),
  fc.record({ criteria: fc.constant("field" as const), field: fc.constant("department") }),
);

const items = fc.uniqueArray(
  fc.record(
    {
      kind: fc.constantFrom("training" as const, "phishing" as const),
      id: fc.constant("one"),
      name: fc.constantFrom("First", "Second"),
      dueInDays: fc.constantFrom(1, 30),
      reenrol: fc.constantFrom<Reenrol[]>("always", "never", { afterDays: 1 }, { afterDays: 30 }),
    },
    { requiredKeys: ["kind", "id", "name"] },
  ),
  { maxLength: 2, size: "max", selector: ({ kind }) => kind },
);

/** What the training platform reports; times in days before now. */
const report = fc.record({
  nth: fc.nat(40),
  status: fc.constantFrom<ProgressStatus[]>("assigned", "inProgress", "completed", "completed", "completed", "failed"),
  score: maybe(fc.nat(100)),
  completed: fc.nat(40),
  due: fc.option(fc.integer({ min: -2, max: 2 }), { freq: 2 }),
});

/** One operation of a PATCH of a user. */
const change = fc.oneof(
  fc.record({ op: fc.constant("replace"), path: fc.constant('emails[type eq "work"].value'), value: mail }),
  fc.record({
    op: fc.constant("replace"),
    path: fc.constantFrom(`${ENTERPRISE}:department`, "title", "externalId", "displayName", "nickName"),
    value,
  }),
  fc.constantFrom({ op: "remove", path: `${ENTERPRISE}:department` }, { op: "remove", path: "displayName" }),
  fc.record({ op: fc.constant("replace"), path: fc.constant("active"), value: fc.boolean() }),
  fc.record({ op: fc.constant("replace"), path: fc.constant("userName"), value: mail }),
);

/** A user as it is made; a null is left out. */
const user = fc.record({
  userName: fc.oneof({ weight: 1, arbitrary: mail }, { weight: 5, arbitrary: fc.nat(99).map(String) }),
  mail: maybe(mail),
  department: maybe(value),
  title: maybe(value),
  active: fc.constantFrom(true, true, true, false),
  externalId: maybe(value),
});
export type MadeUser = typeof user extends fc.Arbitrary<infer T> ? T : never;

function step<K extends string, T>(weight: number, kind: K, facts: { [Name in keyof T]: fc.Arbitrary<T[Name]> }) {
  return { weight, arbitrary: fc.record({ kind: fc.constant(kind), ...facts }) as fc.Arbitrary<{ kind: K } & T> }; // fc.record cannot tell for a T still open
}

/** One step of a history: who and what it concerns is named by its place among those there are. */
const anyStep = fc.oneof(
  step(12, "addUser", { nth, user }),
  step(16, "patchUser", { nth, changes: some(change) }),
  step(3, "deleteUser", { nth }),
  step(2, "bulk", {
    nth,
    parts: some(fc.oneof(fc.record({ nth, change }), fc.record({ nth, change }), fc.record({ nth }), user)),
  }),
  step(4, "addGroup", { nth, name: groupName, members: some(nth) }),
  step(4, "setMember", { nth, member: nth, isIn: fc.boolean() }),
  step(3, "putGroup", { nth, name: groupName, members: maybe(some(nth)) }),
  step(1, "deleteGroup", { nth }),
  step(1, "addSetting", { groupSettings }),
  step(2, "regroup", { nth, groupSettings }),
  step(2, "remap", { nth, fieldMappings: fc.constantFrom(...MAPPINGS) }),
  step(1, "deleteSetting", { nth, users: fc.constantFrom("keep" as const, "remove" as const) }),
  step(1, "addTargetGroup", { name: groupName }),
  step(3, "setManualMember", { nth, member: nth, isIn: fc.boolean() }),
  step(3, "editByHand", {
    nth,
    status: maybe(fc.constantFrom("active" as const, "inactive" as const)),
    fields: fc.dictionary(fc.constantFrom("email", "department", SITE.key), maybe(fc.oneof(mail, value))),
  }),
  step(2, "removeByHand", { nth }),
  step(5, "setAutoEnrolments", { nth, items }),
  step(10, "report", { reports: some(report) }),
  step(2, "setOverdue", {}),
  step(1, "setField", { isThere: fc.boolean() }),
  step(2, "followUp", {}),
);
export type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** How a company's two settings begin, and bursts of steps, each asked for before the one before it is answered. */
export interface History {
  settings: GroupSettingsInput[];
  bursts: Step[][];
}

/** What each history begins with: items for the target groups there are, and people who share addresses. */
export const BEGINNING: readonly Step[] = [
  ...[0, 1, 2].map(
    (place): Step => ({
      kind: "setAutoEnrolments",
      nth: place,
      items: [{ kind: "training", id: "one", name: "First" }],
    }),
  ),
  ...MAILS.map(
    (address, place): Step => ({
      kind: "addUser",
      nth: place,
      user: { userName: address, mail: address, department: "Sales", title: null, active: true, externalId: null },
    }),
  ),
];

/** Any history of a company of some settings whose people share e-mails. */
export const anyHistory: fc.Arbitrary<History> = fc.record({
  settings: fc.array(groupSettings, { minLength: 2, maxLength: 2 }),
  bursts: fc.array(fc.array(anyStep, { minLength: 1, maxLength: 5 }), { minLength: 5, maxLength: 40, size: "max" }),
});
