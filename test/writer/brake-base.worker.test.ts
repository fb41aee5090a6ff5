import { describe, expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { must } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";
import { requestOf, requireOutcome } from "./bench.ts";
import { BrakeBench } from "./held-people.ts";

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

/** What the API says of the users of the first setting of a company. */
async function usersOf({ bench: { companyId } }: BrakeBench) {
  const { items } = must(await operate("GET", `/companies/${companyId}/scim-settings`), 200);
  return items[0].users;
}

/** Sixty people in Sales of whom 35 are deleted: the last 30 of them wait. */
async function deleted() {
  const world = await BrakeBench.open({ criteria: "field", field: "department" });
  const safeguards = { leavers: { people: 5, percent: 0 }, moves: { people: 10, percent: 30 } };
  await world.admin({ kind: "updateSetting", settingId: world.bench.settingId, safeguards });
  const ids = await world.people(60, () => "Sales");
  for (const id of ids.slice(0, 35)) requireOutcome(await world.client.deleteUser(id));
  expect(await world.openHold()).toMatchObject({ kind: "leavers", people: 30 });
  return { world, ids };
}

async function move(world: BrakeBench, ids: readonly string[]): Promise<void> {
  for (const id of ids)
    requireOutcome(await world.client.patchUser(id, { op: "replace", path: DEPARTMENT, value: "Law" }));
}

describe("people whose deletion waits", () => {
  it("count for the percentages until it is decided", async () => {
    const { world, ids } = await deleted();
    // 11 of 55, not 11 of 25.
    await move(world, ids.slice(35, 46));
    expect((await world.holds()).map(({ kind }) => kind)).toEqual(["leavers"]);
    await world.decide("release");
    world.pass(61);
    // 11 of 25.
    await move(world, ids.slice(46, 57));
    expect(await world.openHold()).toMatchObject({ kind: "moves" });
  });

  it("are users of their setting, as they are target users that it manages, until it is decided", async () => {
    const { world, ids } = await deleted();
    expect(await usersOf(world)).toEqual({ active: 55, inactive: 0 });
    await world.decide("keep", { userIds: ids.slice(5, 10) });
    expect(await usersOf(world)).toEqual({ active: 50, inactive: 0 });
    await world.decide("release");
    expect(await usersOf(world)).toEqual({ active: 25, inactive: 0 });
  });
});

describe("people in shadow", () => {
  it("do not count for the percentages of those who are out while their setting goes live", async () => {
    const world = await BrakeBench.open({ criteria: "none", targetGroupName: "All" });
    const settingId = newId(Date.now());
    const made = { id: settingId, name: "Shadow", provider: "other", mode: "shadow" } as const;
    const groupSettings = { criteria: "none", targetGroupName: "All" } as const;
    await world.admin({ kind: "createSetting", ...made, fieldMappings: [], groupSettings });
    const shadow = world.client.in(settingId);
    for (let n = 0; n < 400; n += 100)
      await Promise.all(Array.from({ length: 100 }, (_, nth) => shadow.user(`s${n + nth}`)));
    const path = `/companies/${world.bench.companyId}/scim-settings/${settingId}`;
    const { version } = must(await operate("GET", path), 200).shadow;
    // Nobody does the steps that bring them out, yet.
    requireOutcome(await world.writer.write(requestOf({ kind: "goLive", settingId, version }, { actor: "admin" })));
    const ids = await Promise.all(Array.from({ length: 60 }, (_, nth) => shadow.user(`n${nth}`)));
    for (const id of ids.slice(0, 21))
      requireOutcome(await shadow.patchUser(id, { op: "replace", path: "active", value: false }));
    expect(await world.holds()).toMatchObject([{ kind: "leavers", people: 1 }]);
  });
});

describe("a kind that is switched off while a hold of it is open", () => {
  it("leaves what waits to be decided, and holds nothing more", async () => {
    const world = await BrakeBench.open({ criteria: "none", targetGroupName: "All" });
    const ids = await world.people(60);
    await world.setActive(ids.slice(0, 24), false);
    const safeguards = { leavers: null };
    await world.admin({ kind: "updateSetting", settingId: world.bench.settingId, safeguards });
    await world.setActive(ids.slice(24, 30), false);
    expect(await world.openHold()).toMatchObject({ kind: "leavers", people: 4 });
    expect(await world.statuses()).toEqual({ active: 34, inactive: 26 });
    await world.decide("release");
    expect(await world.statuses()).toEqual({ active: 30, inactive: 30 });
  });
});
