import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/scim/json.ts";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import { seedUsers } from "../bench/workers/seed-directory.ts";
import { compareFold, follow, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { DEATHS_APART, IS_WHOLE } from "../generated-cases.ts";
import { fillWithUsers } from "../providers/crowd.ts";
import { operate } from "../scim-api/scim-client.ts";
import { aroundD1 } from "../tools/around-d1.ts";
import {
  type Bench,
  Client,
  finishFollowUps,
  groupMembers,
  NO_BRAKE,
  newBench,
  requestOf,
  requireOutcome,
  targetMembers,
} from "./bench.ts";
import { workUntilDeath } from "./mortal-writer.ts";
import { RecordingD1 } from "./recording-d1.ts";

/** One more than a commit changes at once: four steps follow. */
const MANY = 1_001;

/** People of whom nobody is in the group "Crew" yet. */
async function newCrew() {
  const bench = await newBench({ criteria: "idp" }, NO_BRAKE);
  const client = new Client(bench.writer, bench.settingId);
  const ids = await seedUsers(env.DB, Date.now, { ...bench, first: 0, count: MANY });
  return { bench, client, ids, group: await client.group("Crew") };
}

/** The same, and the group's mirror enrols its members in a training. */
async function newEnrollingCrew() {
  const crew = await newCrew();
  const { bench, group } = crew;
  const mirror = await env.DB.prepare(
    "SELECT t.id FROM target_groups t JOIN groups g USING (target_group_key) WHERE g.id = ?",
  )
    .bind(group)
    .first<string>("id");
  const items = [{ kind: "training" as const, id: "t-1", name: "Phishing" }];
  requireOutcome(
    await bench.writer.write(requestOf({ kind: "setAutoEnrolments", targetGroupId: mirror ?? "", items })),
  );
  await finishFollowUps(bench.writer);
  return crew;
}

/** What the change feed alone tells of who is in the target group: its entries have no gap, and each changes something. */
async function membersByFeed({ companyId }: Bench): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT h.data->>'userName' AS name, sum(iif(h.type = 'member.added', 1, -1)) AS n,
       c.change_seq - (SELECT count(*) FROM changes a WHERE a.company_key = c.company_key) AS gap
     FROM companies c JOIN changes h USING (company_key) WHERE c.id = ? AND h.type IN ('member.added', 'member.removed')
     GROUP BY h.subject_id ORDER BY name`,
  )
    .bind(companyId)
    .all<{ name: string; n: number; gap: number }>();
  for (const { name, n, gap } of results) expect([0, 1].includes(n) && gap === 0, name).toBe(true);
  return results.filter(({ n }) => n === 1).map(({ name }) => name);
}

/** What the group, its target group and the open enrolments have, by user name; each count and the feed must agree. */
async function stateOf(
  bench: Bench,
  group: string,
): Promise<{ members: string[]; mirrored: string[]; enrolled: string[] }> {
  const read = async (path: string) => (await operate("GET", `/companies/${bench.companyId}${path}`)).json;
  const fold = new FeedFold();
  await follow(read, fold);
  expect(compareFold(fold, await readPicture(read))).toEqual([]);
  const enrolled = await env.DB.prepare(
    `SELECT u.user_name FROM enrolments e JOIN users u USING (user_key) JOIN companies c ON c.company_key = e.company_key
     WHERE c.id = ? AND e.status = 'active' ORDER BY 1`,
  )
    .bind(bench.companyId)
    .all<{ user_name: string }>();
  const { Crew = [] } = await targetMembers(bench.companyId);
  return {
    members: await groupMembers(group),
    mirrored: Crew,
    enrolled: enrolled.results.map((row) => row.user_name),
  };
}

/** The names of people by their ids. */
async function namesOf(ids: readonly string[]): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT user_name FROM users WHERE id IN (SELECT value FROM json_each(?)) ORDER BY 1",
  )
    .bind(JSON.stringify(ids))
    .all<{ user_name: string }>();
  return results.map((row) => row.user_name);
}

const remove = (id: string) => ({ op: "remove", path: `members[value eq "${id}"]` });
const add = (id: string) => ({ op: "add", path: "members", value: [{ value: id }] });

describe("the steps that follow a long list", () => {
  it("let the writes of others in between, one at least between each two", async () => {
    const { bench, ids, group } = await newCrew();
    const recorder = new RecordingD1(env.DB);
    const writer = bench.another({ d1: recorder.d1 });
    const client = new Client(writer, bench.settingId);
    requireOutcome(await client.putGroup(group, "Crew", ids));
    recorder.clear();
    let isSettled = false;
    const settled = finishFollowUps(writer).then(() => {
      isSettled = true;
    });
    for (let n = 0; !isSettled; n += 1) await client.user(`other${n}`);
    await settled;
    const kinds = recorder.statements.flatMap(({ sql }) =>
      /^(UPDATE|DELETE FROM) replans/.test(sql) ? "step" : sql.startsWith("INSERT INTO users") ? "other" : [],
    );
    const steps = kinds.flatMap((kind, index) => (kind === "step" ? [index] : []));
    expect(steps.length).toBe(4);
    for (const [n, index] of steps.slice(1).entries()) expect(kinds.slice(steps[n], index)).toContain("other");
  });

  it("do what is right for those who leave, join, are deactivated or deleted meanwhile, and go on after the writer's death", async () => {
    const { bench, client, ids, group } = await newEnrollingCrew();
    const late = await client.user("late");
    requireOutcome(await client.putGroup(group, "Crew", ids));
    await bench.writer.followUp();
    // Of those whom no step has come to yet.
    const [leaver = "", inactive = "", deleted = ""] = ids.slice(-3);
    requireOutcome(await client.patchGroup(group, remove(leaver)));
    requireOutcome(await client.patchUser(inactive, { op: "replace", path: "active", value: false }));
    requireOutcome(await client.deleteUser(deleted));
    requireOutcome(await client.patchGroup(group, add(late)));
    await finishFollowUps(bench.another());
    const [here, gone] = [await namesOf([...ids.slice(0, -3), late]), await namesOf([inactive])];
    expect(await stateOf(bench, group)).toEqual({ members: [...here, ...gone].sort(), mirrored: here, enrolled: here });
    // The same while they leave.
    if (!IS_WHOLE) return;
    const successor = bench.another();
    const other = client.through(successor);
    requireOutcome(await other.putGroup(group, "Crew", []));
    await successor.followUp();
    const [back = ""] = ids.slice(-4);
    requireOutcome(await other.patchGroup(group, add(back)));
    requireOutcome(await other.patchUser(inactive, { op: "replace", path: "active", value: true }));
    await finishFollowUps(bench.another());
    const [one] = await namesOf([back]);
    expect(await stateOf(bench, group)).toEqual({ members: [one], mirrored: [one], enrolled: [one] });
  });

  it("end with the last list when another one comes before they are done", async () => {
    const { bench, client, ids, group } = await newEnrollingCrew();
    requireOutcome(await client.putGroup(group, "Crew", ids));
    await bench.writer.followUp();
    requireOutcome(await client.putGroup(group, "Crew", []));
    await bench.writer.followUp();
    requireOutcome(await client.putGroup(group, "Crew", ids.slice(1)));
    await finishFollowUps(bench.writer);
    const here = await namesOf(ids.slice(1));
    expect(await stateOf(bench, group)).toEqual({ members: here, mirrored: here, enrolled: here });
  });

  it("take the target group away with a group deleted before they are done", async () => {
    const { bench, client, ids, group } = await newEnrollingCrew();
    const other = await client.group("Other");
    requireOutcome(await client.putGroup(other, "Other", ids));
    await bench.writer.followUp();
    requireOutcome(await client.deleteGroup(other));
    await finishFollowUps(bench.writer);
    expect(Object.keys(await targetMembers(bench.companyId))).toEqual(["Crew"]);
    expect(await stateOf(bench, group)).toEqual({ members: [], mirrored: [], enrolled: [] });
  });
});

describe("the steps that follow a long list, and death", () => {
  it("come to the same when the writer dies after any of its trips to D1, or before the first", async () => {
    const { bench, ids, group } = await newCrew();
    for (let trip = 0; ; trip += DEATHS_APART) {
      const members = trip % 2 === 0 ? ids : [];
      const isDead = await workUntilDeath(bench, trip, async (mortal) => {
        requireOutcome(await new Client(mortal, bench.settingId).putGroup(group, "Crew", members));
        await finishFollowUps(mortal);
      });
      const successor = bench.another();
      await finishFollowUps(successor);
      const decided = await groupMembers(group);
      expect([0, MANY], `trip ${trip}`).toContain(decided.length);
      expect((await targetMembers(bench.companyId)).Crew, `trip ${trip}`).toEqual(decided);
      if (!isDead) break;
      requireOutcome(await new Client(successor, bench.settingId).putGroup(group, "Crew", members));
      await finishFollowUps(successor);
    }
    expect(await membersByFeed(bench)).toEqual(await groupMembers(group));
  });
});

describe("a list of more than twenty thousand", () => {
  const COUNT = 20_001;

  let bench: Bench;
  let client: Client;
  /** One more than the tests need: one of them loses somebody. */
  let everybody: string[];
  let ids: string[];

  beforeAll(async () => {
    bench = await newBench({ criteria: "idp" }, NO_BRAKE);
    everybody = await fillWithUsers(bench, COUNT + 1);
    ids = everybody.slice(1);
    client = new Client(bench.another(), bench.settingId);
  });

  const countsOf = (group: string) =>
    env.DB.prepare(
      "SELECT member_count AS counted, (SELECT count(*) FROM group_members m WHERE m.group_key = g.group_key) AS members FROM groups g WHERE id = ?",
    )
      .bind(group)
      .first();

  it("is looked up in steps while others write, and switched in one commit", async () => {
    const group = await client.group("Crowd");
    const looked: string[] = [];
    const d1 = aroundD1(env.DB, async (sql, work) => {
      const isLookUp = sql.startsWith("WITH named(id, k)");
      if (isLookUp) looked.push(await writer.write(other(`other${looked.length}`)).then(({ ok }) => String(ok)));
      return work();
    });
    const writer = bench.another({ d1 });
    const other = (userName: string) =>
      requestOf({ kind: "createUser" as const, settingId: bench.settingId, document: { userName } });
    requireOutcome(await client.through(writer).putGroup(group, "Crowd", ids));
    expect(looked).toEqual(["true", "true", "true"]);
    expect(await countsOf(group)).toEqual({ counted: COUNT, members: COUNT });
    // Another list of that length, of which most are members already: the difference alone is written.
    const recorder = new RecordingD1(env.DB);
    const counted = new Client(bench.another({ d1: recorder.d1 }), bench.settingId);
    requireOutcome(await counted.putGroup(group, "Crowd", ids.slice(0, -1).concat(await client.user("late"))));
    expect(recorder.statements.reduce((sum, { rowsWritten }) => sum + rowsWritten, 0)).toBeLessThan(30);
    expect(await countsOf(group)).toEqual({ counted: COUNT, members: COUNT });
    requireOutcome(await client.putGroup(group, "Crowd", []));
    expect(await countsOf(group)).toEqual({ counted: 0, members: 0 });
  });

  it("is refused wholly when it names one whom nobody knows, and leaves out one who went meanwhile", async () => {
    const group = await client.group("Another crowd");
    const refused = await client.putGroup(group, "Another crowd", [...ids, "nobody"]);
    expect(refused).toMatchObject({ ok: false, status: 400, detail: expect.stringContaining("nobody") });
    expect(await countsOf(group)).toEqual({ counted: 0, members: 0 });
    let isGone = false;
    const d1 = aroundD1(env.DB, async (sql, work) => {
      const result = await work();
      if (sql.startsWith("WITH named(id, k)") && !isGone) {
        isGone = true;
        requireOutcome(await client.through(bench.another()).deleteUser(everybody[0] ?? ""));
      }
      return result;
    });
    const value = everybody.map((id) => ({ value: id }));
    const slow = client.through(bench.another({ d1 }));
    requireOutcome(await slow.patchGroup(group, { op: "add", path: "members", value }));
    expect(await countsOf(group)).toEqual({ counted: COUNT, members: COUNT });
  });

  it("is there wholly or not at all when the writer dies after any of its trips, and wholly when it is sent again", async () => {
    const group = await client.group("Mortal crowd");
    const put = (writer: CompanyWriter, members: string[]) =>
      client.through(writer).putGroup(group, "Mortal crowd", members);
    for (let trip = 0, isDead = true; isDead; trip += DEATHS_APART) {
      isDead = await workUntilDeath(bench, trip, async (mortal) => {
        requireOutcome(await put(mortal, ids));
      });
      const { members } = (await countsOf(group)) ?? {};
      expect([0, COUNT], `trip ${trip}`).toContain(members);
      if (!isDead) expect(members).toBe(COUNT);
      const successor = bench.another();
      requireOutcome(await put(successor, ids));
      expect(await countsOf(group), `trip ${trip}`).toEqual({ counted: COUNT, members: COUNT });
      requireOutcome(await put(successor, []));
    }
  });

  it("may stand in a Bulk request", async () => {
    const members = ids.map((value) => ({ value }));
    const items: JsonObject[] = [
      { method: "POST", path: "/Users", bulkId: "u", data: { userName: "first" } },
      { method: "POST", path: "/Groups", bulkId: "g", data: { displayName: "By bulk", members } },
      { method: "PATCH", path: "/Groups/bulkId:g", data: { Operations: [add("bulkId:u")] } },
    ];
    const outcome = requireOutcome(await client.send({ kind: "bulk", settingId: bench.settingId, items }));
    expect(outcome).toMatchObject({ items: [{ status: 201 }, { status: 201 }, { status: 204 }] });
    const made = outcome.kind === "bulk" ? outcome.items[1]?.id : "";
    expect(await countsOf(made ?? "")).toEqual({ counted: COUNT + 1, members: COUNT + 1 });
  });
});
