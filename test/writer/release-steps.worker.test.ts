import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { DEATHS_APART } from "../generated-cases.ts";
import { fillWithUsers } from "../providers/crowd.ts";
import {
  type Bench,
  Client,
  finishFollowUps,
  groupMembers,
  newBench,
  requestOf,
  requireOutcome,
  targetMembers,
} from "./bench.ts";
import { workUntilDeath } from "./mortal-writer.ts";
import { feedSince } from "./target-side.ts";

/** Two steps of a release. */
const SOME = 350;
/** Six steps, and more than a commit changes at once. */
const MANY = 1_501;

/** A crew of which a request takes everybody, so that all of it waits. */
async function heldCrew(count: number) {
  const bench = await newBench({ criteria: "idp" });
  // As much of a connection as it takes.
  const ids = await fillWithUsers(bench, count);
  const client = new Client(bench.writer, bench.settingId);
  const group = await client.group("Crew", []);
  const put = async (members: string[]) => {
    const successor = bench.another();
    requireOutcome(await client.through(successor).putGroup(group, "Crew", members));
    await finishFollowUps(successor);
  };
  await put(ids);
  await put([]);
  return { bench, ids, group, put };
}

async function openHold({ companyId }: Bench) {
  const sql = `SELECT id, version, people FROM holds WHERE status = 'open'
    AND company_key = (SELECT company_key FROM companies WHERE id = ?)`;
  const hold = await env.DB.prepare(sql).bind(companyId).first<{ id: string; version: number; people: number }>();
  if (hold === null) throw new Error("no hold is open");
  return hold;
}

/** Releases a hold by a writer that dies after a trip to D1, which is before the next one; gives whether it died. */
async function releaseAndDie(bench: Bench, trip: number): Promise<boolean> {
  const { id: holdId, version } = await openHold(bench);
  const release = requestOf({ kind: "decideHold", holdId, decision: "release", version }, { actor: "admin" });
  const isDead = await workUntilDeath(bench, trip, async (mortal) => {
    requireOutcome(await mortal.write(release));
    await finishFollowUps(mortal);
  });
  const successor = bench.another();
  await finishFollowUps(successor);
  // Its decision may have died with it.
  const left = await env.DB.prepare("SELECT count(*) AS n FROM holds WHERE id = ? AND status = 'open'")
    .bind(holdId)
    .first<number>("n");
  if (left === 1) {
    requireOutcome(await successor.write(release));
    await finishFollowUps(successor);
  }
  return isDead;
}

/** Every person leaves once for each time it joined. */
async function judgeFeed(bench: Bench): Promise<void> {
  const members = new Set<string>();
  for (const { type, userId } of await feedSince(bench, 0)) {
    if (type === "member.added") expect(members.has(userId ?? "")).toBe(false);
    if (type === "member.removed") expect(members.has(userId ?? "")).toBe(true);
    if (type === "member.added") members.add(userId ?? "");
    if (type === "member.removed") members.delete(userId ?? "");
  }
  expect(members.size).toBe(0);
}

describe("a release", () => {
  it("comes to the same when the writer dies at any of its trips to D1", async () => {
    const { bench, ids, group, put } = await heldCrew(SOME);
    for (let trip = 1; ; trip += DEATHS_APART) {
      expect((await openHold(bench)).people).toBe(SOME);
      const isDead = await releaseAndDie(bench, trip);
      expect((await targetMembers(bench.companyId)).Crew, `trip ${trip}`).toEqual([]);
      expect(await groupMembers(group)).toEqual([]);
      const { results } = await env.DB.prepare(
        "SELECT people, released, dissolved FROM holds WHERE company_key = (SELECT company_key FROM companies WHERE id = ?) AND closed_at IS NOT NULL ORDER BY hold_key DESC LIMIT 1",
      )
        .bind(bench.companyId)
        .all();
      expect(results).toEqual([{ people: 0, released: SOME, dissolved: 0 }]);
      if (!isDead) break;
      await put(ids);
      await put([]);
    }
    await judgeFeed(bench);
  });

  it("of many steps goes on where it was when the writer dies in the middle of it", async () => {
    const { bench } = await heldCrew(MANY);
    expect((await openHold(bench)).people).toBe(MANY);
    expect(await releaseAndDie(bench, 9)).toBe(true);
    expect((await targetMembers(bench.companyId)).Crew).toEqual([]);
    await judgeFeed(bench);
  });
});
