import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { waitForLogAndWork } from "../../safety/wait-for-log-and-work.ts";
import { newClient, newSetting, operate, type ScimClient } from "../../scim-api/scim-client.ts";
import { getPage, signInAdmin } from "../sign-in-to.ts";

const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

let client: ScimClient;
let silent: ScimClient;
let cookie = "";
/** What was sent, by a word for it: the id of each request. */
const sent = new Map<string, string>();
let ada = "";
let grace = "";
let lab = "";

async function send(word: string, from: ScimClient, method: string, path: string, body?: unknown) {
  const answer = await from.send(method, path, body);
  sent.set(word, answer.headers.get("x-request-id") ?? "");
  return answer.json;
}

const userOf = (userName: string, givenName: string, familyName: string) => ({
  ...{ userName, displayName: `${givenName} the first`, name: { givenName, familyName } },
  emails: [{ value: `${givenName}@mail.example`, primary: true }],
});
const rename = (path: string, value: string) => ({ schemas: [PATCH], Operations: [{ op: "replace", path, value }] });

beforeAll(async () => {
  client = await newClient();
  silent = await newSetting(client.companyId, { name: "Silent", mode: "shadow" });
  ada = (await send("ada", client, "POST", "/Users", userOf("u1@x.example", "Ada", "Lovelace"))).id;
  grace = (await send("grace", client, "POST", "/Users", userOf("u2@x.example", "Grace", "Hopper"))).id;
  lab = (await send("lab", client, "POST", "/Groups", { displayName: "Research lab", members: [{ value: ada }] })).id;
  await send("look-up", client, "GET", `/Users?filter=${encodeURIComponent('userName eq "u1@x.example"')}`);
  await send("read", client, "GET", `/Users/${ada}`);
  await send("again", client, "POST", "/Users", { userName: "U1@X.example" });
  await send("renamed", client, "PATCH", `/Users/${grace}`, rename("userName", "u1@x.example"));
  await send("lab again", client, "POST", "/Groups", { displayName: "research LAB" });
  await send("gone", client, "DELETE", `/Users/${crypto.randomUUID()}`);
  await send("hidden", silent, "POST", "/Users", userOf("u3@x.example", "Edsger", "Dijkstra"));
  await send("listed", client, "GET", "/Users");
  for (const each of [client, silent]) await waitForLogAndWork(each);
  const key = await env.DB.prepare("SELECT company_key FROM companies WHERE id = ?")
    .bind(client.companyId)
    .first("company_key");
  cookie = await signInAdmin(Number(key));
});

async function read(query: Record<string, string>, path = "log"): Promise<string> {
  const answer = await getPage(`/console/companies/${client.companyId}/${path}?${new URLSearchParams(query)}`, cookie);
  expect(answer.status, JSON.stringify(query)).toBe(200);
  return answer.text();
}

/** The requests that a page lists. */
function idsIn(html: string): string[] {
  return [...html.matchAll(/<th scope="row"[^>]*><a href="[^"]*\/log\/([^"]+)"/g)].map(([, id = ""]) => id);
}

/** Those of some ids that were sent, by their words: the rest only made sure that these are logged. */
function wordsOf(ids: readonly string[]): string[] {
  return [...sent]
    .filter(([, id]) => ids.includes(id))
    .map(([word]) => word)
    .sort();
}

const wordsIn = (html: string) => wordsOf(idsIn(html));

const list = async (query: Record<string, string>) => wordsIn(await read(query));

describe("a search of the log by a name", () => {
  const OF_ADA = ["ada", "again", "look-up", "read"];

  it.each([
    ["a display name", "ADA THE", OF_ADA],
    ["a first and a last name", "love ada", OF_ADA],
    ["a part of a user name", "u1@", OF_ADA],
    ["a whole user name", "u1@x.example", OF_ADA],
    ["an e-mail address", "ada@mail.example", OF_ADA],
    ["a group's name", "search LA", ["lab", "lab again"]],
    ["the name of somebody in shadow", "dijkstra", ["hidden"]],
    ["a name of nobody", "somebody else", []],
  ])("finds requests by %s, through those whom they are about", async (_, q, words) => {
    const found = await list({ q });
    expect(found).toEqual(words);
  });

  it("is one with all other filters", async () => {
    expect(await list({ q: "lovelace", outcome: "failure" })).toEqual(["again"]);
    expect(await list({ q: "lovelace", method: "GET" })).toEqual(["look-up", "read"]);
    expect(await list({ q: "lovelace", setting: silent.settingId })).toEqual([]);
    expect(await list({ q: "lovelace", credential: client.tokenId, status: "201" })).toEqual(["ada"]);
  });

  it("leads to the requests of one of them alone, and to a search in the requests themselves", async () => {
    const html = await read({ q: "lovelace" });
    expect(html).toContain(`resource=${ada}`);
    expect(html).toContain("in=requests");
    expect(await list({ resource: ada })).toEqual(["ada", "look-up", "read"]);
    expect(await read({ resource: lab })).toMatch(/About: <strong>Research lab<\/strong>/);
    // By the name that they are listed with.
    expect(await list({ q: "u1", in: "requests" })).toEqual(OF_ADA);
  });

  it("is not followed live: whom a name means would be looked up every few seconds", async () => {
    expect(await read({ q: "lovelace" })).not.toContain("data-tail=");
    const followed: Record<string, string>[] = [
      {},
      { resource: ada },
      { q: "u1", in: "requests" },
      { outcome: "failure" },
    ];
    for (const query of followed) expect(await read(query), JSON.stringify(query)).toContain("data-tail=");
    expect(await read({ sort: "time" })).not.toContain("data-tail=");
  });

  it("finds the same for a download", async () => {
    const csv = await read({ q: "lovelace" }, "log.csv");
    const ids = csv
      .trimEnd()
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(",").at(-1));
    expect(wordsOf(ids.map(String))).toEqual(OF_ADA);
  });

  it("finds nobody of another company", async () => {
    const other = await newClient();
    await other.send("POST", "/Users", userOf("else@x.example", "Elsewhere", "Lovelace"));
    await waitForLogAndWork(other);
    expect(await read({ q: "lovelace" })).not.toContain("Elsewhere");
    expect(await list({ q: "elsewhere" })).toEqual([]);
  });
});

