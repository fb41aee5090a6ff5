import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectDeparture } from "../../src/enrolment/departure-store.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { draw, SEED } from "../generated-cases.ts";
import { anyCompany } from "../grouping/any-company.ts";
import { makeCompany, type RandomCompany } from "../grouping/random-company.ts";
import { newWriter, requestOf, requireOutcome } from "../writer/bench.ts";
import { countEach, effectOf, readRows, readSide } from "./target-side-in-tables.ts";

/** What is foreseen and then done, to what is named by its place. */
const anyDeed = fc.oneof(
  fc.record({ kind: fc.constant("go live" as const), nth: fc.nat(5) }),
  fc.record({ kind: fc.constant("items" as const), nth: fc.nat(20), items: fc.subarray(["course", "more"]) }),
  fc.record({ kind: fc.constant("departure" as const), nth: fc.nat(20), isRemoved: fc.boolean() }),
  fc.record({ kind: fc.constant("removal" as const), nth: fc.nat(5) }),
);
/** Companies in which people are enrolled in most of their groups. */
const enrolling = fc
  .tuple(anyCompany, fc.array(fc.nat(40), { minLength: 2, maxLength: 4, size: "max" }))
  .map(([plan, groups]) => ({ ...plan, enrolling: groups }));

type Deed<Kind extends string> = (typeof anyDeed extends fc.Arbitrary<infer T> ? T : never) & { kind: Kind };

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];

/** Does something, and gives what came of it. */
async function see(companyId: string, act: () => Promise<unknown>) {
  const before = await readSide(companyId);
  await act();
  const after = await readSide(companyId);
  return { before, after, ...effectOf(before, after) };
}

/** Enrolments as a preview counts them, of those of which there are any. */
function counted(starts: Record<string, number>, ends: Record<string, number>) {
  const items = [...new Set([...Object.keys(starts), ...Object.keys(ends)])].sort();
  return items.map((item) => ({ item, starts: starts[item] ?? 0, ends: ends[item] ?? 0 }));
}

function told(enrolments: readonly { kind: string; itemId: string; starts: number; ends: number }[]) {
  const lines = enrolments.map(({ kind, itemId, starts, ends }) => ({ item: `${kind} ${itemId}`, starts, ends }));
  return lines.toSorted((left, right) => (left.item < right.item ? -1 : 1));
}

function enrolmentsOf({ started, withdrawn }: Pick<ReturnType<typeof effectOf>, "started" | "withdrawn">) {
  return counted(countEach(started.map(({ item }) => item)), countEach(withdrawn.map(({ item }) => item)));
}

/** A setting in shadow says what going live does. */
async function goLive(company: RandomCompany, { nth }: Deed<"go live">): Promise<void> {
  const setting = { setting: nth };
  const { shadow } = await company.call(setting, "GET", "");
  if (shadow === null) return;
  const done = await see(company.companyId, () =>
    company.call(setting, "POST", "/go-live", { version: shadow.version }),
  );
  const { before, after, joined, made } = done;
  const came = [...after.users.values()].filter(({ settingId }) => settingId === company.idOf(setting));
  const isIn = (id: string) => [...after.memberships.values()].some(({ userId }) => userId === id);
  const shown = [...before.users.values()].filter(({ isShown }) => isShown === 1);
  const isKnown = ({ person }: { person: string }) => shown.some((user) => user.person === person);
  const inGroups = came.filter(({ id }) => isIn(id));
  const known = inGroups.filter(isKnown).length;
  const people = { new: inGroups.length - known, known, skipped: came.length - inGroups.length };
  const fed = new Set(joined.flatMap(({ groupId }) => (made.includes(groupId) ? [] : [groupId]))).size;
  expect({ people: shadow.people, groups: shadow.groups }).toEqual({ people, groups: { new: made.length, fed } });
  expect(told(shadow.enrolments)).toEqual(enrolmentsOf(done));
}

