import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/scim/json.ts";
import type { Operation } from "../../src/writer/operation.ts";
import { compareFold, follow, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { operate } from "../scim-api/scim-client.ts";
import { addSetting, type Bench, Client, finishFollowUps, newBench, requestOf, requireOutcome } from "./bench.ts";

const byDepartment = { criteria: "field" as const, field: "department" };
const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const MAIL = 'emails[type eq "work"].value';
const basics = { kind: "training" as const, id: "basics", name: "Basics" };

interface Change {
  type: string;
  subject: { kind: string; id: string };
  // biome-ignore lint/suspicious/noExplicitAny: members are read freely; a wrong shape fails the expectations.
  data: any;
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  cause: any;
}

// biome-ignore lint/suspicious/noExplicitAny: see above.
async function read({ companyId }: Bench, path: string): Promise<any> {
  const { status, json } = await operate("GET", `/companies/${companyId}${path}`);
  expect(status, path).toBe(200);
  return json;
}

async function feed(bench: Bench): Promise<Change[]> {
  return (await read(bench, "/changes?limit=200")).items;
}

/** Changes of enrolments and the end of users since an earlier look, in words. */
async function news(bench: Bench, since: number): Promise<string[]> {
  const changes = (await feed(bench)).slice(since);
  return changes.filter(({ type }) => /^(enrolment|user\.deleted|auto)/.test(type)).map(({ type }) => type);
}

async function write({ writer }: Bench, operation: Operation): Promise<void> {
  requireOutcome(await writer.write(requestOf(operation)));
}

/** Has the target group of a name enrol its members in these items. */
async function enrolIn(bench: Bench, name: string, items: { kind: "training"; id: string; name: string }[]) {
  const { items: groups } = await read(bench, "/target-groups");
  const { id } = groups.find((group: { name: string }) => group.name === name);
  await write(bench, { kind: "setAutoEnrolments", targetGroupId: id, items });
  return id;
}

/** Two settings, each with a user of one e-mail in Sales, which enrols in Basics; the first holds the enrolment. */
async function twoUsersOfOne() {
  const bench = await newBench(byDepartment);
  const settingIds = [bench.settingId, await addSetting(bench.writer, byDepartment)] as const;
  const one = new Client(bench.writer, settingIds[0]);
  const two = new Client(bench.writer, settingIds[1]);
  const emails = [{ value: "lee@ex.test", type: "work" }];
  const first = await one.user("lee", "Sales", { emails, externalId: "e-1" });
  const groupId = await enrolIn(bench, "Sales", [basics]);
  await finishFollowUps(bench.writer);
  const second = await two.user("lee", "Sales", {
    emails: [{ value: "LEE@ex.test", type: "work" }],
    externalId: "e-2",
    displayName: "Lee",
  });
  const { items } = await read(bench, "/enrolments");
  expect(items).toMatchObject([{ userId: first, status: "active" }]);
  const since = (await feed(bench)).length;
  return { bench, one, two, first, second, groupId, settingIds, enrolmentId: String(items[0].id), since };
}
type TwoUsers = Awaited<ReturnType<typeof twoUsersOfOne>>;

/** The ways in which a user that holds an enrolment loses it while another user of the same person has a right to it. */
const WAYS: Record<string, (world: TwoUsers) => Promise<unknown>> = {
  "is deleted": ({ one, first }) => one.deleteUser(first),
  "becomes inactive": ({ one, first }) => one.patchUser(first, { op: "replace", path: "active", value: false }),
  "leaves the group": ({ one, first }) => one.patchUser(first, { op: "remove", path: DEPARTMENT }),
  "gets another e-mail and leaves the group": ({ one, first }) =>
    one.patchUser(first, { op: "replace", path: MAIL, value: "kim@ex.test" }, { op: "remove", path: DEPARTMENT }),
  "loses its e-mail and leaves the group": ({ one, first }) =>
    one.patchUser(first, { op: "remove", path: "emails" }, { op: "remove", path: DEPARTMENT }),
  "goes with its setting": ({ bench, settingIds: [settingId] }) =>
    write(bench, { kind: "deleteSetting", settingId, users: "remove" }),
  "is regrouped with its setting": ({ bench, settingIds: [settingId] }) =>
    write(bench, { kind: "updateSetting", settingId, groupSettings: { criteria: "none", targetGroupName: "All" } }),
  "has another department by a new mapping": ({ bench, settingIds: [settingId] }) =>
    write(bench, { kind: "updateSetting", settingId, fieldMappings: [{ field: "department", path: "title" }] }),
  "has another e-mail by a new mapping, and no department": ({ bench, settingIds: [settingId] }) =>
    write(bench, {
      kind: "updateSetting",
      settingId,
      fieldMappings: [
        { field: "email", path: "userName" },
        { field: "department", path: "title" },
      ],
    }),
  "is kept from a deleted setting and removed": async (world) => {
    await keepFirst(world);
    await write(world.bench, { kind: "removeTargetUser", userId: world.first });
  },
  "is kept from a deleted setting and made inactive": async (world) => {
    await keepFirst(world);
    await write(world.bench, { kind: "editTargetUser", userId: world.first, status: "inactive", fields: {} });
  },
  "is kept from a deleted setting and taken out of the group": async (world) => {
    await keepFirst(world);
    await write(world.bench, { kind: "removeManualMember", targetGroupId: world.groupId, userId: world.first });
  },
};

async function keepFirst({ bench, settingIds: [settingId] }: TwoUsers): Promise<void> {
  await write(bench, { kind: "deleteSetting", settingId, users: "keep" });
  await finishFollowUps(bench.writer);
}

describe("an enrolment whose holder goes", () => {
  for (const [way, go] of Object.entries(WAYS))
    it(`is handed over to the person's other user, and the feed says so, when it ${way}`, async () => {
      const world = await twoUsersOfOne();
      const { bench, first, second, groupId, enrolmentId, since } = world;
      await go(world);
      await finishFollowUps(bench.writer);
      const isDeleted = /is deleted|goes with its setting|removed/.test(way);
      expect(await news(bench, since)).toEqual(["enrolment.reassigned", ...(isDeleted ? ["user.deleted"] : [])]);
      const reassigned = (await feed(bench)).find(({ type }) => type === "enrolment.reassigned");
      expect(reassigned).toMatchObject({
        subject: { kind: "enrolment", id: enrolmentId },
        data: {
          ...{ oldUserId: first, userId: second, kind: "training", itemId: "basics", name: "Basics" },
          ...{ email: "LEE@ex.test", externalId: "e-2", groups: [{ id: groupId, name: "Sales" }] },
        },
        cause: { rule: "field" },
      });
      expect(await read(bench, `/enrolments/${enrolmentId}`)).toMatchObject({
        ...{ userId: second, status: "active", groupIds: [groupId] },
        history: [{ type: "enrolment.started" }, { type: "enrolment.reassigned" }],
      });
    });

  it("keeps its whole history whoever held it, there and back again, without the data of those who were erased", async () => {
    const { bench, one, two, first, second, enrolmentId } = await twoUsersOfOne();
    const active = (value: boolean) => ({ op: "replace", path: "active", value });
    const history = async (): Promise<Change[]> => (await read(bench, `/enrolments/${enrolmentId}`)).history;
    await one.patchUser(first, active(false));
    await one.patchUser(first, active(true));
    await two.patchUser(second, active(false));
    await two.patchUser(second, active(true));
    expect((await history()).map(({ type, data }) => [type, data.userId])).toEqual([
      ["enrolment.started", first],
      ["enrolment.reassigned", second],
      ["enrolment.reassigned", first],
    ]);
    await one.deleteUser(first);
    await two.deleteUser(second);
    const after = await history();
    expect(after.map(({ type, data }) => [type, data.oldUserId, data.userId, data.erased])).toEqual([
      ["enrolment.started", undefined, first, true],
      ["enrolment.reassigned", first, second, true],
      ["enrolment.reassigned", second, first, true],
      ["enrolment.reassigned", first, second, true],
      ["enrolment.withdrawn", undefined, second, true],
    ]);
    expect(JSON.stringify(await feed(bench))).not.toMatch(/"(lee|e-[12])["@]/i);
  });
});

