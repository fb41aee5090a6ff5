import { env } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Operation, WriteResult } from "../../src/writer/operation.ts";
import { seedUsers } from "../bench/workers/seed-directory.ts";
import { follow, readPicture } from "../changes/company-picture.ts";
import { FeedFold } from "../changes/feed-fold.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { operate } from "../scim-api/scim-client.ts";
import {
  addSetting,
  type Bench,
  Client,
  finishFollowUps,
  idOf,
  NO_BRAKE,
  newBench,
  requestOf,
  requireOutcome,
} from "./bench.ts";
import { FaultyD1 } from "./gate.ts";

/** More than a commit changes at once. */
const MANY = 1_001;
const SIZE = MANY + 310;

/** Members of an IdP group and of its mirror, with their kept counts, and the changes told of them. */
async function sizesOf(groupId: string): Promise<Record<string, number>> {
  const row = await env.DB.prepare(
    `SELECT g.member_count AS counted, (SELECT count(*) FROM group_members m WHERE m.group_key = g.group_key) AS members,
       t.member_count AS mirrorCounted,
       (SELECT count(DISTINCT m.user_key) FROM target_group_members m WHERE m.target_group_key = t.target_group_key) AS mirrored
     FROM groups g JOIN target_groups t ON t.target_group_key = g.target_group_key WHERE g.id = ?`,
  )
    .bind(groupId)
    .first<Record<string, number>>();
  return row ?? {};
}

function all(count: number): Record<string, number> {
  return { counted: count, members: count, mirrorCounted: count, mirrored: count };
}

/** People of whom the first has a second user, and a group whose mirror enrols its members in a training. */
async function withTwin() {
  const bench = await newBench({ criteria: "idp" }, NO_BRAKE);
  const client = new Client(bench.writer, bench.settingId);
  const ids = await seedUsers(env.DB, Date.now, { ...bench, first: 0, count: MANY });
  const twin = idOf(await client.postUser("twin", undefined, { displayName: "Twin" }));
  const email = "person0@bench.example";
  requireOutcome(await client.patchUser(twin, { op: "replace", path: 'emails[type eq "work"].value', value: email }));
  const group = await client.group("Crew");
  const mirror = await env.DB.prepare(
    "SELECT t.id FROM target_groups t JOIN groups g USING (target_group_key) WHERE g.id = ?",
  )
    .bind(group)
    .first<string>("id");
  const items = [{ kind: "training", id: "t-1", name: "Phishing" }];
  const operation = { kind: "setAutoEnrolments", targetGroupId: mirror ?? "", items } as Operation;
  requireOutcome(await bench.writer.write(requestOf(operation)));
  await finishFollowUps(bench.writer);
  return { bench, client, ids, twin, group };
}

/** The open enrolments with their holders, as the change feed alone tells of them and as they are listed. */
async function holdersOf({ companyId }: Bench, fold: FeedFold) {
  const read = async (path: string) => (await operate("GET", `/companies/${companyId}${path}`)).json;
  await follow(read, fold);
  const line = ({ id, userId }: { id: string; userId: string }) => `${id} ${userId}`;
  const listed = (await readPicture(read)).enrolments.map(line).sort();
  return { told: Array.from(fold.enrolments.values(), line).sort(), listed };
}

async function enrolledOf({ companyId }: Bench) {
  return env.DB.prepare(
    "SELECT count(*) AS n, count(DISTINCT person_key) AS persons FROM enrolments WHERE status = 'active' AND company_key = (SELECT company_key FROM companies WHERE id = ?)",
  )
    .bind(companyId)
    .first();
}

/** Sends a change, of which the writer is then left to do what follows. */
async function change(bench: Bench, sent: Promise<WriteResult>): Promise<void> {
  requireOutcome(await sent);
  await finishFollowUps(bench.writer);
}

