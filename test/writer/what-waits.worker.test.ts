import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { IS_WHOLE } from "../generated-cases.ts";
import { addSetting, finishFollowUps, requireOutcome, targetMembers } from "./bench.ts";
import { BrakeBench } from "./held-people.ts";
import { enrolIn, feedSince, openEnrolments, targetGroupId } from "./target-side.ts";

const EVERYONE = { criteria: "none", targetGroupName: "Everyone" } as const;
const BY_DEPARTMENT = { criteria: "field", field: "department", targetGroupName: "All" } as const;
const IDP = { criteria: "idp" } as const;

const count = async ({ bench }: BrakeBench, name: string) =>
  env.DB.prepare("SELECT member_count FROM target_groups WHERE id = ?")
    .bind(await targetGroupId(bench, name))
    .first<number>("member_count");

describe("leavers", () => {
  it("wait from the request on that is one too many, and are carried out when they are released", async () => {
    const world = await BrakeBench.open(EVERYONE);
    const ids = await world.people(40);
    await enrolIn(world.bench, "Everyone", [{ kind: "training", id: "t1", name: "T" }]);
    await world.setActive(ids.slice(0, 12), false);
    expect(await world.holds()).toEqual([]);
    await world.setActive(ids.slice(12, 15), false);
    expect(await world.holds()).toMatchObject([{ kind: "leavers", status: "open", people: 3, version: 3 }]);
    expect(await world.statuses()).toEqual({ active: 28, inactive: 12 });
    expect(await count(world, "Everyone")).toBe(28);
    expect(Object.keys(await openEnrolments(world.bench))).toHaveLength(28);
    await world.decide("release");
    expect(await world.statuses()).toEqual({ active: 25, inactive: 15 });
    expect(await count(world, "Everyone")).toBe(25);
    expect(Object.keys(await openEnrolments(world.bench))).toHaveLength(25);
    expect(await world.holds()).toMatchObject([{ status: "closed", people: 0, released: 3, kept: 0, dissolved: 0 }]);
    const types = (await feedSince(world.bench, 0)).map(({ type }) => type);
    expect(types.filter((type) => type.startsWith("hold."))).toEqual(["hold.opened", "hold.closed"]);
    expect(types.filter((type) => type === "user.deactivated")).toHaveLength(15);
  });

  it("answer as without a brake: SCIM shows who waits as inactive", async () => {
    const world = await BrakeBench.open(EVERYONE);
    const ids = await world.people(20);
    await world.setActive(ids.slice(0, 10), false);
    const outcome = requireOutcome(
      await world.client.patchUser(ids[10] ?? "", { op: "replace", path: "active", value: false }),
    );
    expect(outcome).toMatchObject({ kind: "user", user: { document: { active: false } } });
    expect(await world.openHold()).toMatchObject({ people: 1 });
    // A PUT without active keeps what the IdP gave.
    const put = await world.client.send({
      kind: "replaceUser",
      ...{ settingId: world.bench.settingId, id: ids[10] ?? "", document: { userName: "p11", title: "x" } },
    });
    expect(requireOutcome(put)).toMatchObject({ user: { document: { active: false } } });
    expect(await world.openHold()).toMatchObject({ people: 1 });
  });

  it("who are back dissolve, and a hold with nothing left closes itself", async () => {
    const world = await BrakeBench.open(EVERYONE);
    const ids = await world.people(20);
    await world.setActive(ids.slice(0, 14), false);
    await world.setActive(ids.slice(10, 14), true);
    expect(await world.holds()).toMatchObject([{ status: "closed", dissolved: 4, released: 0, people: 0 }]);
    expect(await world.statuses()).toEqual({ active: 10, inactive: 10 });
    await world.setActive(ids.slice(0, 10), true);
    expect(await count(world, "Everyone")).toBe(20);
  });

  it("are counted over a rolling hour, each person once", async () => {
    const world = await BrakeBench.open(EVERYONE);
    const ids = await world.people(20);
    for (let turn = 0; turn < 12; turn += 1) {
      await world.setActive(ids.slice(0, 1), false);
      await world.setActive(ids.slice(0, 1), true);
    }
    await world.setActive(ids.slice(0, 10), false);
    expect(await world.holds()).toEqual([]);
    world.pass(61);
    await world.setActive(ids.slice(10, 20), false);
    expect(await world.holds()).toEqual([]);
  });
});