describe("an enrolment whose person has several users, or changes", () => {
  it("is withdrawn at once when all users of its person go in one step, before the feed says that they are gone", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const emails = [{ value: "lee@ex.test", type: "work" }];
    for (const name of ["lee", "lee2"]) await client.user(name, undefined, { emails });
    await enrolIn(bench, "All", [basics]);
    await finishFollowUps(bench.writer);
    const since = (await feed(bench)).length;
    await write(bench, { kind: "deleteSetting", settingId: bench.settingId, users: "remove" });
    await finishFollowUps(bench.writer);
    expect(await news(bench, since)).toEqual(["enrolment.withdrawn", "user.deleted", "user.deleted"]);
  });

  it("stays with the old address where another user has a right to it, and begins anew under the new one", async () => {
    const { bench, one, first, second, enrolmentId, since } = await twoUsersOfOne();
    await one.patchUser(first, { op: "replace", path: MAIL, value: "kim@ex.test" });
    expect((await news(bench, since)).sort()).toEqual(["enrolment.reassigned", "enrolment.started"]);
    expect((await read(bench, "/enrolments")).items).toMatchObject([
      { id: enrolmentId, userId: second, status: "active" },
      { userId: first, status: "active" },
    ]);
  });

  it("goes on as the one that began first when two persons turn out to be one, whoever gets the other's address", async () => {
    for (const mover of ["older", "younger"] as const) {
      const bench = await newBench({ criteria: "none", targetGroupName: "All" });
      const client = new Client(bench.writer, bench.settingId);
      const older = await client.user("older");
      await enrolIn(bench, "All", [basics]);
      await finishFollowUps(bench.writer);
      const younger = await client.user("younger");
      const since = (await feed(bench)).length;
      const [moving, address] = mover === "older" ? [older, "younger"] : [younger, "older"];
      await client.patchUser(moving, { op: "replace", path: MAIL, value: `${address}@example.com` });
      expect((await read(bench, "/enrolments")).items).toMatchObject([
        { userId: older, status: "active" },
        { userId: younger, status: "withdrawn" },
      ]);
      expect((await feed(bench)).slice(since).map(({ type, data }) => [type, data.userId])).toEqual([
        ["user.updated", undefined],
        ["enrolment.withdrawn", younger],
      ]);
    }
  });

  it("stays with each of two people whose addresses a new mapping passes on, in whichever order they come", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const mail = (name: string) => ({ emails: [{ value: `${name}@example.com`, type: "work" }] });
    await client.user("seed");
    await enrolIn(bench, "All", [basics]);
    await finishFollowUps(bench.writer);
    const ring = ["a", "b", "c"];
    for (const [index, name] of ring.entries())
      await client.user(`${name}@example.com`, undefined, mail(ring[(index + 1) % 3] ?? ""));
    const before = (await read(bench, "/enrolments")).items;
    const since = (await feed(bench)).length;
    const fieldMappings = [{ field: "email", path: "userName" }];
    await write(bench, { kind: "updateSetting", settingId: bench.settingId, fieldMappings });
    await finishFollowUps(bench.writer);
    // To the outside a person with another e-mail is another one.
    const nameless = (items: object[]) => items.map((item) => ({ ...item, personId: null }));
    expect(nameless((await read(bench, "/enrolments")).items)).toEqual(nameless(before));
    expect(await news(bench, since)).toEqual([]);
  });
});

