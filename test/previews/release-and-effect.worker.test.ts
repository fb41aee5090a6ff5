import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexedReads } from "../../src/companies/split-long-reads.ts";
import { listHeldPeople } from "../../src/holds/hold-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { newId } from "../../src/platform/uuid.ts";
import { forecastWithdrawals, readHeldFigures } from "../../src/previews/preview-release.ts";
import type { Safeguards } from "../../src/settings/safeguards.ts";
import { freeReads } from "../companies/free-reads.ts";
import { draw, SEED } from "../generated-cases.ts";
import type { Step } from "../writer/any-hold-history.ts";
import { type Bench, Client, finishFollowUps, requestOf, requireOutcome } from "../writer/bench.ts";
import { HoldCompany } from "../writer/hold-history.ts";
import { age } from "../writer/old-company.ts";
import { feedHead, feedSince } from "../writer/target-side.ts";
import { anyRelease, BEGINNING, type ReleasePlan } from "./any-release.ts";
import { countEach, countPersons, effectOf, readRows, readSide, type TargetSide } from "./target-side-in-tables.ts";

/** What two of the names of target groups become by the rule of folding of before: one loses its name to the other. */
const TWINS = { Deck: "Straße", Sales: "STRASSE" };

const OF_COMPANY = "company_key = (SELECT company_key FROM companies WHERE id = ?)";

interface OpenHold {
  companyKey: number;
  key: number;
  id: string;
  version: number;
  released: number;
}

function openHolds(companyId: string): Promise<OpenHold[]> {
  const sql = `SELECT company_key AS companyKey, hold_key AS key, id, version, released FROM holds
    WHERE status = 'open' AND ${OF_COMPANY} ORDER BY hold_key`;
  return readRows<OpenHold>(sql, companyId);
}

/** Everybody of whom something of a hold waits, up to a version. */
async function listWaiting(companyId: string, { key }: OpenHold, version: number): Promise<string[]> {
  const sql = `SELECT DISTINCT u.id FROM users u LEFT JOIN target_group_members m ON m.user_key = u.user_key
    WHERE u.${OF_COMPANY} AND (u.held_by = ${key} AND u.held_version <= ${version}
      OR m.held_by = ${key} AND m.held_version <= ${version}) ORDER BY u.user_key`;
  return (await readRows<{ id: string }>(sql, companyId)).map(({ id }) => id);
}

/** What the feed tells since a place, with how many enrolments in each item are withdrawn. */
async function toldSince(bench: Bench, seq: number) {
  const feed = await feedSince(bench, seq);
  const of = (type: string) => feed.filter((entry) => entry.type === type);
  return {
    deactivated: of("user.deactivated").length,
    deleted: of("user.deleted").length,
    memberships: of("member.removed").length,
    enrolments: countEach(of("enrolment.withdrawn").map(({ data }) => `${data.kind} ${data.itemId}`)),
  };
}

/** The column of the list and its download: what each user's person is withdrawn from, of those in whose row there is something. */
async function readColumn({ companyKey, key }: OpenHold): Promise<Record<string, string[]>> {
  const database = openRegistry(env);
  const page = { take: 1_000, after: null, search: null };
  const people = await listHeldPeople(database, key, page, freeReads(database));
  const rows = await forecastWithdrawals(indexedReads(database), companyKey, key, people);
  const full = rows.filter(({ losing }) => losing.length > 0);
  return Object.fromEntries(
    full.map(({ userId, losing }) => [userId, losing.map(({ kind, itemId }) => `${kind} ${itemId}`).sort()]),
  );
}

/** The rows of those who waited, by what came. */
function columnOf(
  waiting: readonly string[],
  { users }: TargetSide,
  withdrawn: ReturnType<typeof effectOf>["withdrawn"],
) {
  const rows = waiting.map((id) => {
    const lost = withdrawn.filter(({ person }) => person === users.get(id)?.person).map(({ item }) => item);
    return [id, [...new Set(lost)].sort()] as const;
  });
  return Object.fromEntries(rows.filter(([, lost]) => lost.length > 0));
}

