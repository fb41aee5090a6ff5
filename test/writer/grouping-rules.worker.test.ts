import { describe, expect, it } from "vitest";
import { Client, finishFollowUps, groupMembers, newBench, requestOf, requireOutcome, targetMembers } from "./bench.ts";

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const byDepartment = {
  targetGroupName: "Everyone",
  targetGroupScope: "everyone" as const,
  criteria: "field" as const,
  field: "department",
};

describe("a user by field", () => {
  it("joins the group of its department and the group for everyone when created active", async () => {
    const bench = await newBench(byDepartment);
    await new Client(bench.writer, bench.settingId).user("ada", "Sales");
    expect(await targetMembers(bench.companyId)).toEqual({ Everyone: ["ada"], Sales: ["ada"] });
  });

  it("created inactive is in none; reactivated it is in all, with the same id", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    const id = await client.user("ada", "Sales", { active: false });
    expect(await targetMembers(bench.companyId)).toEqual({ Everyone: [] });
    const result = requireOutcome(await client.patchUser(id, { op: "Replace", path: "active", value: "True" }));
    expect(result.kind === "user" && result.user.id).toBe(id);
    expect(await targetMembers(bench.companyId)).toEqual({ Everyone: ["ada"], Sales: ["ada"] });
    await client.patchUser(id, { op: "replace", value: { active: false } });
    expect(await targetMembers(bench.companyId)).toEqual({ Everyone: [], Sales: [] });
  });

  it("keeps its status when active is removed, through later updates too", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    const groups = { inactive: { Everyone: [] }, active: { Everyone: ["ada"], Sales: ["ada"] } };
    const id = await client.user("ada", "Sales", { active: false });
    const removed = requireOutcome(await client.patchUser(id, { op: "remove", path: "active" }));
    expect(removed.kind === "user" && removed.user.document.active).toBe(false);
    expect(await targetMembers(bench.companyId)).toEqual(groups.inactive);
    await client.patchUser(id, { op: "replace", path: "title", value: "T" });
    expect(await targetMembers(bench.companyId)).toEqual(groups.inactive);
    await client.patchUser(id, { op: "replace", path: "active", value: true });
    expect(await targetMembers(bench.companyId)).toEqual(groups.active);
    await client.patchUser(id, { op: "remove", path: "active" });
    expect(await targetMembers(bench.companyId)).toEqual(groups.active);
  });

  it("stays inactive when an empty value clears its status", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    const id = await client.user("ada", "Sales", { active: false });
    requireOutcome(await client.patchUser(id, { op: "replace", path: "active", value: null }));
    expect(await targetMembers(bench.companyId)).toEqual({ Everyone: [] });
  });

  it("moves from A to B when its department changes; the emptied group stays", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    const id = await client.user("ada", "Sales");
    await client.patchUser(id, { op: "Replace", path: DEPARTMENT, value: "Legal" });
    expect(await targetMembers(bench.companyId)).toEqual({ Everyone: ["ada"], Legal: ["ada"], Sales: [] });
  });

  it("goes to the fallback group when its field is emptied, and back", async () => {
    const bench = await newBench({ ...byDepartment, targetGroupName: "Fallback", targetGroupScope: "ungrouped" });
    const client = new Client(bench.writer, bench.settingId);
    const id = await client.user("ada", "Sales");
    await client.patchUser(id, { op: "Remove", path: DEPARTMENT });
    expect(await targetMembers(bench.companyId)).toEqual({ Fallback: ["ada"], Sales: [] });
    await client.patchUser(id, { op: "Add", path: DEPARTMENT, value: "sales" });
    expect(await targetMembers(bench.companyId)).toEqual({ Fallback: [], Sales: ["ada"] });
  });

  it("is gone from everywhere when deleted", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    const id = await client.user("ada", "Sales");
    await client.user("bob", "Sales");
    requireOutcome(await client.deleteUser(id));
    expect(await targetMembers(bench.companyId)).toEqual({ Everyone: ["bob"], Sales: ["bob"] });
    expect(await client.deleteUser(id)).toMatchObject({ ok: false, status: 404 });
  });

  it("can take the userName of another only when that is free, compared folded", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    await client.user("Ada");
    const bob = await client.user("bob");
    expect(await client.postUser("ADA")).toMatchObject({ ok: false, status: 409, scimType: "uniqueness" });
    expect(await client.patchUser(bob, { op: "replace", path: "userName", value: "aDa" })).toMatchObject({
      status: 409,
    });
  });
});

