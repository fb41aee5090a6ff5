import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { countPeopleByDay } from "../../src/changes/people-report-store.ts";
import type { Reads } from "../../src/companies/split-long-reads.ts";
import { countEnrolments } from "../../src/enrolment/enrolment-report-store.ts";
import { DAY } from "../../src/platform/clock.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { operate } from "../scim-api/scim-client.ts";
import { fillCompany } from "./fill-company.ts";

const TODAY = Math.floor(Date.parse("2026-11-20T00:00:00Z") / DAY);
const at = (day: number, hour = 1) => (TODAY + day) * DAY + hour * 3_600_000;

/** A share that lets everything be read, a few rows at a time, and counts how often. */
function inSmallSteps() {
  const share = { steps: 0 };
  const reads: Reads = {
    run: (read) => {
      share.steps += 1;
      return runRead(openRegistry(env), read({ rows: 300, bytes: 1_000_000 }));
    },
    once: (read) => runRead(openRegistry(env), read),
  };
  return { share, readInShare: <T>(_about: unknown, read: (given: Reads) => Promise<T>) => read(reads) };
}

describe("the report of enrolments", () => {
  it("counts by item and status, by either, and those of a time", async () => {
    const { company, addUser, addEnrolment } = await fillCompany();
    const other = await fillCompany();
    await other.addEnrolment(1, "stranger");
    const user = await addUser("ada");
    const add = (kind: string, item_id: string, row = {}) => addEnrolment(user.key, user.id, { kind, item_id, ...row });
    const gone = { status: "withdrawn", withdrawn_at: 5, person_key: "x" };
    await add("training", "a", { ...gone, name: "Old", started_at: at(-3) });
    await add("training", "a", { name: "New", started_at: at(-1) });
    const bait = await add("phishing", "a", { name: "Bait", started_at: at(0) });
    const report = async (query: string) =>
      (await operate("GET", `/companies/${company.id}/reports/enrolments${query}`)).json.items;
    expect(await report("")).toEqual([
      { kind: "phishing", itemId: "a", name: "Bait", status: "active", enrolments: 1 },
      { kind: "training", itemId: "a", name: "New", status: "active", enrolments: 1 },
      { kind: "training", itemId: "a", name: "Old", status: "withdrawn", enrolments: 1 },
    ]);
    expect(await report("?groupBy=item")).toMatchObject([
      { kind: "phishing", status: null, enrolments: 1 },
      { kind: "training", name: "New", status: null, enrolments: 2 },
    ]);
    await operate("PUT", `/companies/${company.id}/enrolments/${bait.id}/progress`, { status: "completed" });
    expect(await report("?groupBy=item,progress")).toMatchObject([
      { kind: "phishing", status: null, progress: "completed", enrolments: 1 },
      { kind: "training", name: "New", status: null, progress: "assigned", enrolments: 2 },
    ]);
    expect(await report("?groupBy=status,progress")).toMatchObject([
      { status: "active", progress: "assigned", enrolments: 1 },
      { status: "active", progress: "completed", enrolments: 1 },
      { status: "withdrawn", progress: "assigned", enrolments: 1 },
    ]);
    const none = { kind: null, itemId: null, name: null };
    expect(await report("?groupBy=status&from=2026-11-19T00:00:00Z")).toEqual([
      { ...none, status: "active", enrolments: 2 },
    ]);
    expect(await report("?groupBy=status&to=2026-11-19T00:00:00Z")).toEqual([
      { ...none, status: "withdrawn", enrolments: 1 },
    ]);
  });

  it("goes through many in steps, each once", async () => {
    const { company } = await fillCompany();
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
       INSERT INTO enrolments (enrolment_key, company_key, id, person_key, user_key, user_id, kind, item_id, name, status, started_at)
       SELECT ?1 * 4294967296 + 1000 + i, ?1, 'e' || ?1 || '-' || i, 'p' || i, i, 'u' || i, 'training', 'i' || (i % 2), 'Item', 'active', 1 FROM n`,
    )
      .bind(company.key)
      .run();
    const { share, readInShare } = inSmallSteps();
    const report = { byItem: true, byStatus: true, byProgress: false, from: null, to: null };
    const counts = await countEnrolments(openRegistry(env), company.key, report, readInShare);
    expect(counts.map(({ itemId, enrolments }) => [itemId, enrolments])).toEqual([
      ["i0", 1500],
      ["i1", 1500],
    ]);
    expect(share.steps).toBe(4);
  });
});

describe("the report of people", () => {
  it("counts what the feed tells of each day, and has the days on which nothing happened", async () => {
    const { company, addChange } = await fillCompany();
    const story: [type: string, time: number][] = [
      ["user.created", at(-40)],
      ["user.created", at(-2, 0)],
      ["member.added", at(-2)],
      ["user.created", at(-2, 23)],
      ["user.deactivated", at(0)],
      ["user.reactivated", at(0)],
      ["user.deleted", at(0)],
    ];
    for (const [index, [type, time]] of story.entries()) {
      await addChange(index + 1, type);
      await env.DB.prepare("UPDATE changes SET time = ? WHERE company_key = ? AND seq = ?")
        .bind(time, company.key, index + 1)
        .run();
    }
    const path = `/companies/${company.id}/reports/people`;
    const { items } = (await operate("GET", `${path}?by=day&from=2026-11-18T12:00:00Z&to=2026-11-20T12:00:00Z`)).json;
    const zero = { created: 0, deactivated: 0, reactivated: 0, deleted: 0 };
    expect(items).toEqual([
      { day: "2026-11-18", ...zero, created: 2 },
      { day: "2026-11-19", ...zero },
      { day: "2026-11-20", ...zero, deactivated: 1, reactivated: 1, deleted: 1 },
    ]);
    const month = (await operate("GET", `${path}?to=2026-11-20T12:00:00Z`)).json.items;
    expect([month.length, month[0].day]).toEqual([30, "2026-10-22"]);
    for (const query of [
      "?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z",
      "?from=2026-01-01T00:00:00Z&to=2026-11-20T00:00:00Z",
      "?by=week",
    ])
      expect((await operate("GET", path + query)).status, query).toBe(400);
  });

  it("goes through many changes in steps, each once", async () => {
    const { company } = await fillCompany();
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
       INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, data, cause)
       SELECT ?1, i, 'user.created', ?2 + i * 60000, 'user', 'u', '{}', '{}' FROM n`,
    )
      .bind(company.key, at(0, 0))
      .run();
    await env.DB.prepare("UPDATE companies SET change_seq = 4000 WHERE company_key = ?").bind(company.key).run();
    const { share, readInShare } = inSmallSteps();
    const days = await countPeopleByDay(openRegistry(env), company.key, { from: TODAY, to: TODAY + 2 }, readInShare);
    expect(days.map(({ created }) => created)).toEqual([1439, 1440]);
    expect(share.steps).toBeGreaterThan(0);
  });
});