/** A preview of what a target group is to enrol its members in says who starts and ends. */
async function setItems(company: RandomCompany, { nth, items }: Deed<"items">): Promise<void> {
  const groups = await readRows<{ id: string }>(
    "SELECT t.id FROM target_groups t JOIN companies c USING (company_key) WHERE c.id = ? ORDER BY target_group_key",
    company.companyId,
  );
  const group = at(groups, nth);
  if (group === undefined) return;
  const body = items.map((id) => ({ kind: "training", id, name: `Training ${id}` }));
  const path = `/target-groups/${group.id}/auto-enrolments`;
  const preview = await company.ask("PUT", `${path}?preview=true`, body);
  const done = await see(company.companyId, () => company.ask("PUT", path, body));
  expect(told(preview.enrolments)).toEqual(enrolmentsOf(done));
}

/** A preview of the deletion of a setting with its people says what ends; people who wait are not removed. */
async function removeSetting(company: RandomCompany, { nth }: Deed<"removal">): Promise<RandomCompany> {
  const setting = { setting: nth };
  const preview = await company.call(setting, "POST", "/preview-deletion", { users: "remove" });
  if (preview.waiting > 0) return company;
  const done = await see(company.companyId, () => company.call(setting, "DELETE", "?users=remove"));
  const { people, joins, leaves, groups, enrolments } = preview;
  expect({ people, joins, leaves, groups, enrolments: told(enrolments) }).toEqual({
    people: done.deleted.length,
    ...{ joins: 0, leaves: done.left.length, groups: { new: 0, emptied: done.emptied.length } },
    enrolments: enrolmentsOf(done),
  });
  return company.without(setting);
}

/** Somebody whom no setting manages is removed, or made inactive, by hand. */
async function depart({ companyId }: RandomCompany, { nth, isRemoved }: Deed<"departure">): Promise<void> {
  const unmanaged = await readRows<{ id: string; key: number }>(
    `SELECT u.id, u.user_key AS key FROM users u JOIN scim_settings s USING (setting_key) JOIN companies c ON c.company_key = s.company_key
     WHERE c.id = ? AND s.status = 'deleted' AND u.held_as IS NOT 'deleted' ORDER BY u.user_key`,
    companyId,
  );
  const user = at(unmanaged, nth);
  if (user === undefined) return;
  const { groups, byHand, withdrawn, handedOver } = await runRead({ d1: env.DB }, selectDeparture(user.key));
  const operation = isRemoved
    ? ({ kind: "removeTargetUser", userId: user.id } as const)
    : ({ kind: "editTargetUser", userId: user.id, status: "inactive", fields: {} } as const);
  const done = await see(companyId, async () =>
    requireOutcome(await newWriter(companyId).write(requestOf(operation, { actor: "admin" }))),
  );
  const open = (some: readonly { isOpen: number }[]) => some.filter(({ isOpen }) => isOpen === 1).length;
  expect({ groups: isRemoved ? groups : groups - byHand, withdrawn, handedOver }).toEqual({
    groups: done.left.length,
    withdrawn: open(done.withdrawn),
    handedOver: open(done.handedOver),
  });
}

async function play(plan: typeof anyCompany extends fc.Arbitrary<infer T> ? T : never, deeds: Deed<string>[]) {
  let company = await makeCompany(plan);
  for (const deed of deeds) {
    if (company.settings.length === 0) return;
    if (deed.kind === "go live") await goLive(company, deed);
    if (deed.kind === "items") await setItems(company, deed);
    if (deed.kind === "departure") await depart(company, deed);
    if (deed.kind === "removal") company = await removeSetting(company, deed);
  }
}

describe("what is foreseen of a setting, a target group and a person is what then comes", () => {
  it(`in random companies (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
    const deeds = fc.array(anyDeed, { minLength: 2, maxLength: 8, size: "max" });
    await fc.assert(fc.asyncProperty(enrolling, deeds, play), draw(50));
  });
});
