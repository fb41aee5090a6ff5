import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { consoleApp } from "../../src/console/console.tsx";
import { href, ROUTES, type RouteName } from "../../src/console/routes.ts";
import { encodeCursor } from "../../src/platform/opaque-cursor.ts";
import { KEY_SPAN } from "../../src/platform/row-keys.ts";
import { fewOf } from "../generated-cases.ts";
import { oneOfEachForm, placeIn, placesFor } from "../safety/cursor-places.ts";
import { populate } from "../safety/populated-company.ts";
import { type StockedCompany, stock } from "../safety/stocked-company.ts";
import { getPage, signInAdmin, signInOperator } from "./sign-in-to.ts";

const GROUPING = { group: "Fresh", scope: "everyone", criteria: "none" };
const MAPPING = { "path.department": "title" };

/** The URL of the first page of each list, and the query parameter that carries its cursor. */
const LISTS: Partial<Record<RouteName, { parameter: string; url: (company: StockedCompany) => string }>> = {
  companies: { parameter: "after", url: () => href("companies", {}) },
  people: { parameter: "after", url: (company) => href("people", company, { status: "active", sort: "-name" }) },
  person: { parameter: "after", url: (company) => href("person", company) },
  groups: { parameter: "after", url: (company) => href("groups", company, { sort: "members" }) },
  group: {
    parameter: "after",
    url: (company) => href("group", { ...company, groupId: company.targetGroupId }, { sort: "name" }),
  },
  training: {
    parameter: "after",
    url: (company) =>
      href("training", company, { kind: "training", id: `item-${company.marks[0]}`, show: "none", sort: "-name" }),
  },
  addToGroup: { parameter: "after", url: (company) => href("addToGroup", company) },
  log: { parameter: "after", url: (company) => href("log", company, { outcome: "success" }) },
  webhook: { parameter: "after", url: (company) => href("webhook", company, { status: "delivered" }) },
  holds: { parameter: "after", url: (company) => href("holds", company, { status: "closed" }) },
  alerts: { parameter: "after", url: (company) => href("alerts", company, { status: "closed" }) },
  hold: { parameter: "after", url: (company) => href("hold", company, { q: "row" }) },
  undoHold: { parameter: "after", url: (company) => href("undoHold", company) },
  groupingPreview: {
    parameter: "cursor",
    url: (company) => href("groupingPreview", company, { ...GROUPING, figures: "now" }),
  },
  movement: {
    parameter: "after",
    url: (company) => href("movement", company, { day: new Date().toISOString().slice(0, 10) }),
  },
  groupingFigures: { parameter: "cursor", url: (company) => href("groupingFigures", company, GROUPING) },
  mappingPreview: {
    parameter: "cursor",
    url: (company) => href("mappingPreview", company, { ...MAPPING, figures: "now" }),
  },
  mappingFigures: { parameter: "cursor", url: (company) => href("mappingFigures", company, MAPPING) },
};

/** Lists that are planned anew for each page, or are walked one way only: of these only the first is led back to. */
const ONE_WAY = new Set(["movement", "groupingPreview", "groupingFigures", "mappingPreview", "mappingFigures"]);

/** Every other page that is asked for by GET: none of them is walked by cursor. */
const OTHERS: RouteName[] = [
  ...(["signIn", "asset", "company", "settings", "newSetting", "checkPath", "setting", "setup", "live"] as const),
  ...([
    "dialect",
    "mapping",
    "grouping",
    "tokens",
    "endClient",
    "endSecret",
    "endTrust",
    "deleteSetting",
    "peopleCsv",
    "groupsCsv",
    "groupMembersCsv",
    "chooseItem",
    "itemTerms",
    "find",
    "trainings",
    "trainingsCsv",
    "trainingCsv",
    "personExport",
  ] as const),
  ...([
    "webhooks",
    "deleteWebhook",
    "logCsv",
    "newRequests",
    "logEntry",
    "enter",
    "alert",
    "channels",
    "removeChannel",
    "confirmChannel",
  ] as const),
  ...([
    "safeguards",
    "removeAutoEnrolment",
    "pauseSetting",
    "heldPeopleCsv",
    "groupingCsv",
    "mappingCsv",
    "releaseHold",
    "keepHold",
    "eraseHeld",
  ] as const),
  ...(["editPerson", "personStatus", "removePerson", "removeMember", "renameSetting", "revokeToken"] as const),
  // A company with a list of people in shadow is in `shadow-page.worker.test.ts`.
  ...(["goLive", "goLiveFigures", "shadow", "shadowCsv", "shadowFigures"] as const),
  ...([
    "deletionFigures",
    "additionFigures",
    "itemRemovalFigures",
    "undoItem",
    "undoItemFigures",
    "releaseFigures",
    "keepFigures",
  ] as const),
  ...(["signedOut", "sessions", "endSessions", "operatorSessions", "endOperatorSessions"] as const),
];

