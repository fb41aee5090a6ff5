import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/scim/json.ts";
import { parsePatch } from "../../src/scim/patch/patch.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { openWriter } from "../../src/writer/open-writer.ts";
import { seedGroup, seedUsers } from "../bench/workers/seed-directory.ts";
import { fillWithUsers } from "../providers/crowd.ts";
import {
  addSetting,
  type Bench,
  Client,
  finishFollowUps,
  logRowOf,
  NO_BRAKE,
  newBench,
  requestOf,
  requireOutcome,
  targetMembers,
} from "./bench.ts";
import { FaultyD1, noPause } from "./gate.ts";
import { RecordingD1 } from "./recording-d1.ts";

/** One more than a commit moves. */
const MANY = 1_001;

interface Crew extends Bench {
  client: Client;
  ids: string[];
  group: string;
}

/** A company whose setting has a group "Crew" with these people, and, when shared, a second setting with a group of that name. */
async function crewOf(count: number, isShared: boolean): Promise<Crew> {
  const bench = await newBench({ criteria: "idp" }, NO_BRAKE);
  const ids = await fillWithUsers(bench, count);
  const group = await seedGroup(env.DB, Date.now, { ...bench, displayName: "Crew", memberIds: ids });
  if (isShared) {
    const other = new Client(bench.writer, await addSetting(bench.writer, { criteria: "idp" }, NO_BRAKE));
    await other.group("Crew", [await other.user("guest")]);
  }
  return { ...bench, client: new Client(bench.writer, bench.settingId), ids, group };
}

async function sizes({ companyId }: Bench): Promise<Record<string, number>> {
  const members = Object.entries(await targetMembers(companyId));
  return Object.fromEntries(members.map(([name, users]) => [name, users.length]));
}

/** How often people joined and left target groups, by the feed, which must have no gap. */
async function moves({ companyId }: Bench): Promise<Record<string, number>> {
  const { results } = await env.DB.prepare(
    `SELECT type || ' ' || coalesce(data->>'groupName', data->>'name') AS what, count(*) AS n,
       count(DISTINCT iif(subject_kind = 'user', subject_id, NULL)) AS users FROM changes
     WHERE type IN ('member.added', 'member.removed', 'group.deleted')
       AND company_key = (SELECT company_key FROM companies WHERE id = ?) GROUP BY 1`,
  )
    .bind(companyId)
    .all<{ what: string; n: number; users: number }>();
  const gap = await env.DB.prepare(
    "SELECT change_seq - (SELECT count(*) FROM changes h WHERE h.company_key = c.company_key) AS gap FROM companies c WHERE id = ?",
  )
    .bind(companyId)
    .first("gap");
  expect(gap).toBe(0);
  for (const { what, n, users } of results) if (what.startsWith("member")) expect(users, what).toBe(n);
  return Object.fromEntries(results.map(({ what, n }) => [what, n]));
}

const rename = { op: "replace", path: "displayName", value: "Staff" };

