import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import type { WriteResult } from "../../src/writer/operation.ts";
import { DirectoryWriter } from "../../src/writer/writer-durable-object.ts";
import { dumpCompany } from "../safety/state-digest.ts";
import { Client, finishFollowUps, newBench, requestOf, requireOutcome, targetMembers } from "./bench.ts";
import { moveFence } from "./foreign-commit.ts";
import { closedGate, FaultyD1 } from "./gate.ts";
import { hookD1 } from "./hooked-d1.ts";

type Run<T> = (open: (d1?: D1Database) => DirectoryWriter, state: DurableObjectState) => Promise<T>;

/**
 * Runs inside a company's object; `open` makes an instance as a restart would, on a D1 of the test's own: storage stays, memory
 * is new. An alarm that is set stays set for an hour: tests call `alarm` themselves.
 */
function inObject<T>(companyId: string, run: Run<T>): Promise<T> {
  const stub = env.WRITER.get(env.WRITER.idFromName(companyId));
  return runInDurableObject(stub, (_instance, state) => {
    const setAlarm = state.storage.setAlarm.bind(state.storage);
    vi.spyOn(state.storage, "setAlarm").mockImplementation((time) => setAlarm(Number(time) + 3_600_000));
    // The bindings of the tests are those of the product.
    return run((d1 = env.DB) => new DirectoryWriter(state, { ...(env as unknown as Env), DB: d1 }), state);
  });
}

/** A D1 on which the steps of work left over fail: at once, or from the n-th on. */
function failingSteps(from = 1): { d1: D1Database; steps: () => number } {
  const faulty = new FaultyD1(env.DB);
  let steps = 0;
  faulty.failBefore = (text) => {
    if (!/(DELETE FROM|UPDATE) replans/.test(text)) return null;
    steps += 1;
    return steps >= from ? "D1_ERROR: datatype mismatch" : null;
  };
  return { d1: faulty.d1, steps: () => steps };
}

async function leftOver(companyId: string): Promise<number> {
  const sql = "SELECT count(*) AS n FROM replans r JOIN companies c ON c.company_key = r.company_key WHERE c.id = ?";
  return (await env.DB.prepare(sql).bind(companyId).first<number>("n")) ?? 0;
}

const ALL = { criteria: "none", targetGroupName: "All" } as const;
const regroup = (settingId: string) =>
  requestOf({
    kind: "updateSetting",
    settingId,
    groupSettings: { criteria: "none", targetGroupName: "Everyone", targetGroupScope: "everyone" },
  });

async function benchWithPeople(count: number) {
  const bench = await newBench({ ...ALL, targetGroupScope: "everyone" });
  const client = new Client(bench.writer, bench.settingId);
  for (let n = 0; n < count; n += 1) await client.user(`user${n}`);
  return bench;
}

describe("work that follows a commit", () => {
  it("fails nobody when it breaks: the decision is answered as done, and the alarm does the work", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const { companyId, settingId } = await benchWithPeople(3);
    await inObject(companyId, async (open, state) => {
      const broken = failingSteps();
      expect(await open(broken.d1).write(companyId, regroup(settingId))).toMatchObject({ ok: true });
      expect(broken.steps()).toBeGreaterThan(0);
      expect(await leftOver(companyId)).toBe(1);
      expect(await state.storage.getAlarm()).not.toBeNull();
      await open().alarm();
    });
    expect(await leftOver(companyId)).toBe(0);
    expect((await targetMembers(companyId)).Everyone).toEqual(["user0", "user1", "user2"]);
    logged.mockRestore();
  });

  it("is found by a new instance when the writer dies right after the commit", async () => {
    const { companyId, settingId } = await benchWithPeople(3);
    await inObject(companyId, async (open, state) => {
      const gate = closedGate();
      void open(hookD1(env.DB, { afterCommit: gate.pass })).write(companyId, regroup(settingId));
      await gate.reached;
      expect(await leftOver(companyId)).toBe(1);
      expect(await state.storage.getAlarm()).not.toBeNull();
      await open().alarm();
    });
    expect(await leftOver(companyId)).toBe(0);
    expect((await targetMembers(companyId)).Everyone).toEqual(["user0", "user1", "user2"]);
  });

  it("sets its alarm again for as long as it is interrupted, and lets it be when nothing is left", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const { companyId, settingId } = await benchWithPeople(2);
    await inObject(companyId, async (open, state) => {
      const broken = failingSteps();
      await open(broken.d1).write(companyId, regroup(settingId));
      for (let n = 0; n < 8; n += 1) {
        await state.storage.deleteAlarm();
        await open(broken.d1).alarm();
        expect(await state.storage.getAlarm(), `interruption ${n}`).not.toBeNull();
      }
      await state.storage.deleteAlarm();
      await open().alarm();
      expect(await state.storage.getAlarm()).toBeNull();
    });
    expect(await leftOver(companyId)).toBe(0);
    logged.mockRestore();
  });
});

