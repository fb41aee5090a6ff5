import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { findCompaniesDue } from "../../src/companies/companies-due-store.ts";
import { DAY } from "../../src/platform/clock.ts";
import { newClient, operate } from "../scim-api/scim-client.ts";
import { Client, requestOf, requireOutcome } from "./bench.ts";
import { basics, DEPARTMENT, ProgressBench } from "./progress-bench.ts";
import { RecordingD1 } from "./recording-d1.ts";
import { feedHead, feedSince } from "./target-side.ts";

const byDepartment = { criteria: "field" as const, field: "department" };

/** A company in which ada has thirty days for the basics. */
async function begin() {
  const company = await ProgressBench.begin(byDepartment);
  const ada = await company.client.user("ada", "Sales");
  await company.enrol("Sales", basics({ dueInDays: 30 }));
  return { company, ada, start: company.now };
}

async function toldSince(company: ProgressBench, seq: number) {
  const entries = await feedSince(company.bench, seq);
  return entries.map(({ type, data }) => ({ type, overdue: data.overdue }));
}

describe("what is to be completed in so many days", () => {
  it("is due so long after it started, and the feed tells so", async () => {
    const { company, start } = await begin();
    const [started] = (await feedSince(company.bench, 0)).filter(({ type }) => type === "enrolment.started");
    const dueAt = new Date(start + 30 * DAY).toISOString();
    expect(started?.data).toMatchObject({ progress: { status: "assigned", score: null, completedAt: null, dueAt } });
    expect(await company.writer.setOverdue()).toBe(start + 30 * DAY);
  });

  it("is told to be overdue when its time has come, once, whatever is reported later but its completion", async () => {
    const { company, start } = await begin();
    const head = await feedHead(company.bench);
    company.now = start + 30 * DAY - 1;
    expect(await company.writer.setOverdue()).toBe(start + 30 * DAY);
    expect(await toldSince(company, head)).toEqual([]);
    company.now = start + 30 * DAY;
    expect(await company.writer.setOverdue()).toBeNull();
    expect(await toldSince(company, head)).toEqual([{ type: "enrolment.progressed", overdue: true }]);
    company.turn(5);
    expect(await company.writer.setOverdue()).toBeNull();
    await company.reach("ada", "inProgress");
    expect(await company.enrolments()).toEqual(["ada active inProgress overdue"]);
    await company.reach("ada", "completed");
    expect(await company.enrolments()).toEqual(["ada active completed"]);
    expect(await toldSince(company, head)).toHaveLength(3);
  });

  it("is not overdue once completed or withdrawn, and is once it is completed no more", async () => {
    const { company, ada, start } = await begin();
    const bob = await company.client.user("bob", "Sales");
    await company.reach("ada", "completed");
    await company.client.patchUser(bob, { op: "replace", path: DEPARTMENT, value: "Legal" });
    company.now = start + 31 * DAY;
    expect(await company.writer.setOverdue()).toBeNull();
    expect(await company.enrolments()).toEqual(["ada active completed", "bob withdrawn"]);
    await company.reach("ada", "failed");
    expect(await company.writer.setOverdue()).toBeNull();
    expect(await company.enrolments()).toEqual(["ada active failed overdue", "bob withdrawn"]);
    expect(ada).not.toBe(bob);
  });

  it("is overdue when a report says, and no earlier end is left", async () => {
    const { company, start } = await begin();
    const enrolmentId = await company.newest("ada");
    const due = (dueAt: number | null) => company.report({ enrolmentId, status: "assigned", score: null, dueAt });
    await due(start + 40 * DAY);
    company.now = start + 30 * DAY;
    expect(await company.writer.setOverdue()).toBe(start + 40 * DAY);
    company.now = start + 40 * DAY;
    expect(await company.writer.setOverdue()).toBeNull();
    expect(await company.enrolments()).toEqual(["ada active assigned overdue"]);
    await due(start + 50 * DAY);
    expect(await company.enrolments()).toEqual(["ada active assigned"]);
    await due(null);
    company.now = start + 60 * DAY;
    expect(await company.writer.setOverdue()).toBeNull();
    expect(await company.enrolments()).toEqual(["ada active assigned"]);
  });

  it("keeps its end when the days are changed, which is for what starts from then on", async () => {
    const { company, start } = await begin();
    const head = await feedHead(company.bench);
    await company.enrol("Sales", basics({ dueInDays: 5, reenrol: "always" }));
    expect(await toldSince(company, head)).toMatchObject([{ type: "auto_enrolments.changed" }]);
    await company.client.user("bob", "Sales");
    company.now = start + 5 * DAY;
    expect(await company.writer.setOverdue()).toBe(start + 30 * DAY);
    expect(await company.enrolments()).toEqual(["ada active", "bob active overdue"]);
  });

  it("is looked for by the schedule where the alarm was lost, in those companies alone", async () => {
    const { company, start } = await begin();
    const other = await ProgressBench.begin(byDepartment);
    const found = () => findCompaniesDue({ d1: env.DB }, "enrolments_due_at", start + 30 * DAY + 1);
    expect(await found()).toContain(company.bench.companyId);
    expect(await found()).not.toContain(other.bench.companyId);
    company.now = start + 30 * DAY;
    await company.writer.setOverdue();
    expect(await found()).not.toContain(company.bench.companyId);
  });

  it("is told of many in bounded commits, and looked for at the cost of what is due alone", async () => {
    const { company, start } = await begin();
    const people = Array.from({ length: 600 }, (_, n) => company.client.postUser(`u${n}`, "Sales"));
    await Promise.all(people);
    const recording = new RecordingD1(env.DB);
    const writer = company.bench.another({ d1: recording.d1, clock: () => company.now });
    await writer.setOverdue();
    expect(recording.statements.map(({ rowsRead }) => rowsRead)).toEqual([1]);
    company.now = start + 30 * DAY;
    expect(await writer.setOverdue()).toBe(start + 30 * DAY);
    expect(await writer.setOverdue()).toBeNull();
    const looked = recording.statements.filter(
      ({ sql }) => sql.includes("enrolments_due") && sql.startsWith("SELECT e.id"),
    );
    expect(looked.map(({ rowsRead }) => rowsRead)).toEqual([501, 102]);
    expect((await company.enrolments()).every((line) => line.endsWith("active overdue"))).toBe(true);
  });
});