describe("renaming a large group whose mirror is shared", () => {
  it("reads none of its members; they move in the commits that follow, with others in between", async () => {
    const crew = await crewOf(MANY, true);
    const recorder = new RecordingD1(env.DB);
    const writer = crew.another({ d1: recorder.d1 });
    const client = crew.client.through(writer);
    const [renamed, neighbour] = await Promise.all([client.patchGroup(crew.group, rename), client.postUser("new")]);
    requireOutcome(renamed);
    requireOutcome(neighbour);
    expect(Math.max(...recorder.statements.map(({ values }) => JSON.stringify(values).length))).toBeLessThan(5_000);
    expect(await sizes(crew)).toEqual({ Crew: MANY + 1, Staff: 0 });
    expect(await writer.followUp()).toBe(true);
    expect(await sizes(crew)).toEqual({ Crew: MANY - 299, Staff: 300 });
    // Of those who have not moved yet one leaves, one is deactivated, one is deleted; one joins.
    const [leaver = "", inactive = "", deleted = ""] = crew.ids.slice(-3);
    requireOutcome(await client.patchGroup(crew.group, { op: "remove", path: `members[value eq "${leaver}"]` }));
    requireOutcome(await client.patchUser(inactive, { op: "replace", path: "active", value: false }));
    requireOutcome(await client.deleteUser(deleted));
    const value = [{ value: await client.user("joiner") }];
    requireOutcome(await client.patchGroup(crew.group, { op: "add", path: "members", value }));
    // The writer dies; another one goes on from the place that was kept.
    await finishFollowUps(crew.another());
    expect(await sizes(crew)).toEqual({ Crew: 1, Staff: MANY - 2 });
    expect(await moves(crew)).toEqual({
      "member.added Crew": MANY + 1,
      "member.removed Crew": MANY,
      "member.added Staff": MANY - 2,
    });
  });

  it("twice in a row ends under the last name, and what nothing feeds any more goes", async () => {
    const crew = await crewOf(MANY, false);
    for (const name of ["Staff", "Team"]) {
      const made = await crew.writer.write(requestOf({ kind: "createTargetGroup", name }));
      requireOutcome(made);
    }
    requireOutcome(await crew.client.patchGroup(crew.group, rename));
    await crew.writer.followUp();
    requireOutcome(await crew.client.putGroup(crew.group, "Team", crew.ids.slice(1)));
    await finishFollowUps(crew.writer);
    expect(await sizes(crew)).toEqual({ Staff: 0, Team: MANY - 1 });
    expect(await moves(crew)).toMatchObject({ "group.deleted Crew": 1, "member.added Team": MANY - 1 });
  });

  it("is followed up by the writer's alarm, which is set before the commit", async () => {
    const crew = await crewOf(MANY, true);
    const stub = env.WRITER.get(env.WRITER.idFromName(crew.companyId));
    const request = parsePatch(resourceTypes().Group, { Operations: [rename] });
    const operation = { kind: "patchGroup" as const, settingId: crew.settingId, id: crew.group, request };
    requireOutcome(await openWriter(env, crew.companyId).write(crew.companyId, requestOf(operation)));
    expect(await runInDurableObject(stub, (_, state) => state.storage.getAlarm())).not.toBeNull();
    await runDurableObjectAlarm(stub);
    expect(await sizes(crew)).toEqual({ Crew: 1, Staff: MANY });
  });
});

