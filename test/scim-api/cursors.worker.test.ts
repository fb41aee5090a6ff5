import { beforeAll, describe, expect, it } from "vitest";
import { encodeCursor } from "../../src/platform/opaque-cursor.ts";
import { KEY_SPAN } from "../../src/platform/row-keys.ts";
import { parseListQuery } from "../../src/scim/list/list-query.ts";
import { queryName } from "../../src/scim/list/page-cursor.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { fewOf } from "../generated-cases.ts";
import { placeIn } from "../safety/cursor-places.ts";
import { type StockedCompany, stock } from "../safety/stocked-company.ts";
import { errorOf, type ScimClient } from "./scim-client.ts";

const TYPES = Object.values(resourceTypes());
/** The lists of the door (RFC 7644 sections 3.4.2 and 3.4.3): of each resource type and of all, by GET and by POST. */
const PATHS = [...TYPES.map((type) => ({ path: type.endpoint, types: [type] })), { path: "", types: TYPES }];
/** Filters and orders: each makes a list of its own of each path. */
const QUERIES: Record<string, string>[] = [
  { filter: "id pr" },
  { filter: "id pr", sortBy: "displayName" },
  { filter: "id pr", sortBy: "displayName", sortOrder: "descending" },
  { filter: 'meta.created gt "1960-01-01T00:00:00Z"', sortBy: "meta.created", sortOrder: "descending" },
];

interface List {
  path: string;
  method: "GET" | "POST";
  query: Record<string, string>;
  name: string[];
}

const LISTS: List[] = PATHS.flatMap(({ path, types }) =>
  QUERIES.flatMap((query, index) => {
    const [type = resourceTypes().User, ...others] = types;
    const name = queryName(types, parseListQuery(type, new URLSearchParams(query), others));
    const methods = index === 0 ? (["GET", "POST"] as const) : (["GET"] as const);
    return methods.map((method) => ({ path, method, query, name }));
  }),
);

const titleOf = ({ method, path, query }: List) => `${method} ${path}?${new URLSearchParams(query)}`;

function ask(client: ScimClient, { path, method, query }: List, cursor: string, count: number) {
  if (method === "POST") return client.send("POST", `${path}/.search`, { ...query, cursor, count });
  return client.send(
    "GET",
    `${path === "" ? "/" : path}?${new URLSearchParams({ ...query, cursor, count: String(count) })}`,
  );
}

let a: StockedCompany;
let b: StockedCompany;
/** Rows in each list: enough for more than one page of those that are asked for here. */
const MANY = 12;
const given: { list: List; client: ScimClient; cursor: string }[] = [];

beforeAll(async () => {
  b = await stock("bravo", MANY);
  a = await stock("alpha", MANY);
  for (const list of LISTS)
    for (const client of [a.client, a.otherSetting, b.client]) {
      const { json } = await ask(client, list, "", 1);
      given.push({ list, client, cursor: json.nextCursor });
    }
});

function cursorOf(list: List): string {
  return given.find((each) => each.list === list && each.client === a.client)?.cursor ?? "";
}

it("the lists of the SCIM door have more than one page in each setting", () => {
  expect(LISTS.length).toBe(15);
  for (const { list, cursor } of given) expect(cursor, titleOf(list)).toMatch(/^[\w-]+$/);
});

describe.each(fewOf(LISTS).map((list) => [titleOf(list), list] as const))("%s", (_, list) => {
  it("refuses every cursor of another list, another setting and another company as invalidCursor", async () => {
    for (const { list: from, client, cursor } of given) {
      // What differs in more than one thing would be refused for either.
      const differences = [client !== a.client, from.path !== list.path, from.query !== list.query];
      if (differences.filter(Boolean).length !== 1) continue;
      const answer = await ask(a.client, list, cursor, 1);
      expect(answer.status, titleOf(from)).toBe(400);
      expect(errorOf(answer).scimType, titleOf(from)).toBe("invalidCursor");
    }
  });

  it("shows resources of its own setting only, wherever a cursor leads", async () => {
    const name = ["scim", a.companyId, a.settingId, ...list.name];
    const genuine = placeIn(cursorOf(list)) as Record<string, unknown>; // as the door makes it
    // What a client can read in it is of its own company: which place of the span, not whose span.
    expect(genuine.key).toBeLessThan(KEY_SPAN);
    // That the test forges as the door itself does, or nothing below would be tried.
    expect(encodeCursor(name, genuine)).toBe(cursorOf(list));
    for (const place of places()) {
      const answer = await ask(a.client, list, encodeCursor(name, { ...genuine, ...place }), 200);
      const about = `${JSON.stringify(place)}: ${answer.text.slice(0, 200)}`;
      expect([200, 400], about).toContain(answer.status);
      if (answer.status === 400) expect(errorOf(answer).scimType, about).toMatch(/^(invalid|expired)Cursor$/);
      expect(answer.text, about).not.toMatch(/bravo|Other alpha|Team alpha|alpha[123]/);
    }
  });
});

/** Places of all kinds: before, behind and within the rows of the other company and the other setting. */
function places(): Record<string, unknown>[] {
  const keys = [...b.keys, ...a.keys, 0, -1, 2 ** 53 - 1, (a.companyKey + 1) * KEY_SPAN];
  const values = [null, "", 0, -1e300, "\u{10ffff}", "\u0000", "\ud800", "x".repeat(2_000)];
  const long = [
    { head: "r", tail: "1", length: 11 },
    { head: "\u{10ffff}", tail: "1", length: 300 },
  ];
  return [
    ...keys.flatMap((key) => [{ key }, { key: key % KEY_SPAN }]),
    ...values.map((value) => ({ value })),
    ...b.keys.flatMap((key) => long.map((value) => ({ key: key % KEY_SPAN, value }))),
    { key: 0.5 },
    { key: "1" },
    { value: {} },
    { value: [] },
    { value: { head: "", tail: "", length: 0 } },
    { direction: "previous" },
    { direction: "previous", key: a.keys[0] },
    { direction: 1 },
    { issuedAt: 0 },
    { issuedAt: "now" },
  ];
}
