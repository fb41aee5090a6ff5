import { expect, it } from "vitest";
import type { JsonObject } from "../../src/scim/json.ts";
import { compareFold, follow, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { operate } from "../scim-api/scim-client.ts";
import { type Bench, Client, finishFollowUps, newBench, requestOf, requireOutcome } from "./bench.ts";

const MAIL = 'emails[type eq "work"].value';
const basics = { kind: "training" as const, id: "basics", name: "Basics" };

// biome-ignore lint/suspicious/noExplicitAny: members are read freely; a wrong shape fails the expectations.
async function read({ companyId }: Bench, path: string): Promise<any> {
  const { status, json } = await operate("GET", `/companies/${companyId}${path}`);
  expect(status, path).toBe(200);
  return json;
}

/** A setting whose every user is enrolled in Basics, with people of one e-mail, the first of whom holds the enrolment. */
async function sharers(count: number) {
  const bench = await newBench({ criteria: "none", targetGroupName: "All" });
  const client = new Client(bench.writer, bench.settingId);
  const { items } = await read(bench, "/target-groups");
  const enrol = { kind: "setAutoEnrolments" as const, targetGroupId: items[0].id, items: [basics] };
  requireOutcome(await bench.writer.write(requestOf(enrol)));
  await finishFollowUps(bench.writer);
  const emails = [{ value: "lee@ex.test", type: "work" }];
  const ids: string[] = [];
  for (const name of ["a", "b", "c"].slice(0, count)) ids.push(await client.user(name, undefined, { emails }));
  return { bench, client, ids, groupId: String(items[0].id) };
}

const off = (id: string | undefined): JsonObject => set(id, "active", false);
const gone = (id: string | undefined): JsonObject => ({ method: "DELETE", path: `/Users/${id}` });

function set(id: string | undefined, path: string, value: string | boolean): JsonObject {
  return { method: "PATCH", path: `/Users/${id}`, data: { Operations: [{ op: "replace", path, value }] } };
}

async function askBulk({ bench, client }: Awaited<ReturnType<typeof sharers>>, items: JsonObject[]) {
  const outcome = requireOutcome(await client.send({ kind: "bulk", settingId: bench.settingId, items }));
  expect(outcome.kind === "bulk" ? outcome.items.filter(({ status }) => status >= 400) : outcome).toEqual([]);
}

/** The feed folds to what the API lists, and each enrolment it told of is there with the history it told. */
async function expectTold(bench: Bench): Promise<void> {
  const fold = new FeedFold();
  const ask = (path: string) => read(bench, path);
  await follow(ask, fold);
  expect(compareFold(fold, await readPicture(ask))).toEqual([]);
  const { items } = await read(bench, "/changes?limit=200");
  const told = new Map<string, string[]>();
  for (const { type, subject } of items)
    if (subject.kind === "enrolment") told.set(subject.id, [...(told.get(subject.id) ?? []), type]);
  expect(told.size).toBeGreaterThan(0);
  for (const [id, types] of told) {
    const enrolment = await read(bench, `/enrolments/${id}`);
    expect(enrolment.history.map(({ type }: { type: string }) => type)).toEqual(types);
    const last = items.findLast(({ subject }: { subject: { id: string } }) => subject.id === id);
    expect(enrolment).toMatchObject({
      userId: last.data.userId,
      name: last.data.name,
      status: last.type === "enrolment.withdrawn" ? "withdrawn" : "active",
    });
  }
}

it.each<[string, number, (ids: string[]) => JsonObject[]]>([
  ["both made inactive", 2, ([a, b]) => [off(a), off(b)]],
  ["three made inactive", 3, ([a, b, c]) => [off(a), off(b), off(c)]],
  ["one with another e-mail, then the other inactive", 2, ([a, b]) => [set(a, MAIL, "x@ex.test"), off(b)]],
  ["one inactive and back, then the other", 2, ([a, b]) => [off(a), set(a, "active", true), off(b)]],
])("an enrolment handed over and withdrawn in one commit is the last holder's: %s", async (_, count, items) => {
  const world = await sharers(count);
  await askBulk(world, items(world.ids));
  await expectTold(world.bench);
});

it("one whose holders are all deleted in one commit names nobody's data, and was the last holder's", async () => {
  const world = await sharers(2);
  const [enrolment] = (await read(world.bench, "/enrolments")).items;
  await askBulk(world, world.ids.map(gone));
  const found = await read(world.bench, `/enrolments/${enrolment.id}`);
  expect(found).toMatchObject({ userId: world.ids[1], status: "withdrawn" });
});

it.each<[string, JsonObject[]]>([
  ["inactive", [off("bulkId:n")]],
  ["inactive, back and inactive", [off("bulkId:n"), set("bulkId:n", "active", true), off("bulkId:n")]],
])("one that began and ended in one commit is there: its user made and %s", async (_, after) => {
  const world = await sharers(0);
  const emails = [{ value: "n@ex.test", type: "work" }];
  await askBulk(world, [{ method: "POST", path: "/Users", bulkId: "n", data: { userName: "n", emails } }, ...after]);
  await expectTold(world.bench);
});

it("one withdrawn before the follow-up of its item's new name ends under that name, as the feed told", async () => {
  const world = await sharers(1);
  const { bench, ids, groupId } = world;
  const items = [{ ...basics, name: "Basics 2027" }];
  // The bench's writer does no follow-up by itself.
  requireOutcome(await bench.writer.write(requestOf({ kind: "setAutoEnrolments", targetGroupId: groupId, items })));
  await askBulk(world, [off(ids[0])]);
  await finishFollowUps(bench.writer);
  const [enrolment] = (await read(bench, "/enrolments")).items;
  expect(enrolment).toMatchObject({ name: "Basics 2027", status: "withdrawn" });
  await expectTold(bench);
});