describe("a long list of members", () => {
  /** D1 trips of a change, without those of what follows it: a load and a commit. */
  async function tripsOf(crew: Crew, change: (client: Client) => Promise<unknown>): Promise<number> {
    const counted = new FaultyD1(env.DB);
    const writer = crew.another({ d1: counted.d1 });
    await writer.followUp();
    counted.batches = 0;
    await change(crew.client.through(writer));
    const { batches } = counted;
    await finishFollowUps(writer);
    return batches;
  }

  it("is removed as a set", async () => {
    const crew = await crewOf(MANY + 1, false);
    const [kept = "", ...gone] = crew.ids;
    const value = [...gone, "nobody"].map((id) => ({ value: id }));
    const remove = async (client: Client) =>
      requireOutcome(await client.patchGroup(crew.group, { op: "remove", path: "members", value }));
    expect(await tripsOf(crew, remove)).toBe(2);
    expect(await sizes(crew)).toEqual({ Crew: 1 });
    expect(await moves(crew)).toEqual({ "member.added Crew": MANY + 1, "member.removed Crew": MANY });
    requireOutcome(await crew.client.patchGroup(crew.group, { op: "remove", path: `members[value eq "${kept}"]` }));
  });

  it("is written as a set though it is one of several operations on the group", async () => {
    const crew = await crewOf(MANY + 2, false);
    const value = crew.ids.slice(1).map((id) => ({ value: id }));
    const operations = [
      { op: "remove", path: "members" },
      { op: "add", path: "members", value },
      { op: "remove", path: `members[value eq "${crew.ids[1]}"]` },
    ];
    requireOutcome(await crew.client.patchGroup(crew.group, ...operations));
    expect(await sizes(crew)).toEqual({ Crew: MANY });
    expect(await moves(crew)).toEqual({ "member.added Crew": MANY + 2, "member.removed Crew": 2 });
    requireOutcome(await crew.client.patchGroup(crew.group, { op: "remove", path: "members" }));
    await finishFollowUps(crew.writer);
    const both = [
      { op: "add", path: "members", value },
      { op: "remove", path: `members[value eq "${crew.ids[1]}"]` },
    ];
    const add = async (client: Client) => requireOutcome(await client.patchGroup(crew.group, ...both));
    expect(await tripsOf(crew, add)).toBe(2);
    expect(await sizes(crew)).toEqual({ Crew: MANY });
  });

  it("is written as a set though rows of the log wait for the same commit", async () => {
    const crew = await crewOf(MANY, false);
    const empty = async (client: Client) => {
      const read = requestOf({ kind: "log", entries: [] });
      const logged = client.send({ kind: "log", entries: [logRowOf(read, crew.settingId, { method: "GET" })] });
      requireOutcome(await client.putGroup(crew.group, "Crew", []));
      requireOutcome(await logged);
    };
    expect(await tripsOf(crew, empty)).toBe(2);
    expect(await sizes(crew)).toEqual({ Crew: 0 });
  });

  it("gets a commit of its own where others came before it in the same one, and leaves those after it for the next", async () => {
    const crew = await crewOf(MANY, false);
    const other = await crew.client.group("Other");
    const recorder = new RecordingD1(env.DB);
    const writer = crew.another({ d1: recorder.d1 });
    const client = crew.client.through(writer);
    const [before, emptied, after] = await Promise.all([
      client.postUser("before"),
      client.putGroup(crew.group, "Crew", []),
      client.putGroup(other, "Other", crew.ids.slice(0, 2)),
    ]);
    for (const result of [before, emptied, after]) requireOutcome(result);
    const commits = recorder.statements.filter(({ sql }) => sql.startsWith("UPDATE companies"));
    expect(commits).toHaveLength(3);
    await finishFollowUps(writer);
    expect(await sizes(crew)).toEqual({ Crew: 0, Other: 2 });
  });

  it("shares a commit with so many others as name some thousands of members together", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const ids = await fillWithUsers(bench, 400);
    const setUp = new Client(bench.writer, bench.settingId);
    const groups = await Promise.all(Array.from({ length: 20 }, (_, n) => setUp.group(`Group ${n}`)));
    const counted = new FaultyD1(env.DB);
    const client = setUp.through(bench.another({ d1: counted.d1 }));
    requireOutcome(await client.postUser("first"));
    counted.batches = 0;
    const add = { op: "add", path: "members", value: ids.map((value) => ({ value })) };
    for (const result of await Promise.all(groups.map((id) => client.patchGroup(id, add)))) requireOutcome(result);
    expect(counted.batches).toBeGreaterThanOrEqual(4);
  });
});

describe("a large group that no target group mirrors", () => {
  it("is deleted, alone and in a Bulk request", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const memberIds = await fillWithUsers(bench, MANY);
    const [alone, other] = await Promise.all(
      ["Crew", "Other"].map((displayName) => seedGroup(env.DB, Date.now, { ...bench, displayName, memberIds })),
    );
    requireOutcome(await client.deleteGroup(alone ?? ""));
    const items = [{ method: "DELETE" as const, path: `/Groups/${other}` }];
    const outcome = requireOutcome(await client.send({ kind: "bulk", settingId: bench.settingId, items }));
    expect(outcome).toMatchObject({ items: [{ status: 204 }] });
    const left = await env.DB.prepare(
      `SELECT count(*) AS n FROM group_members m JOIN users u USING (user_key)
       WHERE u.setting_key = (SELECT setting_key FROM scim_settings WHERE id = ?)`,
    )
      .bind(bench.settingId)
      .first("n");
    expect(left).toBe(0);
  });

  it("reads no document of those whom a list makes its members", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const [group, ada] = [await client.group("Crew"), await client.user("ada")];
    const recorder = new RecordingD1(env.DB);
    requireOutcome(await client.through(bench.another({ d1: recorder.d1 })).putGroup(group, "Crew", [ada]));
    expect(recorder.trips).toBe(3);
    expect(recorder.statements.filter(({ sql }) => sql.includes("u.document"))).toEqual([]);
  });
});

