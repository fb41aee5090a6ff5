import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CompanyWriter } from "../../src/writer/company-writer.ts";
import type { WriteResult } from "../../src/writer/operation.ts";
import { DEATHS_APART, draw, SEED } from "../generated-cases.ts";
import { type Bench, Client, groupMembers, idOf, logRowOf, newBench, requestOf, requireOutcome } from "./bench.ts";
import { KINDS, type Plan, Run, type Step } from "./cache-history.ts";
import { keepState } from "./keep-state.ts";
import { workUntilDeath } from "./mortal-writer.ts";
import { RecordingD1 } from "./recording-d1.ts";

const ITEMS = [{ kind: "training" as const, id: "t1", name: "Training" }];
const INACTIVE = { op: "replace", path: "active", value: false };
const ACTIVE = { op: "replace", path: "active", value: true };

/** A company with one person and one group, whose writer has its rows. */
async function open(isEnrolling = false) {
  const bench = await newBench({ criteria: "idp", targetGroupName: "Everyone" });
  if (isEnrolling) {
    const everyone = await env.DB.prepare(
      "SELECT t.id FROM target_groups t JOIN companies c USING (company_key) WHERE c.id = ?",
    )
      .bind(bench.companyId)
      .first<{ id: string }>();
    const operation = { kind: "setAutoEnrolments", targetGroupId: everyone?.id ?? "", items: ITEMS } as const;
    requireOutcome(await bench.writer.write(requestOf(operation)));
  }
  const recorder = new RecordingD1(env.DB);
  const writer = bench.another({ d1: recorder.d1 });
  const client = new Client(writer, bench.settingId);
  const ada = await client.user("ada");
  const crew = await client.group("Crew", [ada]);
  recorder.clear();
  return { bench, recorder, writer, client, ada, crew, twin: client.through(bench.another()) };
}

/** The row of a look-up by userName that the door hands over. */
function lookUpOf({ settingId }: Bench, name: string) {
  const request = requestOf({ kind: "log", entries: [] });
  const path = `/scim/v2/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}`;
  return logRowOf(request, settingId, { method: "GET", path, status: 200, label: name });
}

const add = (value: string) => ({ op: "add", path: "members", value: [{ value }] });

describe.each([
  ["nobody is enrolled", false],
  ["everybody is enrolled", true],
])("a lone write where %s", (_, isEnrolling) => {
  it("takes one trip when the writer has the rows", async () => {
    const { client, recorder, ada } = await open(isEnrolling);
    const trips = async (write: Promise<{ ok: boolean }>) => {
      recorder.clear();
      expect((await write).ok).toBe(true);
      return recorder.trips;
    };
    expect(await trips(client.patchUser(ada, INACTIVE))).toBe(1);
    expect(await trips(client.patchUser(ada, ACTIVE))).toBe(1);
    expect(await trips(client.postUser("bob"))).toBe(1);
    expect(await trips(client.patchUser(ada, { op: "replace", path: "userName", value: "lovelace" }))).toBe(1);
  });

  it("of a first sync takes one trip as well: with its look-up, a person takes three", async () => {
    const { bench, writer, client, recorder, crew } = await open(isEnrolling);
    const logged = writer.write(requestOf({ kind: "log", entries: [lookUpOf(bench, "bob")] }));
    const bob = idOf(await client.postUser("bob"));
    requireOutcome(await client.patchGroup(crew, add(bob)));
    requireOutcome(await logged);
    expect(recorder.trips).toBe(2);
    expect(await groupMembers(crew)).toEqual(["ada", "bob"]);
  });
});

describe("a row of the log about a name that nobody is known to bear", () => {
  it("has no write wait for a load, and is written in its time", async () => {
    const { bench, writer, client, recorder, ada } = await open();
    const logged = writer.write(requestOf({ kind: "log", entries: [lookUpOf(bench, "nobody")] }));
    requireOutcome(await client.patchUser(ada, INACTIVE));
    expect(recorder.trips).toBe(1);
    requireOutcome(await client.patchUser(ada, ACTIVE));
    requireOutcome(await logged);
    expect(recorder.trips).toBe(4);
  });
});

