import { describe, expect, it } from "vitest";
import { must } from "../../safety/populated-company.ts";
import { operate, postUsers } from "../../scim-api/scim-client.ts";
import { type HeldCompany, holdLeavers, personsOf } from "../holds/held-company.ts";

/** Group settings under which everybody leaves the target group of everyone for one that is new. */
const FRESH = { group: "Fresh", scope: "everyone", criteria: "none" };

let unheld: Promise<HeldCompany> | undefined;

/** A company of the tests that leave its people and its group as they are. */
function holdNobody(): Promise<HeldCompany> {
  unheld ??= holdLeavers("Unheld", 0);
  return unheld;
}

/** That a page leaves what it is told in numbers, and its button, to its figures; with a link those are in the page. */
async function expectLater(world: HeldCompany, page: string, told: readonly string[]): Promise<void> {
  const urlOf = (found: RegExpExecArray | null) => found?.[1]?.replaceAll("&amp;", "&").replace(world.home, "") ?? "";
  const figures = urlOf(/data-figures="([^"]+)"/.exec(page));
  const plain = urlOf(/href="([^"]+figures=now[^"]*)"/.exec(page));
  const places = [await world.page(figures), ...(plain === "" ? [] : [await world.page(plain)])];
  expect(plain === "").toBe(page.includes('name="figures" value="now"'));
  expect(page).not.toMatch(/<button class="(danger|primary)" type="submit">/);
  expect(places[0]).toContain("data-said");
  for (const words of told) {
    expect(page).not.toContain(words);
    for (const place of places) expect(place).toContain(words);
  }
}

describe("a preview in the console", () => {
  it("says which groups are made and emptied and which trainings end, behind a red button, and downloads who", async () => {
    const world = await holdLeavers("Preview", 0);
    const path = `/settings/${world.client.settingId}/grouping/preview`;
    const query = new URLSearchParams(FRESH);
    const figures = await world.page(`${path}/figures?${query}`);
    expect(figures).toContain("1 target group is made, 1 target group loses its last member.");
    expect(figures).toContain("Training “Security basics”: ends for 10 people");
    expect(figures).toMatch(/<button class="danger" type="submit">Apply: 20 memberships change/);
    expect(figures).not.toContain("to go on");
    const rows = (await world.page(`${path}.csv?${query}`)).trim().split("\r\n");
    expect(rows).toHaveLength(21);
    expect(rows[1]).toMatch(/^p1@held.example,joins,Fresh,/);
    const before = must(await operate("GET", `${world.at}/enrolments?status=active`), 200).items.length;
    expect((await world.post(`/settings/${world.client.settingId}/grouping`, FRESH)).status).toBe(303);
    await world.workDone();
    expect(must(await operate("GET", `${world.at}/enrolments?status=active`), 200).items.length).toBe(before - 10);
  });

  it("of what a group no longer enrols in says whom it withdraws, and withdraws them", async () => {
    const world = await holdLeavers("Item", 0);
    const path = `/groups/${world.groupId}/auto-enrolments/remove`;
    const asked = await world.page(`${path}?kind=training&id=basics`);
    expect(asked).toContain("Stop enrolling in Security basics?");
    await expectLater(world, asked, ["Training “Security basics”: ends for 10 people", "Stop enrolling</button>"]);
    for (const other of ["", "/figures"])
      expect(await world.page(`${path}${other}?kind=training&id=other`)).toContain("Nothing here");
    expect((await world.post(path, { kind: "training", id: "basics" })).status).toBe(303);
    await world.workDone();
    expect(must(await operate("GET", `${world.at}/enrolments?status=active`), 200).items).toEqual([]);
  });

  it("of what a group is to enrol in says for whom it starts, and enrols when that is confirmed", async () => {
    const world = await holdLeavers("Addition", 0);
    const path = `/groups/${world.groupId}/auto-enrolments`;
    const item = { kind: "phishing", id: "bait", name: "Bait" };
    const asked = await world.post(path, item);
    expect(asked.status).toBe(200);
    const told = ["Phishing simulation “Bait”: starts for 10 people", "Enrol members</button>"];
    await expectLater(world, await asked.text(), told);
    const counted = await (await world.post(path, { ...item, dueInDays: "30", figures: "now" })).text();
    for (const words of [...told, 'value="30"']) expect(counted).toContain(words);
    const open = async () => must(await operate("GET", `${world.at}/enrolments?status=active`), 200).items.length;
    expect(await open()).toBe(10);
    expect((await world.post(path, { ...item, confirmed: "yes" })).headers.get("location")).toContain(
      "enrolment-added",
    );
    await world.workDone();
    expect(await open()).toBe(20);
    const again = await world.post(path, item);
    expect(await again.text()).toContain("Members are enrolled in this already");
  });

  it("of what a group without members is to enrol in says that it begins for nobody, and asks for its terms", async () => {
    const world = await holdNobody();
    const { id } = must(await operate("POST", `${world.at}/target-groups`, { name: "Nobody" }), 201);
    const item = { kind: "training", id: "later", name: "Later" };
    const asked = await world.post(`/groups/${id}/auto-enrolments`, item);
    expect(asked.status).toBe(200);
    const page = await asked.text();
    await expectLater(world, page, ["No training or simulation starts or ends."]);
    expect(page).toContain("Due in days");
    const path = `${world.at}/target-groups/${id}/auto-enrolments`;
    expect(must(await operate("GET", path), 200).items).toEqual([]);
    expect((await world.post(`/groups/${id}/auto-enrolments`, { ...item, confirmed: "yes" })).status).toBe(303);
    expect(must(await operate("GET", path), 200).items).toEqual([item]);
  });

  it("of a deleted setting says which trainings end with its people", async () => {
    const world = await holdLeavers("Deletion", 2);
    const page = await world.page(`/settings/${world.client.settingId}/delete`);
    expect(page).toContain("What becomes of 10 people?");
    await expectLater(world, page, [
      ...["If you remove 10 people", "8 memberships of target groups end.", "1 target group loses its last member."],
      ...["Training “Security basics”: ends for 8 people", "Delete this setting</button>"],
    ]);
  });

  it("asks for the number to be typed where more than 100 would leave, and does nothing without it", async () => {
    const world = await holdLeavers("Many", 0);
    await postUsers(world.client, personsOf(11, 101));
    await world.workDone();
    const path = `/settings/${world.client.settingId}/grouping`;
    expect(await world.page(`${path}/preview/figures?${new URLSearchParams(FRESH)}`)).toContain("Type 101 to go on");
    for (const typed of ["", "100"]) {
      const refused = await world.post(path, { ...FRESH, typed });
      const again = refused.headers.get("location") ?? "";
      expect(again, typed).toContain("typed=wrong");
      expect(await world.page(again.replace(world.home, ""))).toContain("Nothing was applied");
    }
    const removed = await world.post(`/settings/${world.client.settingId}/delete`, { users: "remove" });
    expect(removed.status).toBe(422);
    await expectLater(world, await removed.text(), ["Type 101: that many people are removed.", "Type 101 to go on"]);
    expect((await world.post(path, { ...FRESH, typed: "101" })).headers.get("location")).toContain("done=regrouped");
  });
});