describe("a Bulk request that concerns many members", () => {
  const post = (bulkId: string): JsonObject => ({ method: "POST", path: "/Users", bulkId, data: { userName: bulkId } });

  it("takes a commit for each group too large to share one, and answers as one request", async () => {
    const crew = await crewOf(MANY, false);
    const small = await crew.client.group("Small", crew.ids.slice(0, 3));
    const items: JsonObject[] = [
      post("first"),
      {
        method: "PUT",
        path: `/Groups/${crew.group}`,
        data: { displayName: "Crew", members: [{ value: "bulkId:first" }] },
      },
      post("second"),
      { method: "POST", path: "/Users", data: {} },
      { method: "PATCH", path: "/Groups/bulkId:third", data: { Operations: [{ op: "remove", path: "members" }] } },
      {
        method: "POST",
        path: "/Groups",
        bulkId: "third",
        data: { displayName: "Third", members: [...crew.ids, "bulkId:second"].map((value) => ({ value })) },
      },
      { method: "DELETE", path: `/Groups/${small}` },
      { method: "DELETE", path: "/Groups/nobody" },
    ];
    const before = await commitsOf(crew);
    const request = requestOf({ kind: "bulk", settingId: crew.settingId, items }, { settingId: crew.settingId });
    const outcome = requireOutcome(await crew.another().write({ ...request, log: logRowOf(request, crew.settingId) }));
    if (outcome.kind !== "bulk") throw new Error(outcome.kind);
    expect(outcome.items.map(({ status }) => status)).toEqual([201, 200, 201, 400, 204, 201, 204, 404]);
    expect(outcome.items.map(({ bulkId }) => bulkId)).toEqual(items.map(({ bulkId }) => bulkId));
    expect((await commitsOf(crew)) - before).toBeGreaterThanOrEqual(4);
    await finishFollowUps(crew.another());
    expect(await sizes(crew)).toEqual({ Crew: 1, Third: 0 });
    await moves(crew);
  });

  it("stops at failOnErrors, counted over all its commits", async () => {
    const crew = await crewOf(MANY, false);
    const wrong: JsonObject = { method: "DELETE", path: "/Users/nobody" };
    const items = [wrong, { method: "DELETE" as const, path: `/Groups/${crew.group}` }, wrong, post("never")];
    const operation = { kind: "bulk" as const, settingId: crew.settingId, items, failOnErrors: 2 };
    const outcome = requireOutcome(await crew.client.send(operation));
    expect(outcome.kind === "bulk" && outcome.items.map(({ status }) => status)).toEqual([404, 204, 404]);
  });

  it("tells what it did when a later commit of it is refused", async () => {
    const crew = await crewOf(MANY, false);
    const faulty = new FaultyD1(env.DB);
    const isLast = (text: string) => text.includes("INSERT INTO users") && text.includes("never");
    faulty.failBefore = (text) => (isLast(text) ? "D1_ERROR: D1 DB is overloaded." : null);
    const never = { METHOD: "POST", PATH: "/Users", BULKID: "n", DATA: { userName: "never" } };
    const items = [post("first"), null, { method: "DELETE", path: `/Groups/${crew.group}` }, never, null];
    const client = crew.client.through(crew.another({ d1: faulty.d1, pause: noPause }));
    const outcome = requireOutcome(await client.send({ kind: "bulk", settingId: crew.settingId, items }));
    if (outcome.kind !== "bulk") throw new Error(outcome.kind);
    expect(outcome.items.map(({ status }) => status)).toEqual([201, 400, 204, 503, 503]);
    expect(outcome.items[3]).toMatchObject({ method: "POST", bulkId: "n" });
    await finishFollowUps(crew.another());
    expect(await sizes(crew)).toEqual({});
  });

  it("shares a commit as long as its lists are short", async () => {
    const crew = await crewOf(100, false);
    const members = crew.ids.map((value) => ({ value }));
    const items = Array.from(
      { length: 30 },
      (_, n): JsonObject => ({
        ...{ method: "POST", path: "/Groups", bulkId: `g${n}`, data: { displayName: `Group ${n}`, members } },
      }),
    );
    const before = await commitsOf(crew);
    requireOutcome(await crew.client.send({ kind: "bulk", settingId: crew.settingId, items }));
    expect((await commitsOf(crew)) - before).toBe(1);
    expect(Object.keys(await sizes(crew))).toHaveLength(31);
  });
});

