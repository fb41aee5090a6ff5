import { beforeAll, describe, expect, it } from "vitest";
import { OPERATIONS } from "../../src/management-api/open-api/open-api-operations.ts";
import { encodeCursor } from "../../src/platform/opaque-cursor.ts";
import { KEY_SPAN } from "../../src/platform/row-keys.ts";
import { inTurn } from "../generated-cases.ts";
import { oneOfEachForm, placeIn, placesFor } from "../safety/cursor-places.ts";
import { must, populate } from "../safety/populated-company.ts";
import { type StockedCompany, stock } from "../safety/stocked-company.ts";
import { operate } from "../scim-api/scim-client.ts";

/** Every route that takes a cursor, from the table that describes the API: a new list is tried as soon as it is there. */
const LISTS = OPERATIONS.flatMap(({ route, query, body }) => {
  const parameter = ["cursor", "after"].find((name) => query?.shape[name] !== undefined);
  const [method = "", path = ""] = route.split(" ");
  return query === undefined || parameter === undefined ? [] : [{ route, method, path, query, parameter, body }];
});
type List = (typeof LISTS)[number];

/** What asks a list that is asked by POST for more than one row. */
const BODIES: Record<string, unknown> = {
  "POST /companies/{companyId}/scim-settings/{settingId}/preview": {
    groupSettings: { criteria: "none", targetGroupName: "Fresh", targetGroupScope: "everyone" },
  },
};

/** Values for the parameters that decide which rows a list has: of each the first that the list takes. */
const VALUES: Record<string, string[]> = {
  filter: ['title sw "row"'],
  status: ["active", "delivered", "201", "closed"],
  search: ["row"],
  outcome: ["success"],
  method: ["POST"],
  resourceId: ["x"],
  user: ["row"],
  from: ["2026-01-01T00:00:00Z"],
  to: ["2036-01-01T00:00:00Z"],
  userId: ["userId"],
  groupId: ["targetGroupId"],
  itemId: ["x"],
  kind: ["training"],
  managed: ["true"],
  externalId: ["x"],
  name: ["x"],
};

let a: StockedCompany;
let b: StockedCompany;

function pathOf({ path }: List, company: StockedCompany): string {
  const { companyId, settingId, targetGroupId: groupId, webhookId, holdId } = company;
  const ids: Record<string, string> = { companyId, settingId, groupId, webhookId, holdId };
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name];
    if (id === undefined) throw new Error(`no id is known for ${name} of ${path}: add it to stocked-company.ts`);
    return id;
  });
}

function ask(list: List, company: StockedCompany, query: Record<string, string>) {
  return operate(list.method, `${pathOf(list, company)}?${new URLSearchParams(query)}`, BODIES[list.route]);
}

/** The rows of an answer: `items` of all lists but the preview's `changes`. */
function rowsOf(json: { items?: unknown[]; changes?: unknown[] }): string[] {
  return (json.items ?? json.changes ?? []).map((row) => JSON.stringify(row));
}

/** All rows of a list, page by page. */
async function walk(list: List, company: StockedCompany, limit: string): Promise<string[]> {
  const rows: string[] = [];
  for (let query: Record<string, string> = { limit }; ; ) {
    const page = must(await ask(list, company, query), 200);
    rows.push(...rowsOf(page));
    if (page.nextCursor === null) return rows;
    query = { limit, [list.parameter]: page.nextCursor };
  }
}

/** Rows in each list: more than the pages that are asked for here. */
const MANY = 12;

/** The first cursor of each list, of either company. */
const given: { list: List; company: StockedCompany; cursor: string }[] = [];

function cursorOf(list: List): string {
  return given.find((each) => each.list === list && each.company === a)?.cursor ?? "";
}

beforeAll(async () => {
  // One before A and one behind: a place can lead astray either way.
  b = await stock("bravo", MANY);
  a = await stock("alpha", MANY);
  await populate("zulu");
  for (const list of LISTS)
    for (const company of [a, b])
      given.push({ list, company, cursor: must(await ask(list, company, { limit: "1" }), 200).nextCursor });
});

/** The list of companies is the operator's, and one. */
const isShared = ({ path }: List) => !path.includes("{companyId}");

describe("the lists of the management API", () => {
  it("are all in the table that these tests are made from, and have more than one page", () => {
    expect(LISTS.length).toBeGreaterThan(10);
    const paged = OPERATIONS.filter(({ query }) => query?.shape.limit !== undefined).map(({ route }) => route);
    expect(LISTS.map(({ route }) => route)).toEqual(paged);
    for (const { list, cursor } of given) expect(cursor, list.route).toMatch(/^[\w-]+$/);
  });
});