describe("a decision about leavers", () => {
  it("keeps them until they are active again and then inactive", async () => {
    const world = await BrakeBench.open(EVERYONE);
    const ids = await world.people(20);
    await world.setActive(ids.slice(0, 13), false);
    await world.decide("keep");
    expect(await world.holds()).toMatchObject([{ status: "closed", kept: 3 }]);
    await world.setActive(ids.slice(0, 13), false);
    await world.client.patchUser(ids[12] ?? "", { op: "replace", value: { title: "Dr", active: false } });
    expect(await world.statuses()).toEqual({ active: 10, inactive: 10 });
    await world.setActive(ids.slice(12, 13), true);
    await world.setActive(ids.slice(12, 13), false);
    expect(await world.statuses()).toEqual({ active: 9, inactive: 11 });
  });

  it("is about the deleted too, who wait as target users while their name is free", async () => {
    const world = await BrakeBench.open(EVERYONE);
    const ids = await world.people(20);
    for (const id of ids.slice(0, 13)) requireOutcome(await world.client.deleteUser(id));
    expect(await world.holds()).toMatchObject([{ kind: "leavers", people: 3 }]);
    expect(await count(world, "Everyone")).toBe(10);
    expect(await world.client.patchUser(ids[12] ?? "", { op: "replace", path: "title", value: "x" })).toMatchObject({
      ok: false,
      status: 404,
    });
    await world.client.user("p13");
    expect(await count(world, "Everyone")).toBe(11);
    await world.admin({ kind: "eraseHeld", userId: ids[11] ?? "" });
    expect(await count(world, "Everyone")).toBe(10);
    await world.decide("release", { userIds: [ids[12] ?? ""] });
    expect(await count(world, "Everyone")).toBe(9);
    await world.decide("keep");
    expect(await world.holds()).toMatchObject([{ status: "closed", released: 2, kept: 1, dissolved: 0 }]);
    expect(await count(world, "Everyone")).toBe(9);
    await world.admin({ kind: "removeTargetUser", userId: ids[10] ?? "" });
    expect(await count(world, "Everyone")).toBe(8);
  });

  it("is taken by itself after 30 days where they were deleted", async () => {
    const world = await BrakeBench.open(EVERYONE);
    const ids = await world.people(20);
    for (const id of ids.slice(0, 12)) requireOutcome(await world.client.deleteUser(id));
    await world.setActive(ids.slice(12, 14), false);
    await world.admin({ kind: "expireHeld", before: world.now });
    expect(await world.openHold()).toMatchObject({ people: 4 });
    world.pass(1);
    await world.admin({ kind: "expireHeld", before: world.now });
    expect(await world.openHold()).toMatchObject({ people: 2, released: 2 });
    expect(await world.statuses()).toEqual({ active: 8, inactive: 0 });
  });

  it("is about the version shown; later effects stay held", async () => {
    const world = await BrakeBench.open(EVERYONE);
    const ids = await world.people(20);
    await world.setActive(ids.slice(0, 13), false);
    const { version } = await world.openHold();
    await world.setActive(ids.slice(13, 15), false);
    await world.setActive(ids.slice(10, 11), true);
    await world.decide("release", { version });
    expect(await world.holds()).toMatchObject([{ status: "open", people: 2, released: 2, dissolved: 1 }]);
    expect(await world.statuses()).toEqual({ active: 8, inactive: 12 });
  });

  it("can undo what was applied in the hour before", async () => {
    const world = await BrakeBench.open(EVERYONE);
    const ids = await world.people(20);
    await world.setActive(ids.slice(0, 13), false);
    const hold = await world.openHold();
    await world.admin({ kind: "undoHold", hold, userIds: ids.slice(0, 4) });
    expect(await world.statuses()).toEqual({ active: 14, inactive: 6 });
    expect(await count(world, "Everyone")).toBe(14);
    await world.admin({ kind: "undoHold", hold });
    expect(await world.statuses()).toEqual({ active: 20, inactive: 0 });
    await world.setActive(ids.slice(0, 13), false);
    expect(await world.statuses()).toEqual({ active: 20, inactive: 0 });
    expect(await world.openHold()).toMatchObject({ people: 3 });
  });
});

