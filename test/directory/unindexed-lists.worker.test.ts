import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Bounds, Reads } from "../../src/companies/split-long-reads.ts";
import { listResources, type PageRequest, type ResourcePage } from "../../src/directory/list-resources.ts";
import { keysAt, lookedUpAttribute } from "../../src/directory/looked-up-attribute.ts";
import { attemptList, lookedUpIn } from "../../src/directory/read-indexed-list.ts";
import type { ResourceName } from "../../src/directory/resource-tables.ts";
import { walkList } from "../../src/directory/walk-unindexed-list.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { type Position, toPosition } from "../../src/platform/list-position.ts";
import { runRead } from "../../src/platform/read-batch.ts";
import { parseFilter } from "../../src/scim/filter/parse-filter.ts";
import { parseSortBy } from "../../src/scim/list/sort-by.ts";
import { inTurn } from "../generated-cases.ts";
import { ATTRIBUTES, BASE, ENTERPRISE, groupDocument, types, userDocument, WORDS } from "./any-directory.ts";
import {
  type FixtureResource,
  type FixtureSetting,
  insertGroups,
  insertSetting,
  insertUsers,
  toResources,
} from "./directory-fixture.ts";

const database = openRegistry(env);
let setting: FixtureSetting;
let users: FixtureResource[] = [];

/** More people than are read at once, and groups with some of them. */
beforeAll(async () => {
  setting = await insertSetting(env.DB);
  const documents = fc.sample(userDocument, { numRuns: 130, seed: 11 });
  users = toResources(
    setting,
    10,
    documents.map((document, index) => ({ ...document, userName: `${WORDS[index % WORDS.length]}.${index}` })),
  );
  const groups = toResources(
    setting,
    500,
    fc.sample(groupDocument, { numRuns: 12, seed: 12 }).map((document, index) => ({
      ...document,
      displayName: `${WORDS[index]}.${index}`,
    })),
  );
  await env.DB.batch([...insertUsers(env.DB, setting, users), ...insertGroups(env.DB, setting, groups)]);
  const pairs = groups.flatMap((group, g) => users.filter((_, u) => (g + u) % 9 === 0).map((user) => [group, user]));
  await env.DB.batch(
    pairs.map(([group, user]) => env.DB.prepare("INSERT INTO group_members VALUES (?, ?)").bind(group?.key, user?.key)),
  );
  await env.DB.prepare(
    // As if they had a hundred times as many: looking at their members would not be little.
    "UPDATE groups SET member_count = (SELECT 100 * count(*) FROM group_members m WHERE m.group_key = groups.group_key)",
  ).run();
});

interface Asked {
  of: readonly ResourceName[];
  filter?: string;
  sortBy?: string;
  descending?: boolean;
  limit?: number;
  offset?: number;
  from?: PageRequest["from"];
}

function requestOf({ of, filter, sortBy, descending = false, limit = 7, offset = 0, from }: Asked): PageRequest {
  const [first = "User", ...others] = of;
  const lent = others.map((name) => types[name]);
  return {
    ...{
      settingKey: setting.settingKey,
      baseUrl: BASE,
      descending,
      limit,
      offset,
      from,
      isByCursor: from !== undefined,
    },
    sources: of.map((type) => ({
      type,
      filter: filter === undefined ? undefined : parseFilter(types[first], filter, lent),
      sortBy: sortBy === undefined ? undefined : parseSortBy(types[first], sortBy, lent),
      withRelated: type === "User",
    })),
  };
}

/** Reads in statements of a few resources each; \`statements\` counts them. */
function readsOf(bounds: Bounds): Reads & { statements: number } {
  const counted = {
    statements: 0,
    run: <T>(read: Parameters<Reads["run"]>[0]) => {
      counted.statements += 1;
      return runRead(database, read(bounds)) as Promise<T>;
    },
    once: (read: Parameters<Reads["once"]>[0]) => runRead(database, read),
  };
  // Each gives what the read that it is given gives.
  return counted as Reads & { statements: number };
}

const NARROW: Bounds = { rows: 40, bytes: 12_000 };

function shown({ placed, total }: ResourcePage) {
  return { total, ids: placed.map(({ resource }) => resource.id), places: placed.map(({ position }) => position) };
}

const FILTERS: Record<ResourceName, string[]> = {
  User: ["title pr", 'displayName co "a" or roles[value sw "a" and primary eq true]', 'not (groups.display co "a")'],
  Group: ["members pr", 'members.display co "a"', 'externalId sw "a"', "not (members pr)"],
};
const SORTS: Record<ResourceName, (string | undefined)[]> = {
  User: [undefined, "title", "emails.value", "active", "meta.created"],
  Group: [undefined, "externalId", "displayName", "members.value"],
};

