import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { casesOf, SEED } from "../generated-cases.ts";
import { anyCompany, type Change, type CompanyPlan } from "./any-company.ts";
import { makeCompany, type RandomCompany } from "./random-company.ts";

const COMPANIES = casesOf(50);

interface Membership {
  userId: string;
  userName: string;
  groupName: string;
}

interface PreviewedChange extends Membership {
  action: "join" | "leave";
}

/** What a change does to target groups: who joins and leaves what, and which groups get their first member or lose their last. */
interface Effect {
  joins: string[];
  leaves: string[];
  filled: string[];
  emptied: string[];
}

/** Who is in which target group, as the database has it. */
async function readMemberships(companyId: string): Promise<Membership[]> {
  const { results } = await env.DB.prepare(
    `SELECT DISTINCT u.id AS userId, u.user_name AS userName, t.name AS groupName
     FROM companies c JOIN target_groups t ON t.company_key = c.company_key
     JOIN target_group_members m ON m.target_group_key = t.target_group_key
     JOIN users u ON u.user_key = m.user_key WHERE c.id = ?`,
  )
    .bind(companyId)
    .all<Membership>();
  return results;
}

/** What a preview counts beside joins and leaves. */
interface Consequences {
  groups: { new: number; emptied: number };
  enrolments: { kind: string; itemId: string; starts: number; ends: number }[];
}

/** The target groups there are with how many people are in them, and who is enrolled in what. */
async function readConsequences(companyId: string): Promise<{ groups: Map<string, number>; enrolments: Set<string> }> {
  const groups = await env.DB.prepare(
    "SELECT t.id, t.member_count AS people FROM target_groups t JOIN companies c ON c.company_key = t.company_key WHERE c.id = ?",
  )
    .bind(companyId)
    .all<{ id: string; people: number }>();
  const enrolments = await env.DB.prepare(
    `SELECT e.id, e.kind, e.item_id AS itemId FROM enrolments e
     JOIN companies c ON c.company_key = e.company_key WHERE c.id = ? AND e.status = 'active'`,
  )
    .bind(companyId)
    .all<{ id: string; kind: string; itemId: string }>();
  return {
    groups: new Map(groups.results.map(({ id, people }) => [id, people])),
    enrolments: new Set(enrolments.results.map((row) => JSON.stringify(row))),
  };
}

type State = Awaited<ReturnType<typeof readConsequences>>;

/** What came of a change, counted as a preview counts it. */
function consequencesOf(before: State, after: State, emptied: number): Consequences {
  const counts = new Map<string, Consequences["enrolments"][number]>();
  const add = (line: string, which: "starts" | "ends") => {
    const { kind, itemId } = JSON.parse(line);
    const key = `${kind} ${itemId}`;
    const change = counts.get(key) ?? { kind, itemId, starts: 0, ends: 0 };
    counts.set(key, { ...change, [which]: change[which] + 1 });
  };
  for (const line of missingIn(after.enrolments, before.enrolments)) add(line, "starts");
  for (const line of missingIn(before.enrolments, after.enrolments)) add(line, "ends");
  const made = [...after.groups].filter(([id, people]) => people > 0 && !before.groups.has(id));
  return { groups: { new: made.length, emptied }, enrolments: [...counts.values()] };
}

const sorted = ({ groups, enrolments }: Consequences): Consequences => {
  const lines = enrolments.map(({ kind, itemId, starts, ends }) => JSON.stringify({ kind, itemId, starts, ends }));
  return { groups, enrolments: lines.sort().map((line) => JSON.parse(line)) };
};

const lineOf = ({ userId, userName, groupName }: Membership) => `${userName} (${userId}) in ${groupName}`;
const groupsIn = (memberships: readonly Membership[]) => new Set(memberships.map(({ groupName }) => groupName));
const missingIn = (some: ReadonlySet<string>, others: ReadonlySet<string>) =>
  [...some].filter((each) => !others.has(each)).sort();

/** The difference between two states. */
function differenceOf(before: readonly Membership[], after: readonly Membership[]): Effect {
  const [had, has] = [new Set(before.map(lineOf)), new Set(after.map(lineOf))];
  return {
    joins: missingIn(has, had),
    leaves: missingIn(had, has),
    filled: missingIn(groupsIn(after), groupsIn(before)),
    emptied: missingIn(groupsIn(before), groupsIn(after)),
  };
}

