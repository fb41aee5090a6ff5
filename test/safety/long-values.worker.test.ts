import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { foldKey } from "../../src/directory/fold-key.ts";
import { compareCodePoints } from "../../src/scim/compare-code-points.ts";
import { getPage, signInAdmin } from "../console/sign-in-to.ts";
import { IS_WHOLE } from "../generated-cases.ts";
import { newClient, newSetting, operate, type ScimClient } from "../scim-api/scim-client.ts";
import { must } from "./populated-company.ts";

/** What the ends of long values are like: alike for hundreds of characters, ending in the middle, of several planes. */
const TAILS = ["", "a", "b", "ß", "z".repeat(900), "\u{1f388}", "\uf8ff", "\u{10ffff}", "a".repeat(3_000)];
/** Where a cursor stops holding the whole value, and where what it holds of it ends: each tail begins there, before or after. */
const EDGES = ["x".repeat(191), "x".repeat(255), "x".repeat(256)];
/** Far from there one tail is as good as another. */
const OTHERS = ["short", "x".repeat(1_600), "é".repeat(4_000)];
const VALUES = [
  ...EDGES.flatMap((common) => TAILS.map((tail) => `${common}${tail}`)),
  ...OTHERS.flatMap((common) => ["", "a", "\u{10ffff}"].map((tail) => `${common}${tail}`)),
  "\u{10ffff}".repeat(300),
];

/** Text as JSON escapes it most: a cursor of it is as long as cursors get. */
const ESCAPED = [..."abc"].map((end) => `${"\u0001".repeat(700)}${end}`);

let client: ScimClient;

beforeAll(async () => {
  client = await newClient({ groupSettings: { criteria: "none", targetGroupName: "All" } });
  const Operations = [
    ...VALUES.map((title, index) => ({
      method: "POST",
      path: "/Users",
      bulkId: `u${index}`,
      data: { userName: `${title} ${index}`, displayName: title, title },
    })),
    ...VALUES.map((displayName, index) => ({
      method: "POST",
      path: "/Groups",
      bulkId: `g${index}`,
      data: { displayName: `${displayName} ${index}` },
    })),
  ];
  const made = must(await client.send("POST", "/Bulk", { Operations }), 200);
  expect(new Set(made.Operations.map(({ status }: { status: string }) => status))).toEqual(new Set(["201"]));
  // The console merges the people of all settings.
  const second = await newSetting(client.companyId, { groupSettings: { criteria: "none", targetGroupName: "All" } });
  must(await second.send("POST", "/Bulk", { Operations: Operations.slice(0, VALUES.length) }), 200);
});

interface Page {
  Resources: { id: string }[];
  totalResults: number;
  nextCursor?: string;
  previousCursor?: string;
}

async function page(path: string, query: Record<string, string>): Promise<Page> {
  return must(await client.send("GET", `${path}?${new URLSearchParams(query)}`), 200);
}

/** All ids of a list, and of a walk back from its end. */
async function walk(path: string, query: Record<string, string>): Promise<{ ids: string[]; back: string[] }> {
  const ids: string[] = [];
  const last: string[] = [];
  let next = await page(path, { ...query, cursor: "" });
  for (;;) {
    ids.push(...next.Resources.map(({ id }) => id));
    expect(ids.length, "the walk has an end").toBeLessThan(5 * VALUES.length);
    if (next.nextCursor === undefined) break;
    expect(next.nextCursor.length).toBeLessThan(4_096);
    next = await page(path, { ...query, cursor: next.nextCursor });
  }
  last.push(...next.Resources.map(({ id }) => id));
  for (let cursor = next.previousCursor; cursor !== undefined; ) {
    const before = await page(path, { ...query, cursor });
    last.unshift(...before.Resources.map(({ id }) => id));
    expect(last.length, "the way back has an end").toBeLessThan(5 * VALUES.length);
    cursor = before.previousCursor;
  }
  return { ids, back: last };
}

