import { describe, expect, it } from "vitest";
import { finishFollowUps, requireOutcome, targetMembers } from "./bench.ts";
import { BrakeBench } from "./held-people.ts";
import { enrolIn } from "./target-side.ts";

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const BY_DEPARTMENT = { criteria: "field", field: "department" } as const;
const TRAINING = [{ kind: "training" as const, id: "t1", name: "T" }];
const NONE = { people: 0, percent: 0 };
const ALL_HELD = { leavers: NONE, emptied: NONE, moves: NONE, group: NONE };
const OFF = { leavers: null, emptied: null, moves: null, group: null };

function guard(world: BrakeBench, safeguards: typeof ALL_HELD | typeof OFF): Promise<void> {
  return world.admin({ kind: "updateSetting", settingId: world.bench.settingId, safeguards });
}

async function give(world: BrakeBench, id: string, department: string | null): Promise<void> {
  const operation =
    department === null ? { op: "remove", path: DEPARTMENT } : { op: "replace", path: DEPARTMENT, value: department };
  requireOutcome(await world.client.patchUser(id, operation));
  await finishFollowUps(world.writer);
}

const groupsOf = async ({ bench }: BrakeBench, userName: string) =>
  Object.entries(await targetMembers(bench.companyId)).flatMap(([name, members]) =>
    members.includes(userName) ? [name] : [],
  );

/** One person in Sales whose move to `to` was held, and kept. */
async function keptInSales(to: string | null, settings: object = {}): Promise<{ world: BrakeBench; id: string }> {
  const world = await BrakeBench.open({ ...BY_DEPARTMENT, ...settings });
  const [id = ""] = await world.people(1, () => "Sales");
  await guard(world, ALL_HELD);
  await give(world, id, to);
  await world.decide("keep");
  expect(await groupsOf(world, "p1")).toEqual(["Sales"]);
  return { world, id };
}

describe("somebody kept in a group of a value", () => {
  it.each([
    ["another value", "Law", "Deck", ["Deck"]],
    ["a value after none", null, "Deck", ["Deck"]],
    ["no value after another", "Law", null, []],
  ])("follows %s", async (_what, first, second, groups) => {
    const { world, id } = await keptInSales(first);
    await guard(world, OFF);
    await give(world, id, second);
    expect(await groupsOf(world, "p1")).toEqual(groups);
  });

  it("waits again, in a new hold, when what is new is too much", async () => {
    const { world, id } = await keptInSales("Law");
    await give(world, id, "Deck");
    expect(await groupsOf(world, "p1")).toEqual(["Sales"]);
    expect(await world.holds()).toMatchObject([
      { status: "closed", kept: 1 },
      { kind: "moves", status: "open", people: 1 },
    ]);
    await world.decide("release");
    expect(await groupsOf(world, "p1")).toEqual(["Deck"]);
  });

  it("stays when the value is repeated, however it is spelt, and when other fields change", async () => {
    const { world, id } = await keptInSales("Law");
    await guard(world, OFF);
    for (const value of ["Law", " LAW ", "law"]) await give(world, id, value);
    requireOutcome(await world.client.patchUser(id, { op: "replace", path: "title", value: "Dr" }));
    expect(await groupsOf(world, "p1")).toEqual(["Sales"]);
  });

  it("follows what came while it was to be set inactive too, once it is active again", async () => {
    const { world, id } = await keptInSales("Law");
    await world.setActive([id], false);
    await world.decide("keep");
    await guard(world, OFF);
    await give(world, id, "Deck");
    expect(await groupsOf(world, "p1")).toEqual(["Sales"]);
    await world.setActive([id], true);
    expect(await groupsOf(world, "p1")).toEqual(["Deck"]);
  });

  it("leaves the fallback alone and takes it when no value comes that is new", async () => {
    const { world, id } = await keptInSales("Law", { targetGroupName: "All", targetGroupScope: "ungrouped" });
    await guard(world, OFF);
    await give(world, id, null);
    expect(await groupsOf(world, "p1")).toEqual(["All"]);
  });
});

/** People of an IdP group whose rename to Law, which would withdraw a training, was held, and kept. */
async function keptByRename(count: number): Promise<{ world: BrakeBench; ids: string[]; group: string }> {
  const world = await BrakeBench.open({ criteria: "idp" });
  const ids = await world.people(count);
  const group = await world.client.group("One", ids);
  await finishFollowUps(world.writer);
  await enrolIn(world.bench, "One", TRAINING);
  for (const name of ["Law", "Deck"]) await world.admin({ kind: "createTargetGroup", name });
  await rename(world, group, "Law");
  await world.decide("keep");
  expect(await targetMembers(world.bench.companyId)).toMatchObject({ One: { length: count }, Law: [] });
  return { world, ids, group };
}

async function rename(world: BrakeBench, group: string, name: string): Promise<void> {
  requireOutcome(await world.client.patchGroup(group, { op: "replace", path: "displayName", value: name }));
  await finishFollowUps(world.writer);
}

describe("somebody kept in the target group of a name that its IdP group has no more", () => {
  it.each([3, 1_001])("is judged anew when the group has yet another name: %d people", async (count) => {
    const { world, group } = await keptByRename(count);
    await rename(world, group, "Deck");
    expect(await world.holds()).toMatchObject([{ status: "closed" }, { kind: "moves", status: "open", people: count }]);
    await world.decide("release");
    expect(await targetMembers(world.bench.companyId)).toMatchObject({
      ...{ One: [], Law: [], Deck: { length: count } },
    });
  });

  it("leaves when it is taken from the group, and stays when the list is repeated", async () => {
    const { world, ids, group } = await keptByRename(3);
    await guard(world, OFF);
    requireOutcome(await world.client.putGroup(group, "Law", ids));
    expect(await targetMembers(world.bench.companyId)).toMatchObject({ One: ["p1", "p2", "p3"], Law: [] });
    requireOutcome(await world.client.putGroup(group, "Law", ids.slice(1)));
    expect(await targetMembers(world.bench.companyId)).toMatchObject({ One: ["p2", "p3"], Law: [] });
    requireOutcome(await world.client.putGroup(group, "Law", ids));
    expect(await targetMembers(world.bench.companyId)).toMatchObject({ One: ["p2", "p3"], Law: ["p1"] });
  });
});

describe("somebody kept in the group of an IdP group that it was taken from", () => {
  it("joins any other group at once, and goes with the group when it is back under another name", async () => {
    const world = await BrakeBench.open({ criteria: "idp" });
    const ids = await world.people(2);
    const group = await world.client.group("Crew", ids);
    await guard(world, ALL_HELD);
    requireOutcome(await world.client.putGroup(group, "Crew", ids.slice(1)));
    await world.decide("keep");
    await guard(world, OFF);
    await world.client.group("Base", ids.slice(0, 1));
    expect(await groupsOf(world, "p1")).toEqual(["Base", "Crew"]);
    await world.admin({ kind: "createTargetGroup", name: "Law" });
    await rename(world, group, "Law");
    expect(await groupsOf(world, "p1")).toEqual(["Base", "Crew"]);
    requireOutcome(await world.client.putGroup(group, "Law", ids));
    await finishFollowUps(world.writer);
    expect(await groupsOf(world, "p1")).toEqual(["Base", "Law"]);
  });
});
