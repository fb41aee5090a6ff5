import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { seedGroup, seedUsers } from "../bench/workers/seed-directory.ts";
import {
  addSetting,
  Client,
  finishFollowUps,
  NO_BRAKE,
  newBench,
  requestOf,
  requireOutcome,
  targetMembers,
} from "./bench.ts";
import { RecordingD1, scansOf } from "./recording-d1.ts";
import { basics, type Crew, IDP, phish } from "./renames.ts";
import { autoEnrolments, enrolIn, feedHead, feedSince, loggedClient, openEnrolments } from "./target-side.ts";

/** One more than a rename moves in its own commit. */
const MANY = 1_001;

interface LargeCrew extends Crew {
  ids: string[];
  other: Client;
}

/** A company with a group Eng of many, whose mirror another setting's group feeds too; the two last are one person. */
async function newLargeCrew(): Promise<LargeCrew> {
  const bench = await newBench(IDP, NO_BRAKE);
  const client = new Client(bench.writer, bench.settingId);
  const seeded = await seedUsers(env.DB, Date.now, { ...bench, first: 0, count: MANY - 2 });
  const emails = [{ value: "ada@example.com", type: "work" }];
  const [ada, bob] = [await client.user("ada", undefined, { emails }), await client.user("bob", undefined, { emails })];
  // The other user of the person comes first in the order in which the group is walked.
  const ids = [ada, ...seeded, bob];
  const group = await seedGroup(env.DB, Date.now, { ...bench, displayName: "Eng", memberIds: ids });
  const other = new Client(bench.writer, await addSetting(bench.writer, IDP, NO_BRAKE));
  await other.group("Eng", [await other.user("guest")]);
  return { ...bench, client, ada, bob, group, ids, other };
}

const rename = (value: string) => ({ op: "replace", path: "displayName", value });

describe("a large group whose mirror must fork", { timeout: 120_000 }, () => {
  it("keeps every enrolment through all steps, also of those who come in between", async () => {
    const crew = await newLargeCrew();
    await enrolIn(crew, "Eng", [basics]);
    const before = await openEnrolments(crew);
    expect(Object.keys(before)).toHaveLength(MANY);
    const head = await feedHead(crew);
    requireOutcome(await crew.client.patchGroup(crew.group, rename("Engineers")));
    const added = { op: "add", path: "members", value: [{ value: await crew.client.user("late") }] };
    let steps = 0;
    while (await crew.writer.followUp()) {
      steps += 1;
      expect(await openEnrolments(crew)).toMatchObject(before);
      if (steps === 1) requireOutcome(await crew.client.patchGroup(crew.group, added));
    }
    expect(steps).toBeGreaterThan(3);
    const enrolled = (await feedSince(crew, head)).filter(({ type }) => type.startsWith("enrolment."));
    expect(enrolled.map(({ type }) => type)).toEqual(["enrolment.started"]);
    expect(await openEnrolments(crew)).toEqual({ ...before, "late basics": enrolled[0]?.subject });
    const members = await targetMembers(crew.companyId);
    expect([members.Eng, members.Engineers?.length]).toEqual([["guest"], MANY + 1]);
    expect(await autoEnrolments(crew)).toEqual({ Eng: ["basics"], Engineers: ["basics"] });
  });

  it("keeps those who stay when its whole list of members comes with the new name", async () => {
    const crew = await newLargeCrew();
    await enrolIn(crew, "Eng", [basics]);
    const before = await openEnrolments(crew);
    const late = await crew.client.user("late");
    const head = await feedHead(crew);
    const [leaver = "", ...staying] = crew.ids.slice(1);
    requireOutcome(await crew.client.putGroup(crew.group, "Engineers", [crew.ada, ...staying, late]));
    await finishFollowUps(crew.writer);
    const enrolled = (await feedSince(crew, head)).filter(({ type }) => type.startsWith("enrolment."));
    expect(enrolled.map(({ type, userId }) => [type, userId])).toEqual([
      ["enrolment.withdrawn", leaver],
      ["enrolment.started", late],
    ]);
    const kept = new Set(Object.values(await openEnrolments(crew)));
    expect(Object.values(before).filter((id) => !kept.has(id))).toEqual([enrolled[0]?.subject]);
  });

  it("enrols those who join with the new name though they follow in steps", async () => {
    const crew = await newLargeCrew();
    await enrolIn(crew, "Eng", [basics]);
    requireOutcome(await crew.client.putGroup(crew.group, "Eng", [crew.ada]));
    await finishFollowUps(crew.writer);
    const more = await seedUsers(env.DB, Date.now, { ...crew, first: MANY, count: MANY });
    const [before] = Object.values(await openEnrolments(crew));
    requireOutcome(await crew.client.putGroup(crew.group, "Engineers", [crew.ada, ...more]));
    await finishFollowUps(crew.writer);
    const after = await openEnrolments(crew);
    expect(Object.keys(after)).toHaveLength(MANY + 2);
    expect(after["ada basics"]).toBe(before);
    expect((await targetMembers(crew.companyId)).Eng).toEqual(["guest"]);
  });
});