describe("the steps of work that follows a commit", () => {
  it("leaves out for now one whom no row can hold and goes on with the others, and with the work after it", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const { companyId, settingId, writer } = await benchWithPeople(2);
    const client = new Client(writer, settingId);
    // A long value is kept only where a field reads it.
    const mapped = [{ field: "lastName", path: "title" }];
    requireOutcome(await writer.write(requestOf({ kind: "updateSetting", settingId, fieldMappings: mapped })));
    await finishFollowUps(writer);
    const id = await client.user("huge");
    // As a user may be from before there were quotas.
    await env.DB.prepare("UPDATE users SET document = json_set(document, '$.title', ?1), last_name = ?1 WHERE id = ?2")
      .bind("漢".repeat(131_000), id)
      .run();
    await moveFence(companyId);
    await client.user("last", undefined, { title: "Boss" });
    const fieldMappings = ["department", "firstName", "lastName", "phoneNumber"].map((field) => ({
      field,
      path: "title",
    }));
    requireOutcome(await writer.write(requestOf({ kind: "updateSetting", settingId, fieldMappings })));
    requireOutcome(await writer.write(regroup(settingId)));
    await finishFollowUps(writer);
    const { results } = await env.DB.prepare(
      "SELECT user_name, department FROM users u JOIN companies c ON c.company_key = u.company_key WHERE c.id = ? AND department IS NOT NULL",
    )
      .bind(companyId)
      .all();
    expect(results).toEqual([{ user_name: "last", department: "Boss" }]);
    // What was decided first has nobody left out whom the later one has not.
    expect(await leftOver(companyId)).toBe(1);
    expect((await targetMembers(companyId)).Everyone).toEqual(["last", "user0", "user1"]);
    const lines = logged.mock.calls.map(([line]) => JSON.parse(line));
    expect(lines).toMatchObject([{ operation: "follow-up regroupUsers" }, { operation: "follow-up regroupUsers" }]);
    for (const line of lines) expect(line.error.message).toContain(id);
    logged.mockRestore();
  });

  it("keeps its place between the steps of a mass removal, and each step erases what it removed", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const bench = await newBench({ ...ALL, targetGroupScope: "everyone" });
    const client = new Client(bench.writer, bench.settingId);
    const names = Array.from({ length: 120 }, (_, n) => `gone${n}`);
    await Promise.all(names.map((name) => client.user(name)));
    const { companyId, settingId } = bench;
    const remains = async () => {
      const { users = [], changes = [] } = await dumpCompany(companyId);
      return [
        users.length,
        changes.filter((row) => row.includes('"type":"user.created"') && row.includes("gone")).length,
      ];
    };
    await inObject(companyId, async (open) => {
      const removal = requestOf({ kind: "deleteSetting", settingId, users: "remove" });
      expect(await open(failingSteps(2).d1).write(companyId, removal)).toMatchObject({ ok: true });
      expect(await remains()).toEqual([20, 20]);
      await open().alarm();
    });
    expect(await remains()).toEqual([0, 0]);
    expect(await leftOver(companyId)).toBe(0);
    logged.mockRestore();
  });
});

describe("erasing a person", () => {
  /** A company with one person whose name lies in its changes and its log. */
  async function benchWithPerson() {
    const bench = await newBench({ ...ALL, targetGroupScope: "everyone" });
    const client = new Client(bench.writer, bench.settingId);
    const id = await client.user("atlantis");
    return { ...bench, client, id };
  }

  const traces = async (companyId: string) =>
    Object.entries(await dumpCompany(companyId)).flatMap(([table, rows]) =>
      rows.some((row) => row.includes("atlantis")) ? [table] : [],
    );

  it("is one commit with the removal: when the erasure fails the person is still there, whole", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const { companyId, settingId, another, client, id } = await benchWithPerson();
    const before = await dumpCompany(companyId);
    const faulty = new FaultyD1(env.DB);
    faulty.failBefore = (text) => (text.includes("UPDATE request_log") ? "D1_ERROR: datatype mismatch" : null);
    const result: WriteResult = await client.through(another({ d1: faulty.d1 })).deleteUser(id);
    expect(result).toMatchObject({ ok: false, status: 500 });
    expect((await dumpCompany(companyId)).users).toEqual(before.users);
    expect((await dumpCompany(companyId)).changes).toEqual(before.changes);
    expect(await new Client(another(), settingId).deleteUser(id)).toMatchObject({ ok: true });
    expect(await traces(companyId)).toEqual([]);
    logged.mockRestore();
  });

  it("leaves no word of one who came and went in the same request", async () => {
    const { companyId, settingId, client, id } = await benchWithPerson();
    const items: JsonObject[] = [
      { method: "POST", path: "/Users", bulkId: "a", data: { userName: "brigadoon" } },
      { method: "DELETE", path: "/Users/bulkId:a" },
    ];
    const statuses = async () => {
      const result = await client.send({ kind: "bulk", settingId, items });
      return result.ok && result.outcome.kind === "bulk" ? result.outcome.items.map(({ status }) => status) : result;
    };
    const words = async () =>
      Object.values(await dumpCompany(companyId))
        .flat()
        .join();
    expect(await statuses()).toEqual([201, 204]);
    expect(await words()).not.toContain("brigadoon");
    expect(await words()).toContain("user.deleted");
    items.push({ method: "DELETE", path: `/Users/${id}` });
    expect(await statuses()).toEqual([201, 204, 204]);
    expect(await words()).not.toMatch(/brigadoon|atlantis/);
  });

  it("is done wholly when the writer dies between the commit and the answer", async () => {
    const { companyId, another, client, id } = await benchWithPerson();
    const gate = closedGate();
    void client.through(another({ d1: hookD1(env.DB, { afterCommit: gate.pass }) })).deleteUser(id);
    await gate.reached;
    expect(await traces(companyId)).toEqual([]);
    expect(await client.deleteUser(id)).toMatchObject({ ok: false, status: 404 });
  });
});
