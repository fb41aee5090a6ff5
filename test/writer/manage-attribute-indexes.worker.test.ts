import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BURST, ShareOfDatabaseTime } from "../../src/companies/share-of-database-time.ts";
import { keysAt, lookedUpAttribute } from "../../src/directory/looked-up-attribute.ts";
import { attemptList } from "../../src/directory/read-indexed-list.ts";
import { LONG_BREATH } from "../../src/platform/clock.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { parseFilter } from "../../src/scim/filter/parse-filter.ts";
import type { JsonObject } from "../../src/scim/json.ts";
import { readResource } from "../../src/scim/read-resource-body.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { Committer } from "../../src/writer/committer.ts";
import { DROPPED_AFTER, MATCHES_BY, UNUSED_AFTER } from "../../src/writer/manage-attribute-indexes.ts";
import { draw, IS_WHOLE } from "../generated-cases.ts";
import { Client, finishFollowUps, logRowOf, newBench, requestOf, requireOutcome } from "./bench.ts";
import { moveFence } from "./foreign-commit.ts";
import { UNHEARD } from "./unheard.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const ACME = "urn:acme:2.0:User";
const types = resourceTypes();
const DAY = 86_400_000;

function pathOf(filter: string): string {
  const lookedUp = lookedUpAttribute("User", parseFilter(types.User, filter));
  if (lookedUp === null) throw new Error(`${filter} looks for nothing`);
  return lookedUp.path;
}

const EMPLOYEE = pathOf(`${ENTERPRISE}:employeeNumber eq "1"`);
const TITLE = pathOf('title eq "a"');
const PHONE = pathOf('phoneNumbers[type eq "work"].value eq "1"');
/** An extension that no schema describes, in which the attribute may be text, number or list. */
const BADGE = JSON.stringify(["", "x"]).replace('"",', `"${ACME.toLowerCase()}",`).replace('"x"', '"badge"');

/** A company on a clock of the test's own, whose provider looks users up. */
async function newCompany() {
  const { companyId, settingId, another } = await newBench({ criteria: "none", targetGroupName: "All" });
  const clock = { now: 1_900_000_000_000 };
  const writer = another({ clock: () => clock.now });
  const client = new Client(writer, settingId);
  // Rows of the log wait for others in the queue, and would hold up the test.
  const logger = new Committer({ ...UNHEARD, d1: env.DB, companyId, clock: () => clock.now });
  const lookUp = async (path: string, times = 1) => {
    const entries = Array.from({ length: times }, () => {
      const request = requestOf({ kind: "log", entries: [] });
      return logRowOf(request, settingId, { method: "GET", status: 200, lookedUp: path });
    });
    const [result] = await logger.run([
      { ...requestOf({ kind: "log", entries }), operation: { kind: "log", entries } },
    ]);
    if (result?.ok !== true) throw new Error("the rows of the log were refused");
  };
  /** Does steps of the work that others left, as whoever comes next would. */
  const step = () => another({ clock: () => clock.now }).followUp();
  const finish = () => finishFollowUps(another({ clock: () => clock.now }));
  return { companyId, settingId, writer, client, clock, lookUp, another, step, finish };
}

interface Kept {
  path: string;
  isComplete: boolean;
}

async function indexesOf(companyId: string): Promise<Kept[]> {
  const { results } = await env.DB.prepare(
    `SELECT path, completed_at IS NOT NULL AS complete FROM attribute_indexes i JOIN scim_settings s ON s.setting_key = i.setting_key
     JOIN companies c ON c.company_key = s.company_key WHERE c.id = ? ORDER BY index_key`,
  )
    .bind(companyId)
    .all<{ path: string; complete: number }>();
  return results.map(({ path, complete }) => ({ path, isComplete: complete === 1 }));
}