describe("a value", () => {
  it("emptied by too many: they stay in their group, out of the fallback, joiners go on", async () => {
    const world = await BrakeBench.open({ ...BY_DEPARTMENT, targetGroupScope: "ungrouped" });
    const ids = await world.people(60, () => "Sales");
    for (const id of ids.slice(0, 25)) await world.client.patchUser(id, { op: "remove", path: DEPARTMENT });
    expect(await world.holds()).toMatchObject([{ kind: "emptied", people: 5 }]);
    expect(await targetMembers(world.bench.companyId)).toMatchObject({ Sales: { length: 40 }, All: { length: 20 } });
    await world.client.user("new", "Sales");
    expect(await count(world, "Sales")).toBe(41);
    await world.client.patchUser(ids[24] ?? "", { op: "replace", path: DEPARTMENT, value: "Sales" });
    expect(await world.openHold()).toMatchObject({ people: 4, dissolved: 1 });
    await world.decide("release");
    expect(await targetMembers(world.bench.companyId)).toMatchObject({ Sales: { length: 37 }, All: { length: 24 } });
  });

  it("changed for too many: a move waits as a whole", async () => {
    const world = await BrakeBench.open(BY_DEPARTMENT);
    const ids = await world.people(60, () => "Sales");
    for (const id of ids.slice(0, 55))
      await world.client.patchUser(id, { op: "replace", path: DEPARTMENT, value: "Law" });
    expect(await world.holds()).toMatchObject([{ kind: "moves", people: 5 }]);
    expect(await targetMembers(world.bench.companyId)).toMatchObject({ Sales: { length: 10 }, Law: { length: 50 } });
    await world.client.patchUser(ids[54] ?? "", { op: "replace", path: DEPARTMENT, value: "Sales" });
    expect(await world.openHold()).toMatchObject({ people: 4, dissolved: 1 });
    await world.decide("release");
    expect(await targetMembers(world.bench.companyId)).toMatchObject({ Sales: { length: 6 }, Law: { length: 54 } });
  });
});

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

describe("a group", () => {
  it.each(["patch", "put", "delete"])("emptied by %s in one request is held whole", async (how) => {
    const world = await BrakeBench.open(IDP);
    const ids = await world.people(60);
    const group = await world.client.group("Crew", ids.slice(0, 30));
    await world.client.group("Base", ids);
    const { client } = world;
    if (how === "patch") requireOutcome(await client.patchGroup(group, { op: "remove", path: "members" }));
    if (how === "put") requireOutcome(await client.putGroup(group, "Crew", []));
    if (how === "delete") requireOutcome(await client.deleteGroup(group));
    expect(await world.holds()).toMatchObject([{ kind: "group", people: 30 }]);
    expect(await count(world, "Crew")).toBe(30);
    await world.decide("release");
    expect((await count(world, "Crew")) ?? 0).toBe(0);
    expect("Crew" in (await targetMembers(world.bench.companyId))).toBe(how !== "delete");
    expect(await world.holds()).toMatchObject([{ status: "closed", released: 30 }]);
  });

  it("whose only group it is, people leave as leavers", async () => {
    const world = await BrakeBench.open(IDP);
    const ids = await world.people(60);
    const group = await world.client.group("Crew", ids);
    requireOutcome(await world.client.patchGroup(group, { op: "remove", path: "members" }));
    expect(await world.holds()).toMatchObject([{ kind: "leavers", people: 60 }]);
  });

  it("emptied and filled again opens no hold that lasts", async () => {
    const world = await BrakeBench.open(IDP);
    const ids = await world.people(60);
    const group = await world.client.group("Crew", ids);
    for (let round = 0; round < 3; round += 1) {
      requireOutcome(await world.client.putGroup(group, "Crew", []));
      expect(await count(world, "Crew")).toBe(60);
      requireOutcome(await world.client.putGroup(group, "Crew", ids));
      expect(await count(world, "Crew")).toBe(60);
    }
    expect((await world.holds()).every(({ status }) => status === "closed")).toBe(true);
  });

  it("deleted and made again gives back who was held", async () => {
    const world = await BrakeBench.open(IDP);
    const ids = await world.people(60);
    const group = await world.client.group("Crew", ids);
    requireOutcome(await world.client.deleteGroup(group));
    await world.client.group("Crew", ids);
    expect(await world.holds()).toMatchObject([{ status: "closed", dissolved: 60 }]);
    expect(await count(world, "Crew")).toBe(60);
  });

  it("that loses one by one trips at the one too many", async () => {
    const world = await BrakeBench.open(IDP);
    const ids = await world.people(60);
    const group = await world.client.group("Crew", ids.slice(0, 30));
    await world.client.group("Base", ids);
    for (const id of ids.slice(0, 25))
      requireOutcome(await world.client.patchGroup(group, { op: "remove", path: `members[value eq "${id}"]` }));
    expect(await world.holds()).toMatchObject([{ kind: "group", people: 5 }]);
    expect(await count(world, "Crew")).toBe(10);
  });

  it("of more than 1,000 is held whole, and what is kept stays when the list is repeated", async () => {
    const world = await BrakeBench.open(IDP);
    const ids = await world.people(1_200);
    const group = await world.client.group("Crew", ids);
    await finishFollowUps(world.writer);
    requireOutcome(await world.client.putGroup(group, "Crew", []));
    await finishFollowUps(world.writer);
    expect(await world.holds()).toMatchObject([{ kind: "leavers", status: "open", people: 1_200 }]);
    expect(await count(world, "Crew")).toBe(1_200);
    await world.decide("keep");
    requireOutcome(await world.client.putGroup(group, "Crew", []));
    expect(await count(world, "Crew")).toBe(1_200);
    requireOutcome(await world.client.putGroup(group, "Crew", ids));
    await finishFollowUps(world.writer);
    requireOutcome(await world.client.putGroup(group, "Crew", []));
    await finishFollowUps(world.writer);
    expect(await world.openHold()).toMatchObject({ people: 1_200 });
    await world.decide("release");
    expect(await count(world, "Crew")).toBe(0);
  });
});