describe("groups synchronised with the provider", () => {
  const mirrored = { criteria: "idp" as const };

  it("become target groups of the same name with the same members", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const [ada, bob] = [await client.user("ada"), await client.user("bob")];
    const group = await client.group("Crew", [ada]);
    await client.patchGroup(group, { op: "Add", path: "members", value: [{ $ref: null, value: bob }] });
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: ["ada", "bob"] });
    await client.patchGroup(group, { op: "remove", path: `members[value eq "${ada}"]` });
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: ["bob"] });
    expect(await groupMembers(group)).toEqual(["bob"]);
  });

  it("replace with a list means exactly that list; an unknown member refuses the whole request", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const [ada, bob, eve] = [await client.user("ada"), await client.user("bob"), await client.user("eve")];
    const group = await client.group("Crew", [ada, bob]);
    requireOutcome(await client.putGroup(group, "Crew", [bob, eve]));
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: ["bob", "eve"] });
    const refused = await client.patchGroup(group, {
      op: "replace",
      path: "members",
      value: [{ value: ada }, { value: "nope" }],
    });
    expect(refused).toMatchObject({ ok: false, status: 400, scimType: "invalidValue" });
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: ["bob", "eve"] });
    requireOutcome(await client.putGroup(group, "Crew"));
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: ["bob", "eve"] });
    requireOutcome(await client.putGroup(group, "Crew", []));
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: [] });
  });

  it("renamed are renamed, not forked; deleted their mirror goes and their users stay", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const group = await client.group("Crew", [await client.user("ada")]);
    await client.patchGroup(group, { op: "replace", value: { id: group, displayName: "Staff" } });
    expect(await targetMembers(bench.companyId)).toEqual({ Staff: ["ada"] });
    requireOutcome(await client.deleteGroup(group));
    expect(await targetMembers(bench.companyId)).toEqual({});
    expect(await client.postUser("ada")).toMatchObject({ ok: false, status: 409 });
  });

  it("with the name of a group made by hand feed it, and never touch what is by hand", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const made = requireOutcome(await bench.writer.write(requestOf({ kind: "createTargetGroup", name: "Crew" })));
    const targetGroupId = (made.kind === "done" && made.id) || "";
    const [ada, bob] = [await client.user("ada"), await client.user("bob")];
    await bench.writer.write(requestOf({ kind: "addManualMember", targetGroupId, userId: ada }));
    const group = await client.group("crew", [ada, bob]);
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: ["ada", "bob"] });
    await client.patchGroup(group, { op: "replace", value: { displayName: "Staff" } });
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: ["ada"], Staff: ["ada", "bob"] });
    await client.deleteGroup(group);
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: ["ada"] });
  });

  it("renamed to another's old name each keep their members", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const one = await client.group("One", [await client.user("ada")]);
    const two = await client.group("Two", [await client.user("bob")]);
    await client.patchGroup(one, { op: "replace", path: "displayName", value: "Three" });
    await client.patchGroup(two, { op: "replace", path: "displayName", value: "One" });
    expect(await targetMembers(bench.companyId)).toEqual({ One: ["bob"], Three: ["ada"] });
  });

  it("keep an inactive member, who is mirrored when reactivated", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const ada = await client.user("ada", undefined, { active: false });
    const group = await client.group("Crew", [ada]);
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: [] });
    await client.patchUser(ada, { op: "replace", path: "active", value: true });
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: ["ada"] });
    expect(await groupMembers(group)).toEqual(["ada"]);
  });
});

describe("a change of group settings", () => {
  it("regroups the users there are, and mirrors the groups there are", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    const ada = await client.user("ada", "Sales");
    await client.user("bob", "Legal");
    await client.group("Crew", [ada]);
    const change = (groupSettings: object) =>
      bench.writer.write(requestOf({ kind: "updateSetting", settingId: bench.settingId, groupSettings } as never));
    requireOutcome(await change({ criteria: "idp", targetGroupName: "Others", targetGroupScope: "ungrouped" }));
    await finishFollowUps(bench.writer);
    expect(await targetMembers(bench.companyId)).toEqual({
      Crew: ["ada"],
      Everyone: [],
      Legal: [],
      Others: ["bob"],
      Sales: [],
    });
    requireOutcome(await change(byDepartment));
    await finishFollowUps(bench.writer);
    expect(await targetMembers(bench.companyId)).toEqual({
      Everyone: ["ada", "bob"],
      Legal: ["bob"],
      Others: [],
      Sales: ["ada"],
    });
  });

  it("is refused when it leaves the grouping field unmapped, whatever its door saw before", async () => {
    const bench = await newBench({ criteria: "idp" });
    const send = (operation: object) => bench.writer.write(requestOf(operation as never));
    const change = (parts: object) => send({ kind: "updateSetting", settingId: bench.settingId, ...parts });
    const bySite = { groupSettings: { criteria: "field", field: "site" } };
    requireOutcome(await send({ kind: "createField", field: { key: "site", label: "Site", type: "text" } }));
    expect(await change(bySite)).toMatchObject({ ok: false, status: 409 });
    requireOutcome(await change({ fieldMappings: [{ field: "site", path: "title" }] }));
    requireOutcome(await change(bySite));
    expect(await change({ fieldMappings: [] })).toMatchObject({ ok: false, status: 409 });
    requireOutcome(await change({ name: "Renamed" }));
  });

  it("deleting a setting removes its users when asked to, and keeps them as they are otherwise", async () => {
    for (const users of ["keep", "remove"] as const) {
      const bench = await newBench(byDepartment);
      const client = new Client(bench.writer, bench.settingId);
      await client.group("Crew", [await client.user("ada", "Sales")]);
      await bench.writer.write(requestOf({ kind: "deleteSetting", settingId: bench.settingId, users }));
      await finishFollowUps(bench.writer);
      const members = users === "keep" ? ["ada"] : [];
      expect(await targetMembers(bench.companyId)).toEqual({ Everyone: members, Sales: members });
      expect(await client.postUser("bob")).toMatchObject({ ok: false, status: 404 });
    }
  });
});
