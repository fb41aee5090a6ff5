import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { type AppliedPerson, countApplied, listApplied } from "../../src/holds/applied-before-hold-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import type { Env } from "../../src/platform/env.ts";
import type { SafeguardKind } from "../../src/settings/safeguards.ts";
import { freeReads } from "../companies/free-reads.ts";
import { Client, finishFollowUps, newBench, requestOf, requireOutcome } from "../writer/bench.ts";

const FEW = { people: 8, percent: 10 };
// The test's generated binding types name the classes; the server's own view of them is narrower.
const database = openRegistry(env as unknown as Env);

/** What the list says of each loss, by user and target group. */
async function readObstacles(holdKey: number): Promise<Map<string, AppliedPerson["obstacle"]>> {
  const applied = await listApplied(database, holdKey, { take: 200, after: null });
  return new Map(applied.map(({ userKey, group, obstacle }) => [`${userKey} ${group?.name ?? ""}`, obstacle]));
}

it("says of what was carried out before a hold just what the writer then undoes, whatever has become of it", async () => {
  const bench = await newBench({ criteria: "idp" }, { leavers: FEW, group: FEW, moves: null, emptied: null });
  const client = new Client(bench.writer, bench.settingId);
  const ids = await Promise.all(Array.from({ length: 40 }, (_, n) => client.user(`p${n}`)));
  const nth = (n: number) => ids[n] ?? "";
  const crew = await client.group("Crew", ids);
  await client.group("Band", ids);
  const leave = async (n: number) =>
    requireOutcome(await client.patchGroup(crew, { op: "remove", path: `members[value eq "${nth(n)}"]` }));
  const setActive = async (n: number, value: boolean) =>
    requireOutcome(await client.patchUser(nth(n), { op: "replace", path: "active", value }));
  for (let n = 0; n < 11; n += 1) await leave(n);
  // What becomes of those who have left: deleted, back, inactive; inactive and back, deleted; held.
  requireOutcome(await client.deleteUser(nth(1)));
  requireOutcome(await client.patchGroup(crew, { op: "add", path: "members", value: [{ value: nth(2) }] }));
  await setActive(3, false);
  for (const n of [20, 21, 22, 23, 24, 25, 26, 27, 28]) await setActive(n, false);
  await setActive(20, true);
  requireOutcome(await client.deleteUser(nth(21)));
  await setActive(4, false);

  const { results: holds } = await env.DB.prepare(
    "SELECT h.hold_key AS key, h.id, h.kind FROM holds h JOIN companies c ON c.company_key = h.company_key WHERE c.id = ?",
  )
    .bind(bench.companyId)
    .all<{ key: number; id: string; kind: SafeguardKind }>();
  expect(holds.map(({ kind }) => kind).sort()).toEqual(["group", "leavers"]);
  const seen = new Set<AppliedPerson["obstacle"]>();
  for (const { key, id } of holds) {
    const before = await readObstacles(key);
    const counts = await countApplied(key, freeReads(database));
    const open = [...before].filter(([, obstacle]) => obstacle === null);
    expect(counts.open).toBe(new Set(open.map(([row]) => row.split(" ")[0])).size);
    requireOutcome(await bench.writer.write(requestOf({ kind: "undoHold", hold: { id, key } }, { actor: "admin" })));
    await finishFollowUps(bench.writer);
    const expected = new Map([...before].map(([row, obstacle]) => [row, obstacle ?? "undone"]));
    expect(await readObstacles(key)).toEqual(expected);
    for (const obstacle of before.values()) seen.add(obstacle);
  }
  expect([...seen].map(String).sort()).toEqual(["back", "erased", "inactive", "null", "waiting"]);
});