type List = NonNullable<(typeof LISTS)[RouteName]> & { name: string };
const TRIED: List[] = fewOf(Object.entries(LISTS)).map(([name, list]) => ({ name, ...list }));

interface Given {
  list: List;
  company: StockedCompany;
  cursor: string;
  links: string[];
}

let a: StockedCompany;
let b: StockedCompany;
let operator: string;
const sessions = new Map<StockedCompany, string>();

async function read(url: string, company: StockedCompany): Promise<{ status: number; html: string }> {
  const cookie =
    url.startsWith(href("companies", {})) && !url.includes("/companies/") ? operator : sessions.get(company);
  const answer = await getPage(url, cookie ?? "");
  return { status: answer.status, html: await answer.text() };
}

/** The links of a page, which tell its rows. */
function linksOf(html: string): string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map(([, url = ""]) => url.replaceAll("&amp;", "&"));
}

/** Those that lead to no other page of the list. */
function rowLinksOf(links: readonly string[]): string[] {
  return links.filter((url) => !/[?&](after|before)=/.test(url));
}

function cursorIn(html: string, { parameter }: Pick<List, "parameter">): string | null {
  const urls = linksOf(html).map((url) => new URL(url, "https://rollcall.test"));
  return urls.map(({ searchParams }) => searchParams.get(parameter)).find((cursor) => cursor !== null) ?? null;
}

/** The URL of a list at a cursor. */
function at(list: List, company: StockedCompany, cursor: string): string {
  const url = list.url(company);
  return `${url}${url.includes("?") ? "&" : "?"}${new URLSearchParams({ [list.parameter]: cursor })}`;
}