describe("the chips above the log", () => {
  it.each<[Record<string, string>, string[]]>([
    [{ outcome: "failure" }, ["again", "gone", "lab again", "renamed"]],
    [{ status: "409" }, ["again", "lab again", "renamed"]],
    [{ status: "404" }, ["gone"]],
    [{ status: "201" }, ["ada", "grace", "hidden", "lab"]],
    [{ method: "PATCH" }, ["renamed"]],
    [{ method: "GET" }, ["listed", "look-up", "read"]],
    [{ kind: "groups", outcome: "success" }, ["lab"]],
  ])("%j shows these only, and can be taken off", async (query, words) => {
    const html = await read(query);
    expect(wordsIn(html)).toEqual(words);
    expect(html.match(/Remove the filter/g)).toHaveLength(Object.keys(query).length);
    // The link that takes one off keeps the others.
    for (const name of Object.keys(query)) {
      const rest = Object.entries(query).filter(([other]) => other !== name);
      const url = `log${rest.length === 0 ? "" : `?${new URLSearchParams(Object.fromEntries(rest))}`}`;
      expect(html).toMatch(new RegExp(`class="off" href="[^"]*/${url.replace("?", "\\?")}"`));
    }
  });

  it("name each credential that was used by its end, and show its requests only", async () => {
    expect(await list({ credential: silent.tokenId })).toEqual(["hidden"]);
    expect(await list({ credential: client.tokenId })).toHaveLength(sent.size - 1);
    expect(await list({ credential: crypto.randomUUID() })).toEqual([]);
    expect(await read({})).toMatch(
      new RegExp(`credential=${silent.tokenId}[^>]*>Token …${silent.token.slice(-4)} \\(Silent\\)`),
    );
  });
});