/** The effect that a preview says a change would have on a state. */
function effectOf(changes: readonly PreviewedChange[], before: readonly Membership[]): Effect {
  const of = (action: PreviewedChange["action"]) => changes.filter((change) => change.action === action);
  const left = new Set(of("leave").map(lineOf));
  const after = [...before.filter((membership) => !left.has(lineOf(membership))), ...of("join")];
  return {
    joins: of("join").map(lineOf).sort(),
    leaves: of("leave").map(lineOf).sort(),
    filled: missingIn(groupsIn(after), groupsIn(before)),
    emptied: missingIn(groupsIn(before), groupsIn(after)),
  };
}

/** All pages of a preview; each must count the same. */
async function readPreview(
  company: RandomCompany,
  change: Change,
  body: unknown,
): Promise<PreviewedChange[] & { told: Consequences }> {
  const changes: PreviewedChange[] = [];
  const counts = new Set<string>();
  const told = new Set<string>();
  for (let cursor: string | null = null, isFirst = true; isFirst || cursor !== null; isFirst = false) {
    const page = `limit=5${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
    const answer = await company.call(change, "POST", `/preview?${page}`, body);
    changes.push(...answer.changes);
    counts.add(`${answer.joins} join, ${answer.leaves} leave`);
    told.add(JSON.stringify({ groups: answer.groups, enrolments: answer.enrolments }));
    cursor = answer.nextCursor;
  }
  const count = (which: string) => changes.filter(({ action }) => action === which).length;
  expect([...counts]).toEqual([`${count("join")} join, ${count("leave")} leave`]);
  expect(told.size).toBe(1);
  return Object.assign(changes, { told: JSON.parse([...told].join("")) });
}

/** Previews a change, makes it, and compares what was said with what came of it. */
async function compare(company: RandomCompany, change: Change): Promise<void> {
  const body = await company.bodyOf(change);
  const before = await readMemberships(company.companyId);
  const stateBefore = await readConsequences(company.companyId);
  const previewed = await readPreview(company, change, body);
  expect(await readMemberships(company.companyId)).toEqual(before);
  await company.call(change, "PATCH", "", body);
  // Of a setting in shadow a preview says what going live does then.
  const { shadow } = await company.call(change, "GET", "");
  if (shadow !== null) await company.call(change, "POST", "/go-live", { version: shadow.version });
  const after = await readMemberships(company.companyId);
  const effect = differenceOf(before, after);
  expect(effect).toEqual(effectOf(previewed, before));
  const came = consequencesOf(stateBefore, await readConsequences(company.companyId), effect.emptied.length);
  expect(sorted(previewed.told)).toEqual(sorted(came));
}

/** Makes a company and its changes, comparing each with its preview. */
async function play(plan: CompanyPlan): Promise<void> {
  const company = await makeCompany(plan);
  for (const change of plan.changes) await compare(company, change);
}

describe("a preview says exactly what the change then does", () => {
  it(`in ${COMPANIES} random companies (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
    await fc.assert(fc.asyncProperty(anyCompany, play), { numRuns: COMPANIES, seed: SEED });
  });

  const nobody = { criteria: "none", field: "department", own: null, isUngrouped: false } as const;

  it.each([
    ["the setting's own", { ...nobody, criteria: "idp", own: "Sales" } as const],
    ["the first user's value", { ...nobody, criteria: "field" } as const],
  ])("down to the spelling of a new group: %s", async (_what, grouping) => {
    const people = ["ops", "Ops", "éire", "Éire"].map((department) => ({
      ...{ isActive: true, hasLeft: false, mail: null, values: [null, null, null, department, null, null] },
    }));
    const setting = { isInShadow: false, isBraked: false, grouping: nobody, mappings: [] };
    await play({
      ...{ ...PLAIN, parts: [{ ...setting, people, groups: [{ name: "SALES", members: [0] }] }] },
      changes: [{ setting: 0, grouping, mappings: null }],
    });
  });

  it("and nothing of a change that changes nothing, though somebody is kept where no rule puts them", async () => {
    const person = { isActive: true, hasLeft: false, mail: null, values: [null, null, null, "Ops", null, null] };
    const grouping = { ...nobody, criteria: "field" } as const;
    const setting = { isInShadow: false, isBraked: true, grouping, mappings: [], groups: [] };
    await play({
      ...{ ...PLAIN, parts: [{ ...setting, people: [person] }] },
      slips: [{ person: 0, what: "value", value: null }],
      isKept: true,
      changes: [
        { setting: 0, grouping: null, mappings: null },
        { setting: 0, grouping: { ...grouping, own: "Everyone" }, mappings: null },
      ],
    });
  });
});

/** A company of which nothing is drawn but what a case gives. */
const PLAIN = {
  ...{ isLastDeleted: false, byHand: [], manual: [], enrolling: [], completed: [], reenrol: "never" as const },
  ...{ isEmptied: false, slips: [], isKept: false, areNamesLost: false },
};