/** Has somebody of a company come back 60 times today. */
async function moveMany({ companyKey, userId }: StockedCompany): Promise<void> {
  const cause = { requestId: "", actor: "scim", settingId: null, provider: null, rule: null };
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO changes (company_key, seq, type, time, subject_kind, subject_id, user_id, data, cause)
       SELECT ?1, change_seq + n.value + 1, 'user.reactivated', ?2, 'user', ?3, ?3, '{}', ?4
       FROM companies, json_each(?5) n WHERE company_key = ?1`,
    ).bind(companyKey, Date.now(), userId, JSON.stringify(cause), JSON.stringify([...Array(60).keys()])),
    env.DB.prepare("UPDATE companies SET change_seq = change_seq + 60 WHERE company_key = ?").bind(companyKey),
  ]);
}

beforeAll(async () => {
  b = await stock("bravo");
  a = await stock("alpha");
  await populate("zulu");
  operator = await signInOperator();
  for (const company of [a, b]) await moveMany(company);
  for (const company of [a, b]) {
    sessions.set(company, await signInAdmin(company.companyKey));
    for (const list of TRIED) {
      const { html } = await read(list.url(company), company);
      given.push({ list, company, cursor: cursorIn(html, list) ?? "", links: linksOf(html) });
    }
  }
});

/** The first cursor of each list, of either company, and the links of its first page. */
const given: Given[] = [];

function firstOf(list: List) {
  const first = given.find((each) => each.list === list && each.company === a);
  if (first === undefined) throw new Error(`${list.name} was not read`);
  return first;
}

describe("the lists of the console", () => {
  it("are told from its other pages: a new page is one or the other", () => {
    const asked = consoleApp().routes.filter(({ method, path }) => method === "GET" && path !== "/*");
    const paths = new Set(asked.map(({ path }) => path));
    const named = (Object.keys(ROUTES) as RouteName[]).filter((name) => paths.has(ROUTES[name])); // the table's own keys
    expect([...Object.keys(LISTS), ...OTHERS].sort()).toEqual(named.sort());
    expect(named.length).toBe(paths.size);
  });

  it("are the only pages with a cursor in their links", async () => {
    for (const name of fewOf(OTHERS)) {
      const company = { ...a, groupId: a.targetGroupId, name: "x", secret: "x" };
      // All parameters of any route are there.
      const { html } = await read(href(name, company as never), a);
      for (const parameter of ["after", "before", "cursor"]) expect(cursorIn(html, { parameter }), name).toBeNull();
    }
  });
});

describe.each(TRIED.map((list) => [list.name, list] as const))("the list %s", (name, list) => {
  const isShared = name === "companies";

  it("goes on by its own cursor", async () => {
    const { cursor, links } = firstOf(list);
    expect(cursor).toMatch(/^[\w-]+$/);
    const second = await read(at(list, a, cursor), a);
    expect(second.status).toBe(200);
    expect(linksOf(second.html)).not.toEqual(links);
    expect(second.html).not.toMatch(isShared ? /^$/ : /bravo|zulu/);
  });

  it("goes back the way it came, unless it is planned anew for each page", async () => {
    const { cursor, links } = firstOf(list);
    const second = await read(at(list, a, cursor), a);
    if (ONE_WAY.has(name)) {
      expect(second.html).not.toMatch(/rel="prev"|before=/);
      return;
    }
    const back = /href="([^"]*)"[^>]* rel="prev"/.exec(second.html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(back).toContain("before=");
    const first = await read(back.split("#")[0] ?? "", a);
    expect(rowLinksOf(linksOf(first.html))).toEqual(rowLinksOf(links));
    expect(first.html).not.toContain('rel="prev"');
    expect(first.html).toContain('rel="next"');
  });

  it("begins anew by a cursor of another list, another filter or another company, and by one that is none", async () => {
    const foreign = [
      "x",
      "%%%",
      "WzBd",
      btoa(JSON.stringify([b.keys[0]])),
      btoa(JSON.stringify(["row-bravo-1", b.keys[0]])),
    ];
    // The figures of a preview are of the same list as its page.
    const isSame = ({ list: { name: other } }: Given) =>
      other.replace("Figures", "Preview") === name.replace("Figures", "Preview");
    // What is of another list and another company at once would be refused for either; the companies are the operator's.
    const ofAnother = given.filter((each) => !isSame(each) && (each.company === a || isShared));
    const ofAnotherCompany = given.filter((each) => isSame(each) && each.company !== a && !isShared);
    foreign.push(...[...oneOfEachForm(ofAnother), ...ofAnotherCompany].map(({ cursor }) => cursor));
    const plain = {
      people: href("people", a),
      groups: href("groups", a),
      log: href("log", a),
      webhook: href("webhook", a),
      hold: href("hold", a),
    }[name];
    if (plain !== undefined) foreign.push(cursorIn((await read(plain, a)).html, list) ?? "");
    for (const cursor of foreign) {
      expect(cursor).not.toBe("");
      const { status, html } = await read(at(list, a, cursor), a);
      expect(status, cursor).toBe(200);
      expect(linksOf(html), cursor).toEqual(firstOf(list).links);
      if (!isShared) expect(html, cursor).not.toMatch(/bravo|zulu/);
    }
  });

  it("shows rows of its own company only, whatever place a cursor names", async () => {
    const genuine = firstOf(list).cursor;
    const url = list
      .url(a)
      .replace("/preview/figures", "/preview")
      .replace(/[?&]figures=now/, "");
    // That the test forges as the list itself does, or nothing below would be tried.
    expect(encodeCursor([url], placeIn(genuine))).toBe(genuine);
    // The figures of a preview are the rows of its page: the keys alone tell whether it asks as the page does.
    const tried = name.endsWith("Figures") ? places().slice(0, 13) : places();
    for (const place of placesFor(genuine, tried)) {
      const { status, html } = await read(at(list, a, encodeCursor([url], place)), a);
      expect(status, JSON.stringify(place)).toBe(200);
      if (!isShared) expect(html, JSON.stringify(place)).not.toMatch(/bravo|zulu/);
    }
  });
});

/** Places of all kinds: before, behind and within another company's rows, and what no list has. */
function places(): unknown[] {
  const behind = (a.companyKey + 1) * KEY_SPAN;
  const keys = [0, -1, 2 ** 53 - 1, -(2 ** 53) + 1, behind, ...a.keys, ...b.keys];
  const values = ["", "row-bravo-1", "\u{10ffff}", 0, 1e300, null, { head: "row-bravo", tail: "1", length: 11 }];
  return [
    ...keys,
    ...values.map((value) => ({ value, key: b.keys[0] })),
    ...["", 0].map((value) => ({ value, key: b.keys[3] })),
    ...[0, behind, ...b.keys].map((key) => ({ time: 1_000, key })),
    ...[-1, 2 ** 53 - 1].map((time) => ({ time, key: 0 })),
    ...["", "x", null, {}, [], { value: {}, key: 1 }, { time: "x", key: 1 }],
  ];
}