/** The same page as one statement over everything gives it, and as a walk does. */
async function compare(asked: Asked): Promise<void> {
  const request = requestOf(asked);
  const whole = await runRead(database, listResources(request));
  const reads = readsOf(NARROW);
  const walked = await walkList(request, reads);
  const total = whole.total ?? walked.total;
  expect(shown(walked), JSON.stringify(asked)).toEqual({ ...shown(whole), total });
  expect(reads.statements).toBeGreaterThan(2);
}

describe("a list that is walked", () => {
  it.each(["User", "Group"] as const)(
    "shows what one statement shows, in every order and window: %s",
    async (type) => {
      const orders = SORTS[type].flatMap((sortBy) =>
        (sortBy === undefined ? [false] : [false, true]).map((descending) => ({ sortBy, descending })),
      );
      for (const [place, filter] of [undefined, ...FILTERS[type]].entries())
        for (const order of inTurn(orders, place))
          await compare({ of: [type], filter, ...order, offset: order.descending ? 5 : 0 });
    },
    240_000,
  );

  it("shows what one statement shows of several types, and of windows beyond the end and of nothing", async () => {
    let place = 0;
    for (const filter of ['externalId sw "a"', "id pr"])
      for (const sortBy of [undefined, "displayName", "meta.lastModified"])
        for (const offset of inTurn([0, 9, 500], place++))
          await compare({ of: ["User", "Group"], filter, sortBy, offset });
    await compare({ of: ["User"], filter: "title pr", limit: 0 });
  }, 240_000);

  it("goes on from every place, forwards and backwards, whether all are counted anew or not", async () => {
    for (const sortBy of [undefined, "title"])
      for (const descending of sortBy === undefined ? [false] : [false, true]) {
        const asked = { of: ["User"] as const, filter: "displayName pr", sortBy, descending };
        const all = await runRead(database, listResources(requestOf({ ...asked, limit: 200 })));
        const places: Position[] = all.placed.map(({ position }) => position);
        for (const position of [places[0], places[20], toPosition("zzz", 1)])
          for (const backwards of [false, true]) {
            if (position === undefined) continue;
            const from = { position, backwards };
            await compare({ ...asked, from });
            const request = requestOf({ ...asked, from });
            const known = await walkList(request, readsOf(NARROW), all.placed.length);
            const whole = await runRead(database, listResources(request));
            expect(shown(known)).toEqual(shown(whole));
          }
      }
  }, 240_000);

  it("by cursor looks no further than its page goes, once its matches are counted", async () => {
    const [first] = (await walkList(requestOf({ of: ["User"], filter: "title pr" }), readsOf(NARROW))).placed;
    if (first === undefined) throw new Error("nobody has a title");
    const from = { position: first.position, backwards: false };
    const reads = readsOf(NARROW);
    await walkList(requestOf({ of: ["User"], filter: "title pr", from, limit: 2 }), reads, 99);
    expect(reads.statements).toBe(1);
  });

  it("reads a setting of few at once, in one moment", async () => {
    const small = await insertSetting(env.DB);
    await env.DB.batch(insertUsers(env.DB, small, toResources(small, 10, [{ userName: "a", title: "x" }])));
    const reads = readsOf(NARROW);
    const request = { ...requestOf({ of: ["User"], filter: "title pr" }), settingKey: small.settingKey };
    expect(shown(await walkList(request, reads)).total).toBe(1);
    expect(reads.statements).toBe(0);
  });
});

describe("a group of very many members", () => {
  it("is refused to be looked through in one statement, and found by a member's id as ever", async () => {
    await env.DB.prepare(
      "UPDATE groups SET member_count = member_count + 20001 WHERE group_key = (SELECT max(group_key) FROM groups)",
    ).run();
    const ask = (filter: string | undefined, sortBy?: string) =>
      walkList(requestOf({ of: ["Group"], filter, sortBy, limit: 20 }), readsOf(NARROW));
    for (const filter of ['members.display co "a"', 'members[type eq "Group"]', 'not (members.type eq "User")'])
      await expect(ask(filter), filter).rejects.toMatchObject({ code: "filter_too_costly" });
    await expect(ask(undefined, "members.display")).rejects.toMatchObject({ code: "filter_too_costly" });
    for (const filter of ["members pr", `members.value eq "${users[0]?.id}" or displayName pr`])
      expect((await ask(filter)).total, filter).toBeGreaterThan(5);
    await env.DB.prepare("UPDATE groups SET member_count = member_count - 20001 WHERE member_count > 20000").run();
  });
});

