import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { indexedReads } from "../../src/companies/split-long-reads.ts";
import { readActivity } from "../../src/log/activity-store.ts";
import type { LogEntry } from "../../src/log/log-entry.ts";
import { type CompanyLogQuery, listRequests, positionOfRequest } from "../../src/log/log-list-store.ts";
import { selectLogEntry } from "../../src/log/log-store.ts";
import { purgeLog } from "../../src/log/purge-log.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { NOTHING, runRead } from "../../src/platform/read-batch.ts";
import { newId } from "../../src/platform/uuid.ts";
import { freeReads } from "../companies/free-reads.ts";
import { type Bench, Client, logRowOf, newBench, requestOf, requireOutcome } from "../writer/bench.ts";

const ALL: CompanyLogQuery = {
  ...{ outcome: null, search: "", kind: null, settingId: null, resourceId: null, since: null, until: null },
};
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 24, 12);

const make = () => newBench({ criteria: "none", targetGroupName: "All" });

function entryOf({ settingId }: Bench, time: number, more: Partial<LogEntry> = {}): LogEntry {
  const request = requestOf({ kind: "log", entries: [] }, { requestId: newId(time) });
  const asked = { time, method: "GET", path: "/Users?filter=x", status: 200, responseBody: '{"totalResults":0}' };
  return logRowOf(request, settingId, { ...asked, ...more });
}

/** Makes users of these names: what is asked for by the name of nobody is logged without it. */
async function makeUsers({ writer, settingId }: Bench, names: readonly string[]): Promise<void> {
  const client = new Client(writer, settingId);
  await Promise.all(names.map((name) => client.user(name)));
}

/** Has the writer log these as the doors hand them over, in one commit. */
async function log({ writer, settingId }: Bench, entries: readonly LogEntry[]): Promise<void> {
  const logged = writer.write(requestOf({ kind: "log", entries: [...entries] }));
  // By itself it waits for a write to go along with.
  await writer.write(requestOf({ kind: "deleteUser", settingId, id: newId(1) }));
  requireOutcome(await logged);
}

