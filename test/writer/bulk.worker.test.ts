import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/scim/json.ts";
import { Client, finishFollowUps, groupMembers, newBench, requestOf, requireOutcome, targetMembers } from "./bench.ts";
import { RecordingD1 } from "./recording-d1.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const mirrored = { criteria: "idp" as const };

async function bulk(client: Client, settingId: string, items: JsonObject[], failOnErrors?: number) {
  const outcome = requireOutcome(await client.send({ kind: "bulk", settingId, items, failOnErrors }));
  if (outcome.kind !== "bulk") throw new Error(outcome.kind);
  return outcome.items;
}

const post = (bulkId: string, userName: string): JsonObject => ({
  method: "POST",
  path: "/Users",
  bulkId,
  data: { userName },
});

describe("Bulk", () => {
  it("resolves bulkIds in any order, forward ones too", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const items = await bulk(client, bench.settingId, [
      { method: "POST", path: "/Groups", bulkId: "g", data: { displayName: "Crew", members: [{ value: "bulkId:a" }] } },
      post("a", "ada"),
      post("b", "bob"),
      {
        method: "PATCH",
        path: "/Groups/bulkId:g",
        data: { Operations: [{ op: "add", path: "members", value: [{ value: "bulkId:b" }] }] },
      },
    ]);
    expect(items.map(({ status }) => status)).toEqual([201, 201, 201, 204]);
    expect(await groupMembers(items[0]?.id ?? "")).toEqual(["ada", "bob"]);
    expect(await targetMembers(bench.companyId)).toEqual({ Crew: ["ada", "bob"] });
  });

  it("follows a chain of references of any length", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const managed = Array.from({ length: 100 }, (_, n) => ({
      ...post(`u${n}`, `user${n}`),
      data: { userName: `user${n}`, [ENTERPRISE]: { manager: { value: `bulkId:u${n + 1}` } } },
    }));
    const nested = Array.from({ length: 100 }, (_, n) => ({
      ...{ method: "POST" as const, path: "/Groups", bulkId: `g${n}` },
      data: { displayName: `Group ${n}`, members: [{ value: `bulkId:g${n + 1}` }] },
    }));
    const last = { method: "POST" as const, path: "/Groups", bulkId: "g100", data: { displayName: "Last" } };
    const items = await bulk(client, bench.settingId, [...managed, post("u100", "boss"), ...nested, last]);
    expect(new Set(items.map(({ status }) => status))).toEqual(new Set([201]));
  });

  it("replaces a member list by users made in the same request", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const group = await client.group("Crew", [await client.user("old")]);
    const items = await bulk(client, bench.settingId, [
      { method: "PUT", path: `/Groups/${group}`, data: { displayName: "Crew", members: [{ value: "bulkId:a" }] } },
      post("a", "ada"),
    ]);
    expect(items.map(({ status }) => status)).toEqual([200, 201]);
    expect(await groupMembers(group)).toEqual(["ada"]);
  });

  it("keeps each operation whole and alone: one refused leaves the others done", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    await client.user("taken");
    const items = await bulk(client, bench.settingId, [post("a", "ada"), post("t", "taken"), post("b", "bob")]);
    expect(items.map(({ status }) => status)).toEqual([201, 409, 201]);
    const stopped = await bulk(client, bench.settingId, [post("t", "taken"), post("c", "eve")], 1);
    expect(stopped.map(({ status }) => status)).toEqual([409]);
    expect(await client.postUser("eve")).toMatchObject({ ok: true });
  });

  it("replaces and deletes any number of groups", async () => {
    const bench = await newBench(mirrored);
    const setUp = new Client(bench.writer, bench.settingId);
    const [ada, bob] = [await setUp.user("ada"), await setUp.user("bob")];
    const names = Array.from({ length: 120 }, (_, n) => `Group ${n}`);
    const groups = await Promise.all(names.map((name) => setUp.group(name, [ada])));
    const mirror = await env.DB.prepare(
      "SELECT t.id FROM target_groups t JOIN groups g USING (target_group_key) WHERE g.id = ?",
    )
      .bind(groups[0])
      .first<string>("id");
    const puts = (member: string) =>
      names.map(
        (displayName, n): JsonObject => ({
          ...{ method: "PUT", path: `/Groups/${groups[n]}`, data: { displayName, members: [{ value: member }] } },
        }),
      );
    const deletes = groups.slice(20).map((id): JsonObject => ({ method: "DELETE", path: `/Groups/${id}` }));
    const client = setUp.through(bench.another({ d1: new RecordingD1(env.DB).d1 }));
    const statuses = async (items: JsonObject[]) => [
      ...new Set((await bulk(client, bench.settingId, items)).map(({ status }) => status)),
    ];
    expect(await statuses(puts(bob))).toEqual([200]);
    expect(Object.values(await targetMembers(bench.companyId))).toEqual(names.map(() => ["bob"]));
    const items = [{ kind: "training" as const, id: "t-1", name: "Phishing" }];
    requireOutcome(
      await bench.writer.write(requestOf({ kind: "setAutoEnrolments", targetGroupId: mirror ?? "", items })),
    );
    await finishFollowUps(bench.writer);
    expect(await statuses(puts(ada))).toEqual([200]);
    expect(await statuses(deletes)).toEqual([204]);
    expect(Object.values(await targetMembers(bench.companyId))).toEqual(names.slice(0, 20).map(() => ["ada"]));
  });
});

