import { describe, expect, it } from "vitest";
import { DAY } from "../../src/platform/clock.ts";
import { newId } from "../../src/platform/uuid.ts";
import { newClient, operate } from "../scim-api/scim-client.ts";

const ITEM = { kind: "training", id: "basics", name: "Basics", dueInDays: 30, reenrol: { afterDays: 365 } };

/** A company with some people who are enrolled in the basics. */
async function begin(count = 1) {
  const { companyId, send } = await newClient({ groupSettings: { criteria: "none", targetGroupName: "All" } });
  const base = `/companies/${companyId}`;
  const [group] = (await operate("GET", `${base}/target-groups`)).json.items;
  const items = `${base}/target-groups/${group.id}/auto-enrolments`;
  await operate("PUT", items, [ITEM]);
  for (let n = 0; n < count; n += 1) await send("POST", "/Users", { userName: `u${n}@example.com`, active: true });
  const enrolments: { id: string; userId: string; startedAt: string }[] = (await operate("GET", `${base}/enrolments`))
    .json.items;
  const put = (id: string | undefined, body: unknown) => operate("PUT", `${base}/enrolments/${id}/progress`, body);
  const head = async () => (await operate("GET", `${base}/changes/head`)).json.cursor;
  return { base, items, enrolments, put, head };
}

describe("PUT …/progress", () => {
  it("is shown wherever the enrolment is, and told by the feed with the person and the item", async () => {
    const { base, enrolments, put, head } = await begin();
    const [{ id, userId, startedAt } = { id: "", userId: "", startedAt: "" }] = enrolments;
    const dueAt = new Date(Date.parse(startedAt) + 30 * DAY).toISOString();
    const assigned = { status: "assigned", score: null, completedAt: null, dueAt };
    expect(enrolments).toMatchObject([{ progress: assigned, overdue: false }]);
    const after = await head();
    const done = await put(id, { status: "completed", score: 87.5, completedAt: "2026-11-02T10:00:00+02:00" });
    const progress = { status: "completed", score: 87.5, completedAt: "2026-11-02T08:00:00.000Z", dueAt };
    expect(done).toMatchObject({
      status: 200,
      json: { id, status: "active", progress, overdue: false, result: "changed" },
    });
    const shown = { ...done.json, result: undefined };
    for (const path of [
      `/enrolments/${id}`,
      "/enrolments",
      `/target-users/${userId}`,
      `/target-users/${userId}/export`,
    ]) {
      const { json } = await operate("GET", `${base}${path}`);
      const { enrolments: [own] = [] } = json.user ?? json;
      const { why: _why, history: _history, ...enrolment } = own ?? json.items?.[0] ?? json;
      expect(enrolment, path).toEqual(shown);
    }
    const { text } = await operate("GET", `${base}/snapshot`);
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.find(({ type }) => type === "enrolment").enrolment).toEqual(shown);
    const { items } = (await operate("GET", `${base}/changes?after=${after}`)).json;
    const { personId } = shown;
    const about = { userId, personId, kind: "training", itemId: "basics", name: "Basics" };
    expect(items).toMatchObject([
      {
        type: "enrolment.progressed",
        subject: { kind: "enrolment", id },
        data: { ...about, progress, overdue: false },
      },
    ]);
    const { history } = (await operate("GET", `${base}/enrolments/${id}`)).json;
    expect(history.map(({ type }: { type: string }) => type)).toEqual(["enrolment.started", "enrolment.progressed"]);
  });

  it("says so and tells nothing where it stood so before, and keeps what a later report leaves out", async () => {
    const { base, enrolments, put, head } = await begin();
    const id = enrolments[0]?.id;
    const first = await put(id, { status: "completed", score: 80 });
    const after = await head();
    const again = await put(id, { status: "completed", score: 80 });
    expect(again.json).toEqual({ ...first.json, result: "unchanged" });
    expect((await operate("GET", `${base}/changes?after=${after}`)).json.items).toEqual([]);
    const { completedAt, dueAt } = first.json.progress;
    const other = await put(id, { status: "completed", dueAt: null });
    expect(other.json).toMatchObject({ result: "changed", progress: { score: null, completedAt, dueAt: null } });
    const open = await put(id, { status: "inProgress", dueAt });
    expect(open.json.progress).toEqual({ status: "inProgress", score: null, completedAt: null, dueAt });
  });

  it("refuses what is no progress, and names the member", async () => {
    const { enrolments, put } = await begin();
    const id = enrolments[0]?.id;
    const late = new Date(Date.now() + DAY).toISOString();
    const cases: [unknown, string][] = [
      [{}, "/status"],
      [{ status: "done" }, "/status"],
      [{ status: "failed", score: 101 }, "/score"],
      [{ status: "failed", score: -1 }, "/score"],
      [{ status: "failed", score: "80" }, "/score"],
      [{ status: "completed", completedAt: late }, "/completedAt"],
      [{ status: "completed", completedAt: "yesterday" }, "/completedAt"],
      [{ status: "failed", completedAt: "2026-11-02T08:00:00Z" }, "/completedAt"],
      [{ status: "failed", dueAt: "2026-11-02" }, "/dueAt"],
      [{ status: "failed", dueAt: "1969-11-02T00:00:00Z" }, "/dueAt"],
      [{ status: "failed", grade: "A" }, "/grade"],
    ];
    for (const [body, pointer] of cases)
      expect(await put(id, body), JSON.stringify(body)).toMatchObject({
        ...{ status: 400, json: { code: "invalid_input", errors: [{ pointer }] } },
      });
    expect(await put("none", { status: "failed" })).toMatchObject({ status: 404, json: { code: "no_such_enrolment" } });
  });
});