describe.each(inTurn(LISTS, 0).map((list) => [list.route, list] as const))("%s", (_, list) => {
  it("gives each row once by its own cursors", async () => {
    const [whole, rows] = [await walk(list, a, "200"), await walk(list, a, "7")];
    expect(rows).toEqual(whole);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it("refuses with 400 every cursor of another list, own company's and another's", async () => {
    // What is of another list and another company at once would be refused for either.
    const ofAnother = given.filter((each) => each.list !== list && (each.company === a || isShared(list)));
    const ofAnotherCompany = given.filter((each) => each.list === list && each.company !== a && !isShared(list));
    for (const { list: from, company, cursor } of [...oneOfEachForm(ofAnother), ...ofAnotherCompany]) {
      const answer = await ask(list, a, { [list.parameter]: cursor });
      expect(answer.status, `a cursor of ${from.route} of ${company.name}`).toBe(400);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  it("refuses with 400 its own cursor beside another filter, but for a feed's types", async () => {
    for (const [name, schema] of Object.entries(list.query.shape)) {
      if (["limit", "wait", list.parameter].includes(name)) continue;
      const isFree = name === "types";
      const value = (VALUES[name] ?? (isFree ? ["user.created"] : [])).find((each) => schema.safeParse(each).success);
      if (value === undefined) throw new Error(`no value is known for ${name} of ${list.route}`);
      const meant = { userId: a.userId, targetGroupId: a.targetGroupId }[value] ?? value;
      const answer = await ask(list, a, { [name]: meant, [list.parameter]: cursorOf(list) });
      expect(answer.status, name).toBe(isFree ? 200 : 400);
      if (!isFree) expect(answer.json.errors[0].pointer, name).toBe(`/${list.parameter}`);
    }
    if (list.method !== "POST") return;
    const path = `${pathOf(list, a)}?${new URLSearchParams({ [list.parameter]: cursorOf(list) })}`;
    const body = { groupSettings: { criteria: "none", targetGroupName: "Another" } };
    expect((await operate("POST", path, body)).status).toBe(400);
  });

  it("shows rows of its own company only, whatever place a cursor names", async () => {
    const own = new Set(await walk(list, a, "200"));
    const name = nameOf(list);
    // That the test forges as the list itself does, or nothing below would be tried.
    expect(encodeCursor(name, placeIn(cursorOf(list)))).toBe(cursorOf(list));
    for (const position of placesFor(cursorOf(list), places())) {
      const answer = await ask(list, a, { [list.parameter]: encodeCursor(name, position) });
      const about = `${JSON.stringify(position)?.slice(0, 100)}: ${answer.text.slice(0, 200)}`;
      // A place of the feed that has another change, or none, is 410.
      expect(list.parameter === "after" ? [200, 400, 410] : [200, 400], about).toContain(answer.status);
      if (isShared(list)) continue;
      expect(answer.text, about).not.toMatch(/bravo|zulu/);
      if (answer.status === 200) for (const row of rowsOf(answer.json)) expect(own.has(row), about).toBe(true);
    }
  });

  it("refuses with 400 a place that carries no digest, as cursors once were", async () => {
    for (const position of [0, a.keys[0], b.keys[0], "", "a"]) {
      const answer = await ask(list, a, { [list.parameter]: btoa(JSON.stringify([position])) });
      expect(answer.status, String(position)).toBe(400);
    }
  });
});

/** What the cursors of a list of A belong to. */
function nameOf(list: List): unknown[] {
  if (list.parameter === "after") return [a.companyId, "changes"];
  const rest = Object.fromEntries(Object.entries(list.query.parse({})).filter(([name]) => name !== "limit"));
  const body = BODIES[list.route];
  const parsed = body === undefined ? [] : [list.body?.parse(body)];
  return [`/api/v1${pathOf(list, a)}`, rest, ...parsed];
}

/** Places of all kinds: before, behind and within the other company's rows, and what no list has. */
function places(): unknown[] {
  const behind = (a.companyKey + 1) * KEY_SPAN;
  const keys = [0, -1, 1, 0.5, 2 ** 31, 2 ** 53 - 1, -(2 ** 53) + 1, behind, behind - 1, ...a.keys, ...b.keys];
  const texts = [
    "",
    "0",
    "a",
    "row-bravo-1",
    b.settingId,
    b.webhookId,
    "\u{10ffff}",
    "\u0000",
    "\ud800",
    "x".repeat(2_000),
  ];
  const long = { head: "a", tail: "b", length: 300 };
  const ranked = [b.keys[0], b.keys[3]].flatMap((key) => [
    { value: "", key },
    { value: "group-bravo-1", key },
    { value: null, key },
    { value: 0, key },
    { value: long, key },
    { value: { head: "group-bravo-", tail: "1", length: 13 }, key },
  ]);
  const strange = [
    null,
    true,
    [],
    {},
    [0],
    { value: {}, key: 0 },
    { value: "a" },
    { value: long, key: "0" },
    { value: "a", key: 0.5 },
  ];
  return [...keys, ...texts, ...ranked, ...strange];
}
