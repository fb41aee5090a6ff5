import fc from "fast-check";
import type { Reenrol } from "../../src/directory/enrolment-column-values.ts";

/*
 * Companies as they are drawn: several settings whose values, IdP groups and own target groups share names, groups
 * made by hand, manual members, auto-enrolments, people who came inactive or left, a setting that was deleted and left its
 * people, settings in shadow, people of whom something waits in a hold or was kept, and names lost to others.
 */

/** The extension by which people have a department and a cost center. */
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Few names, so that what feeds a target group meets: spelt differently, beyond ASCII, as other types, and too long. */
const NAMES = ["Sales", "sales", "SALES", "Ops", "7", "true", "Éire", "éire"] as const;
const VALUES = [...NAMES, " Sales ", "7.0", "", "x".repeat(300)];

const ATTRIBUTES = ["title", "nickName", "userType", "department", "costCenter", "familyName"] as const;
const PATHS = [
  "title",
  "nickName",
  "userType",
  `${ENTERPRISE}:department`,
  `${ENTERPRISE}:costCenter`,
  "name.familyName",
];

interface Mapping {
  field: string;
  path: string;
}

/** Group settings as drawn: the own target group by name, or, as a number, one of those that are there. */
export interface Grouping {
  criteria: "none" | "field" | "idp";
  field: string;
  own: string | number | null;
  isUngrouped: boolean;
}

interface Person {
  isActive: boolean;
  /** Whether somebody inactive was active before. */
  hasLeft: boolean;
  mail: string | null;
  values: (string | null)[];
}

/** A setting with its people and groups. */
export interface Part {
  isInShadow: boolean;
  /** Whether everything that its people would lose waits. */
  isBraked: boolean;
  grouping: Grouping;
  mappings: Mapping[];
  people: Person[];
  groups: { name: string; members: number[] }[];
}

/** Something that an identity provider takes from one of its people, or gives: another value everywhere, or none. */
export interface Slip {
  person: number;
  what: "inactive" | "deleted" | "value" | "groups";
  value: string | null;
}

/** A change of one of the settings; what is null stays as it is. */
export interface Change {
  setting: number;
  grouping: Grouping | null;
  mappings: Mapping[] | null;
}

/** A company as drawn, and what is then changed in it. */
export interface CompanyPlan {
  parts: Part[];
  /** Whether the last setting, where there are others, is deleted and leaves its people as they are. */
  isLastDeleted: boolean;
  byHand: string[];
  manual: [group: number, person: number][];
  enrolling: number[];
  /** Who of those who are enrolled has completed it, what returners get, and whether everybody was out and back. */
  completed: number[];
  reenrol: Reenrol;
  isEmptied: boolean;
  /** What then is taken from people, and whether what waits of it is kept. */
  slips: Slip[];
  isKept: boolean;
  /** Whether two names are folded alike by now that were not when they came. */
  areNamesLost: boolean;
  changes: Change[];
}

const nth = fc.nat(40);
const path = fc.constantFrom(...PATHS);
const fold = (name: string) => name.trim().toLowerCase();

const mappings: fc.Arbitrary<Mapping[]> = fc
  .record({ site: path, level: path, remote: path, department: fc.option(path), lastName: fc.option(path) })
  .map((paths) => Object.entries(paths).flatMap(([field, each]) => (each === null ? [] : [{ field, path: each }])));

const grouping: fc.Arbitrary<Grouping> = fc.record({
  criteria: fc.constantFrom("none", "field", "field", "field", "idp", "idp"),
  field: fc.constantFrom("department", "department", "lastName", "site", "level", "remote"),
  own: fc.oneof(fc.constant(null), fc.constantFrom(...NAMES, "Everyone"), nth),
  isUngrouped: fc.boolean(),
});

const person: fc.Arbitrary<Person> = fc.record({
  isActive: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  hasLeft: fc.boolean(),
  mail: fc.option(fc.constantFrom("a@example.com", "B@example.com", "b@example.com")),
  values: fc.tuple(...ATTRIBUTES.map(() => fc.option(fc.constantFrom(...VALUES), { freq: 3 }))),
});

const rarely = fc.nat(3).map((n) => n === 0);

const slip: fc.Arbitrary<Slip> = fc.record({
  person: nth,
  what: fc.constantFrom("inactive", "deleted", "value", "value", "groups"),
  value: fc.option(fc.constantFrom(...NAMES), { freq: 3 }),
});

const part: fc.Arbitrary<Part> = fc.record({
  isInShadow: rarely,
  isBraked: fc.boolean(),
  grouping,
  mappings,
  people: fc.array(person, { maxLength: 7, size: "max" }),
  groups: fc.uniqueArray(
    fc.record({ name: fc.constantFrom(...NAMES, "Crew", "x".repeat(300)), members: fc.array(nth, { maxLength: 4 }) }),
    { maxLength: 3, selector: ({ name }) => fold(name) },
  ),
});

/** Any company, with up to three changes of its settings. */
export const anyCompany: fc.Arbitrary<CompanyPlan> = fc.record({
  parts: fc.array(part, { minLength: 1, maxLength: 3, size: "max" }),
  isLastDeleted: fc.boolean(),
  byHand: fc.uniqueArray(fc.constantFrom(...NAMES, "Crew", "Everyone"), { maxLength: 2, selector: fold }),
  manual: fc.array(fc.tuple(nth, nth), { maxLength: 2 }),
  enrolling: fc.array(nth, { maxLength: 1 }),
  completed: fc.array(nth, { maxLength: 6, size: "max" }),
  reenrol: fc.constantFrom<Reenrol[]>("always", "never", { afterDays: 3 }, { afterDays: 30 }),
  isEmptied: fc.boolean(),
  slips: fc.array(slip, { maxLength: 5, size: "max" }),
  isKept: rarely,
  areNamesLost: rarely,
  changes: fc.array(
    fc.record({ setting: nth, grouping: fc.option(grouping, { freq: 6 }), mappings: fc.option(mappings, { freq: 2 }) }),
    { minLength: 1, maxLength: 3, size: "max" },
  ),
});
