import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { DAY } from "../../src/platform/clock.ts";
import type { AutoEnrolmentItem } from "../../src/writer/operation.ts";
import { operate } from "../scim-api/scim-client.ts";
import { type Bench, Client, finishFollowUps, newBench, requestOf, requireOutcome } from "../writer/bench.ts";
import { ProgressBench } from "../writer/progress-bench.ts";
import { enrolIn } from "../writer/target-side.ts";

const byDepartment = { criteria: "field" as const, field: "department", targetGroupName: "All" };
const DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const basics: AutoEnrolmentItem = { kind: "training", id: "basics", name: "Basics" };
const phish: AutoEnrolmentItem = { kind: "phishing", id: "phish-1", name: "First phish" };
const OF_COMPANY = "company_key = (SELECT company_key FROM companies WHERE id = ?)";

/** `item enrolled withdrawn`, as it is kept. */
async function kept({ companyId }: Bench): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT item_id || ' ' || active || ' ' || withdrawn AS line FROM enrolled_items WHERE ${OF_COMPANY} ORDER BY 1`,
  )
    .bind(companyId)
    .all<{ line: string }>();
  return results.map(({ line }) => line);
}

/** The same as the enrolments are. */
async function counted({ companyId }: Bench): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT item_id || ' ' || coalesce(sum(status = 'active' AND given = 1), 0) || ' ' || sum(status = 'withdrawn' OR given IS NULL) AS line FROM enrolments WHERE ${OF_COMPANY} GROUP BY item_id ORDER BY 1`,
  )
    .bind(companyId)
    .all<{ line: string }>();
  return results.map(({ line }) => line);
}

async function expectKept(bench: Bench, lines: string[]): Promise<void> {
  expect(await kept(bench)).toEqual(lines);
  expect(await counted(bench)).toEqual(lines);
}

/** A company with three people in two departments, all of them enrolled in the basics. */
async function newCompany() {
  const bench = await newBench(byDepartment);
  const client = new Client(bench.writer, bench.settingId);
  const ids = {
    ada: await client.user("ada", "Sales"),
    bob: await client.user("bob", "Sales"),
    eve: await client.user("eve", "Legal"),
  };
  await enrolIn(bench, "All", [basics]);
  return { bench, client, ids };
}

describe("how many are enrolled in an item", () => {
  it("is kept as people are enrolled, move, leave, come back and are deleted", async () => {
    const { bench, client, ids } = await newCompany();
    await expectKept(bench, ["basics 3 0"]);
    await enrolIn(bench, "Sales", [basics, phish]);
    await expectKept(bench, ["basics 3 0", "phish-1 2 0"]);
    await client.patchUser(ids.ada, { op: "replace", path: DEPARTMENT, value: "Legal" });
    await expectKept(bench, ["basics 3 0", "phish-1 1 1"]);
    await client.patchUser(ids.bob, { op: "replace", path: "active", value: false });
    await expectKept(bench, ["basics 2 1", "phish-1 0 2"]);
    await client.patchUser(ids.bob, { op: "replace", path: "active", value: true });
    await expectKept(bench, ["basics 3 1", "phish-1 1 2"]);
    await client.deleteUser(ids.bob);
    await expectKept(bench, ["basics 2 2", "phish-1 0 3"]);
    await enrolIn(bench, "All", []);
    // Sales, which nobody is in, still has it.
    await expectKept(bench, ["basics 0 4", "phish-1 0 3"]);
  });

  it("counts what is completed for as long as a target group gives it, however it is reported and started again", async () => {
    const life = await ProgressBench.begin(byDepartment);
    const ids = [await life.client.user("ada", "Sales"), await life.client.user("bob", "Sales")];
    await life.enrol("Sales", { ...basics, reenrol: "always" });
    await life.reach("ada", "completed");
    await expectKept(life.bench, ["basics 2 0"]);
    const move = async (department: string) => {
      for (const id of ids) await life.client.patchUser(id, { op: "replace", path: DEPARTMENT, value: department });
    };
    await move("Legal");
    await expectKept(life.bench, ["basics 0 2"]);
    // Of what was withdrawn it may be told later that it was completed.
    await life.reach("bob", "completed");
    await expectKept(life.bench, ["basics 0 2"]);
    await life.reach("bob", "inProgress");
    await expectKept(life.bench, ["basics 0 2"]);
    await move("Sales");
    await expectKept(life.bench, ["basics 2 2"]);
    await life.enrol("Sales", basics);
    await life.reach("ada", "completed");
    await move("Legal");
    await move("Sales");
    await expectKept(life.bench, ["basics 2 3"]);
  });

  it("does not change when an enrolment changes hands, or is called otherwise", async () => {
    const { bench, client, ids } = await newCompany();
    await client.user("twin", "Sales", { emails: [{ value: "ada@example.com", type: "work" }] });
    await expectKept(bench, ["basics 3 0"]);
    await client.deleteUser(ids.ada);
    await expectKept(bench, ["basics 3 0"]);
    await enrolIn(bench, "All", [{ ...basics, name: "Basics, revised" }]);
    await expectKept(bench, ["basics 3 0"]);
  });

  it("is counted anew by the commit after one of a Worker that does not keep it, and after the upgrade", async () => {
    const { bench, client } = await newCompany();
    for (const by of ["'of an older Worker'", "NULL"]) {
      await env.DB.prepare(`UPDATE enrolled_items SET active = 77, withdrawn = 78 WHERE ${OF_COMPANY}`)
        .bind(bench.companyId)
        .run();
      await env.DB.prepare(`UPDATE companies SET items_counted_commit = ${by} WHERE id = ?`)
        .bind(bench.companyId)
        .run();
      await new Client(bench.another(), bench.settingId).user(`late ${by}`);
      expect(await kept(bench)).toEqual(await counted(bench));
    }
    // Once is enough.
    await client.user("last");
    await expectKept(bench, ["basics 6 0"]);
  });
});