describe("POST …/enrolments/progress", () => {
  it("answers each by itself, and does what it can", async () => {
    const { base, enrolments, head } = await begin(2);
    const [one, two] = enrolments.map(({ id }) => id);
    const after = await head();
    const items = [
      { enrolmentId: one, status: "completed", score: 70 },
      { enrolmentId: two, status: "completed", score: 700 },
      { enrolmentId: "none", status: "completed" },
      { enrolmentId: two, status: "failed" },
      { enrolmentId: two, status: "failed" },
      "nothing",
    ];
    const { status, json } = await operate("POST", `${base}/enrolments/progress`, { items });
    expect(status).toBe(200);
    expect(json.items).toMatchObject([
      {
        enrolmentId: one,
        result: "changed",
        progress: { status: "completed", score: 70 },
        overdue: false,
        problem: null,
      },
      {
        enrolmentId: two,
        result: "refused",
        progress: null,
        problem: { status: 400, errors: [{ pointer: "/score" }] },
      },
      { enrolmentId: "none", result: "refused", problem: { status: 404, code: "no_such_enrolment" } },
      { enrolmentId: two, result: "changed", progress: { status: "failed" } },
      { enrolmentId: two, result: "unchanged", progress: { status: "failed" } },
      { enrolmentId: null, result: "refused", problem: { status: 400, code: "invalid_input" } },
    ]);
    const { items: told } = (await operate("GET", `${base}/changes?after=${after}`)).json;
    expect(told.map(({ subject }: { subject: { id: string } }) => subject.id)).toEqual([one, two]);
  });

  it("is done once for an Idempotency-Key: a repeat says how they stand", async () => {
    const { base, enrolments, head, put } = await begin();
    const enrolmentId = enrolments[0]?.id;
    const headers = { "Idempotency-Key": newId(Date.now()) };
    const items = [
      { enrolmentId, status: "completed", score: 70 },
      { enrolmentId: "none", status: "failed" },
    ];
    const send = () => operate("POST", `${base}/enrolments/progress`, { items }, headers);
    expect((await send()).json.items[0]).toMatchObject({ result: "changed" });
    await put(enrolmentId, { status: "inProgress" });
    const after = await head();
    const again = await send();
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(again.json.items).toMatchObject([
      { result: "unchanged", progress: { status: "inProgress", score: null } },
      { result: "refused", problem: { code: "no_such_enrolment" } },
    ]);
    expect(await head()).toBe(after);
  });

  it("takes up to a thousand", async () => {
    const { base, enrolments } = await begin();
    const items = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        enrolmentId: enrolments[0]?.id,
        status: "inProgress",
        score: n % 100,
      }));
    const send = (count: number) => operate("POST", `${base}/enrolments/progress`, { items: items(count) });
    expect((await send(1_000)).json.items).toHaveLength(1_000);
    for (const count of [0, 1_001])
      expect(await send(count)).toMatchObject({ status: 400, json: { errors: [{ pointer: "/items" }] } });
  });
});

describe("the terms of an auto-enrolment", () => {
  it("are told as they were set, and refused where they mean nothing", async () => {
    const { base, items, head } = await begin();
    expect((await operate("GET", items)).json.items).toEqual([ITEM]);
    const after = await head();
    const plain = { kind: "training", id: "basics", name: "Basics" };
    for (const terms of [{}, { reenrol: "always" }, { reenrol: "never", dueInDays: 1 }]) {
      const put = await operate("PUT", items, [{ ...plain, ...terms }]);
      expect(put).toMatchObject({ status: 200, json: { items: [{ ...plain, ...terms }] } });
    }
    const changes = (await operate("GET", `${base}/changes?after=${after}`)).json.items;
    expect(changes.map(({ data }: { data: { items: unknown } }) => data.items)).toEqual([
      [plain],
      [{ ...plain, reenrol: "always" }],
      [{ ...plain, dueInDays: 1, reenrol: "never" }],
    ]);
    for (const terms of [{ dueInDays: 0 }, { dueInDays: 1.5 }, { reenrol: "sometimes" }, { reenrol: { afterDays: 0 } }])
      expect((await operate("PUT", items, [{ ...plain, ...terms }])).status, JSON.stringify(terms)).toBe(400);
  });

  it("rule what a preview says: somebody who completed it is not started again but by them", async () => {
    const { enrolments, put, items } = await begin(2);
    await put(enrolments[0]?.id, { status: "completed" });
    const preview = async (list: unknown) => (await operate("PUT", `${items}?preview=true`, list)).json.enrolments;
    expect(await preview([])).toMatchObject([{ itemId: "basics", starts: 0, ends: 1 }]);
    await operate("PUT", items, []);
    expect(await preview([ITEM])).toMatchObject([{ starts: 1, ends: 0 }]);
    expect(await preview([{ ...ITEM, reenrol: "always" }])).toMatchObject([{ starts: 2, ends: 0 }]);
  });
});