/** What the indexes hold that the documents do not, or the other way round; for settings of no company as well. */
async function differences(): Promise<{ held: string[]; due: string[] }> {
  const [keys, rows] = await env.DB.batch<Record<string, string | number>>([
    env.DB.prepare("SELECT index_key, value_key, user_key FROM attribute_keys"),
    env.DB.prepare(
      `SELECT i.index_key, i.path, u.user_key, u.document FROM attribute_indexes i JOIN users u ON u.setting_key = i.setting_key
       WHERE i.completed_at IS NOT NULL`,
    ),
  ]);
  const due = (rows?.results ?? []).flatMap(({ index_key, path, user_key, document }) =>
    keysAt(JSON.parse(String(document)), String(path)).map((value) => `${index_key} ${value} ${user_key}`),
  );
  const held = (keys?.results ?? []).map(
    ({ index_key, value_key, user_key }) => `${index_key} ${value_key} ${user_key}`,
  );
  const [ofIndexes, ofDocuments] = [new Set(held), new Set(due)];
  return { held: held.filter((one) => !ofDocuments.has(one)), due: due.filter((one) => !ofIndexes.has(one)) };
}

const SAME = { held: [], due: [] };

describe("an attribute that a provider matches by", () => {
  it("gets an index once it was looked for often, not before, and steps fill it", async () => {
    const { companyId, client, lookUp, step, finish } = await newCompany();
    for (let n = 0; n < 450; n += 150)
      await Promise.all(
        Array.from({ length: 150 }, (_, i) => client.user(`u${n + i}`, undefined, { title: `T${n + i}` })),
      );
    await lookUp(TITLE, MATCHES_BY - 1);
    expect(await indexesOf(companyId)).toEqual([]);
    await lookUp(TITLE);
    expect(await indexesOf(companyId)).toEqual([{ path: TITLE, isComplete: false }]);
    // While it is being filled, users come, change and go.
    expect(await step()).toBe(true);
    expect(await indexesOf(companyId)).toEqual([{ path: TITLE, isComplete: false }]);
    await client.user("late", undefined, { title: "Late" });
    await finish();
    expect(await indexesOf(companyId)).toEqual([{ path: TITLE, isComplete: true }]);
    expect(await differences()).toEqual(SAME);
    const count = await env.DB.prepare("SELECT count(*) AS n FROM attribute_keys WHERE value_key = 't449'").first("n");
    expect(count).toBe(1);
  });

  it("is counted over commits, for an hour", async () => {
    const { companyId, clock, lookUp } = await newCompany();
    for (let n = 0; n < MATCHES_BY - 1; n += 1) await lookUp(TITLE);
    clock.now += 3_600_000;
    for (let n = 0; n < MATCHES_BY - 1; n += 1) await lookUp(TITLE);
    expect(await indexesOf(companyId)).toEqual([]);
    await lookUp(TITLE);
    expect(await indexesOf(companyId)).toHaveLength(1);
  });

  it("gets none beside two that are in use; one that nobody used for a week makes room", async () => {
    const { companyId, client, clock, lookUp, finish } = await newCompany();
    await client.user("ada", "Sales", { title: "Engineer", phoneNumbers: [{ value: "1", type: "work" }] });
    for (const path of [EMPLOYEE, TITLE, PHONE]) await lookUp(path, MATCHES_BY);
    await finish();
    const paths = async () => (await indexesOf(companyId)).map(({ path }) => path);
    expect(await paths()).toEqual([EMPLOYEE, TITLE]);
    clock.now += UNUSED_AFTER - 1;
    await lookUp(EMPLOYEE, MATCHES_BY);
    await lookUp(PHONE, MATCHES_BY);
    expect(await paths()).toEqual([EMPLOYEE, TITLE]);
    clock.now += 2;
    await lookUp(PHONE, MATCHES_BY);
    await finish();
    expect(await paths()).toEqual([EMPLOYEE, PHONE]);
    expect(await differences()).toEqual(SAME);
  });

  it("loses its index when nobody looked for it in thirty days, or its setting goes", async () => {
    const { companyId, settingId, client, writer, clock, lookUp, finish } = await newCompany();
    await client.user("ada", "Sales", { title: "Engineer" });
    await lookUp(TITLE, MATCHES_BY);
    await lookUp(EMPLOYEE, MATCHES_BY);
    await finish();
    for (let day = 0; day < 29; day += 1) {
      clock.now += DAY;
      await lookUp(TITLE);
    }
    clock.now += DROPPED_AFTER - 29 * DAY;
    await lookUp(TITLE);
    await finish();
    expect(await indexesOf(companyId)).toEqual([{ path: TITLE, isComplete: true }]);
    requireOutcome(await writer.write(requestOf({ kind: "deleteSetting", settingId, users: "keep" })));
    await finish();
    expect(await indexesOf(companyId)).toEqual([]);
    expect(await differences()).toEqual(SAME);
  });

  it("of a deleted setting, or one that is not there, gets none", async () => {
    const { companyId, settingId, writer, lookUp } = await newCompany();
    requireOutcome(await writer.write(requestOf({ kind: "deleteSetting", settingId, users: "remove" })));
    await lookUp(TITLE, MATCHES_BY);
    expect(await indexesOf(companyId)).toEqual([]);
  });
});