describe("an attribute that has an index", () => {
  const literals = [...WORDS.filter((_, index) => index % 2 === 0), "x".repeat(300), "", "0", "-1.5", "1e21"];
  const attributes = ATTRIBUTES.User.filter(
    (name) =>
      lookedUpAttribute("User", parseFilter(types.User, `${name} ${name.startsWith("meta.") ? "pr" : 'eq "a"'}`)) !==
      null,
  );

  /** Makes the index of what a filter looks for, as the writer does. */
  async function makeIndex(filter: string): Promise<void> {
    const lookedUp = lookedUpIn(requestOf({ of: ["User"], filter }));
    if (lookedUp === null) throw new Error(`${filter} looks for nothing`);
    const key = setting.companyKey * 2 ** 32 + 900;
    await env.DB.batch([
      env.DB.prepare("DELETE FROM attribute_indexes WHERE index_key = ?").bind(key),
      env.DB.prepare("DELETE FROM attribute_keys WHERE index_key = ?").bind(key),
      env.DB.prepare("INSERT INTO attribute_indexes VALUES (?, ?, ?, 0, 1, 0)").bind(
        key,
        setting.settingKey,
        lookedUp.path,
      ),
      ...users.flatMap((user) =>
        keysAt(user.document, lookedUp.path).map((value) =>
          env.DB.prepare("INSERT INTO attribute_keys VALUES (?, ?, ?)").bind(key, value, user.key),
        ),
      ),
    ]);
  }

  it("are most of them, and none that has its place elsewhere", () => {
    expect(attributes).toEqual(expect.arrayContaining(["nickName", "emails.type", "photos", `${ENTERPRISE}:manager`]));
    for (const name of ["id", "userName", "externalId", "emails.value", "groups.display", "meta.version"])
      expect(attributes).not.toContain(name);
  });

  it("is found by it exactly as without it", async () => {
    for (const [place, name] of attributes.entries()) {
      await makeIndex(`${name} eq "a"`);
      for (const literal of inTurn(literals, place)) {
        const request = requestOf({ of: ["User"], filter: `${name} eq ${JSON.stringify(literal)}`, limit: 200 });
        const found = await runRead(database, attemptList(request));
        const whole = await runRead(database, listResources(request));
        expect(found === null ? null : shown(found), `${name} ${literal}`).toEqual(shown(whole));
      }
    }
  }, 240_000);

  it("is found by it beside other conditions and in value paths too", async () => {
    for (const filter of [
      'emails[type eq "work" and primary eq true]',
      'photos[type eq "home"].value eq "a"',
      'nickName eq "a" and title pr',
      `active eq true and ${ENTERPRISE}:department eq "É"`,
    ]) {
      await makeIndex(filter);
      for (const sortBy of [undefined, "title"]) {
        const request = requestOf({ of: ["User"], filter, sortBy, limit: 200 });
        const found = await runRead(database, attemptList(request));
        expect(found === null ? null : shown(found), filter).toEqual(
          shown(await runRead(database, listResources(request))),
        );
      }
    }
  });

  it("is not trusted before it is complete, nor for what is not equality, nor where it leads to many", async () => {
    await makeIndex('nickName eq "a"');
    const attempt = async (filter: string) => {
      const read = attemptList(requestOf({ of: ["User"], filter }));
      return read.statements.length === 0 ? null : await runRead(database, read);
    };
    expect(await attempt('nickName eq "a"')).not.toBeNull();
    for (const filter of ['nickName co "a"', 'nickName eq "a" or title pr', "nickName eq null", 'title eq "a"'])
      expect(await attempt(filter), filter).toBeNull();
    await env.DB.prepare("UPDATE attribute_indexes SET completed_at = NULL").run();
    expect(await attempt('nickName eq "a"')).toBeNull();
    await env.DB.prepare("UPDATE attribute_indexes SET completed_at = 1").run();
    const { key = 0 } = users[0] ?? {};
    await env.DB.prepare(
      `INSERT INTO attribute_keys WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 501)
        SELECT index_key, 'many', ? + x FROM attribute_indexes, n`,
    )
      .bind(key + 1_000)
      .run();
    expect(await attempt('nickName eq "many"')).toBeNull();
  });
});

describe("what an index answers", () => {
  it("is read at once: nobody waits for a share of the database", async () => {
    const ids = [users[3]?.id ?? "", "nobody"];
    const asked: Asked[] = [
      { of: ["User"] },
      { of: ["Group"] },
      { of: ["User", "Group"] },
      { of: ["User"], sortBy: "userName", descending: true },
      { of: ["Group"], sortBy: "displayName" },
      ...ids.flatMap((id): Asked[] => [
        { of: ["User"], filter: `id eq "${id}"` },
        { of: ["User", "Group"], filter: `id eq "${id}"` },
        { of: ["User", "Group"], filter: `userName eq "${id}"` },
        { of: ["User", "Group"], filter: `externalId eq "${id}"` },
        { of: ["Group"], filter: `members.value eq "${id}"` },
      ]),
      ...["userName", "externalId", "emails", "emails.value"].map(
        (name): Asked => ({ of: ["User"], filter: `${name} eq "a" and title pr`, sortBy: "title" }),
      ),
    ];
    for (const one of asked)
      expect(await runRead(database, attemptList(requestOf(one))), JSON.stringify(one)).not.toBeNull();
  });
});
