import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { newClient, type ScimClient } from "../scim-api/scim-client.ts";

const PEOPLE = 130;
const LONG = 60_000;

const nameOf = (index: number) => `u${String(index).padStart(3, "0")}`;

/** A client whose setting holds people of some size each, `heavy` characters for those beyond the first ten. */
async function clientWith(size: (index: number) => number, count: number): Promise<ScimClient> {
  const client = await newClient();
  for (let start = 0; start < count; start += 10) {
    const Operations = Array.from({ length: Math.min(10, count - start) }, (_, offset) => ({
      method: "POST",
      path: "/Users",
      bulkId: `b${offset}`,
      data: { userName: `new-${start + offset}` },
    }));
    await client.send("POST", "/Bulk", { Operations });
  }
  // By SQL, as users may be from before there was a quota, and named in the order of their ids.
  const { results } = await env.DB.prepare(
    "SELECT user_key FROM users u JOIN scim_settings s USING (setting_key) WHERE s.id = ? ORDER BY u.id",
  )
    .bind(client.settingId)
    .all<{ user_key: number }>();
  await env.DB.batch(
    results.map(({ user_key }, index) => {
      const userName = nameOf(index);
      const document = JSON.stringify({ userName, active: true, title: "t".repeat(size(index)) });
      return env.DB.prepare(
        "UPDATE users SET user_name = ?1, user_name_key = ?1, document = ?2 WHERE user_key = ?3",
      ).bind(userName, document, user_key);
    }),
  );
  return client;
}

async function pageOf(client: ScimClient, query: string) {
  const answer = await client.send("GET", `/Users?${query}`);
  expect(answer.status).toBe(200);
  return { ...answer.json, size: JSON.stringify(answer.json).length };
}

const names = (page: { Resources: { userName: string }[] }) => page.Resources.map(({ userName }) => userName);

describe("a page of large users", () => {
  let client: ScimClient;
  let all: string[];

  beforeAll(async () => {
    client = await clientWith(() => LONG, PEOPLE);
    all = Array.from({ length: PEOPLE }, (_, index) => nameOf(index));
  });

  it("is not cut with a count up to 100, which is what some clients go on by", async () => {
    const page = await pageOf(client, "count=100");
    expect([page.itemsPerPage, page.totalResults]).toEqual([100, PEOPLE]);
    expect(names(await pageOf(client, "count=100&startIndex=101"))).toEqual(all.slice(100));
  });

  it("ends before 2 MB with a larger one, sorted and filtered too, and tells how many it has and how many there are", async () => {
    for (const more of ["", "&sortBy=userName", `&filter=${encodeURIComponent("title pr")}`, "&attributes=userName"]) {
      const page = await pageOf(client, `count=101${more}`);
      expect(page.size, more).toBeLessThan(2_000_000);
      expect(page.itemsPerPage, more).toBeGreaterThan(25);
      expect(page.itemsPerPage, more).toBeLessThan(40);
      expect(page).toMatchObject({ totalResults: PEOPLE, startIndex: 1 });
      expect(names(page), more).toEqual(all.slice(0, page.itemsPerPage));
    }
  });

  it("ends before 2 MB by cursor, and the walk has everybody once, there and back", async () => {
    const forth: string[] = [];
    let last = await pageOf(client, "cursor=&count=50");
    for (; ; last = await pageOf(client, `count=50&cursor=${last.nextCursor}`)) {
      expect(last.size).toBeLessThan(2_000_000);
      forth.push(...names(last));
      if (last.nextCursor === undefined) break;
    }
    expect(forth).toEqual(all);
    const back: string[] = [];
    for (; ; last = await pageOf(client, `count=50&cursor=${last.previousCursor}`)) {
      expect(last.size).toBeLessThan(2_000_000);
      back.unshift(...names(last));
      if (last.previousCursor === undefined) break;
    }
    expect(back).toEqual(all);
  });

  it("is cut in a search and in a query of the root too", async () => {
    for (const path of ["/Users/.search", "/.search"]) {
      const { json } = await client.send("POST", path, { count: 150 });
      expect(json.itemsPerPage, path).toBeLessThan(40);
      expect(json.itemsPerPage, path).toBe(json.Resources.length);
    }
  });
});

describe("a page of users from before there was a quota", () => {
  it("has one at least, however large, and the walk goes on after it", async () => {
    const client = await clientWith((index) => (index === 1 ? 2_500_000 : 10), 3);
    const seen: string[][] = [];
    for (let page = await pageOf(client, "cursor="); ; page = await pageOf(client, `cursor=${page.nextCursor}`)) {
      seen.push(names(page));
      if (page.nextCursor === undefined) break;
    }
    expect(seen).toEqual([["u000"], ["u001"], ["u002"]]);
  });

  it("ends where memory would, whatever its count", async () => {
    const client = await clientWith(() => 780_000, 60);
    const page = await pageOf(client, "count=60");
    expect(page.size).toBeLessThan(16_500_000);
    expect(page.itemsPerPage).toBe(20);
  });
});

describe("a page of groups", () => {
  it("counts the members that it shows, and not those that it leaves out", async () => {
    const client = await newClient();
    const { json } = await client.send("POST", "/Groups", { displayName: "A" });
    await client.send("POST", "/Groups", { displayName: "B" });
    await env.DB.prepare("UPDATE groups SET member_count = 10000 WHERE id = ?").bind(json.id).run();
    const shown = await client.send("GET", "/Groups?cursor=");
    expect(shown.json).toMatchObject({ itemsPerPage: 1, totalResults: 2 });
    const hidden = await client.send("GET", "/Groups?cursor=&excludedAttributes=members");
    expect(hidden.json.itemsPerPage).toBe(2);
  });
});

describe("the name of a group or member where it is only named", () => {
  it("is cut in whole characters, alike in every answer, so that the entity tag is one", async () => {
    const client = await newClient();
    const name = "😀".repeat(300);
    const user = await client.send("POST", "/Users", { userName: "ada", displayName: name });
    const members = [{ value: user.json.id }];
    const group = await client.send("POST", "/Groups", { displayName: name, members });
    const read = await client.send("GET", `/Users/${user.json.id}`);
    expect(read.json.groups[0].display).toBe("😀".repeat(256));
    const shown = await client.send("GET", `/Groups/${group.json.id}`);
    expect(shown.json.members[0].display).toBe("😀".repeat(256));
    expect(shown.json.displayName).toBe(name);
    const Operations = [{ op: "replace", path: "nickName", value: "a" }];
    const patched = await client.send("PATCH", `/Users/${user.json.id}`, { Operations });
    expect(patched.json.groups).toEqual(read.json.groups);
    expect((await client.send("GET", `/Users/${user.json.id}`)).json.meta.version).toBe(patched.json.meta.version);
  });
});