describe("what an index holds", () => {
  it("stays right whatever is done to people, by whichever writer", async () => {
    const value = fc.constantFrom("A", "a", "B", "Straße", 7, "7", true, ["A", "b"], [{ value: "A" }, { value: 3 }]);
    const phone = fc.array(fc.record({ value: fc.constantFrom("1", "2"), type: fc.constantFrom("work", "home") }), {
      maxLength: 2,
    });
    const anyStep = fc.oneof(
      fc.record({ does: fc.constant("post" as const), title: fc.constantFrom("A", "b"), phone, badge: value }),
      fc.record({
        does: fc.constant("put" as const),
        who: fc.nat(7),
        title: fc.constantFrom("A", "c"),
        phone,
        badge: value,
      }),
      fc.record({
        does: fc.constant("patch" as const),
        who: fc.nat(7),
        badge: value,
        title: fc.constantFrom("A", "B", null),
      }),
      fc.record({
        does: fc.constant("unset" as const),
        who: fc.nat(7),
        path: fc.constantFrom("title", "phoneNumbers", ACME),
      }),
      fc.record({ does: fc.constant("delete" as const), who: fc.nat(7) }),
      fc.record({ does: fc.constant("fill" as const) }),
    );
    const histories = fc.sample(fc.array(anyStep, { minLength: 15, maxLength: 15 }), draw(20));
    for (const history of histories) {
      const { settingId, client, lookUp, another, step, finish } = await newCompany();
      const others = [client, client.through(another())];
      const ids: string[] = [];
      const who = (n: number) => ids[n % Math.max(1, ids.length)] ?? "";
      await client.user("first", undefined, { title: "A" });
      await lookUp(TITLE, MATCHES_BY);
      await lookUp(BADGE, MATCHES_BY);
      for (const [index, one] of history.entries()) {
        const by = others[index % 2] ?? client;
        const body = (more: JsonObject, userName: string): JsonObject => ({ userName, ...more });
        if (one.does === "fill") await step();
        if (one.does === "post")
          ids.push(
            await by.user(`u${index}`, undefined, {
              title: one.title,
              phoneNumbers: one.phone,
              [ACME]: { Badge: one.badge },
            }),
          );
        if (ids.length === 0) continue;
        const id = "who" in one ? who(one.who) : "";
        if (one.does === "put") {
          const sent = body({ title: one.title, phoneNumbers: one.phone, [ACME]: { badge: one.badge } }, `p${index}`);
          const { document } = readResource(types.User, sent);
          await by.send({ kind: "replaceUser", settingId, id, document });
        }
        if (one.does === "patch")
          await by.patchUser(id, { op: "add", value: { title: one.title, [ACME]: { BADGE: one.badge } } });
        if (one.does === "unset") await by.patchUser(id, { op: "remove", path: one.path });
        if (one.does === "delete") {
          await by.deleteUser(id);
          ids.splice(ids.indexOf(id), 1);
        }
      }
      await finish();
      expect(await differences(), JSON.stringify(history)).toEqual(SAME);
    }
  }, 120_000);
});

/** Rows written by what is done, by D1's own count. */
async function rowsWritten(run: (d1: D1Database) => Promise<unknown>): Promise<number> {
  let written = 0;
  const counted = {
    prepare: (sql: string) => env.DB.prepare(sql),
    batch: async <T>(statements: D1PreparedStatement[]) => {
      const results = await env.DB.batch<T>(statements);
      for (const { meta } of results) written += meta.rows_written;
      return results;
    },
  };
  // What a writer calls.
  await run(counted as unknown as D1Database);
  return written;
}

