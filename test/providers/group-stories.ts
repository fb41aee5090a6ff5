import { expect } from "vitest";
import { Life } from "./life.ts";
import type { Story } from "./story.ts";
import { connect, readText } from "./world.ts";

/** Stories of groups in a setting that synchronises them. */
export const GROUP_STORIES: Story[] = [
  {
    title: "a group deleted and re-created with the same name: a new group, empty until its members are pushed",
    tell: async (life) => {
      const ada = await life.join("ada");
      const old = await life.found("Crew", [ada]);
      await life.erase("/Groups", old);
      expect(await life.targets()).toEqual({});
      const next = await life.found("Crew");
      expect(next).not.toBe(old);
      await life.admit(old, ada, 404);
      expect(await life.targets()).toEqual({ Crew: [] });
      await life.admit(next, ada);
    },
    people: ["ada active"],
    targets: { Crew: ["ada"] },
    feed: { "group.created": 2, "group.deleted": 1 },
  },
  {
    title: "a group renamed: its target group is renamed with it, nobody leaves or joins",
    tell: async (life) => {
      const group = await life.found("Crew", [await life.join("ada")]);
      await life.rename(group, "Deck crew");
    },
    people: ["ada active"],
    targets: { "Deck crew": ["ada"] },
    feed: { "group.renamed": 1, "member.added": 1, "member.removed": 0 },
  },
  {
    title: "a group renamed to another's old name: each target group follows its own group",
    tell: async (life) => {
      const first = await life.found("Crew", [await life.join("ada")]);
      const second = await life.found("Guests", [await life.join("bo")]);
      await life.rename(second, "Crew", 409);
      await life.rename(first, "Old crew");
      await life.rename(second, "Crew");
      expect(await life.find('displayName eq "Crew"', "/Groups")).toEqual([second]);
    },
    people: ["ada active", "bo active"],
    targets: { Crew: ["bo"], "Old crew": ["ada"] },
    feed: { "group.created": 2, "group.renamed": 2, "group.deleted": 0, "member.removed": 0 },
  },
  {
    title: "two groups swap names in one Bulk through a third name: target groups keep their members",
    tell: async (life) => {
      const first = await life.found("A", [await life.join("ada")]);
      const second = await life.found("B", [await life.join("bo")]);
      const statuses = await life.bulk([
        [`/Groups/${first}`, { displayName: "C" }],
        [`/Groups/${second}`, { displayName: "A" }],
        [`/Groups/${first}`, { displayName: "B" }],
      ]);
      expect(statuses).toEqual(["204", "204", "204"]);
    },
    people: ["ada active", "bo active"],
    targets: { A: ["bo"], B: ["ada"] },
    feed: { "group.created": 2, "member.removed": 0 },
  },
  {
    title: "two groups swap names in one Bulk directly: each part is 409, neither is touched",
    tell: async (life) => {
      const first = await life.found("A", [await life.join("ada")]);
      const second = await life.found("B");
      const statuses = await life.bulk([
        [`/Groups/${first}`, { displayName: "B" }],
        [`/Groups/${second}`, { displayName: "A" }],
      ]);
      expect(statuses).toEqual(["409", "409"]);
    },
    people: ["ada active"],
    targets: { A: ["ada"], B: [] },
    feed: { "group.renamed": 0 },
  },
  {
    title: "a group renamed in case only: the same target group, newly spelt",
    tell: async (life) => {
      const group = await life.found("crew", [await life.join("ada")]);
      await life.rename(group, "Crew");
    },
    people: ["ada active"],
    targets: { Crew: ["ada"] },
    feed: { "group.created": 1, "group.renamed": 1 },
  },
  {
    title: "a group created again after a lost reply: 409, the filter finds the one there is",
    tell: async (life) => {
      const group = await life.found("Crew", [await life.join("ada")]);
      await life.found("Crew", [], 409);
      expect(await life.find('displayName eq "crew"', "/Groups")).toEqual([group]);
    },
    people: ["ada active"],
    targets: { Crew: ["ada"] },
    feed: { "group.created": 1 },
  },
  {
    title: "a member deleted while in groups: gone from all; re-created it is in none until pushed",
    tell: async (life) => {
      const [ada, bo] = [await life.join("ada"), await life.join("bo")];
      const [one, two] = [await life.found("One", [ada, bo]), await life.found("Two", [ada])];
      await life.erase("/Users", ada);
      const next = await life.join("ada");
      expect(await life.targets()).toEqual({ One: ["bo"], Two: [] });
      await life.admit(two, ada, 400);
      await life.admit(two, next);
      expect(await life.find(`id eq "${one}" and members eq "${next}"`, "/Groups")).toEqual([]);
    },
    people: ["ada active", "bo active"],
    targets: { One: ["bo"], Two: ["ada"] },
  },
  {
    title: "a leaver rehired: back in the groups that were never told of the leaving",
    tell: async (life) => {
      const ada = await life.join("ada");
      await life.found("Crew", [ada]);
      await life.leave(ada);
      expect(await life.targets()).toEqual({ Crew: [] });
      await life.comeBack(ada);
    },
    people: ["ada active"],
    targets: { Crew: ["ada"] },
  },
  {
    title: "a leaver taken out of the group meanwhile: not in it when rehired",
    tell: async (life) => {
      const ada = await life.join("ada");
      const group = await life.found("Crew", [ada]);
      await life.leave(ada);
      await life.expel(group, ada);
      await life.comeBack(ada);
    },
    people: ["ada active"],
    targets: { Crew: [] },
  },
  {
    title: "moved between groups, the joining told before the leaving and each told twice: in the new one only",
    tell: async (life) => {
      const ada = await life.join("ada");
      const [one, two] = [await life.found("One", [ada]), await life.found("Two")];
      for (const _ of [1, 2]) await life.admit(two, ada);
      for (const _ of [1, 2]) await life.expel(one, ada);
    },
    people: ["ada active"],
    targets: { One: [], Two: ["ada"] },
    feed: { "member.added": 2, "member.removed": 1 },
  },
  {
    title: "a member renamed and swapped with another: memberships follow the ids",
    tell: async (life) => {
      const [ada, bo] = [await life.join("ada"), await life.join("bo")];
      await life.found("Crew", [ada]);
      await life.change(ada, { userName: "tmp" });
      await life.change(bo, { userName: "ada" });
      await life.change(ada, { userName: "bo" });
    },
    people: ["ada active", "bo active"],
    targets: { Crew: ["bo"] },
    feed: { "member.added": 1, "member.removed": 0 },
  },
  {
    title: "a group with an auto-enrolment deleted and re-created: the target group waits, its training starts again",
    tell: async (life) => {
      const ada = await life.join("ada");
      const old = await life.found("Crew", [ada]);
      const { body } = await life.platform("GET", "/target-groups");
      const target = readText({ status: 200, headers: new Headers(), text: "", body }, "items.0.id");
      const items = [{ kind: "training", id: "t1", name: "Phishing basics" }];
      await life.platform("PUT", `/target-groups/${target}/auto-enrolments`, items);
      await life.erase("/Groups", old);
      expect(await life.targets()).toEqual({ Crew: [] });
      await life.found("Crew", [ada]);
    },
    people: ["ada active"],
    targets: { Crew: ["ada"] },
    feed: { "group.created": 1, "group.deleted": 0, "enrolment.started": 2, "enrolment.withdrawn": 1 },
  },
  {
    title: "a group named like a target group made by hand: it feeds that one; deleted, the manual member stays",
    tell: async (life) => {
      const [ada, bo] = [await life.join("ada"), await life.join("bo")];
      const target = readText(await life.platform("POST", "/target-groups", { name: "Crew" }), "id");
      await life.platform("PUT", `/target-groups/${target}/members/${bo}`);
      const group = await life.found("crew", [ada, bo]);
      expect(await life.targets()).toEqual({ Crew: ["ada", "bo"] });
      await life.erase("/Groups", group);
    },
    people: ["ada active", "bo active"],
    targets: { Crew: ["bo"] },
    feed: { "group.created": 1, "group.deleted": 0 },
  },
  {
    title: "groups of one name in two settings: one target group of both; one group deleted, the other's members stay",
    tell: async (life) => {
      const other = new Life(await connect({}, life.connection.companyId));
      const group = await life.found("Crew", [await life.join("ada")]);
      await other.found("crew", [await other.join("bo")]);
      expect(await life.targets()).toEqual({ Crew: ["ada", "bo"] });
      await life.erase("/Groups", group);
    },
    people: ["ada active", "bo active"],
    targets: { Crew: ["bo"] },
    feed: { "group.created": 1, "group.deleted": 0 },
  },
  {
    title: "a user moved between two settings that synchronise groups: in the new one's group, no member of the old",
    tell: async (life) => {
      const other = new Life(await connect({}, life.connection.companyId));
      const old = await life.join("ada");
      await life.found("Crew", [old]);
      const next = await other.join("ada");
      await life.erase("/Users", old);
      await other.found("Guests", [next]);
      await other.found("Others", [old], 400);
    },
    people: ["ada active"],
    targets: { Crew: [], Guests: ["ada"] },
  },
  {
    title: "a group renamed by PUT without members: renamed, its members stay (a deviation that spares a group)",
    tell: async (life) => {
      const group = await life.found("Crew", [await life.join("ada")]);
      await life.send("PUT", `/Groups/${group}`, { displayName: "Deck crew" }, 200);
    },
    people: ["ada active"],
    targets: { "Deck crew": ["ada"] },
    feed: { "member.removed": 0 },
  },
];