describe("a walk by cursor over long sort values", () => {
  const orders: [path: string, query: Record<string, string>][] = [
    ["/Users", { sortBy: "title" }],
    ["/Users", { sortBy: "title", sortOrder: "descending" }],
    ["/Users", { sortBy: "userName" }],
    ["/Users", { sortBy: "userName", sortOrder: "descending" }],
    ["/Users", { sortBy: "displayName", filter: "title pr" }],
    ["/Groups", { sortBy: "displayName" }],
    ["/Groups", { sortBy: "displayName", sortOrder: "descending" }],
    ["/", { sortBy: "displayName", filter: "id pr" }],
  ];
  it.each(orders.map((order, place) => [...order, place] as const))(
    "%s %j gives every resource once, in the order of a whole page, there and back",
    async (path, query, place) => {
      const whole: string[] = [];
      for (let startIndex = 1; ; startIndex += 50) {
        const { Resources } = await page(path, { ...query, count: "50", startIndex: String(startIndex) });
        whole.push(...Resources.map(({ id }) => id));
        if (Resources.length < 50) break;
      }
      // Each place is the end of a page of one.
      for (const count of IS_WHOLE ? ["1", "7"] : [place % 3 === 0 ? "1" : "7"]) {
        const { ids, back } = await walk(path, { ...query, count });
        expect(ids).toEqual(whole);
        expect(back).toEqual(whole);
      }
    },
  );

  it("has cursors of bounded length whatever the characters", async () => {
    const other = await newClient({ groupSettings: { criteria: "none", targetGroupName: "All" } });
    for (const [index, title] of ESCAPED.entries())
      must(await other.send("POST", "/Users", { userName: `u${index}`, title }), 201);
    const seen: string[] = [];
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const { json } = await other.send("GET", `/Users?sortBy=title&count=1&cursor=${cursor}`);
      seen.push(...json.Resources.map(({ title }: { title: string }) => title));
      cursor = json.nextCursor;
      expect(cursor?.length ?? 0).toBeLessThan(4_096);
    }
    expect(seen).toEqual(ESCAPED);
  });

  it.each(["ascending", "descending"])(
    "%s leaves nobody out when the row it stands at goes or changes, and repeats only who begins alike",
    async (sortOrder) => {
      const other = await newClient({ groupSettings: { criteria: "none", targetGroupName: "All" } });
      const ids: string[] = [];
      for (const title of [
        "m".repeat(500),
        `${"m".repeat(500)}b`,
        `${"m".repeat(500)}c`,
        "k".repeat(300),
        "q".repeat(300),
        "a",
      ])
        ids.push(must(await other.send("POST", "/Users", { userName: title.slice(-9) + ids.length, title }), 201).id);
      const list = async (cursor: string) =>
        (await other.send("GET", `/Users?sortBy=title&sortOrder=${sortOrder}&count=1&cursor=${cursor}`)).json;
      const rest = async (cursor: string | undefined) => {
        const seen: string[] = [];
        for (let next = cursor; next !== undefined; ) {
          const { Resources, nextCursor } = await list(next);
          seen.push(...Resources.map(({ id }: { id: string }) => id));
          next = nextCursor;
        }
        return seen;
      };
      const order: string[] = await rest("");
      const [, cursor] = await stepsTo(list, ids[1] ?? "");
      const after = order.slice(order.indexOf(ids[1] ?? "") + 1);
      expect(await rest(cursor)).toEqual(after);
      const title = `${"m".repeat(500)}bb`;
      must(
        await other.send("PATCH", `/Users/${ids[1]}`, {
          Operations: [{ op: "replace", path: "nickName", value: "n" }],
        }),
        200,
      );
      expect(await rest(cursor), "another attribute changed").toEqual(after);
      must(
        await other.send("PATCH", `/Users/${ids[1]}`, { Operations: [{ op: "replace", path: "title", value: title }] }),
        200,
      );
      const changed = await rest(cursor);
      expect(changed, "the value changed").toEqual(expect.arrayContaining(after));
      must(await other.send("DELETE", `/Users/${ids[1]}`), 204);
      const gone = await rest(cursor);
      expect(gone, "the row went").toEqual(expect.arrayContaining(after));
      const alike = ids.slice(0, 3);
      for (const id of [...changed, ...gone]) if (!after.includes(id)) expect(alike).toContain(id);
    },
  );
});

/** The page that ends at a user: its cursor leads on from there. */
async function stepsTo(
  list: (cursor: string) => Promise<Page>,
  id: string,
): Promise<[Page, cursor: string | undefined]> {
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const at: Page = await list(cursor);
    if (at.Resources[0]?.id === id) return [at, at.nextCursor];
    cursor = at.nextCursor;
  }
  throw new Error("the user is not in the list");
}

describe("target groups with long names, made before names had a limit", () => {
  const NAMES = ["Sales", ...VALUES, "d".repeat(1_600), "d".repeat(5_000), "ﷺ".repeat(250), `${"ﷺ".repeat(250)}b`];
  let companyKey = 0;

  beforeAll(async () => {
    const row = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?").bind(client.companyId).first();
    companyKey = Number(row?.company_key);
    await env.DB.batch(
      NAMES.map((name, index) =>
        env.DB.prepare(
          `INSERT INTO target_groups (target_group_key, company_key, id, name, name_key, source, member_count, created_at)
           VALUES (?, ?, ?, ?, ?, 'field', 0, 1)`,
        ).bind(companyKey * 2 ** 32 + 9_000 + index, companyKey, crypto.randomUUID(), name, `${foldKey(name)}.`),
      ),
    );
  });

  const sorted = () => [...NAMES, "All"].sort((a, b) => compareCodePoints(`${foldKey(a)}.`, `${foldKey(b)}.`));

  it("are walked by the API, page by page", async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { items, nextCursor } = must(
        await operate("GET", `/companies/${client.companyId}/target-groups?limit=1${query}`),
        200,
      );
      seen.push(...items.map(({ name }: { name: string }) => name));
      cursor = nextCursor;
    }
    expect(seen).toEqual(sorted());
  });

  it.each([
    ["groups", "name"],
    ["groups", "-name"],
    ["people", "name"],
    ["people", "-name"],
  ])("are walked by the console: %s by %s", async (list, sort) => {
    const cookie = await signInAdmin(companyKey);
    const links: string[] = [];
    for (
      let url: string | undefined = `/console/companies/${client.companyId}/${list}?sort=${sort}`;
      url !== undefined;
    ) {
      expect(url.length).toBeLessThan(8_000);
      const answer = await getPage(url, cookie);
      expect(answer.status).toBe(200);
      const html = await answer.text();
      const rows = html.slice(html.indexOf("<tbody>"), html.indexOf("</tbody>"));
      links.push(...[...rows.matchAll(/href="([^"]+)"/g)].map(([, href = ""]) => href));
      url = /<a class="button" href="([^"]+)" rel="next"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
    }
    expect(new Set(links).size).toBe(links.length);
    expect(links).toHaveLength(list === "groups" ? NAMES.length + 1 : 2 * VALUES.length);
  });
});
