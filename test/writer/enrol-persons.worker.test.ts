import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import type { AutoEnrolmentItem } from "../../src/writer/operation.ts";
import { addSetting, type Bench, Client, finishFollowUps, newBench, requestOf, requireOutcome } from "./bench.ts";
import { enrolIn, feedHead, feedSince } from "./target-side.ts";

const byDepartment = { criteria: "field" as const, field: "department" };
const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const basics: AutoEnrolmentItem = { kind: "training", id: "basics", name: "Basics" };
const phish: AutoEnrolmentItem = { kind: "phishing", id: "phish-1", name: "First phish" };

/** `userName item status` of every enrolment of a company, the history included. */
async function enrolments({ companyId }: Bench): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT e.user_id, e.item_id, e.status, coalesce(u.user_name, 'gone') AS name FROM enrolments e
     JOIN companies c ON c.company_key = e.company_key LEFT JOIN users u ON u.user_key = e.user_key WHERE c.id = ?`,
  )
    .bind(companyId)
    .all<{ name: string; item_id: string; status: string }>();
  return results.map(({ name, item_id, status }) => `${name} ${item_id} ${status}`).sort();
}

/** The ids of all enrolments of a company. */
async function enrolmentIds({ companyId }: Bench): Promise<string[]> {
  const sql = "SELECT e.id FROM enrolments e JOIN companies c ON c.company_key = e.company_key WHERE c.id = ?";
  const { results } = await env.DB.prepare(sql).bind(companyId).all<{ id: string }>();
  return results.map(({ id }) => id);
}

describe("enrolments", () => {
  it("start for present members when an item is added, and for those who join later", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    await client.user("ada", "Sales");
    await enrolIn(bench, "Sales", [basics, phish]);
    await client.user("bob", "Sales");
    await client.user("eve", "Sales", { active: false });
    expect(await enrolments(bench)).toEqual([
      "ada basics active",
      "ada phish-1 active",
      "bob basics active",
      "bob phish-1 active",
    ]);
  });

  it("are held by each group that gives them: leaving one changes nothing, leaving the last withdraws", async () => {
    const bench = await newBench({ ...byDepartment, targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const ada = await client.user("ada", "Sales");
    await enrolIn(bench, "Sales", [basics]);
    await enrolIn(bench, "All", [basics]);
    expect(await enrolments(bench)).toEqual(["ada basics active"]);
    await client.patchUser(ada, { op: "replace", path: DEPARTMENT, value: "Legal" });
    expect(await enrolments(bench)).toEqual(["ada basics active"]);
    await client.patchUser(ada, { op: "replace", path: "active", value: false });
    expect(await enrolments(bench)).toEqual(["ada basics withdrawn"]);
    await client.patchUser(ada, { op: "replace", path: "active", value: true });
    expect(await enrolments(bench)).toEqual(["ada basics active", "ada basics withdrawn"]);
  });

  it("removed from a group are withdrawn where no other group holds them", async () => {
    const bench = await newBench({ ...byDepartment, targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    await client.user("ada", "Sales");
    await client.user("bob", "Legal");
    await enrolIn(bench, "All", [basics]);
    await enrolIn(bench, "Sales", [basics]);
    await enrolIn(bench, "All", []);
    expect(await enrolments(bench)).toEqual(["ada basics active", "bob basics withdrawn"]);
    await enrolIn(bench, "Sales", []);
    expect(await enrolments(bench)).toEqual(["ada basics withdrawn", "bob basics withdrawn"]);
  });

  it("count a person with two users once, e-mail compared folded, and outlast the first user", async () => {
    const bench = await newBench(byDepartment);
    const one = new Client(bench.writer, bench.settingId);
    const two = new Client(bench.writer, await addSetting(bench.writer, byDepartment));
    const first = await one.user("ada", "Sales");
    await enrolIn(bench, "Sales", [basics]);
    await two.user("ADA", "Sales");
    expect(await enrolments(bench)).toEqual(["ada basics active"]);
    await one.deleteUser(first);
    expect(await enrolments(bench)).toEqual(["ADA basics active"]);
  });

  it("follow a person whose e-mail changes", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    await client.user("seed", "Sales");
    await enrolIn(bench, "Sales", [basics]);
    const ada = await client.user("ada", "Sales");
    await client.patchUser(ada, { op: "replace", path: 'emails[type eq "work"].value', value: "new@example.com" });
    expect(await enrolments(bench)).toEqual(["ada basics active", "seed basics active"]);
    await client.deleteUser(ada);
    expect(await enrolments(bench)).toEqual(["gone basics withdrawn", "seed basics active"]);
  });
});

describe("enrolments of persons whose e-mails change", () => {
  it("follow two persons of one Bulk request, of whom one takes the e-mail that the other gives up", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const [bob, ada] = [await client.user("bob"), await client.user("ada")];
    await enrolIn(bench, "All", [basics]);
    const give = (id: string, value: string): JsonObject => {
      const Operations = [{ op: "replace", path: 'emails[type eq "work"].value', value: `${value}@example.com` }];
      return { method: "PATCH", path: `/Users/${id}`, data: { Operations } };
    };
    const items = [give(ada, "new"), give(bob, "ada")];
    expect(requireOutcome(await client.send({ kind: "bulk", settingId: bench.settingId, items }))).toMatchObject({
      items: [{ status: 200 }, { status: 200 }],
    });
    expect(await enrolments(bench)).toEqual(["ada basics active", "bob basics active"]);
  });

  it("follow persons whose e-mails a new mapping passes on from one to another", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const client = new Client(bench.writer, bench.settingId);
    const mail = (name: string) => ({ emails: [{ value: `${name}@example.com`, type: "work" }] });
    await client.user("seed");
    await enrolIn(bench, "All", [basics]);
    const first = await client.user("c@example.com", undefined, { ...mail("b"), active: false });
    await client.user("b@example.com", undefined, mail("a"));
    await client.patchUser(first, { op: "replace", path: "active", value: true });
    const fieldMappings = [{ field: "email", path: "userName" }];
    requireOutcome(
      await bench.writer.write(requestOf({ kind: "updateSetting", settingId: bench.settingId, fieldMappings })),
    );
    await finishFollowUps(bench.writer);
    expect(await enrolments(bench)).toEqual([
      "b@example.com basics active",
      "c@example.com basics active",
      "seed basics active",
    ]);
  });

  it("of a person without e-mail are not those of another whose e-mail reads like its key", async () => {
    const bench = await newBench({ criteria: "none", targetGroupName: "All" });
    const one = new Client(bench.writer, bench.settingId);
    const two = new Client(bench.writer, await addSetting(bench.writer, { criteria: "none", targetGroupName: "All" }));
    const ada = await one.user("ada", undefined, { emails: [] });
    await enrolIn(bench, "All", [basics]);
    const eve = await two.user("eve", undefined, { emails: [{ value: `USER:${ada}` }] });
    expect(await enrolments(bench)).toEqual(["ada basics active", "eve basics active"]);
    await one.deleteUser(ada);
    await two.patchUser(eve, { op: "replace", path: "title", value: `user:${eve}` });
    expect(await enrolments(bench)).toEqual(["eve basics active", "gone basics withdrawn"]);
  });
});

describe("enrolments in the feed and in large groups", () => {
  it("tell the feed what started and was withdrawn, in the commit of the cause, without gaps", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    await client.user("seed", "Sales");
    await enrolIn(bench, "Sales", [basics]);
    const ada = await client.user("ada", "Sales");
    await client.deleteUser(ada);
    const { results } = await env.DB.prepare(
      "SELECT h.seq, h.type FROM changes h JOIN companies c ON c.company_key = h.company_key WHERE c.id = ? ORDER BY seq",
    )
      .bind(bench.companyId)
      .all<{ seq: number; type: string }>();
    expect(results.map(({ seq }) => seq)).toEqual(results.map((_, index) => index + 1));
    expect(results.map(({ type }) => type)).toEqual([
      "setting.created",
      "token.created",
      "user.created",
      "group.created",
      "member.added",
      "auto_enrolments.changed",
      "enrolment.started",
      "user.created",
      "member.added",
      "enrolment.started",
      "member.removed",
      "enrolment.withdrawn",
      "user.deleted",
    ]);
  });

  it("that are completed go to nobody in shadow, of whom the feed knows nothing, when the one goes who had them", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    const ada = await client.user("ada", "Sales");
    await enrolIn(bench, "Sales", [basics]);
    const [id = ""] = await enrolmentIds(bench);
    const reports = [{ enrolmentId: id, status: "completed" as const, score: null }];
    requireOutcome(await bench.writer.write(requestOf({ kind: "reportProgress", reports })));
    const settingId = newId(Date.now());
    const setting = { id: settingId, name: "Shadow", provider: "other", fieldMappings: [], mode: "shadow" } as const;
    const groupSettings = byDepartment;
    requireOutcome(
      await bench.writer.write(requestOf({ kind: "createSetting", ...setting, fieldMappings: [], groupSettings })),
    );
    await client.in(settingId).user("ada in shadow", "Legal", { emails: [{ value: "ada@example.com", type: "work" }] });
    const head = await feedHead(bench);
    requireOutcome(await client.deleteUser(ada));
    expect((await feedSince(bench, head)).map(({ type }) => type)).toEqual([
      "member.removed",
      "enrolment.withdrawn",
      "user.deleted",
    ]);
    expect(await enrolments(bench)).toEqual(["gone basics withdrawn"]);
  });

  it("of a large group start over several commits, survive the writer's death between them, and are exact in the end", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    await Promise.all(Array.from({ length: 1_100 }, (_, n) => client.user(`user${n}`, "Sales")));
    const { id } = (await env.DB.prepare(
      "SELECT g.id FROM target_groups g JOIN companies c ON c.company_key = g.company_key WHERE c.id = ?",
    )
      .bind(bench.companyId)
      .first<{ id: string }>()) ?? { id: "" };
    requireOutcome(
      await bench.writer.write(requestOf({ kind: "setAutoEnrolments", targetGroupId: id, items: [basics] })),
    );
    expect(await bench.writer.followUp()).toBe(true);
    const begun = (await enrolments(bench)).length;
    expect(begun).toBeGreaterThan(0);
    expect(begun).toBeLessThan(1_100);
    const successor = bench.another();
    await client.through(successor).user("late", "Sales");
    await finishFollowUps(successor);
    expect(await enrolments(bench)).toHaveLength(1_101);
    expect(new Set(await enrolments(bench)).size).toBe(1_101);
  });
});