describe("a group that goes while its people wait to be set inactive", () => {
  it.each(["released", "back", "kept and back"])("leaves no target group behind: %s", async (how) => {
    const world = await BrakeBench.open(IDP);
    const { client } = world;
    const ids = await world.people(20);
    const group = await client.group("Crew", ids);
    await client.group("Base", ids);
    await world.setActive(ids, false);
    requireOutcome(await client.deleteGroup(group));
    expect(await targetMembers(world.bench.companyId)).toMatchObject({ Crew: { length: 10 } });
    if (how === "released") await world.decide("release");
    if (how === "kept and back") await world.decide("keep");
    if (how.endsWith("back")) await world.setActive(ids, true);
    await finishFollowUps(world.writer);
    expect(await targetMembers(world.bench.companyId)).not.toHaveProperty("Crew");
    expect(await targetMembers(world.bench.companyId)).toHaveProperty("Base");
  });
});

describe("a rename", () => {
  it("that would withdraw is held from the first person on, and others move", async () => {
    const world = await BrakeBench.open(IDP);
    const ids = await world.people(3);
    const one = await world.client.group("One", ids);
    await world.client.group("Also", ids.slice(0, 1));
    const training = [{ kind: "training" as const, id: "t1", name: "T" }];
    await enrolIn(world.bench, "One", training);
    await enrolIn(world.bench, "Also", training);
    await world.admin({ kind: "createTargetGroup", name: "Law" });
    requireOutcome(await world.client.patchGroup(one, { op: "replace", path: "displayName", value: "Law" }));
    expect(await world.holds()).toMatchObject([{ kind: "moves", people: 2 }]);
    expect(await targetMembers(world.bench.companyId)).toMatchObject({ One: ["p2", "p3"], Law: ["p1"] });
    await world.decide("release");
    expect(await targetMembers(world.bench.companyId)).toMatchObject({ One: [], Law: ["p1", "p2", "p3"] });
    expect(Object.keys(await openEnrolments(world.bench))).toEqual(["p1 t1"]);
  });
});

describe("what was carried out before a hold opened", () => {
  it.each(["moves", "emptied"])("is undone: %s, as a whole", async (kind) => {
    const world = await BrakeBench.open({ ...BY_DEPARTMENT, targetGroupScope: "ungrouped" });
    const ids = await world.people(60, () => "Sales");
    const isMove = kind === "moves";
    for (const id of ids.slice(0, 55))
      await world.client.patchUser(
        id,
        isMove ? { op: "replace", path: DEPARTMENT, value: "Law" } : { op: "remove", path: DEPARTMENT },
      );
    const hold = await world.openHold();
    expect(await world.openHold()).toMatchObject({ kind });
    await world.admin({ kind: "undoHold", hold });
    expect(await targetMembers(world.bench.companyId)).toMatchObject({ Sales: { length: 60 } });
    expect(await count(world, isMove ? "Law" : "All")).toBe(0);
    await world.decide("release");
    expect(await count(world, "Sales")).toBe(isMove ? 55 : 25);
  });

  it("is undone: people taken from a group", async () => {
    const world = await BrakeBench.open(IDP);
    const ids = await world.people(60);
    const group = await world.client.group("Crew", ids.slice(0, 30));
    await world.client.group("Base", ids);
    for (const id of ids.slice(0, 25))
      requireOutcome(await world.client.patchGroup(group, { op: "remove", path: `members[value eq "${id}"]` }));
    const hold = await world.openHold();
    await world.admin({ kind: "undoHold", hold });
    expect(await count(world, "Crew")).toBe(30);
    // The identity provider repeats itself, and then means it.
    requireOutcome(await world.client.putGroup(group, "Crew", ids.slice(25, 30)));
    expect(await count(world, "Crew")).toBe(30);
    requireOutcome(await world.client.putGroup(group, "Crew", ids.slice(0, 30)));
    expect(await world.holds()).toMatchObject([{ status: "closed" }]);
  });
});

