import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Committer } from "../../src/writer/committer.ts";
import type { WriteResult } from "../../src/writer/operation.ts";
import { type Bench, Client, finishFollowUps, groupMembers, newBench, requireOutcome, targetMembers } from "./bench.ts";
import { closedGate } from "./gate.ts";
import { hookD1 } from "./hooked-d1.ts";
import { UNHEARD } from "./unheard.ts";

const everyoneMirrored = { criteria: "idp", targetGroupName: "All", targetGroupScope: "everyone" } as const;

/** Adds and removes on one group from many callers, with a rename and other changes among them; gives the serial model. */
async function mixedLoad(
  bench: Bench,
  client: Client,
  count: number,
): Promise<{ results: WriteResult[]; group: string; expected: string[] }> {
  const setUp = new Client(bench.writer, bench.settingId);
  const ids = await Promise.all(Array.from({ length: 40 }, (_, n) => setUp.user(`user${n}`, "Sales")));
  const group = await setUp.group("Crew", ids.slice(0, 20));
  const model = new Set(ids.slice(0, 20));
  const work: Promise<WriteResult>[] = [];
  for (let n = 0; n < count; n += 1) {
    const id = ids[(n * 7) % ids.length] ?? "";
    const isAdd = (n * 13) % 3 !== 0;
    if (isAdd) model.add(id);
    else model.delete(id);
    const add = { op: "add", path: "members", value: [{ value: id }] };
    const remove = { op: "remove", path: `members[value eq "${id}"]` };
    work.push(client.patchGroup(group, isAdd ? add : remove));
    if (n === 17) work.push(client.patchGroup(group, { op: "replace", value: { displayName: "Staff" } }));
    if (n % 20 === 0) work.push(client.patchUser(id, { op: "replace", path: "title", value: `title ${n}` }));
  }
  const results = await Promise.all(work);
  return { results, group, expected: ids.flatMap((id, n) => (model.has(id) ? [`user${n}`] : [])).sort() };
}

describe("concurrent writes of one company", () => {
  it("equal a serial model", async () => {
    const bench = await newBench(everyoneMirrored);
    const { results, group, expected } = await mixedLoad(bench, new Client(bench.writer, bench.settingId), 200);
    for (const result of results) requireOutcome(result);
    expect(await groupMembers(group)).toEqual(expected);
    expect((await targetMembers(bench.companyId)).Staff).toEqual(expected);
  });

  it("do not get through without the queue", async () => {
    const bench = await newBench(everyoneMirrored);
    const committer = new Committer({ ...UNHEARD, d1: env.DB, companyId: bench.companyId, clock: Date.now });
    const unqueued = { write: async (request: never) => (await committer.run([request]))[0] } as never;
    const { results } = await mixedLoad(bench, new Client(unqueued, bench.settingId), 30);
    expect(results.some((result) => !result.ok)).toBe(true);
  });
});

describe("two writers of one company alive at once", () => {
  /** One writer has read; the other commits; then the first commits what it planned on what it read. */
  async function interleave(isFenced: boolean): Promise<Record<string, unknown>> {
    const bench = await newBench({ criteria: "idp" });
    const client = new Client(bench.writer, bench.settingId);
    const id = await client.user("ada");
    const gate = closedGate();
    const slow = client.through(bench.another({ d1: hookD1(env.DB, { beforeCommit: gate.pass }, { isFenced }) }));
    const waiting = slow.patchUser(id, { op: "replace", path: "title", value: "Captain" });
    await gate.reached;
    const quick = client.through(bench.another({ d1: hookD1(env.DB, {}, { isFenced }) }));
    requireOutcome(await quick.patchUser(id, { op: "replace", path: "nickName", value: "Countess" }));
    gate.open();
    requireOutcome(await waiting);
    const row = await env.DB.prepare("SELECT document FROM users WHERE id = ?").bind(id).first<{ document: string }>();
    return JSON.parse(row?.document ?? "{}");
  }

  it("lose nothing: the one that read before the other's commit is fenced out and runs again", async () => {
    expect(await interleave(true)).toMatchObject({ title: "Captain", nickName: "Countess" });
  });

  it("lose a write without the fence", async () => {
    expect(await interleave(false)).not.toHaveProperty("nickName");
  });

  it("make one user of two creates with the same userName", async () => {
    const bench = await newBench({ criteria: "idp" });
    const client = new Client(bench.writer, bench.settingId);
    const gate = closedGate();
    const waiting = client.through(bench.another({ d1: hookD1(env.DB, { beforeCommit: gate.pass }) })).postUser("ada");
    await gate.reached;
    requireOutcome(await client.through(bench.another()).postUser("ada"));
    gate.open();
    expect(await waiting).toMatchObject({ ok: false, status: 409 });
  });
});

describe("names exchanged in one commit", () => {
  it("two users swap their userNames through a third name", async () => {
    const bench = await newBench({ criteria: "idp" });
    const client = new Client(bench.writer, bench.settingId);
    const [a, b] = [await client.user("ada"), await client.user("bob")];
    const rename = (id: string, value: string) => client.patchUser(id, { op: "replace", path: "userName", value });
    const results = await Promise.all([rename(a, "temporary"), rename(b, "ada"), rename(a, "bob")]);
    for (const result of results) requireOutcome(result);
    const { results: rows } = await env.DB.prepare("SELECT id, user_name FROM users WHERE id IN (?, ?)")
      .bind(a, b)
      .all();
    expect(rows).toContainEqual({ id: a, user_name: "bob" });
    expect(rows).toContainEqual({ id: b, user_name: "ada" });
  });

  it("two groups swap their names, and so do their mirrors", async () => {
    const bench = await newBench({ criteria: "idp" });
    const client = new Client(bench.writer, bench.settingId);
    const one = await client.group("One", [await client.user("ada")]);
    const two = await client.group("Two", [await client.user("bob")]);
    const rename = (id: string, value: string) => client.patchGroup(id, { op: "replace", path: "displayName", value });
    for (const result of await Promise.all([rename(one, "Three"), rename(two, "One"), rename(one, "Two")]))
      requireOutcome(result);
    await finishFollowUps(bench.writer);
    expect(await targetMembers(bench.companyId)).toEqual({ One: ["bob"], Two: ["ada"] });
  });
});
