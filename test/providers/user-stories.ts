import { expect } from "vitest";
import { Life } from "./life.ts";
import type { Story } from "./story.ts";
import { connect } from "./world.ts";

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const DECK = { department: "Deck" };

/** Stories of people who come, go and come back, in a setting that groups by department. */
export const USER_STORIES: Story[] = [
  {
    title: "deleted and re-created: a new id, the groups of its department again, the feed keeps both lives",
    tell: async (life) => {
      const old = await life.join("ada", { ...DECK, externalId: "e1" });
      await life.erase("/Users", old);
      const next = await life.join("ada", { ...DECK, externalId: "e1" });
      expect(next).not.toBe(old);
      expect(await life.find('externalId eq "e1"')).toEqual([next]);
    },
    people: ["ada active"],
    targets: { Deck: ["ada"] },
    feed: { "user.created": 2, "user.deleted": 1, "member.added": 2, "member.removed": 1 },
  },
  {
    title: "the userName of a leaver wanted by a new hire: 409 until the leaver is renamed",
    tell: async (life) => {
      const old = await life.join("ada", DECK);
      await life.leave(old);
      await life.join("ada", { department: "Engine" }, 409);
      await life.change(old, { userName: "ada.left" });
      expect(await life.join("ada", { department: "Engine" })).not.toBe(old);
    },
    people: ["ada active", "ada.left inactive"],
    targets: { Deck: [], Engine: ["ada"] },
  },
  {
    title: "created inactive, activated later: in no group before, in its own after",
    tell: async (life) => {
      const ada = await life.join("ada", { ...DECK, active: false });
      expect(await life.targets()).toEqual({});
      await life.comeBack(ada);
    },
    people: ["ada active"],
    targets: { Deck: ["ada"] },
  },
  {
    title: "deactivated twice: the second changes nothing",
    tell: async (life) => {
      const ada = await life.join("ada", DECK);
      await life.leave(ada);
      await life.leave(ada);
    },
    people: ["ada inactive"],
    targets: { Deck: [] },
    feed: { "user.deactivated": 1, "member.removed": 1 },
  },
  {
    title: "reactivated into a changed department in one request: only in the new one",
    tell: async (life) => {
      const ada = await life.join("ada", DECK);
      await life.leave(ada);
      await life.change(ada, { active: "True", [DEPARTMENT]: "Engine" });
    },
    people: ["ada active"],
    targets: { Deck: [], Engine: ["ada"] },
  },
  {
    title: "department changed while inactive: in none until reactivated, then in the new one",
    tell: async (life) => {
      const ada = await life.join("ada", DECK);
      await life.leave(ada);
      await life.change(ada, { [DEPARTMENT]: "Engine" });
      expect(await life.targets()).toEqual({ Deck: [] });
      await life.comeBack(ada);
    },
    people: ["ada active"],
    targets: { Deck: [], Engine: ["ada"] },
  },
  {
    title: "department emptied and filled again in another case: the same target group",
    tell: async (life) => {
      const ada = await life.join("ada", DECK);
      await life.change(ada, { [DEPARTMENT]: "" });
      expect(await life.targets()).toEqual({ Deck: [] });
      await life.change(ada, { [DEPARTMENT]: "DECK " });
    },
    people: ["ada active"],
    targets: { Deck: ["ada"] },
  },
  {
    title: "a manager deleted: those below stay as they are and can be given another",
    tell: async (life) => {
      const boss = await life.join("boss");
      const ada = await life.join("ada", DECK);
      await life.change(ada, { manager: boss });
      await life.erase("/Users", boss);
      await life.send("GET", `/Users/${ada}`, undefined, 200);
      await life.change(ada, { manager: await life.join("chief") });
    },
    people: ["ada active", "chief active"],
    targets: { Deck: ["ada"] },
  },
  {
    title: "PUT, PATCH and DELETE after a deletion: 404, nobody is made",
    tell: async (life) => {
      const ada = await life.join("ada", DECK);
      await life.erase("/Users", ada);
      await life.send("PUT", `/Users/${ada}`, { userName: "ada", active: true }, 404);
      await life.change(ada, { active: "True" }, 404);
      await life.erase("/Users", ada, 404);
    },
    people: [],
    targets: { Deck: [] },
    feed: { "user.created": 1, "user.deleted": 1 },
  },
  {
    title: "created again after a lost reply, then after a lost reply deleted again: once each",
    tell: async (life) => {
      const ada = await life.join("ada", DECK);
      await life.join("ada", DECK, 409);
      await life.erase("/Users", ada);
      await life.erase("/Users", ada, 404);
      await life.join("ada", DECK);
    },
    people: ["ada active"],
    targets: { Deck: ["ada"] },
    feed: { "user.created": 2, "user.deleted": 1 },
  },
  {
    title: "moved to another setting of the company, left behind inactive: in the shared group once, by the new one",
    tell: async (life) => {
      const other = await besideOf(life);
      const old = await life.join("ada", DECK);
      await life.leave(old);
      expect(await other.join("ada", { department: "deck" })).not.toBe(old);
      await life.send("GET", `/Users/${old}`, undefined, 200);
    },
    people: ["ada active", "ada inactive"],
    targets: { Deck: ["ada"] },
  },
  {
    title: "moved to another setting before it is deleted in the first: never out of the shared group's training",
    tell: async (life) => {
      const other = await besideOf(life);
      const old = await life.join("ada", DECK);
      const next = await other.join("ada", DECK);
      await life.erase("/Users", old);
      expect(await other.find('userName eq "ada"')).toEqual([next]);
      await life.change(next, { active: "False" }, 404);
    },
    people: ["ada active"],
    targets: { Deck: ["ada"] },
    feed: { "user.created": 2, "user.deleted": 1 },
  },
];

/** Another setting of the same company, grouped the same way. */
async function besideOf(life: Life): Promise<Life> {
  const groupSettings = { criteria: "field", field: "department" };
  return new Life(await connect({ groupSettings }, life.connection.companyId));
}