describe("somebody who is taken to be new, and is not", () => {
  it("is found by the commit itself, which leaves nothing; then names are looked up again for a while", async () => {
    let now = Date.now();
    const { bench, client } = await open();
    await client.user("bob");
    const recorder = new RecordingD1(env.DB);
    const late = client.through(bench.another({ d1: recorder.d1, clock: () => now }));
    await late.user("eve");
    recorder.clear();
    const [first, neighbour] = await Promise.all([late.postUser("bob"), late.postUser("cem")]);
    expect([first, neighbour]).toMatchObject([{ ok: false, status: 409 }, { ok: true }]);
    expect(recorder.trips).toBe(4);
    recorder.clear();
    expect(await late.postUser("ada")).toMatchObject({ ok: false, status: 409 });
    await late.user("dan");
    expect(recorder.trips).toBeLessThanOrEqual(4);
    now += 60_001;
    recorder.clear();
    await late.user("fay");
    expect(recorder.trips).toBe(1);
  });

  it("is the same person as somebody with the same address", async () => {
    const { bench, twin } = await open(true);
    const shared = { emails: [{ value: "one@example.com", type: "work" }] };
    await twin.user("first", undefined, shared);
    const late = new Client(bench.another(), bench.settingId);
    await late.user("eve");
    await late.user("second", undefined, shared);
    const enrolled = await env.DB.prepare(
      "SELECT count(*) AS n FROM enrolments WHERE person_key = 'one@example.com'",
    ).first<{ n: number }>();
    expect(enrolled?.n).toBe(1);
  });
});

describe("a writer with a twin", () => {
  it("does what holds after the twin's commit, whatever it has cached", async () => {
    const { client, twin, ada, crew } = await open();
    requireOutcome(await twin.patchUser(ada, { op: "replace", path: "userName", value: "lovelace" }));
    expect(idOf(await client.postUser("ada"))).not.toBe(ada);
    requireOutcome(await twin.deleteUser(ada));
    expect(await client.patchGroup(crew, add(ada))).toMatchObject({ ok: false, status: 400 });
    const bob = await client.user("bob");
    requireOutcome(await twin.deleteGroup(crew));
    expect(await client.patchGroup(crew, add(bob))).toMatchObject({ ok: false, status: 404 });
  });

  it("answers by D1 where it has nothing to commit", async () => {
    const { client, twin, ada, recorder } = await open();
    recorder.clear();
    requireOutcome(await client.patchUser(ada, ACTIVE));
    expect(recorder.trips).toBe(1);
    requireOutcome(await twin.patchUser(ada, INACTIVE));
    const outcome = requireOutcome(await client.patchUser(ada, { op: "add", path: "displayName", value: "" }));
    expect(outcome).toMatchObject({ kind: "user", user: { document: { active: false } } });
    requireOutcome(await twin.deleteUser(ada));
    expect(await client.patchUser(ada, ACTIVE)).toMatchObject({ ok: false, status: 404 });
  });
});

describe("what is cached", () => {
  it("is not what a statement changed behind it: the version of a group with another one in it, which is renamed", async () => {
    const { client, ada, crew } = await open();
    const inner = await client.group("Inner");
    const versions: number[] = [];
    const note = async (result: WriteResult) => {
      const outcome = requireOutcome(await result);
      if (outcome.kind === "group") versions.push(outcome.group.version);
    };
    await note(await client.patchGroup(crew, { op: "add", path: "members", value: [{ value: inner, type: "Group" }] }));
    requireOutcome(await client.patchGroup(inner, { op: "replace", path: "displayName", value: "Renamed" }));
    await note(await client.patchGroup(crew, { op: "remove", path: `members[value eq "${ada}"]` }));
    expect(versions).toEqual([2, 4]);
  });

  it("is not what went with somebody who was removed", async () => {
    const run = await Run.begin(true, { criteria: "idp", isEnrolling: true, isBraked: false });
    const base = { by: "first", who: 0, group: 0, name: 1, isOn: true, isLogged: true } as const;
    for (const kind of ["create", "nothing", "delete", "create", "report", "delete", "create"] as const) {
      await run.do([{ ...base, kind }]);
      await run.check("first");
    }
  });

  it("is who has a name where others wait for it: they get it when it is let go, and lose it to nobody", async () => {
    const run = await Run.begin(true, { criteria: "idp", isEnrolling: false, isBraked: false, hasLostNames: true });
    const base = { by: "first", isOn: true, isLogged: true } as const;
    const cached: number[] = [];
    const step = async (kind: Step["kind"], who: number, name: number) => {
      const [result] = await run.do([{ ...base, kind, who, group: who, name }]);
      cached.push(await run.check("first"));
      return result;
    };
    expect(await step("create", 0, 1)).toContain("409");
    await step("rename", 0, 5);
    expect(await step("create", 0, 1)).toContain("409");
    await step("rename", 1, 6);
    expect(await step("create", 0, 1)).toContain("p1");
    expect(Math.min(...cached)).toBeGreaterThan(0);
    await step("renameGroup", 0, 3);
    expect(await step("group", 0, 1)).toContain("409");
    await step("renameGroup", 1, 4);
    expect(await step("group", 0, 1)).toContain("G 1");
  });

  it("is a user only together with the person that it is, where people are enrolled", async () => {
    const run = await Run.begin(true, { criteria: "idp", isEnrolling: true, isBraked: false });
    const base = { by: "first", who: 0, group: 0, name: 1, isLogged: true } as const;
    await run.do([{ ...base, kind: "nameless", isOn: true }]);
    await run.do([{ ...base, kind: "active", isOn: false }]);
    const config = await run.committer("first").configuration();
    for (const table of [config?.cache.persons, config?.cache.enrolments])
      for (let turn = 0; turn < 2; turn += 1) table?.turn();
    await run.do([{ ...base, kind: "active", isOn: true }]);
    const row = await env.DB.prepare(
      "SELECT count(*) AS n FROM enrolments JOIN companies c USING (company_key) WHERE c.id = ? AND status = 'active'",
    )
      .bind(run.companyId)
      .first<{ n: number }>();
    expect(row?.n).toBe(1);
  });
});