describe("somebody of whom something was undone", () => {
  it("leaves the fallback that took the place of a group", async () => {
    const world = await BrakeBench.open({ ...IDP, targetGroupName: "All", targetGroupScope: "ungrouped" });
    const ids = await world.people(60);
    const group = await world.client.group("Crew", ids);
    for (const id of ids.slice(0, 32))
      requireOutcome(await world.client.patchGroup(group, { op: "remove", path: `members[value eq "${id}"]` }));
    const hold = await world.openHold();
    expect(await count(world, "All")).toBe(30);
    await world.admin({ kind: "undoHold", hold });
    expect(await count(world, "Crew")).toBe(60);
    expect(await count(world, "All")).toBe(0);
  });

  it.each(["leavers", "moves"])("is counted no more: %s", async (kind) => {
    const world = await BrakeBench.open(BY_DEPARTMENT);
    const ids = await world.people(60, () => "Sales");
    const { settingId } = world.bench;
    const limit = { people: 2, percent: 0 };
    await world.admin({ kind: "updateSetting", settingId, safeguards: { leavers: limit, moves: limit } });
    const set = async (id: string, isLost: boolean) =>
      kind === "leavers"
        ? world.setActive([id], !isLost)
        : requireOutcome(
            await world.client.patchUser(id, { op: "replace", path: DEPARTMENT, value: isLost ? "Law" : "Sales" }),
          );
    for (const id of ids.slice(0, 3)) await set(id, true);
    await world.admin({ kind: "undoHold", hold: await world.openHold() });
    for (const id of ids.slice(0, 3)) await set(id, false);
    expect(await world.holds()).toMatchObject([{ status: "closed", dissolved: 1 }]);
    for (const id of ids.slice(3, 5)) await set(id, true);
    expect(await world.holds()).toHaveLength(1);
  });
});

describe("expected losses", () => {
  it("do not trip until as many are gone", async () => {
    const world = await BrakeBench.open(EVERYONE);
    const ids = await world.people(40);
    const { settingId } = world.bench;
    await world.admin({ kind: "updateSetting", settingId, expected: { people: 20, until: world.now + 3_600_000 } });
    await world.setActive(ids.slice(0, 20), false);
    expect(await world.holds()).toEqual([]);
    await world.setActive(ids.slice(20, 32), false);
    expect(await world.holds()).toMatchObject([{ kind: "leavers" }]);
  });

  it("a safeguard that is null stops nothing", async () => {
    const world = await BrakeBench.open(EVERYONE);
    const ids = await world.people(40);
    const { settingId } = world.bench;
    await world.admin({ kind: "updateSetting", settingId, safeguards: { leavers: null } });
    await world.setActive(ids, false);
    expect(await world.holds()).toEqual([]);
    expect((await env.DB.prepare("SELECT count(*) AS n FROM brakes").first("n")) === 0).toBe(false);
  });
});

describe("a normal Monday", () => {
  it.each(IS_WHOLE ? [50, 1_000] : [50])("of %i people opens no hold that lasts", async (size) => {
    const world = await BrakeBench.open({ ...BY_DEPARTMENT, targetGroupScope: "ungrouped" });
    const { writer, client } = world;
    const ids = await world.people(size, (n) => `D${n % 5}`);
    const mirrored = await addSetting(writer, IDP);
    const groups = client.in(mirrored);
    const members = await Promise.all(ids.map((_, index) => groups.user(`p${index}`)));
    const crew = await groups.group("Crew", members.slice(0, size / 2));
    await finishFollowUps(writer);
    const share = (percent: number) => Math.floor((size * percent) / 100);
    await Promise.all(Array.from({ length: share(5) }, (_, n) => client.user(`new${n}`, "D1")));
    await world.setActive(ids.slice(0, share(3)), false);
    for (const id of ids.slice(share(3), share(8)))
      await client.patchUser(id, { op: "replace", path: DEPARTMENT, value: "D9" });
    requireOutcome(await groups.putGroup(crew, "Crew", []));
    await finishFollowUps(writer);
    requireOutcome(await groups.putGroup(crew, "Crew", members.slice(0, size / 2)));
    await finishFollowUps(writer);
    expect((await world.holds()).filter(({ status }) => status === "open")).toEqual([]);
    expect(await count(world, "Crew")).toBe(size / 2);
    expect(await count(world, "D9")).toBe(share(8) - share(3));
    expect(await world.statuses()).toMatchObject({ inactive: share(3) });
  });
});