describe("a member list that changes more than a commit does at once", () => {
  it("is put, added, replaced and emptied wholly, in one commit each; its mirror and its changes follow", async () => {
    const bench = await newBench({ criteria: "idp" }, NO_BRAKE);
    const client = new Client(bench.writer, bench.settingId);
    const ids = await seedUsers(env.DB, Date.now, { ...bench, first: 0, count: SIZE });
    const group = await client.group("Crew");
    requireOutcome(await client.putGroup(group, "Crew", ids));
    expect(await sizesOf(group)).toEqual({ counted: SIZE, members: SIZE, mirrorCounted: 0, mirrored: 0 });
    await finishFollowUps(bench.writer);
    expect(await sizesOf(group)).toEqual(all(SIZE));
    const seqs = await env.DB.prepare(
      `SELECT count(*) AS n, max(seq) - min(seq) + 1 AS span, count(DISTINCT subject_id) AS users,
         min(json_extract(data, '$.groupName')) AS name, count(DISTINCT json_extract(data, '$.userName')) AS names
       FROM changes WHERE type = 'member.added' AND company_key = (SELECT company_key FROM companies WHERE id = ?)`,
    )
      .bind(bench.companyId)
      .first();
    expect(seqs).toEqual({ n: SIZE, span: SIZE, users: SIZE, name: "Crew", names: SIZE });
    await change(bench, client.putGroup(group, "Crew", ids.slice(0, 5)));
    expect(await sizesOf(group)).toEqual(all(5));
    const value = ids.map((id) => ({ value: id }));
    await change(bench, client.patchGroup(group, { op: "add", path: "members", value }));
    expect(await sizesOf(group)).toEqual(all(SIZE));
    const leaving = value.slice(0, MANY);
    await change(bench, client.patchGroup(group, { op: "remove", path: "members", value: leaving }));
    expect(await sizesOf(group)).toEqual(all(SIZE - leaving.length));
    await change(bench, client.putGroup(group, "Crew", []));
    expect(await sizesOf(group)).toEqual(all(0));
    const made = await client.group("Another crew", ids);
    await finishFollowUps(bench.writer);
    expect(await sizesOf(made)).toEqual(all(SIZE));
    await change(bench, client.deleteGroup(made));
    const left = await env.DB.prepare(
      `SELECT (SELECT count(*) FROM group_members m JOIN users u USING (user_key) WHERE u.company_key = c.company_key) AS members,
         (SELECT count(*) FROM target_group_members m JOIN users u USING (user_key) WHERE u.company_key = c.company_key) AS mirrored,
         (SELECT group_concat(name) FROM target_groups t WHERE t.company_key = c.company_key) AS names,
         (SELECT group_count FROM scim_settings s WHERE s.company_key = c.company_key) AS groups,
         (SELECT type FROM changes h WHERE h.company_key = c.company_key ORDER BY seq DESC LIMIT 1) AS last
       FROM companies c WHERE c.id = ?`,
    )
      .bind(bench.companyId)
      .first();
    expect(left).toEqual({ members: 0, mirrored: 0, names: "Crew", groups: 1, last: "group.deleted" });
    const versions = await env.DB.prepare("SELECT version FROM groups WHERE id = ?").bind(group).first("version");
    expect(versions).toBe(6);
  });

  it("is refused wholly when it names one whom nobody knows", async () => {
    const bench = await newBench({ criteria: "idp" }, NO_BRAKE);
    const client = new Client(bench.writer, bench.settingId);
    const ids = await seedUsers(env.DB, Date.now, { ...bench, first: 0, count: MANY });
    const group = await client.group("Crew");
    expect(await client.putGroup(group, "Crew", [...ids, "nobody"])).toMatchObject({ ok: false, status: 400 });
    const value = [...ids, "nobody"].map((id) => ({ value: id }));
    const refused = await client.patchGroup(group, { op: "add", path: "members", value });
    expect(refused).toMatchObject({ ok: false, status: 400, scimType: "invalidValue" });
    expect(await sizesOf(group)).toEqual(all(0));
  });

  it("names groups as members beside users, and takes them off again", async () => {
    const bench = await newBench({ criteria: "idp" }, NO_BRAKE);
    const client = new Client(bench.writer, bench.settingId);
    const ids = await seedUsers(env.DB, Date.now, { ...bench, first: 0, count: MANY });
    const [group, one, other] = [await client.group("Crew"), await client.group("One"), await client.group("Other")];
    const nested = async () => {
      const { results } = await env.DB.prepare(
        `SELECT c.id FROM group_subgroups s JOIN groups g USING (group_key) JOIN groups c ON c.group_key = s.subgroup_key
         WHERE g.id = ? ORDER BY c.group_key`,
      )
        .bind(group)
        .all<{ id: string }>();
      return results.map(({ id }) => id);
    };
    await change(bench, client.putGroup(group, "Crew", [...ids, one]));
    expect(await nested()).toEqual([one]);
    const named = (...more: string[]) => [...ids, ...more].map((value) => ({ value }));
    await change(bench, client.patchGroup(group, { op: "remove", path: "members", value: named(one) }));
    expect([await nested(), await sizesOf(group)]).toEqual([[], all(0)]);
    await change(bench, client.patchGroup(group, { op: "add", path: "members", value: named(one, other) }));
    expect([await nested(), await sizesOf(group)]).toEqual([[one, other], all(MANY)]);
  });
});