describe("the pages of the log", () => {
  it("lead to the next one and back, in either order", async () => {
    const { key } = (await env.DB.prepare("SELECT setting_key AS key FROM scim_settings WHERE id = ?")
      .bind(silent.settingId)
      .first<{ key: number }>()) ?? { key: 0 };
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120) INSERT INTO request_log
       (setting_key, lane, id, time, method, path, status, duration)
       SELECT ?, 0, printf('00000000-%04x-7000-8000-%012x', i, i), i, 'PUT', '/Users', 200, 1 FROM n`,
    )
      .bind(key)
      .run();
    for (const sort of ["", "time"]) {
      const pages: string[][] = [];
      const linkIn = (html: string, rel: string) =>
        /href="([^"]*)"/.exec(
          /<a class="button"[^>]*>/g[Symbol.match](html)?.find((a) => a.includes(`rel="${rel}"`)) ?? "",
        )?.[1];
      const get = async (url: string) => (await getPage(url.replaceAll("&amp;", "&"), cookie)).text();
      let html = await read({ method: "PUT", ...(sort !== "" && { sort }) });
      expect(linkIn(html, "prev")).toBeUndefined();
      for (;;) {
        pages.push(idsIn(html));
        const next = linkIn(html, "next");
        if (next === undefined) break;
        html = await get(next);
      }
      const all = pages.flat();
      expect(pages.map((page) => page.length)).toEqual([50, 50, 20]);
      expect(all).toEqual(all.toSorted((a, b) => (a < b ? -1 : 1) * (sort === "" ? -1 : 1)));
      for (const page of pages.slice(0, -1).reverse()) {
        html = await get(linkIn(html, "prev") ?? "");
        expect(idsIn(html)).toEqual(page);
      }
      expect(linkIn(html, "prev")).toBeUndefined();
    }
  });

  it("look at so many requests at most, say up to when, and lead on from there", async () => {
    const { key } = (await env.DB.prepare("SELECT setting_key AS key FROM scim_settings WHERE id = ?")
      .bind(client.settingId)
      .first<{ key: number }>()) ?? { key: 0 };
    // Older than all others: the one that is looked for is the last.
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO request_log
       (setting_key, lane, id, time, method, path, status, duration)
       SELECT ?, 0, printf('00000001-%04x-7000-8000-%012x', i, i), 65536 + i, iif(i = 1, 'DELETE', 'PATCH'), '/Users', 204, 1 FROM n`,
    )
      .bind(key)
      .run();
    let html = await read({ method: "DELETE", status: "204" });
    let pages = 1;
    for (; idsIn(html).length === 0; pages += 1) {
      expect(html).toContain("No request matches so far");
      expect(html).toContain("Looked through the requests up to");
      const [, further = ""] = /href="([^"]*)">\s*Look further/.exec(html) ?? [];
      html = await (await getPage(further.replaceAll("&amp;", "&"), cookie)).text();
    }
    expect(idsIn(html)).toEqual(["00000001-0001-7000-8000-000000000001"]);
    expect(pages).toBeGreaterThan(1);
    // What was refused with one status needs no such looking.
    expect(await list({ status: "404" })).toEqual(["gone"]);
  });

  it("are followed by the requests that came since, as rows alone", async () => {
    const html = await read({ since: String(Date.now() - 3_600_000), outcome: "failure" }, "log/new");
    expect(wordsIn(html)).toEqual(["again", "gone", "lab again", "renamed"]);
    expect(html).not.toContain("<html");
    expect(wordsIn(await read({ since: String(Date.now() + 3_600_000) }, "log/new"))).toEqual([]);
    expect((await getPage(`/console/companies/${client.companyId}/log/new?since=x`, cookie)).status).toBe(422);
  });
});

describe("a request that was refused for a name", () => {
  const at = (id: string) => read({}, `log/${id}`);

  it.each([
    ["again", () => `/people/${ada}`, "u1@x.example"],
    ["renamed", () => `/people/${ada}`, "u1@x.example"],
    ["lab again", () => "/groups/", "Research lab"],
  ])("%s leads to who has it", async (word, url, name) => {
    const html = await at(sent.get(word) ?? "");
    const [, advice = ""] = /aria-label="What to do">(.*?)<\/section>/s.exec(html) ?? [];
    expect(advice).toContain(url());
    expect(advice).toMatch(new RegExp(`<a href="[^"]*${url()}[^"]*">${name}</a>`));
    expect(html).not.toContain("Noted");
  });

  it("is told of in the API by the id of who has it", async () => {
    const { json } = await operate("GET", `/companies/${client.companyId}/log/${sent.get("renamed")}`);
    expect(json.notes).toEqual([{ kind: "name_held", path: "userName", value: ada }]);
  });

  it("leads by the name itself where nothing of it was noted, as in requests of before", async () => {
    await env.DB.prepare("UPDATE request_log SET notes = '[]' WHERE id IN (?, ?)")
      .bind(sent.get("again") ?? "", sent.get("lab again") ?? "")
      .run();
    expect(await at(sent.get("again") ?? "")).toContain(`/people/${ada}`);
    expect(await at(sent.get("lab again") ?? "")).toMatch(/The name is that of the group/);
  });
});

describe("a request's page", () => {
  it("says why it does not say whom nobody here was asked for", async () => {
    const asked = async (name: string) => {
      const filter = encodeURIComponent(`userName eq "${name}"`);
      const { headers } = await client.send("GET", `/Users?filter=${filter}`);
      await waitForLogAndWork(client);
      return read({}, `log/${headers.get("x-request-id")}`);
    };
    expect(await asked("nobody@x.example")).toContain("Who was asked for");
    expect(await asked("u1@x.example")).not.toContain("Who was asked for");
  });

  it("tells its credential, and the request as curl without it", async () => {
    const html = await read({}, `log/${sent.get("ada")}`);
    expect(html).toContain(`credential=${client.tokenId}`);
    expect(html).toContain("curl --globoff --request POST");
    expect(html).toContain("Bearer $TOKEN");
    expect(html).not.toContain(client.token);
    expect(await read({}, `log/${sent.get("look-up")}`)).toContain(`credential=${client.tokenId}`);
  });
});