describe("what an attribute's index costs", () => {
  it("is a row for each value, two for a change of it, and nothing for other changes and other settings", async () => {
    const cost = async (isIndexed: boolean) => {
      const { client, lookUp, another, finish } = await newCompany();
      const id = await client.user("ada", undefined, { title: "Engineer" });
      if (isIndexed) await lookUp(TITLE, MATCHES_BY);
      await finish();
      const through = (run: (by: Client) => Promise<unknown>) =>
        rowsWritten((d1) => run(client.through(another({ d1 }))));
      return {
        other: await through((by) => by.patchUser(id, { op: "replace", path: "nickName", value: "A" })),
        changed: await through((by) => by.patchUser(id, { op: "replace", path: "title", value: "B" })),
        same: await through((by) => by.patchUser(id, { op: "replace", path: "title", value: "b" })),
        made: await through((by) => by.user("bob", undefined, { title: "C" })),
        removed: await through((by) => by.deleteUser(id)),
      };
    };
    const [without, indexed] = [await cost(false), await cost(true)];
    expect(indexed).toEqual({
      other: without.other,
      changed: without.changed + 2,
      same: without.same,
      made: without.made + 1,
      removed: without.removed + 1,
    });
  });
});

describe.runIf(IS_WHOLE)("an IdP at 25 look-ups a second by an attribute, beside 20,000 people", () => {
  it("is served without 429 after its first minute", async () => {
    const { companyId, settingId, clock, lookUp, step } = await newCompany();
    const [{ setting_key: settingKey = 0, company_key: companyKey = 0 } = {}] = (
      await env.DB.prepare("SELECT setting_key, company_key FROM scim_settings WHERE id = ?")
        .bind(settingId)
        .all<{ setting_key: number; company_key: number }>()
    ).results;
    await env.DB.prepare(
      `INSERT INTO users (user_key, company_key, setting_key, id, user_name, user_name_key, active, document, version, created_at, updated_at)
       WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000)
       SELECT ?1 * 4294967296 + 1000 + x, ?1, ?2, printf('0192f0aa-0000-7000-8000-%012d', x), 'p' || x, 'p' || x, 1,
         json_object('userName', 'p' || x, ?3, json_object('employeeNumber', 'E' || x)), 1, 0, 0 FROM n`,
    )
      .bind(companyKey, settingKey, ENTERPRISE)
      .run();
    await env.DB.prepare("UPDATE companies SET next_key = 100000 WHERE id = ?").bind(companyId).run();
    await moveFence(companyId);
    const share = new ShareOfDatabaseTime(() => clock.now);
    const start = clock.now;
    /** Work is counted, not timed: a walk takes 10 µs a person, a step of the index 50 ms with its commit, and rests after it. */
    const WALK = 200;
    const STEP = 50 + LONG_BREATH;
    let stepDueAt = 0;
    const isBeingFilled = async () => (await indexesOf(companyId)).some(({ isComplete }) => !isComplete);
    let isFilling = false;
    const refusedAt: number[] = [];
    let walked = 0;
    for (let n = 0; clock.now - start < 75_000; n += 1) {
      // Rows of the log come together.
      if (n % 25 === 0) await lookUp(EMPLOYEE, 25);
      if (n % 25 === 0) isFilling = await isBeingFilled();
      if (clock.now >= stepDueAt && isFilling) {
        await step();
        stepDueAt = clock.now + STEP;
      }
      if (n % 25 === 0) {
        const filter = parseFilter(types.User, `${ENTERPRISE}:employeeNumber eq "e${1 + (n % 20_000)}"`);
        const request = { settingKey, baseUrl: "", descending: false, limit: 100, offset: 0, isByCursor: false };
        const page = await runRead(
          openRegistry(env),
          attemptList({ ...request, sources: [{ type: "User", filter, withRelated: false }] }),
        );
        if (page === null) {
          const id = String(n);
          if (share.owes() > 0) refusedAt.push(clock.now - start);
          else if ((await share.take(id)).isGiven) {
            share.spend(id, WALK * 25, true);
            walked += 1;
          }
        } else expect(page.total).toBe(1);
      }
      clock.now += 40;
    }
    expect(refusedAt.length).toBeGreaterThan(0);
    expect(Math.max(...refusedAt)).toBeLessThan(60_000);
    expect(walked).toBeLessThan(10);
    expect(share.account.left).toBeLessThanOrEqual(BURST);
    expect(await differences()).toEqual(SAME);
  }, 240_000);
});
