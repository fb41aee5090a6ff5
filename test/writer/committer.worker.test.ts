import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Client, idOf, newBench, requireOutcome, targetMembers } from "./bench.ts";
import { closedGate, FaultyD1, noPause } from "./gate.ts";
import { hookD1 } from "./hooked-d1.ts";

const byDepartment = {
  targetGroupName: "All",
  targetGroupScope: "everyone" as const,
  criteria: "field" as const,
  field: "department",
};

async function traces(userName: string): Promise<number> {
  const row = await env.DB.prepare("SELECT count(*) AS n FROM users WHERE user_name = ?")
    .bind(userName)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

describe("a writer that dies", () => {
  it("between load and commit leaves nothing, and the retried request succeeds", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    const gate = closedGate();
    void client.through(bench.another({ d1: hookD1(env.DB, { beforeCommit: gate.pass }) })).postUser("dead", "Sales");
    await gate.reached;
    expect(await traces("dead")).toBe(0);
    expect(await targetMembers(bench.companyId)).toEqual({ All: [] });
    requireOutcome(await client.postUser("dead", "Sales"));
    expect(await targetMembers(bench.companyId)).toEqual({ All: ["dead"], Sales: ["dead"] });
  });

  it("between commit and answer has done the whole operation, and the retried request is refused as a duplicate", async () => {
    const bench = await newBench(byDepartment);
    const client = new Client(bench.writer, bench.settingId);
    const gate = closedGate();
    void client.through(bench.another({ d1: hookD1(env.DB, { afterCommit: gate.pass }) })).postUser("lost", "Sales");
    await gate.reached;
    expect(await targetMembers(bench.companyId)).toEqual({ All: ["lost"], Sales: ["lost"] });
    expect(await client.postUser("lost", "Sales")).toMatchObject({ ok: false, status: 409, scimType: "uniqueness" });
    expect(await traces("lost")).toBe(1);
  });
});

describe("D1 failing", () => {
  const isCommit = (text: string) => text.includes("UPDATE companies");

  it("after the commit, unknown to the writer, is found out by the commit id: done once, answered as done", async () => {
    const bench = await newBench(byDepartment);
    const faulty = new FaultyD1(env.DB);
    let faults = 1;
    faulty.failAfter = (text) => (isCommit(text) && faults-- > 0 ? "D1_ERROR: Network connection lost." : null);
    const client = new Client(bench.another({ d1: faulty.d1 }), bench.settingId);
    requireOutcome(await client.postUser("once", "Sales"));
    expect(await traces("once")).toBe(1);
    expect(await targetMembers(bench.companyId)).toEqual({ All: ["once"], Sales: ["once"] });
  });

  it("before the commit is tried again", async () => {
    const bench = await newBench(byDepartment);
    const faulty = new FaultyD1(env.DB);
    let faults = 2;
    faulty.failBefore = (text) => (isCommit(text) && faults-- > 0 ? "D1_ERROR: D1 DB is overloaded." : null);
    requireOutcome(await new Client(bench.another({ d1: faulty.d1 }), bench.settingId).postUser("again", "Sales"));
    expect(await traces("again")).toBe(1);
  });

  it("for good answers 503 with a time to retry, and nothing is written", async () => {
    const bench = await newBench(byDepartment);
    const faulty = new FaultyD1(env.DB);
    faulty.failBefore = (text) => (isCommit(text) ? "D1_ERROR: D1 DB is overloaded." : null);
    const result = await new Client(bench.another({ d1: faulty.d1, pause: noPause }), bench.settingId).postUser(
      "never",
    );
    expect(result).toMatchObject({ ok: false, status: 503, retryAfter: 2 });
    expect(await traces("never")).toBe(0);
  });

  it("on one poisoned operation does not fail its neighbours", async () => {
    const bench = await newBench(byDepartment);
    const faulty = new FaultyD1(env.DB);
    faulty.failBefore = (text) => (isCommit(text) && text.includes("poison") ? "D1_ERROR: datatype mismatch" : null);
    const client = new Client(bench.another({ d1: faulty.d1 }), bench.settingId);
    const [before, poisoned, after] = await Promise.all([
      client.postUser("before", "Sales"),
      client.postUser("poison", "Sales"),
      client.postUser("after", "Sales"),
    ]);
    expect(poisoned).toMatchObject({ ok: false, status: 500 });
    expect([before?.ok, after?.ok]).toEqual([true, true]);
    expect(await targetMembers(bench.companyId)).toEqual({ All: ["after", "before"], Sales: ["after", "before"] });
  });
});

describe("the queue", () => {
  it("serves many requests with one D1 trip, or two where it has to read", async () => {
    const bench = await newBench(byDepartment);
    const counted = new FaultyD1(env.DB);
    const client = new Client(bench.another({ d1: counted.d1 }), bench.settingId);
    await client.user("first", "Sales");
    counted.batches = 0;
    const ids = (
      await Promise.all(Array.from({ length: 50 }, (_, n) => client.postUser(`user${n}`, `Dept ${n % 5}`)))
    ).map(idOf);
    expect(counted.batches).toBe(1);
    const path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    await Promise.all(ids.map((id) => client.patchUser(id, { op: "replace", path, value: "Another" })));
    expect(counted.batches).toBe(3);
    await client.patchUser(ids[0] ?? "", { op: "replace", path, value: "A third" });
    expect(counted.batches).toBe(4);
    const group = await client.group("Crew");
    await client.patchGroup(group, { op: "add", path: "members", value: [{ value: ids[0] }] });
    expect(counted.batches).toBe(7);
    // A list is compared with D1's; after somebody is removed nothing is kept.
    await client.putGroup(group, "Crew", ids);
    await client.deleteUser(ids[1] ?? "");
    await client.deleteGroup(group);
    expect(counted.batches).toBe(12);
  });

  it("keeps many whole member lists at once within what D1 takes", async () => {
    const bench = await newBench({ criteria: "idp" });
    const counted = new FaultyD1(env.DB);
    const client = new Client(bench.another({ d1: counted.d1 }), bench.settingId);
    const users = await Promise.all(Array.from({ length: 10 }, (_, n) => client.user(`user${n}`)));
    const groups = await Promise.all(Array.from({ length: 40 }, (_, n) => client.group(`Group ${n}`)));
    counted.batches = 0;
    for (const result of await Promise.all(groups.map((id, n) => client.putGroup(id, `Group ${n}`, users))))
      requireOutcome(result);
    expect(counted.batches).toBe(10);
    expect(Object.values(await targetMembers(bench.companyId)).every((members) => members.length === 10)).toBe(true);
  });
});
