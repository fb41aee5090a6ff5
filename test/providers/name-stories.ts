import { expect } from "vitest";
import type { Story } from "./story.ts";

const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const DECK = { department: "Deck" };

/** Stories of names, e-mails and ids that change hands, in a setting that groups by department. */
export const NAME_STORIES: Story[] = [
  {
    title: "rehired: POST with the userName of an inactive user is 409, the filter finds that one, PATCH revives it",
    tell: async (life) => {
      const ada = await life.join("ada", { ...DECK, externalId: "e1" });
      await life.leave(ada);
      await life.join("Ada", { ...DECK, externalId: "e1" }, 409);
      expect(await life.find('userName eq "ada"')).toEqual([ada]);
      await life.comeBack(ada);
      expect(await life.find('externalId eq "e1"')).toEqual([ada]);
    },
    people: ["ada active"],
    targets: { Deck: ["ada"] },
    feed: { "user.created": 1, "user.deactivated": 1, "user.reactivated": 1 },
  },
  {
    // externalId is the client's to keep unique (RFC 7643 section 3.1); Entra fills it from mailNickname, which the next
    // person of that name gets. Adopting the old user would hand its history to a stranger, 409 would block the new one.
    title:
      "POST with the externalId of an inactive user and another userName is another person; the old one is untouched",
    tell: async (life) => {
      const old = await life.join("ada.lie", { ...DECK, externalId: "alie" });
      await life.leave(old);
      const next = await life.join("anna.lie", { department: "Engine", externalId: "alie" });
      expect(next).not.toBe(old);
      expect(await life.find('userName eq "ada.lie"')).toEqual([old]);
    },
    people: ["ada.lie inactive", "anna.lie active"],
    targets: { Deck: [], Engine: ["anna.lie"] },
  },
  {
    title: "rehired as active false by PUT, revived by PUT: one user, one id (Okta custom apps)",
    tell: async (life) => {
      const ada = await life.join("ada", DECK);
      const body = { userName: "ada", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": DECK };
      await life.send("PUT", `/Users/${ada}`, { ...body, active: false }, 200);
      await life.send("PUT", `/Users/${ada}`, { ...body, active: true }, 200);
    },
    people: ["ada active"],
    targets: { Deck: ["ada"] },
    feed: { "user.created": 1, "user.deactivated": 1, "user.reactivated": 1 },
  },
  {
    title: "userName changed: same id, same groups",
    tell: async (life) => {
      const ada = await life.join("ada.lie", DECK);
      await life.change(ada, { userName: "ada.moe" });
      expect(await life.find('userName eq "ada.moe"')).toEqual([ada]);
      expect(await life.find('userName eq "ada.lie"')).toEqual([]);
    },
    people: ["ada.moe active"],
    targets: { Deck: ["ada.moe"] },
    feed: { "user.created": 1, "member.added": 1 },
  },
  {
    title: "userName changed in case only: same id, the new spelling",
    tell: async (life) => {
      const ada = await life.join("ada", DECK);
      await life.change(ada, { userName: "ADA" });
      expect(await life.find('userName eq "ada"')).toEqual([ada]);
    },
    people: ["ADA active"],
    targets: { Deck: ["ADA"] },
    feed: { "user.created": 1 },
  },
  {
    title: "userName changed to that of another: 409, neither is touched",
    tell: async (life) => {
      const ada = await life.join("ada", DECK);
      await life.join("bo", { department: "Engine" });
      await life.change(ada, { [DEPARTMENT]: "Engine", userName: "BO" }, 409);
    },
    people: ["ada active", "bo active"],
    targets: { Deck: ["ada"], Engine: ["bo"] },
    feed: { "user.updated": 0 },
  },
  {
    title: "two swap userNames in sequence through a third name: ids and groups stay with the persons",
    tell: async (life) => {
      const first = await life.join("ada", DECK);
      const second = await life.join("bo", { department: "Engine" });
      await life.change(first, { userName: "bo" }, 409);
      await life.change(first, { userName: "ada.tmp" });
      await life.change(second, { userName: "ada" });
      await life.change(first, { userName: "bo" });
      expect(await life.find('userName eq "bo"')).toEqual([first]);
      expect(await life.find('userName eq "ada"')).toEqual([second]);
    },
    people: ["ada active", "bo active"],
    targets: { Deck: ["bo"], Engine: ["ada"] },
    feed: { "user.created": 2, "member.removed": 0 },
  },
  {
    title: "two swap userNames in one Bulk through a third name: as in sequence",
    tell: async (life) => {
      const first = await life.join("ada", DECK);
      const second = await life.join("bo", { department: "Engine" });
      const statuses = await life.bulk([
        [`/Users/${first}`, { userName: "ada.tmp" }],
        [`/Users/${second}`, { userName: "ada" }],
        [`/Users/${first}`, { userName: "bo" }],
      ]);
      expect(statuses).toEqual(["200", "200", "200"]);
      expect(await life.find('userName eq "bo"')).toEqual([first]);
    },
    people: ["ada active", "bo active"],
    targets: { Deck: ["bo"], Engine: ["ada"] },
    feed: { "user.created": 2, "member.removed": 0 },
  },
  {
    // The parts of a Bulk run one after another (RFC 7644 section 3.7): between the two the name would be held twice.
    title: "two swap userNames in one Bulk directly: each part is 409, neither is touched",
    tell: async (life) => {
      const first = await life.join("ada", DECK);
      const second = await life.join("bo");
      const parts: [string, { userName: string }][] = [
        [`/Users/${first}`, { userName: "bo" }],
        [`/Users/${second}`, { userName: "ada" }],
      ];
      expect(await life.bulk(parts)).toEqual(["409", "409"]);
      expect(await life.find('userName eq "ada"')).toEqual([first]);
    },
    people: ["ada active", "bo active"],
    targets: { Deck: ["ada"] },
    feed: { "user.updated": 0 },
  },
  {
    title: "names handed on along a chain in one Bulk: each takes the name that became free",
    tell: async (life) => {
      const [ada, bo] = [await life.join("ada", DECK), await life.join("bo", { department: "Engine" })];
      const statuses = await life.bulk([
        [`/Users/${bo}`, { userName: "cy" }],
        [`/Users/${ada}`, { userName: "bo" }],
      ]);
      expect(statuses).toEqual(["200", "200"]);
      expect(await life.find('userName eq "bo"')).toEqual([ada]);
    },
    people: ["bo active", "cy active"],
    targets: { Deck: ["bo"], Engine: ["cy"] },
  },
  {
    title: "the e-mail of a leaver given to another person: two people, nothing inherited",
    tell: async (life) => {
      const emails = [{ value: "desk@northwind.example", type: "work", primary: true }];
      const old = await life.join("ada", { ...DECK, emails });
      await life.leave(old);
      const next = await life.join("bo", { department: "Engine", emails });
      expect(await life.find('emails[type eq "work"].value eq "desk@northwind.example"')).toEqual([old, next]);
    },
    people: ["ada inactive", "bo active"],
    targets: { Deck: [], Engine: ["bo"] },
  },
  {
    title: "two people exchange e-mails one after the other: never refused, users and groups stay",
    tell: async (life) => {
      const mail = (value: string) => ({ emails: [{ value, type: "work", primary: true }] });
      const ada = await life.join("ada", { ...DECK, ...mail("a@northwind.example") });
      const bo = await life.join("bo", mail("b@northwind.example"));
      await life.change(ada, { 'emails[type eq "work"].value': "b@northwind.example" });
      await life.change(bo, { 'emails[type eq "work"].value': "a@northwind.example" });
      expect(await life.find('emails.value eq "a@northwind.example"')).toEqual([bo]);
    },
    people: ["ada active", "bo active"],
    targets: { Deck: ["ada"] },
  },
  {
    title: "externalIds swapped in sequence: each ends with its own, no user is made",
    tell: async (life) => {
      const [ada, bo] = [await life.join("ada", { externalId: "1" }), await life.join("bo", { externalId: "2" })];
      await life.change(ada, { externalId: "2" });
      await life.change(bo, { externalId: "1" });
      expect(await life.find('externalId eq "2"')).toEqual([ada]);
      expect(await life.find('externalId eq "1"')).toEqual([bo]);
    },
    people: ["ada active", "bo active"],
    targets: {},
    feed: { "user.created": 2 },
  },
];
