import { describe, expect, it } from "vitest";
import { must } from "../../safety/populated-company.ts";
import { operate } from "../../scim-api/scim-client.ts";
import { type HeldCompany, holdLeavers } from "../holds/held-company.ts";

const settingOf = async ({ at, client }: HeldCompany) =>
  must(await operate("GET", `${at}/scim-settings/${client.settingId}`), 200);

describe("a setting with an open hold", () => {
  it("is not said to be well by its page, nor its company by the alerts", async () => {
    const world = await holdLeavers("Not well", 5);
    const [setting, alerts] = [await world.page(`/settings/${world.client.settingId}`), await world.page("/alerts")];
    expect(alerts).toMatch(/No alert is open.*What waits for your decision is told above/s);
    expect(setting).toContain("3 people wait in a hold of this setting.");
    expect(setting).not.toContain("every refused write was made good");
    const calm = await holdLeavers("Well", 2);
    expect(await calm.page("/alerts")).toMatch(/No alert is open.*You are told when/s);
    expect(await calm.page(`/settings/${calm.client.settingId}`)).toContain(
      "Nothing: every refused write was made good.",
    );
  });

  it("shows it before it is paused, and is paused with those who wait left alone", async () => {
    const world = await holdLeavers("Pause", 5);
    const path = `/settings/${world.client.settingId}/pause`;
    const first = await world.post(path);
    expect([first.status, first.headers.get("location")]).toEqual([303, world.home + path]);
    expect((await settingOf(world)).status).toBe("active");
    const page = await world.page(path);
    expect(page).toContain("3 people wait in a hold of this setting.");
    expect(page).toContain('name="holds" value="leave"');
    expect((await world.post(path, { holds: "leave" })).status).toBe(303);
    expect((await settingOf(world)).status).toBe("paused");
    expect(must(await operate("GET", `${world.at}/holds/${world.holdId}`), 200).people).toBe(3);
  });

  it("shows it before it is regrouped, also when it opened after the preview", async () => {
    const world = await holdLeavers("Regroup", 5);
    const path = `/settings/${world.client.settingId}/grouping`;
    const given = { group: "Everyone", scope: "everyone", criteria: "field", field: "department" };
    const figures = await world.page(`${path}/preview/figures?${new URLSearchParams(given)}`);
    expect(figures).toContain("3 people wait in a hold of this setting.");
    const first = await world.post(path, given);
    expect(first.headers.get("location")).toContain(`${path}/preview?`);
    expect((await settingOf(world)).groupSettings.criteria).toBe("none");
    const typed = /Type (\d+) to go on/.exec(figures)?.[1];
    expect((await world.post(path, { ...given, holds: "leave", ...(typed && { typed }) })).status).toBe(303);
    expect((await settingOf(world)).groupSettings.criteria).toBe("field");
  });

  it("shows it before it is deleted: those who wait are kept, or decided about first", async () => {
    const world = await holdLeavers("Delete", 5);
    const path = `/settings/${world.client.settingId}/delete`;
    expect(await world.page(path)).toContain("3 people wait in a hold of this setting.");
    const removed = await world.post(path, { users: "remove", holds: "leave" });
    expect(removed.status).toBe(422);
    expect(await removed.text()).toContain("3 people wait in a hold of the SCIM setting");
    expect((await world.post(path, { users: "keep" })).status).toBe(422);
    expect((await world.post(path, { users: "keep", holds: "leave" })).status).toBe(303);
    expect((await operate("GET", `${world.at}/scim-settings/${world.client.settingId}`)).status).toBe(404);
  });
});

describe("the brake of a setting", () => {
  let unheld: Promise<HeldCompany> | undefined;
  const holdNobody = () => (unheld ??= holdLeavers("Limits", 0));

  it("is set in plain words, each limit by itself, with what is expected", async () => {
    const world = await holdNobody();
    const path = `/settings/${world.client.settingId}/safeguards`;
    const page = await world.page(path);
    for (const words of ["Many people leaving", "grouping field emptied", "changing groups", "losing its members"])
      expect(page).toContain(words);
    expect(page).toMatch(/name="leavers.people" type="text" value="2"/);
    const form = {
      ...{ "leavers.on": "yes", "leavers.people": "7", "leavers.percent": "5" },
      ...{ "group.on": "yes", "group.people": "20", "group.percent": "50" },
      ...{ "moves.people": "9", expectedPeople: "40", expectedUntil: "2099-01-02T03:04" },
    };
    expect((await world.post(path, form)).headers.get("location")).toContain("done=safeguards-changed");
    expect(await settingOf(world)).toMatchObject({
      safeguards: {
        ...{ leavers: { people: 7, percent: 5 }, group: { people: 20, percent: 50 }, emptied: null, moves: null },
      },
      expected: { people: 40, until: "2099-01-02T03:04:00.000Z" },
    });
    const setting = await world.page(`/settings/${world.client.settingId}`);
    expect(setting).toContain("More than 7 people and 5 % leaving within an hour wait for you.");
    expect(setting).toContain("40 people are expected to leave");
    const { expectedPeople: _, expectedUntil: __, ...limits } = form;
    await world.post(path, limits);
    expect(await settingOf(world)).toMatchObject({ expected: null });
  });

  it("is not changed by a form that says something else", async () => {
    const world = await holdNobody();
    const path = `/settings/${world.client.settingId}/safeguards`;
    const before = await settingOf(world);
    const right = { "leavers.on": "yes", "leavers.people": "7", "leavers.percent": "5" };
    for (const [field, value] of [
      ["leavers.people", "-1"],
      ["leavers.people", "many"],
      ["leavers.percent", "101"],
      ["expectedPeople", "0"],
      ["expectedUntil", "2020-01-01T00:00"],
      ["expectedUntil", "soon"],
    ] as const) {
      const wrong = await world.post(path, { ...right, expectedPeople: "", expectedUntil: "", [field]: value });
      expect(wrong.status, `${field} ${value}`).toBe(422);
      expect(await wrong.text()).toContain(`id="${field}-error"`);
    }
    expect(await settingOf(world)).toEqual(before);
  });
});