describe("the alarm of a company's object", () => {
  it("tells of what is overdue at its time, without anybody asking", async () => {
    const { companyId, send } = await newClient({ groupSettings: { criteria: "none", targetGroupName: "Sales" } });
    const base = `/companies/${companyId}`;
    const [group] = (await operate("GET", `${base}/target-groups`)).json.items;
    await operate("PUT", `${base}/target-groups/${group.id}/auto-enrolments`, [basics({ dueInDays: 1 })]);
    await send("POST", "/Users", { userName: "ada", active: true });
    const [{ id }] = (await operate("GET", `${base}/enrolments`)).json.items;
    const dueAt = new Date(Date.now() - 1).toISOString();
    await operate("PUT", `${base}/enrolments/${id}/progress`, { status: "inProgress", dueAt });
    const isOverdue = async () => (await operate("GET", `${base}/enrolments/${id}`)).json.overdue;
    await expect.poll(isOverdue, { timeout: 20_000 }).toBe(true);
  });
});

describe("reports of progress", () => {
  it("of a thousand enrolments are one commit of a few statements, and rows for these alone", async () => {
    const { company } = await begin();
    await Promise.all(Array.from({ length: 999 }, (_, n) => company.client.postUser(`u${n}`, "Sales")));
    const { results } = await env.DB.prepare(
      "SELECT id FROM enrolments WHERE company_key = (SELECT company_key FROM companies WHERE id = ?)",
    )
      .bind(company.bench.companyId)
      .all<{ id: string }>();
    const recording = new RecordingD1(env.DB);
    const writer = company.bench.another({ d1: recording.d1, clock: () => company.now });
    const send = async (count: number) => {
      const reports = results
        .slice(0, count)
        .map(({ id }) => ({ enrolmentId: id, status: "inProgress" as const, score: count }));
      requireOutcome(await writer.write(requestOf({ kind: "reportProgress", reports })));
    };
    const measure = async (count: number) => {
      [recording.trips, recording.statements] = [0, []];
      await send(count);
      const sum = (of: "rowsRead" | "rowsWritten") => recording.statements.reduce((all, one) => all + one[of], 0);
      return { trips: recording.trips, read: sum("rowsRead"), written: sum("rowsWritten") };
    };
    await send(1);
    const few = await measure(10);
    const many = await measure(1_000);
    expect([few.trips, many.trips]).toEqual([2, 2]);
    expect(results).toHaveLength(1_000);
    // A report is its enrolment's row with the entries of its indexes, and its change with its own.
    const each = { read: (many.read - few.read) / 990, written: (many.written - few.written) / 990 };
    expect(each.read).toBeLessThan(9);
    expect(each.written).toBeLessThan(9);
    const same = await measure(1_000);
    expect(same).toMatchObject({ trips: 1, written: 0 });
  });

  it("of another company's enrolment are refused as of none", async () => {
    const { company } = await begin();
    const other = await begin();
    const [outcome] = await other.company.report({
      enrolmentId: await company.newest("ada"),
      status: "failed",
      score: null,
    });
    expect(outcome).toMatchObject({ refusal: { code: "no_such_enrolment" } });
    expect(await company.enrolments()).toEqual(["ada active"]);
  });

  it("of somebody who was deleted are kept, and say nothing of who it was", async () => {
    const { company, ada } = await begin();
    const enrolmentId = await company.newest("ada");
    const head = await feedHead(company.bench);
    await new Client(company.writer, company.bench.settingId).deleteUser(ada);
    await company.report({ enrolmentId, status: "completed", score: 90 });
    expect(await company.enrolments()).toEqual(["gone withdrawn completed"]);
    const last = (await feedSince(company.bench, head)).at(-1);
    expect(last).toMatchObject({ type: "enrolment.progressed", data: { erased: true, progress: { score: 90 } } });
    expect(last?.data).not.toHaveProperty("personId");
  });
});
