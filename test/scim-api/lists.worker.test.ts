import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/scim/json.ts";
import { parseSortBy } from "../../src/scim/list/sort-by.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { insertUsers, toResources } from "../directory/directory-fixture.ts";
import { compareForSort } from "../scim/list/sort-in-memory.ts";
import { errorOf, newClient, type ScimClient } from "./scim-client.ts";

type Listed = { id: string; userName: string };

/** Fills a setting with people by SQL, with its kept count. */
async function fill(client: ScimClient, documents: JsonObject[]): Promise<void> {
  const row = await env.DB.prepare("SELECT setting_key, company_key FROM scim_settings WHERE id = ?")
    .bind(client.settingId)
    .first<{ setting_key: number; company_key: number }>();
  if (row === null) throw new Error("no setting");
  const setting = {
    companyKey: row.company_key,
    settingKey: row.setting_key,
    companyId: "",
    settingId: "",
    tokenId: "",
  };
  await env.DB.batch([
    ...insertUsers(env.DB, setting, toResources(setting, 1000, documents)),
    env.DB.prepare("UPDATE scim_settings SET active_users = ? WHERE setting_key = ?").bind(
      documents.length,
      row.setting_key,
    ),
  ]);
}

const TITLES = ["Clerk", "clerk", "Ärztin", "Boss", null, "ärztin", "Zoë", null];

let client: ScimClient;

beforeAll(async () => {
  client = await newClient();
  await fill(
    client,
    Array.from(
      { length: 250 },
      (_, index): JsonObject => ({
        userName: `user${String((index * 37) % 250).padStart(3, "0")}`,
        active: index % 3 !== 0,
        ...(TITLES[index % 8] === null ? {} : { title: TITLES[index % 8] ?? "" }),
        emails: [
          { value: `b${index % 10}@x.example`, type: "home" },
          { value: `${index % 7}@x.example`, type: "work", primary: index % 2 === 0 },
        ],
      }),
    ),
  );
});

describe("lists", () => {
  it("has integer facts, capital Resources, and a default page of 100", async () => {
    const { json } = await client.send("GET", "/Users");
    expect(json).toMatchObject({ totalResults: 250, startIndex: 1, itemsPerPage: 100 });
    expect(json.Resources).toHaveLength(100);
  });

  it("caps count, takes 0 and negative values, and reads a startIndex below 1 as 1", async () => {
    expect((await client.send("GET", "/Users?count=5000")).json.itemsPerPage).toBe(200);
    for (const count of [0, -3])
      expect((await client.send("GET", `/Users?count=${count}`)).json).toMatchObject({
        totalResults: 250,
        itemsPerPage: 0,
        Resources: [],
      });
    for (const index of [0, -1])
      expect((await client.send("GET", `/Users?startIndex=${index}&count=1`)).json.startIndex).toBe(1);
    expect((await client.send("GET", "/Users?startIndex=9999")).json).toMatchObject({
      totalResults: 250,
      itemsPerPage: 0,
    });
    expect(errorOf(await client.send("GET", "/Users?count=many")).scimType).toBe("invalidValue");
  });

  it("walks by index: every user once, in a stable order", async () => {
    const seen: string[] = [];
    for (let start = 1; start <= 250; start += 100)
      seen.push(
        ...(await client.send("GET", `/Users?startIndex=${start}&count=100`)).json.Resources.map(
          ({ id }: Listed) => id,
        ),
      );
    expect(new Set(seen).size).toBe(250);
    expect(seen).toEqual([...seen].sort());
  });

  it("counts what a filter matches, on pages with and beyond matches", async () => {
    const filter = encodeURIComponent("active eq false and title pr");
    const first = (await client.send("GET", `/Users?filter=${filter}&count=5`)).json;
    expect(first.Resources).toHaveLength(5);
    expect((await client.send("GET", `/Users?filter=${filter}&count=0`)).json.totalResults).toBe(first.totalResults);
    expect((await client.send("GET", `/Users?filter=${filter}&startIndex=1000`)).json.totalResults).toBe(
      first.totalResults,
    );
    expect((await client.send("GET", '/Users?filter=userName+eq+"USER007"')).json.totalResults).toBe(1);
    expect((await client.send("GET", '/Users?filter=userName+eq+"user007"&startIndex=2')).json).toMatchObject({
      totalResults: 1,
      Resources: [],
    });
    expect(
      (await client.send("GET", '/Users?filter=emails[type eq "work"].value+eq+"3@X.example"')).json.totalResults,
    ).toBe(36);
  });
});