describe("a long member list, its persons and their enrolments", () => {
  it("enrols a person once, though its two users join in different steps", async () => {
    const { bench, client, ids, twin, group } = await withTwin();
    await change(bench, client.putGroup(group, "Crew", [...ids, twin]));
    expect(await sizesOf(group)).toEqual(all(MANY + 1));
    expect(await enrolledOf(bench)).toEqual({ n: MANY, persons: MANY });
  });

  it("takes two trips to D1 when it changes few of its members, the people they are and their enrolments included", async () => {
    const { bench, client, ids, twin, group } = await withTwin();
    await change(bench, client.putGroup(group, "Crew", ids));
    const counted = new FaultyD1(env.DB);
    const counting = new Client(bench.another({ d1: counted.d1 }), bench.settingId);
    requireOutcome(await counting.putGroup(group, "Crew", ids));
    for (const members of [[...ids.slice(3), twin], ids]) {
      counted.batches = 0;
      requireOutcome(await counting.putGroup(group, "Crew", members));
      expect(counted.batches).toBe(2);
      expect(await sizesOf(group)).toEqual(all(members.length));
      expect(await enrolledOf(bench)).toEqual({ n: members.length, persons: members.length });
    }
  });

  it("keeps a person enrolled whose one user leaves and whose other joins: the enrolment is handed on", async () => {
    const { bench, client, ids, twin, group } = await withTwin();
    await change(bench, client.putGroup(group, "Crew", [twin]));
    await change(bench, client.putGroup(group, "Crew", ids));
    expect(await sizesOf(group)).toEqual(all(MANY));
    expect(await enrolledOf(bench)).toEqual({ n: MANY, persons: MANY });
    const withdrawn = await env.DB.prepare(
      "SELECT count(*) AS n FROM changes WHERE type = 'enrolment.withdrawn' AND company_key = (SELECT company_key FROM companies WHERE id = ?)",
    )
      .bind(bench.companyId)
      .first("n");
    expect(withdrawn).toBe(0);
  });

  it.runIf(IS_WHOLE)("enrols exactly its members, though a person's two users join and leave apart", async () => {
    const { bench, client, ids, twin, group } = await withTwin();
    await change(bench, client.putGroup(group, "Crew", ids));
    await change(bench, client.putGroup(group, "Crew", [twin]));
    expect(await enrolledOf(bench)).toEqual({ n: 1, persons: 1 });
    const value = ids.map((id) => ({ value: id }));
    await change(bench, client.patchGroup(group, { op: "add", path: "members", value }));
    expect(await enrolledOf(bench)).toEqual({ n: MANY, persons: MANY });
    await change(bench, client.putGroup(group, "Crew", []));
    expect(await sizesOf(group)).toEqual(all(0));
    expect(await enrolledOf(bench)).toEqual({ n: 0, persons: 0 });
    requireOutcome(await client.putGroup(group, "Crew", [...ids, twin]));
    const fold = new FeedFold();
    for (const last of [ids, [twin], []]) {
      const { told, listed } = await holdersOf(bench, fold);
      expect(told).toEqual(listed);
      requireOutcome(await client.putGroup(group, "Crew", last));
    }
  });

  it("may be one of several operations on the members of a group, which then see what it did", async () => {
    const bench = await newBench({ criteria: "idp" }, NO_BRAKE);
    await addSetting(bench.writer, { criteria: "idp" });
    const client = new Client(bench.writer, bench.settingId);
    const ids = await seedUsers(env.DB, Date.now, { ...bench, first: 0, count: MANY + 1 });
    const group = await client.group("Crew");
    const value = ids.map((id) => ({ value: id }));
    const add = { op: "add", path: "members", value };
    await change(bench, client.patchGroup(group, add, { op: "remove", path: `members[value eq "${ids[0]}"]` }));
    expect(await sizesOf(group)).toEqual(all(MANY));
  });
});