describe("Bulk, in the order of its operations", () => {
  it("deletes a group with its nested groups' memberships, as DELETE does", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const child = await client.group("Child");
    const [alone, other] = [await client.group("Alone", [child]), await client.group("Other", [child])];
    requireOutcome(await client.deleteGroup(alone));
    await bulk(client, bench.settingId, [{ method: "DELETE", path: `/Groups/${other}` }]);
    const nested = await env.DB.prepare(
      "SELECT count(*) AS n FROM group_subgroups s JOIN groups g ON g.group_key = s.subgroup_key WHERE g.id = ?",
    )
      .bind(child)
      .first("n");
    expect(nested).toBe(0);
  });

  it("stops at a fault of form in its place, not before the good operations that precede it", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const wrong = { method: "GET", path: "/Users/1" };
    const items = await bulk(client, bench.settingId, [post("a", "ada"), post("b", "bob"), wrong, post("c", "eve")], 1);
    expect(items.map(({ status }) => status)).toEqual([201, 201, 400]);
  });

  it("takes a bulkId for what its POST made, whatever other operations bear it", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const [old, group] = [await client.user("old"), await client.group("Crew")];
    const active = { Operations: [{ op: "replace", path: "active", value: true }] };
    const add = { Operations: [{ op: "add", path: "members", value: [{ value: "bulkId:a" }] }] };
    const items = await bulk(client, bench.settingId, [
      post("a", "ada"),
      { method: "PATCH", path: `/Users/${old}`, bulkId: "a", data: active },
      { method: "PATCH", path: `/Groups/${group}`, data: add },
    ]);
    expect(items.map(({ status }) => status)).toEqual([201, 200, 204]);
    expect(await groupMembers(group)).toEqual(["ada"]);
  });

  it("lets two users swap their userNames", async () => {
    const bench = await newBench(mirrored);
    const client = new Client(bench.writer, bench.settingId);
    const [a, b] = [await client.user("ada"), await client.user("bob")];
    const rename = (id: string, value: string): JsonObject => ({
      method: "PATCH",
      path: `/Users/${id}`,
      data: { Operations: [{ op: "replace", path: "userName", value }] },
    });
    const items = await bulk(client, bench.settingId, [rename(a, "temporary"), rename(b, "ada"), rename(a, "bob")]);
    expect(items.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});