describe("the notes of a large group whose mirror must fork", { timeout: 120_000 }, () => {
  it("notes in its own request what the steps withdraw, and those keep what the new target group has", async () => {
    const crew = await newLargeCrew();
    requireOutcome(await crew.writer.write(requestOf({ kind: "createTargetGroup", name: "Staff" })));
    await crew.client.group("Others", crew.ids.slice(1, 6));
    await enrolIn(crew, "Eng", [basics, phish, { ...phish, kind: "training" }]);
    await enrolIn(crew, "Others", [phish]);
    await enrolIn(crew, "Staff", [basics]);
    const [, , , , , , inactive = ""] = crew.ids;
    requireOutcome(await crew.client.patchUser(inactive, { op: "replace", path: "active", value: false }));
    const head = await feedHead(crew);
    const { client, notes } = loggedClient(crew);
    requireOutcome(await client.patchGroup(crew.group, rename("Staff")));
    // Of the many one is inactive, two are one person, and five have the simulation by another group.
    expect(await notes()).toEqual([
      `Rename: ${2 * MANY - 9} enrolments are withdrawn, because the members of the group move from the target group "Eng" to "Staff", which does not have: First phish (${MANY - 7}), First phish (${MANY - 2}).`,
    ]);
    await finishFollowUps(crew.writer);
    const feed = await feedSince(crew, head);
    const counted = Map.groupBy(
      feed.filter(({ type }) => type.startsWith("enrolment.")),
      ({ type, data }) => `${type} ${data.kind} ${data.itemId}`,
    );
    expect(Object.fromEntries([...counted].map(([what, entries]) => [what, entries.length]))).toEqual({
      "enrolment.withdrawn phishing phish": MANY - 7,
      "enrolment.withdrawn training phish": MANY - 2,
    });
  });

  it("notes how much it withdraws at most where counting would take the database too long", async () => {
    const crew = await newLargeCrew();
    requireOutcome(await crew.writer.write(requestOf({ kind: "createTargetGroup", name: "Staff" })));
    await env.DB.prepare(
      `INSERT INTO auto_enrolments (company_key, target_group_key, kind, item_id, name, created_at)
       SELECT t.company_key, t.target_group_key, 'training', 'item' || j.key, 'Item ' || j.key, 0
       FROM target_groups t JOIN companies c ON c.company_key = t.company_key JOIN json_each(?) j WHERE c.id = ? AND t.name = 'Eng'`,
    )
      .bind(JSON.stringify(Array(100).fill(0)), crew.companyId)
      .run();
    const { client, notes } = loggedClient({ ...crew, writer: crew.another() });
    requireOutcome(await client.patchGroup(crew.group, rename("Staff")));
    const [note = ""] = await notes();
    expect(note).toContain(`Rename: up to ${100 * MANY} enrolments are withdrawn`);
    expect(note).toMatch(/which does not have: Item \d+ \(1001\), .*, 90 more\.$/);
  });

  it("counts what it withdraws without walking a large table", async () => {
    const crew = await newLargeCrew();
    requireOutcome(await crew.writer.write(requestOf({ kind: "createTargetGroup", name: "Staff" })));
    await enrolIn(crew, "Eng", [basics]);
    const recorder = new RecordingD1(env.DB);
    const client = crew.client.through(crew.another({ d1: recorder.d1 }));
    requireOutcome(await client.patchGroup(crew.group, rename("Staff")));
    const counts = recorder.statements.filter(({ sql }) => sql.includes("enrolments e"));
    expect(counts.length).toBeGreaterThan(0);
    for (const statement of counts) expect(await scansOf(env.DB, statement)).toEqual([]);
  });
});
