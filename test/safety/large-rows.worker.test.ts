import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { getPage, signInAdmin } from "../console/sign-in-to.ts";
import { newClient, newSetting, operate, type ScimClient } from "../scim-api/scim-client.ts";
import { must } from "./populated-company.ts";
import { waitForLogAndWork } from "./wait-for-log-and-work.ts";

/** People of each setting. */
const PEOPLE = 80;
const LONG = 30_000;
/** What a page may come to: what is read at once, and the last row's JSON and frame. */
const PAGE = 2_200_000;

const names = (settings: readonly string[]) =>
  settings.flatMap((name) => Array.from({ length: PEOPLE }, (_, index) => `${name}-${100 + index}`));

let client: ScimClient;
let base: string;
let cookie: string;

async function fill(to: ScimClient, name: string): Promise<void> {
  for (let start = 0; start < PEOPLE; start += 20) {
    const Operations = names([name])
      .slice(start, start + 20)
      .map((userName) => {
        const department = `${userName} ${"d".repeat(LONG)}`;
        const data = {
          userName,
          externalId: `x-${userName}`,
          "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department },
        };
        return { method: "POST", path: "/Users", bulkId: userName, data };
      });
    must(await to.send("POST", "/Bulk", { Operations }), 200);
  }
}

/** All pages of a list of the management API: their items, and the size of the largest. */
async function walk(
  path: string,
  goOn = "cursor",
): Promise<{ items: Record<string, unknown>[]; largest: number; pages: number }> {
  const items: Record<string, unknown>[] = [];
  let largest = 0;
  let pages = 0;
  for (let cursor: string | null = ""; cursor !== null; pages += 1) {
    const answer = await operate(
      "GET",
      `${base}${path}${cursor === "" ? "" : `&${goOn}=${encodeURIComponent(cursor)}`}`,
    );
    const page = must(answer, 200);
    largest = Math.max(largest, answer.text.length);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return { items, largest, pages };
}

beforeAll(async () => {
  client = await newClient();
  base = `/companies/${client.companyId}`;
  await fill(client, "a");
  await fill(await newSetting(client.companyId), "b");
  await waitForLogAndWork(client);
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(client.companyId)
    .first("company_key");
  cookie = await signInAdmin(Number(key));
});

describe("lists of rows that are large", () => {
  it("of target users end their pages early and leave nobody out, filtered or not", async () => {
    for (const path of [
      "/target-users?limit=200",
      `/target-users?limit=200&filter=${encodeURIComponent("department pr")}`,
    ]) {
      const { items, largest, pages } = await walk(path);
      expect(
        items.map(({ userName }) => userName),
        path,
      ).toEqual(names(["a", "b"]));
      expect(largest, path).toBeLessThan(PAGE);
      expect(pages, path).toBeGreaterThan(2);
    }
  });

  it("of changes end their pages early, and the feed has no gap", async () => {
    const { items, largest } = await walk("/changes?limit=200", "after");
    const made = items.filter(({ type }) => type === "user.created");
    expect(made).toHaveLength(2 * PEOPLE);
    const places = items.map(({ id }) => Number(String(id).split("-").at(-2)));
    expect(places).toEqual(places.map((_, index) => index + 1));
    expect(largest).toBeLessThan(PAGE);
  });

  it("of people in the console have everybody once in every order, on pages and in the download", async () => {
    const people = `/console/companies/${client.companyId}/people`;
    const asked = async (query: string) => (await getPage(`${people}.csv?${query}`, cookie)).text();
    const named = (csv: string) =>
      csv
        .split("\r\n")
        .slice(1, -1)
        .map((line) => line.split(",")[0]);
    expect(named(await asked("sort=name"))).toEqual(names(["a", "b"]));
    expect(named(await asked("sort=-added")).sort()).toEqual(names(["a", "b"]));
    expect(named(await asked("q=a-1&sort=-name"))).toEqual(names(["a"]).reverse());
    const shown: string[] = [];
    for (let url: string | undefined = `${people}?sort=-name`; url !== undefined; ) {
      const page: string = await (await getPage(url, cookie)).text();
      // However long the values are, a row shows their beginning.
      expect(page.length).toBeLessThan(100 * 1_024);
      shown.push(
        ...[...page.matchAll(/<a href="[^"]*\/people\/[0-9a-f-]{36}">(.*?)<\/a>/g)].map(([, name = ""]) =>
          name.replaceAll(/<[^>]*>/g, ""),
        ),
      );
      url = /href="([^"]*[?&;]after=[^"]*)"/.exec(page)?.[1]?.replaceAll("&amp;", "&");
    }
    expect(shown).toEqual(names(["a", "b"]).reverse());
  });
});

describe("the export of a person", () => {
  it("has every change and request, however many and large", async () => {
    const [{ id }] = must(
      await client.send("GET", `/Users?filter=${encodeURIComponent('userName eq "a-100"')}`),
      200,
    ).Resources;
    for (let round = 0; round < 75; round += 1) {
      const path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
      const Operations = [{ op: "replace", path, value: `${round} ${"e".repeat(LONG)}` }];
      must(await client.send("PATCH", `/Users/${id}`, { Operations }), 200);
    }
    await waitForLogAndWork(client);
    const answer = await operate("GET", `${base}/target-users/${id}/export`);
    const { changes, requests } = must(answer, 200);
    expect(changes.filter(({ type }: { type: string }) => type === "user.updated")).toHaveLength(75);
    const order = changes.map((change: { id: string }) => Number(change.id.split("-").at(-2)));
    expect(order).toEqual([...order].sort((left, right) => left - right));
    expect(requests.filter(({ method }: { method: string }) => method === "PATCH")).toHaveLength(75);
    expect(new Set(requests.map((entry: { id: string }) => entry.id)).size).toBe(requests.length);
    // More than is read at once.
    expect(answer.text.length).toBeGreaterThan(4_000_000);
  });
});