describe("lists in an order, by cursor and by search", () => {
  it("sorts as the engine's own comparison does, in both directions", async () => {
    const all: JsonObject[] = [];
    for (const start of [1, 201])
      all.push(...(await client.send("GET", `/Users?count=200&startIndex=${start}`)).json.Resources);
    for (const sortBy of ["userName", "title", "emails", "emails.type", "active", "meta.lastModified", "id"])
      for (const sortOrder of ["ascending", "descending"] as const) {
        const base = sortOrder === "ascending" ? all : [...all].reverse();
        const expected = [...base]
          .sort(compareForSort(parseSortBy(resourceTypes().User, sortBy), sortOrder))
          .slice(0, 200);
        const sorted = (await client.send("GET", `/Users?sortBy=${sortBy}&sortOrder=${sortOrder}&count=200`)).json
          .Resources;
        expect(
          sorted.map(({ id }: Listed) => id),
          `${sortBy} ${sortOrder}`,
        ).toEqual(expected.map(({ id }) => id));
      }
    expect(errorOf(await client.send("GET", "/Users?sortBy=nonsense")).status).toBe("400");
  });

  it("gives projected resources and reads parameters in any case", async () => {
    const { json } = await client.send("GET", '/Users?FILTER=userName+eq+"user007"&Attributes=userName');
    expect(Object.keys(json.Resources[0]).sort()).toEqual(["id", "schemas", "userName"]);
  });

  it("walks by cursor, forwards and back, on every kind of order", async () => {
    for (const order of [
      "",
      "&sortBy=userName",
      "&sortBy=title",
      "&sortBy=title&sortOrder=descending",
      "&sortBy=emails&filter=title+pr",
    ]) {
      const forwards = await walk(client, `/Users?count=60${order}`);
      expect(new Set(forwards.ids).size, order).toBe(forwards.total);
      const back = await walkBack(client, forwards.lastPage, order);
      expect(back, order).toEqual(forwards.ids.slice(0, back.length));
      expect(back.length, order).toBe(forwards.ids.length - forwards.lastPage.Resources.length);
    }
  });

  it("refuses a cursor that is not one, or of another query", async () => {
    const { nextCursor } = (await client.send("GET", "/Users?count=1&cursor")).json;
    expect(errorOf(await client.send("GET", "/Users?cursor=junk")).scimType).toBe("invalidCursor");
    expect(errorOf(await client.send("GET", `/Users?cursor=${nextCursor}&sortBy=title`)).scimType).toBe(
      "invalidCursor",
    );
    expect(errorOf(await client.send("GET", "/Users?cursor=&count=x")).scimType).toBe("invalidCount");
  });

  it("answers .search as it answers GET", async () => {
    const body = {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
      filter: 'title eq "boss"',
      sortBy: "userName",
      startIndex: 2,
      count: 3,
      attributes: ["userName"],
    };
    const searched = await client.send("POST", "/Users/.search", body);
    const listed = await client.send(
      "GET",
      '/Users?filter=title+eq+"boss"&sortBy=userName&startIndex=2&count=3&attributes=userName',
    );
    expect(searched.json).toEqual(listed.json);
    expect(searched.json.Resources).toHaveLength(3);
  });
});

describe("a query of the server root", () => {
  const URN = "urn:ietf:params:scim:schemas:core:2.0:Group:";

  it("knows names that the URN of Group qualifies as it knows the bare ones", async () => {
    const client = await newClient();
    const { id } = (await client.send("POST", "/Users", { userName: "ann", displayName: "Ann" })).json;
    await client.send("POST", "/Groups", { displayName: "G", members: [{ value: id }] });
    const search = async (prefix: string, body: (prefix: string) => object) =>
      (await client.send("POST", "/.search", body(prefix))).json.Resources;
    const bodies: ((prefix: string) => object)[] = [
      (prefix) => ({ filter: `${prefix}displayName eq "g"` }),
      (prefix) => ({ sortBy: `${prefix}displayName`, sortOrder: "descending" }),
      (prefix) => ({ attributes: [`${prefix}members`] }),
      (prefix) => ({ excludedAttributes: [`${prefix}members`] }),
    ];
    const qualified = await Promise.all(bodies.map((body) => search(URN, body)));
    expect(qualified).toEqual(await Promise.all(bodies.map((body) => search("", body))));
    expect(qualified.map((resources) => resources.length)).toEqual([1, 2, 2, 2]);
    expect(JSON.stringify(qualified[2])).toContain("members");
    expect(JSON.stringify(qualified[3])).not.toContain("members");
  });
});