/** What is kept of a company's people by day, the days counted from `start` on. */
async function movements({ companyId }: Bench, start: number): Promise<Record<string, unknown>> {
  const text = await env.DB.prepare("SELECT people_days FROM companies WHERE id = ?")
    .bind(companyId)
    .first("people_days");
  const { days } = JSON.parse(String(text));
  return Object.fromEntries(Object.entries(days).map(([day, moved]) => [Number(day) - start / DAY, moved]));
}

describe("who joined and left by day", () => {
  it("counts those who become active and those who stop to be, once each, for thirty days", async () => {
    const bench = await newBench(byDepartment);
    const start = Math.floor(Date.now() / DAY) * DAY;
    const on = (day: number) =>
      new Client(bench.another({ clock: () => start + day * DAY + 3_600_000 }), bench.settingId);
    const ada = await on(1).user("ada", "Sales");
    const bob = await on(1).user("bob", "Sales");
    await on(1).user("off", "Sales", { active: false });
    expect(await movements(bench, start)).toEqual({ 1: { joined: 2, left: 0 } });
    await on(2).patchUser(ada, { op: "replace", path: "active", value: false });
    await on(2).patchUser(bob, { op: "replace", path: "title", value: "Boss" });
    await on(3).patchUser(ada, { op: "replace", path: "active", value: true });
    await on(4).patchUser(ada, { op: "replace", path: "active", value: false });
    // Gone already: an IdP deletes weeks after it has set somebody inactive.
    await on(5).deleteUser(ada);
    await on(6).deleteUser(bob);
    expect(await movements(bench, start)).toEqual({
      1: { joined: 2, left: 0 },
      2: { joined: 0, left: 1 },
      3: { joined: 1, left: 0 },
      4: { joined: 0, left: 1 },
      6: { joined: 0, left: 1 },
    });
    await on(32).user("new", "Sales");
    expect(Object.keys(await movements(bench, start))).toEqual(["3", "4", "6", "32"]);
  });

  it("sees people in shadow when they go live, and not before", async () => {
    const bench = await newBench(byDepartment);
    const id = crypto.randomUUID();
    const token = { id: id.replaceAll("-", ""), lastFour: "abcd", expiresAt: null };
    const shadow = {
      kind: "createSetting" as const,
      id,
      name: "Shadow",
      provider: "other" as const,
      fieldMappings: [],
      token,
    };
    requireOutcome(await bench.writer.write(requestOf({ ...shadow, groupSettings: byDepartment, mode: "shadow" })));
    const client = new Client(bench.writer, id);
    const gone = await client.user("ada");
    await client.user("bob");
    await client.deleteUser(gone);
    const today = Math.floor(Date.now() / DAY) * DAY;
    expect(await movements(bench, today)).toEqual({});
    const { json } = await operate("GET", `/companies/${bench.companyId}/scim-settings/${id}`);
    requireOutcome(
      await bench.writer.write(requestOf({ kind: "goLive", settingId: id, version: json.shadow.version })),
    );
    await finishFollowUps(bench.writer);
    const moved = Object.values(await movements(bench, today));
    expect(moved).toEqual([{ joined: 1, left: 0 }]);
  });
});