async function companyKeyOf({ companyId }: Bench): Promise<number> {
  return (
    (await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?").bind(companyId).first("company_key")) ?? 0
  );
}

async function packsOf(bench: Bench): Promise<number[]> {
  const { results } = await env.DB.prepare(
    `SELECT packed FROM request_log JOIN scim_settings USING (setting_key)
     WHERE company_key = ? AND packed IS NOT NULL ORDER BY request_log.id`,
  )
    .bind(await companyKeyOf(bench))
    .all<{ packed: number }>();
  return results.map(({ packed }) => packed);
}

/** Everything that a list shows, read three at a time. */
async function list(bench: Bench, query: Partial<CompanyLogQuery> = {}): Promise<string[]> {
  const listed: string[] = [];
  const database = openRegistry(env);
  for (let after: ReturnType<typeof positionOfRequest> | null = null; ; ) {
    const { rows } = await listRequests(
      database,
      await companyKeyOf(bench),
      { ...ALL, ...query },
      { take: 3, after },
      NOTHING,
      freeReads(database, { rows: 3, bytes: 1 }),
    );
    listed.push(...rows.map(({ id }) => id));
    const last = rows.at(-1);
    if (last === undefined) return listed;
    after = positionOfRequest(last);
  }
}

const newestFirst = (entries: readonly LogEntry[]) => entries.map(({ id }) => id).sort((a, b) => (a < b ? 1 : -1));

describe("look-ups that succeeded", () => {
  it("share rows, and are listed, filtered and found each by itself among all other requests", async () => {
    const bench = await make();
    const rounds = [0, 1, 2, 3].map((round) =>
      Array.from({ length: 7 }, (_, n) =>
        entryOf(bench, START + round * 1_000 + n * 10, {
          label: n % 3 !== 0 ? `Ada ${round}.${n}` : null,
          resourceId: n % 3 === 0 ? `r${n}` : null,
          ...(n === 3 && { method: "POST", status: 201 }),
          ...(n === 4 && { status: 404 }),
          ...(n === 5 && { resourceType: "Group" as const }),
        }),
      ),
    );
    await makeUsers(
      bench,
      rounds.flat().flatMap(({ label }) => label ?? []),
    );
    for (const round of rounds) await log(bench, round);
    const all = rounds.flat();
    expect(await packsOf(bench)).toEqual([4, 4, 4, 4]);
    expect((await list(bench)).filter((one) => all.some((entry) => entry.id === one))).toEqual(newestFirst(all));
    const cases: [Partial<CompanyLogQuery>, (entry: LogEntry) => boolean][] = [
      [{ resourceId: "r0" }, ({ resourceId }) => resourceId === "r0"],
      [{ resourceId: "r6", kind: "read" }, ({ resourceId }) => resourceId === "r6"],
      [{ search: "ada 2" }, ({ label }) => label?.startsWith("Ada 2") === true],
      [{ since: START + 1_000, until: START + 2_020 }, ({ time }) => time >= START + 1_000 && time < START + 2_020],
      [{ since: START + 1_015, until: START + 1_025 }, ({ time }) => time === START + 1_020],
      [
        { kind: "read", outcome: "success", until: START + HOUR },
        ({ method, status }) => method === "GET" && status === 200,
      ],
      [{ outcome: "failure", until: START + HOUR }, ({ status }) => status === 404],
      [{ kind: "groups" }, ({ resourceType }) => resourceType === "Group"],
      [{ status: 200, method: "GET" }, ({ method, status }) => method === "GET" && status === 200],
    ];
    for (const [query, holds] of cases)
      expect(await list(bench, query), JSON.stringify(query)).toEqual(newestFirst(all.filter(holds)));
    for (const { id, label } of all)
      expect(await runRead(openRegistry(env), selectLogEntry(await companyKeyOf(bench), id))).toMatchObject({
        id,
        label,
      });
    const other = await make();
    expect(await runRead(openRegistry(env), selectLogEntry(await companyKeyOf(other), all[0]?.id ?? ""))).toBeNull();
  });

  it("are there once each when they are handed over twice before a commit takes them", async () => {
    const bench = await make();
    const [a, b, c] = [0, 10, 20].map((ms) => entryOf(bench, START + ms));
    if (!a || !b || !c) throw new Error("three were made");
    await Promise.all([log(bench, [a, b]), log(bench, [b, c]), log(bench, [a, b])]);
    expect(await packsOf(bench)).toEqual([3]);
    expect((await list(bench)).filter((id) => id <= c.id)).toEqual(newestFirst([a, b, c]));
  });

  it("are there once each when they are handed over again, late, or in another order", async () => {
    const bench = await make();
    const [a, b, c, d, e] = [0, 10, 20, 30, 40].map((ms) => entryOf(bench, START + ms));
    if (!a || !b || !c || !d || !e) throw new Error("five were made");
    await log(bench, [d, b]);
    await log(bench, [d, b]);
    await log(bench, [b, d, e]);
    await log(bench, [c, a]);
    await log(bench, [b]);
    expect(await packsOf(bench)).toEqual([2]);
    expect((await list(bench)).filter((id) => id <= e.id)).toEqual(newestFirst([a, b, c, d, e]));
    // Handed over alone first, then along with another one.
    const [f, g] = [50, 60].map((ms) => entryOf(bench, START + ms));
    if (!f || !g) throw new Error("two were made");
    await log(bench, [f]);
    await log(bench, [f, g]);
    expect((await list(bench)).filter((id) => id <= g.id)).toEqual(newestFirst([a, b, c, d, e, f, g]));
  });
});

describe("look-ups that succeeded, in the rows they share", () => {
  it("are counted each in the bar of its time, also where a row spans two", async () => {
    const bench = await make();
    const entries = [-30, -20, -10, 0, 10].map((ms) => entryOf(bench, START + ms));
    await log(bench, entries);
    await log(
      bench,
      [20, 30].map((ms) => entryOf(bench, START + ms)),
    );
    expect(await packsOf(bench)).toEqual([5, 2]);
    const key = await env.DB.prepare("SELECT setting_key FROM scim_settings WHERE id = ?")
      .bind(bench.settingId)
      .first("setting_key");
    const bars = await readActivity(indexedReads(openRegistry(env)), Number(key), "day", START + 1);
    expect(bars.slice(-2).map(({ ok, failed }) => [ok, failed])).toEqual([
      [3, 0],
      [4, 0],
    ]);
  });

  it("lose what they say of a person who is erased, and keep what they say of others", async () => {
    const bench = await make();
    const client = new Client(bench.writer, bench.settingId);
    const id = await client.user("ada@x.test");
    await client.user("bo@x.test");
    const tied = { label: "ada@x.test", path: '/Users?filter=userName eq "ada@x.test"' };
    const entries = [
      entryOf(bench, START, tied),
      entryOf(bench, START + 1, { ...tied, label: "ADA@x.test", resourceId: id, responseBody: "ada@x.test" }),
      entryOf(bench, START + 2, { label: "bo@x.test", path: '/Users?filter=userName eq "bo@x.test"' }),
    ];
    await log(bench, entries);
    expect(await packsOf(bench)).toEqual([3]);
    requireOutcome(await client.deleteUser(id));
    const { results } = await env.DB.prepare("SELECT entries FROM request_log WHERE packed IS NOT NULL").all();
    const names = await env.DB.prepare("SELECT name FROM packed_look_ups").all();
    expect(JSON.stringify([results, names.results]).toLowerCase()).not.toContain("ada@");
    expect(JSON.stringify(results)).toContain("bo@x.test");
    expect((await list(bench, { resourceId: id })).includes(entries[1]?.id ?? "")).toBe(true);
    expect((await list(bench)).filter((one) => entries.some((entry) => entry.id === one))).toEqual(
      newestFirst(entries),
    );
  });

  it("are purged with the names they were listed under", async () => {
    const bench = await make();
    await makeUsers(bench, ["gone 0", "gone 10", "kept 1000", "kept 1010"]);
    await log(
      bench,
      [0, 10].map((ms) => entryOf(bench, START + ms, { label: `gone ${ms}` })),
    );
    await log(
      bench,
      [1_000, 1_010].map((ms) => entryOf(bench, START + ms, { label: `kept ${ms}` })),
    );
    await purgeLog(openRegistry(env), START + 1_000);
    expect(await packsOf(bench)).toEqual([2]);
    const { results } = await env.DB.prepare(
      "SELECT name FROM packed_look_ups WHERE name LIKE 'gone%' OR name LIKE 'kept%' ORDER BY 1",
    ).all();
    expect(results).toEqual([{ name: "kept 1000" }, { name: "kept 1010" }]);
  });
});