describe("what a list shows", () => {
  it("is what a GET shows, whatever became of the extensions, and for rows that do not name them", async () => {
    const client = await newClient();
    const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const custom = "urn:acme:2.0:User";
    const { id } = (await client.send("POST", "/Users", { userName: "ann", displayName: 'A "quoted" Änn' })).json;
    const group = (await client.send("POST", "/Groups", { displayName: "G", members: [{ value: id }] })).json;
    const change = (...Operations: object[]) => client.send("PATCH", `/Users/${id}`, { Operations });
    const expectSame = async (schemas: string[]) => {
      for (const path of [`/Users/${id}`, `/Groups/${group.id}`]) {
        const shown = (await client.send("GET", path)).json;
        const listed = (await client.send("GET", path.slice(0, path.indexOf("/", 1)))).json.Resources;
        expect(listed).toEqual([shown]);
      }
      expect((await client.send("GET", `/Users/${id}`)).json.schemas.slice(1)).toEqual(schemas);
    };
    await expectSame([]);
    await change({ op: "add", path: `${enterprise}:department`, value: "D" });
    await expectSame([enterprise]);
    // Of nearly everybody the list is one bit; where an older Worker has written one beside it, it holds.
    const columns = env.DB.prepare("SELECT extensions, is_enterprise AS bit FROM users WHERE id = ?").bind(id);
    expect(await columns.first()).toEqual({ extensions: null, bit: 1 });
    await env.DB.prepare("UPDATE users SET extensions = ? WHERE id = ?").bind('["urn:older"]', id).run();
    expect((await client.send("GET", "/Users")).json.Resources[0].schemas.slice(1)).toEqual(["urn:older"]);
    await change({ op: "add", value: { [custom]: { site: "S" } } });
    await expectSame([enterprise, custom]);
    await change({ op: "remove", path: `${enterprise}:department` });
    await expectSame([custom]);
    await env.DB.prepare("UPDATE users SET extensions = NULL WHERE id = ?").bind(id).run();
    await expectSame([custom]);
  });
});

describe("a walk by cursor", () => {
  it("gives each resource that was there throughout exactly once while others come and go", async () => {
    const client = await newClient();
    await fill(
      client,
      Array.from({ length: 60 }, (_, index) => ({ userName: `u${index}`, active: true })),
    );
    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; page < 100; page += 1) {
      const { json } = await client.send("GET", `/Users?count=10&cursor=${cursor}`);
      seen.push(...json.Resources.map(({ userName }: Listed) => userName));
      await client.send("DELETE", `/Users/${json.Resources[0]?.id}`);
      await client.send("POST", "/Users", { userName: `new${page}` });
      if (json.nextCursor === undefined || page > 5) break;
      cursor = json.nextCursor;
    }
    const old = seen.filter((name) => name.startsWith("u"));
    expect(old).toHaveLength(60);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe("the server root", () => {
  it("searches users and groups together, an attribute that one lacks having no value there", async () => {
    const client = await newClient();
    const user = (await client.send("POST", "/Users", { userName: "zoe", displayName: "M" })).json;
    await client.send("POST", "/Users", { userName: "adam", displayName: "B" });
    const group = (await client.send("POST", "/Groups", { displayName: "A", members: [{ value: user.id }] })).json;
    const search = async (body: JsonObject) => (await client.send("POST", "/.search", body)).json;
    const names = (json: { Resources: { displayName: string }[] }) =>
      json.Resources.map(({ displayName }) => displayName);
    expect(names(await search({ sortBy: "displayName" }))).toEqual(["A", "B", "M"]);
    expect(await search({ filter: 'displayName eq "a"' })).toMatchObject({
      totalResults: 1,
      Resources: [{ id: group.id, members: [{ value: user.id }] }],
    });
    expect(names(await search({ filter: 'userName eq "zoe" or displayName sw "A"' }))).toEqual(["M", "A"]);
    expect(names(await search({ filter: "not (userName pr)" }))).toEqual(["A"]);
    expect(
      names(await search({ filter: 'meta.resourceType eq "User"', sortBy: "displayName", sortOrder: "descending" })),
    ).toEqual(["M", "B"]);
    expect(names(await search({ filter: `members.value eq "${user.id}"` }))).toEqual(["A"]);
    expect(await search({ startIndex: 2, count: 1 })).toMatchObject({ totalResults: 3, itemsPerPage: 1 });
    expect((await client.send("GET", `/?filter=${encodeURIComponent('displayName eq "b"')}`)).json.totalResults).toBe(
      1,
    );
  });
});

interface Page {
  Resources: Listed[];
  totalResults: number;
  nextCursor?: string;
  previousCursor?: string;
}

async function walk(client: ScimClient, path: string): Promise<{ ids: string[]; total: number; lastPage: Page }> {
  const ids: string[] = [];
  let page: Page = (await client.send("GET", `${path}&cursor`)).json;
  expect(page.previousCursor).toBeUndefined();
  for (;;) {
    ids.push(...page.Resources.map(({ id }) => id));
    if (page.nextCursor === undefined) return { ids, total: page.totalResults, lastPage: page };
    page = (await client.send("GET", `${path}&cursor=${page.nextCursor}`)).json;
  }
}

async function walkBack(client: ScimClient, from: Page, order: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = from.previousCursor; cursor !== undefined; ) {
    const page: Page = (await client.send("GET", `/Users?count=60${order}&cursor=${cursor}`)).json;
    ids.unshift(...page.Resources.map(({ id }) => id));
    cursor = page.previousCursor;
  }
  return ids;
}