describe("PUT …/auto-enrolments?preview=true", () => {
  it("says how many start and end, and changes nothing", async () => {
    const world = await holdNobody();
    const path = `${world.at}/target-groups/${world.groupId}/auto-enrolments`;
    const other = [{ kind: "phishing", id: "bait", name: "Bait" }];
    const before = must(await operate("GET", path), 200);
    expect(must(await operate("PUT", `${path}?preview=true`, other), 200)).toEqual({
      enrolments: [
        { kind: "phishing", itemId: "bait", name: "Bait", starts: 10, ends: 0 },
        { kind: "training", itemId: "basics", name: "Security basics", starts: 0, ends: 10 },
      ],
    });
    expect(must(await operate("GET", path), 200)).toEqual(before);
    expect((await operate("PUT", `${path}?preview=perhaps`, other)).status).toBe(400);
  });
});

describe("POST …/preview-deletion", () => {
  it("says what the removal of a setting's people does, or that keeping them does nothing, and changes nothing", async () => {
    const world = await holdLeavers("API deletion", 3);
    const path = `${world.at}/scim-settings/${world.client.settingId}/preview-deletion`;
    const nothing = { joins: 0, leaves: 0, groups: { new: 0, emptied: 0 }, enrolments: [] };
    expect(must(await operate("POST", path, { users: "keep" }), 200)).toEqual({ people: 0, waiting: 1, ...nothing });
    const removal = must(await operate("POST", path, { users: "remove" }), 200);
    expect(removal).toEqual({
      ...{ people: 10, waiting: 1, joins: 0, leaves: 8, groups: { new: 0, emptied: 1 } },
      enrolments: [{ kind: "training", itemId: "basics", name: "Security basics", starts: 0, ends: 8 }],
    });
    expect((await operate("POST", path, {})).status).toBe(400);
    const { version } = must(await operate("GET", `${world.at}/holds/${world.holdId}`), 200);
    await world.post(`/holds/${world.holdId}/release`, { version: String(version) });
    await world.workDone();
    const { leaves } = must(await operate("POST", path, { users: "remove" }), 200);
    must(await operate("DELETE", `${world.at}/scim-settings/${world.client.settingId}?users=remove`), 204);
    await world.workDone();
    expect(leaves).toBe(7);
    const types = must(await operate("GET", `${world.at}/changes?limit=200`), 200).items.map(
      ({ type }: { type: string }) => type,
    );
    expect(types.filter((type: string) => type === "member.removed").length).toBe(10);
  });
});