async function commitsOf({ companyId }: Bench): Promise<number> {
  const number = await env.DB.prepare("SELECT commit_no FROM companies WHERE id = ?")
    .bind(companyId)
    .first("commit_no");
  return Number(number);
}

describe("a change of grouping", () => {
  it("makes any number of new target groups in a step", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    await Promise.all(Array.from({ length: 60 }, (_, n) => client.user(`user${n}`, `Department ${n}`)));
    const groupSettings = { criteria: "field" as const, field: "department" };
    requireOutcome(
      await bench.writer.write(requestOf({ kind: "updateSetting", settingId: bench.settingId, groupSettings })),
    );
    await finishFollowUps(bench.writer);
    expect(Object.keys(await targetMembers(bench.companyId))).toHaveLength(61);
  });
});

describe("a walk over a setting's people", () => {
  it("reads in each step the people of that step alone", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    await addSetting(bench.writer, { criteria: "idp" }, NO_BRAKE);
    await seedUsers(env.DB, Date.now, { ...bench, first: 0, count: 700 });
    const recorder = new RecordingD1(env.DB);
    const writer = bench.another({ d1: recorder.d1 });
    const operation = { kind: "deleteSetting" as const, settingId: bench.settingId, users: "remove" as const };
    requireOutcome(await writer.write(requestOf(operation)));
    await finishFollowUps(writer);
    const steps = recorder.statements.filter(({ sql }) => sql.includes("LIMIT ?3"));
    expect(steps.length).toBeGreaterThan(7);
    expect(Math.max(...steps.map(({ rowsRead }) => rowsRead))).toBeLessThanOrEqual(101);
    expect(await sizes(bench)).toEqual({ All: 0 });
  });
});

describe("deleting a webhook with many deliveries", () => {
  it("takes several commits of bounded size, and leaves none", async () => {
    const bench = await newBench({ criteria: "idp" }, NO_BRAKE);
    const webhook = { id: "hook", url: "https://hooks.example/in", allowsLoopback: false, types: null };
    const secret = { id: "first", sealed: "sealed" };
    const made = requireOutcome(
      await bench.writer.write(requestOf({ kind: "createWebhook", webhook: { ...webhook, secret } })),
    );
    const key = made.kind === "done" ? (made.key ?? 0) : 0;
    await env.DB.prepare(
      `INSERT INTO webhook_deliveries (webhook_key, seq, type, status, attempts, duration, first_attempt_at, last_attempt_at)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9_500) SELECT ?, i, 't', 'delivered', 1, 0, 0, 0 FROM n`,
    )
      .bind(key)
      .run();
    const left = async () =>
      env.DB.prepare("SELECT count(*) AS n FROM webhook_deliveries WHERE webhook_key = ?").bind(key).first<number>("n");
    requireOutcome(await bench.writer.write(requestOf({ kind: "deleteWebhook", webhookId: "hook" })));
    const counts = [await left()];
    while (await bench.writer.followUp()) counts.push(await left());
    expect(counts).toEqual([6_500, 3_500, 500, 0]);
  });
});