describe("an auto-enrolment with a new name", () => {
  const called = (name: string) => [{ ...basics, name }];
  const names = async (bench: Bench): Promise<string[]> =>
    (await read(bench, "/enrolments?limit=200")).items.map(
      ({ status, name }: { status: string; name: string }) => `${status} ${name}`,
    );

  it("renames the open enrolments of the item, in whichever group it is, not those of the past, and the feed says so", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    const [ada] = [await client.user("ada", "Sales"), await client.user("bob", "Legal")];
    const sales = await enrolIn(bench, "Sales", [basics]);
    const legal = await enrolIn(bench, "Legal", [basics, { ...basics, id: "other" }]);
    await finishFollowUps(bench.writer);
    await client.patchUser(ada, { op: "replace", path: DEPARTMENT, value: "Crew" });
    await client.user("eve", "Sales");
    const since = (await feed(bench)).length;
    await enrolIn(bench, "Sales", called("Basics 2027"));
    await finishFollowUps(bench.writer);
    expect(await names(bench)).toEqual([
      "withdrawn Basics",
      "active Basics 2027",
      "active Basics",
      "active Basics 2027",
    ]);
    const told = (await feed(bench)).slice(since);
    expect(told.map(({ type, subject, data }) => [type, subject, data])).toEqual([
      [
        "auto_enrolments.changed",
        { kind: "group", id: sales },
        { groupId: sales, groupName: "Sales", items: called("Basics 2027") },
      ],
      [
        "auto_enrolments.changed",
        { kind: "group", id: legal },
        { groupId: legal, groupName: "Legal", items: [...called("Basics 2027"), { ...basics, id: "other" }] },
      ],
    ]);
    expect((await read(bench, `/target-groups/${legal}/auto-enrolments`)).items).toContainEqual({
      ...basics,
      name: "Basics 2027",
    });
    await enrolIn(bench, "Sales", called("Basics 2027"));
    expect(await feed(bench)).toHaveLength(since + 2);
    expect(await bench.writer.followUp()).toBe(false);
  });

  it("renames many in steps that a writer's death between them does not stop", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const people = Array.from({ length: 600 }, (_, n) => n);
    await Promise.all(people.map((n) => client.user(`user${n}`)));
    await enrolIn(bench, "All", [basics]);
    await finishFollowUps(bench.writer);
    await enrolIn(bench, "All", called("New"));
    expect(await bench.writer.followUp()).toBe(true);
    const open = async () => (await readPicture((path) => read(bench, path))).enrolments;
    expect(new Set((await open()).map(({ name }) => name))).toEqual(new Set(["Basics", "New"]));
    const successor = bench.another();
    await finishFollowUps(successor);
    expect((await open()).map(({ name }) => name)).toEqual(people.map(() => "New"));
    const fold = new FeedFold();
    await follow((path) => read(bench, path), fold);
    expect(compareFold(fold, await readPicture((path) => read(bench, path)))).toEqual([]);
  });
});

describe("what the feed says of a new user and of its enrolment", () => {
  it("is enough to know it by: where it came from, what it is called, and which groups and rule enrolled it", async () => {
    const { bench, first, second, groupId, settingIds } = await twoUsersOfOne();
    const told = await feed(bench);
    const made: JsonObject[] = told.filter(({ type }) => type === "user.created").map(({ data }) => data);
    expect(made).toMatchObject([
      { externalId: "e-1", displayName: null, settingId: settingIds[0], status: "active" },
      { externalId: "e-2", displayName: "Lee", settingId: settingIds[1], status: "active" },
    ]);
    const { displayName } = await read(bench, `/target-users/${second}`);
    expect(displayName).toBe("Lee");
    expect(told.find(({ type }) => type === "enrolment.started")).toMatchObject({
      data: { userId: first, email: "lee@ex.test", externalId: "e-1", groups: [{ id: groupId, name: "Sales" }] },
      cause: { rule: "field" },
    });
  });
});