describe("a database that was turned back", () => {
  it("is what its writer goes by from then on", async () => {
    const { client, ada, crew } = await open();
    const restore = await keepState();
    const bob = await client.user("bob");
    requireOutcome(await client.patchGroup(crew, add(bob)));
    requireOutcome(await client.patchUser(ada, INACTIVE));
    await restore();
    expect(await client.patchUser(bob, INACTIVE)).toMatchObject({ ok: false, status: 404 });
    expect(await client.patchGroup(crew, add(bob))).toMatchObject({ ok: false, status: 400 });
    expect(requireOutcome(await client.patchUser(ada, ACTIVE))).toMatchObject({ user: { version: 1 } });
    requireOutcome(await client.patchGroup(crew, add(await client.user("bob"))));
    expect(await groupMembers(crew)).toEqual(["ada", "bob"]);
  });
});

describe("a writer that dies", () => {
  it("at whatever trip has done what it answered, and its successor does the rest", async () => {
    for (let trip = 0, isDead = true; isDead; trip += DEATHS_APART) {
      const bench = await newBench({ criteria: "idp" });
      const answered: string[] = [];
      const work = async (writer: CompanyWriter) => {
        const client = new Client(writer, bench.settingId);
        const crew = (await client.postGroup("Crew")) as { ok: boolean };
        if (crew.ok) answered.push("Crew");
        for (const name of ["ada", "bob", "cem"]) if ((await client.postUser(name)).ok) answered.push(name);
      };
      isDead = await workUntilDeath(bench, trip, work);
      const done = [...answered];
      await work(bench.another());
      const { results } = await env.DB.prepare(
        `SELECT user_name AS name FROM users JOIN companies c USING (company_key) WHERE c.id = ?1
          UNION ALL SELECT g.display_name FROM groups g JOIN companies c USING (company_key) WHERE c.id = ?1 ORDER BY 1`,
      )
        .bind(bench.companyId)
        .all<{ name: string }>();
      expect(results.map(({ name }) => name)).toEqual(["Crew", "ada", "bob", "cem"]);
      // What had its answer is there already; at most one more was done without one.
      expect(answered.length - done.length).toBeGreaterThanOrEqual(4 - done.length - 1);
      expect(answered.length).toBeLessThanOrEqual(4);
    }
  });
});

const plan: fc.Arbitrary<Plan> = fc.record({
  criteria: fc.constantFrom("idp", "field"),
  isEnrolling: fc.boolean(),
  isBraked: fc.boolean(),
  hasLostNames: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...KINDS),
  by: fc.constantFrom("first", "first", "first", "second"),
  who: fc.nat(9),
  group: fc.nat(3),
  name: fc.nat(9),
  isOn: fc.boolean(),
  isLogged: fc.boolean(),
});

describe("any history of two writers that keep rows", { timeout: 3_600_000 }, () => {
  it(`comes to what writers that keep none come to, and keeps what D1 has (seed ${SEED})`, async () => {
    let cached = 0;
    const bursts = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 12, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(plan, bursts, async (setting, all) => {
        const [keeping, other] = [await Run.begin(true, setting), await Run.begin(false, setting)];
        for (const burst of all) {
          expect(await keeping.do(burst)).toEqual(await other.do(burst));
          cached += await keeping.check(burst[0]?.by ?? "first");
        }
        expect(await keeping.content()).toEqual(await other.content());
      }),
      draw(10),
    );
    expect(cached).toBeGreaterThan(0);
  });
});