/** Reads what a release would do, in steps of few people, releases, and compares. */
async function compare(
  company: HoldCompany,
  hold: OpenHold,
  { isEarlier, isOfSome }: ReleasePlan["releases"][number],
): Promise<void> {
  const { bench } = company;
  const version = isEarlier ? Math.ceil(hold.version / 2) : hold.version;
  const waiting = await listWaiting(bench.companyId, hold, version);
  const userIds = isOfSome ? waiting.filter((_, index) => index % 2 === 0) : null;
  const meant = userIds ?? waiting;
  if (meant.length === 0) return;
  const [before, place] = [await readSide(bench.companyId), await feedHead(bench)];
  const asked = { companyKey: hold.companyKey, holdKey: hold.key, version, userIds };
  const inSteps = freeReads(openRegistry(env), { rows: 2, bytes: 16_384 });
  const { people, enrolments, ...told } = await inSteps(ABOUT, (reads) => readHeldFigures(reads, asked));
  const items = Object.fromEntries(enrolments.map((item) => [`${item.kind} ${item.itemId}`, item.people]));
  const column = await readColumn(hold);
  const decision = { kind: "decideHold", decision: "release", holdId: hold.id, version } as const;
  await company.admin({ ...decision, ...(userIds !== null && { userIds }) });
  const after = await readSide(bench.companyId);
  const { deactivated, deleted, left, withdrawn } = effectOf(before, after);
  const counts = { deactivated: deactivated.length, deleted: deleted.length, memberships: left.length };
  expect({ ...told, enrolments: items }).toEqual({ ...counts, enrolments: countPersons(withdrawn) });
  const enrolmentsOf = countEach(withdrawn.map(({ item }) => item));
  expect(await toldSince(bench, place)).toEqual({ ...counts, enrolments: enrolmentsOf });
  expect(people).toBe(meant.length);
  if (version === hold.version && userIds === null) expect(column).toEqual(columnOf(waiting, before, withdrawn));
}

const ABOUT = { what: "", quick: "" };

/** Adds a setting in shadow with people who are the same persons as others. */
async function addShadow({ bench }: HoldCompany, shadow: ReleasePlan["shadow"]): Promise<void> {
  const id = newId(Date.now());
  const groupSettings = { criteria: "field", field: "department" } as const;
  const operation = { kind: "createSetting", id, name: "Shadow", provider: "other", mode: "shadow" } as const;
  requireOutcome(await bench.writer.write(requestOf({ ...operation, fieldMappings: [], groupSettings })));
  const client = new Client(bench.writer, id);
  for (const [index, { mail, department }] of shadow.entries())
    await client.user(`s${index}`, department, { emails: [{ value: `m${mail}@example.com`, type: "work" }] });
}

/** Lets something befall the company; gives how what is said from then on is spelt. */
async function befall(company: HoldCompany, midway: ReleasePlan["midway"]): Promise<(step: Step) => Step> {
  const { bench } = company;
  const [settingId = "", otherId = ""] = await listSettings(bench.companyId);
  const asItIs = (step: Step) => step;
  switch (midway) {
    case "nothing":
      return asItIs;
    case "some are kept":
      for (const hold of await openHolds(bench.companyId)) {
        const userIds = (await listWaiting(bench.companyId, hold, hold.version)).slice(0, 2);
        await company.admin({ kind: "decideHold", decision: "keep", holdId: hold.id, version: hold.version, userIds });
      }
      return asItIs;
    case "names are lost":
      await age(bench.companyId, TWINS);
      bench.writer = bench.another();
      await finishFollowUps(bench.writer);
      return (step) =>
        JSON.parse(Object.entries(TWINS).reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(step)));
    case "the rules change":
      await company.admin({ kind: "updateSetting", settingId, groupSettings: OTHER_RULES, holds: "leave" });
      return asItIs;
    case "a setting is deleted":
      await company.admin({ kind: "deleteSetting", settingId: otherId, users: "keep", holds: "leave" });
      return asItIs;
  }
}

const OTHER_RULES = {
  criteria: "field",
  field: "department",
  targetGroupName: "Crew",
  targetGroupScope: "ungrouped",
} as const;

/** The two settings that people come through, by their ids. */
async function listSettings(companyId: string): Promise<string[]> {
  const sql = `SELECT id FROM scim_settings WHERE ${OF_COMPANY} ORDER BY setting_key LIMIT 2 OFFSET 1`;
  return (await readRows<{ id: string }>(sql, companyId)).map(({ id }) => id);
}

const LIMIT = { people: 0, percent: 0 };
const STRICT: Safeguards = { leavers: LIMIT, emptied: LIMIT, moves: LIMIT, group: LIMIT };

/** Lives a history, then releases what waits, part by part. */
async function play({ history, steps, shadow, midway, at, releases }: ReleasePlan): Promise<void> {
  const company = await HoldCompany.begin(history, STRICT);
  await addShadow(company, shadow);
  for (const step of BEGINNING) await company.take(step);
  const half = at % (steps.length + 1);
  for (const step of steps.slice(0, half)) await company.take(step);
  const spell = await befall(company, midway);
  for (const step of steps.slice(half)) await company.take(spell(step));
  for (const [index, release] of [...releases, ALL, ALL, ALL, ALL].entries()) {
    const holds = await openHolds(company.bench.companyId);
    const hold = holds[index % Math.max(1, holds.length)];
    if (hold !== undefined) await compare(company, hold, release);
  }
}

const ALL = { isEarlier: false, isOfSome: false };

describe("the numbers of a release, and the column of its people, say exactly what it then does", () => {
  it(`in random companies (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
    await fc.assert(fc.asyncProperty(anyRelease, play), draw(100));
  });
});
