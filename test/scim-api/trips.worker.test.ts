import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { scimApi } from "../../src/scim-api/scim-api.ts";
import { person } from "../bench/people.ts";
import type { Filled } from "../bench/world.ts";
import { Product } from "../writer/counted-product.ts";

/** A request whose trips are counted: where it goes, what it says, and what it is answered with. */
interface Case {
  /** What it shows, where the route alone does not say it. */
  title?: string;
  path?: string;
  body?: unknown;
  status?: number;
}

/** What the requests of a test are about: a directory of people and of groups that an identity provider synchronises. */
interface Place extends Filled {
  product: Product;
  /** A fresh group with these members; its id. */
  group(name: string, members?: readonly string[]): Promise<string>;
}

/** Trips to D1 that a read takes, and a write. */
const READ = 1;
const WRITE = 2;

const UNKNOWN = "0192f0aa-0000-7000-8000-000000000000";
/** Not spelt as the URNs of RFC 7643: known to be an extension's because a field is mapped to it. */
const COST_CENTER = "urn:acme:hr:User:costCenter";

const patch = (...Operations: unknown[]) => ({ Operations });
const membersOf = (ids: readonly string[]) => ids.map((value) => ({ value }));
const filtered = (path: string, filter: string) => `${path}?filter=${encodeURIComponent(filter)}`;
let names = 0;
const newName = () => `Group number ${++names}`;

/** Each route with the requests that it is sent, in order, and the trips that each of them may take. */
const ROUTES: Record<string, { trips: number; cases(place: Place): Promise<Case[]> | Case[] }> = {
  "GET /": { trips: READ, cases: () => [{}] },
  "GET /ServiceProviderConfig": { trips: READ, cases: () => [{}] },
  "GET /ResourceTypes": { trips: READ, cases: () => [{}] },
  "GET /ResourceTypes/:id": { trips: READ, cases: () => [{ path: "/ResourceTypes/User" }] },
  "GET /Schemas": { trips: READ, cases: () => [{}] },
  "GET /Schemas/:id": {
    trips: READ,
    cases: () => [{ path: "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User" }],
  },
  "POST /.search": { trips: READ, cases: () => [{ body: {}, status: 200 }] },
  "POST /Users/.search": {
    trips: READ,
    cases: () => [{ body: { filter: `${COST_CENTER} eq "1"` }, status: 200, title: "for a mapped extension" }],
  },
  "POST /Groups/.search": { trips: READ, cases: () => [{ body: { filter: 'displayName eq "x"' }, status: 200 }] },
  "GET /Users": {
    trips: READ,
    cases: () => [
      {},
      { path: filtered("/Users", 'userName eq "nobody"') },
      { path: filtered("/Users", `${COST_CENTER} eq "1"`), title: "for a mapped extension" },
      { path: `/Users?attributes=${COST_CENTER}`, title: "showing a mapped extension" },
    ],
  },
  "GET /Groups": { trips: READ, cases: () => [{}, { path: filtered("/Groups", 'displayName eq "x"') }] },
  "GET /Users/:id": { trips: READ, cases: ({ userIds: [id = ""] }) => [{ path: `/Users/${id}` }] },
  "GET /Groups/:id": { trips: READ, cases: ({ groups }) => [{ path: `/Groups/${groups.get(10)}` }] },
  "POST /Bulk": {
    trips: WRITE,
    cases: () => [
      {
        body: { Operations: [{ method: "POST", path: "/Users", bulkId: "a", data: { userName: "of-bulk" } }] },
        status: 200,
      },
    ],
  },
  "POST /Users": {
    trips: WRITE,
    cases: () => [{ body: person(10_001) }, { body: person(10_001), status: 409, title: "of a name that is taken" }],
  },
  "PUT /Users/:id": {
    trips: WRITE,
    cases: ({ userIds: [, one = "", other = ""] }) => [
      { path: `/Users/${one}`, body: { ...person(1), userName: "renamed@bench.example" } },
      { path: `/Users/${other}`, body: { ...person(2), emails: [{ value: "renamed@bench.example", type: "work" }] } },
      { path: `/Users/${UNKNOWN}`, body: person(3), status: 404 },
    ],
  },
  "PATCH /Users/:id": {
    trips: WRITE,
    cases: ({ userIds: [, , , one = "", other = ""] }) => [
      { path: `/Users/${one}`, body: patch({ op: "replace", path: "active", value: false }) },
      { path: `/Users/${one}`, body: patch({ op: "replace", path: "active", value: true }) },
      { path: `/Users/${one}`, body: patch({ op: "replace", path: "userName", value: "another@bench.example" }) },
      {
        path: `/Users/${other}`,
        body: patch({ op: "replace", path: 'emails[type eq "work"].value', value: "another@bench.example" }),
      },
      { path: `/Users/${one}`, body: patch({ op: "replace", value: { displayName: "Another", active: true } }) },
      { path: `/Users/${UNKNOWN}`, body: patch({ op: "replace", path: "active", value: false }), status: 404 },
    ],
  },
  "DELETE /Users/:id": {
    trips: WRITE,
    cases: ({ userIds: [, , , , , one = ""] }) => [
      { path: `/Users/${one}`, status: 204 },
      { path: `/Users/${UNKNOWN}`, status: 404 },
    ],
  },
  "POST /Groups": {
    trips: WRITE,
    cases: ({ userIds }) => [
      { body: { displayName: newName() } },
      { body: { displayName: newName(), members: membersOf(userIds.slice(10, 20)) }, title: "with members" },
      {
        ...{ path: "/Groups?excludedAttributes=members", title: "with members that are not shown" },
        body: { displayName: newName(), members: membersOf(userIds.slice(10, 20)) },
      },
      {
        ...{ title: "with somebody unknown", status: 400 },
        body: { displayName: newName(), members: membersOf([...userIds.slice(10, 20), UNKNOWN]) },
      },
    ],
  },
  "PUT /Groups/:id": {
    trips: WRITE,
    cases: async ({ group, userIds }) => {
      const name = newName();
      const id = await group(name, userIds.slice(10, 20));
      const path = `/Groups/${id}`;
      const nested = await group(newName());
      const holder = newName();
      await group(holder, userIds.slice(20, 22));
      const put = (displayName: string, members?: readonly string[]) => ({
        path,
        body: { displayName, ...(members !== undefined && { members: membersOf(members) }) },
      });
      return [
        { ...put(name, userIds.slice(12, 22)), title: "with others" },
        { ...put(name, userIds.slice(12, 22)), title: "with the same" },
        { ...put(name), title: "without members" },
        { ...put(newName()), title: "with another name" },
        { ...put(newName(), userIds.slice(10, 20)), title: "with another name and others" },
        { ...put(holder, userIds.slice(10, 20)), status: 409, title: "with a name that is taken" },
        { ...put(name, [UNKNOWN]), status: 400, title: "with somebody unknown" },
        { ...put(name, [nested, ...userIds.slice(10, 12)]), title: "with a group in it" },
        { ...put(name, []), title: "with nobody" },
        { path: `/Groups/${UNKNOWN}`, body: { displayName: newName() }, status: 404 },
      ];
    },
  },
  "PATCH /Groups/:id": {
    trips: WRITE,
    cases: async ({ group, userIds }) => {
      const path = `/Groups/${await group(newName(), userIds.slice(10, 20))}`;
      const nested = await group(newName());
      const shown = `${path}?attributes=members`;
      const add = (...ids: string[]) => patch({ op: "add", path: "members", value: membersOf(ids) });
      const remove = (id: string) => patch({ op: "remove", path: `members[value eq "${id}"]` });
      const [one = "", two = ""] = userIds.slice(30);
      return [
        { path, body: add(one), status: 204 },
        { path, body: remove(one), status: 204 },
        { path, body: remove(UNKNOWN), status: 204, title: "that takes out somebody unknown" },
        { path, body: add(UNKNOWN), status: 400, title: "that adds somebody unknown" },
        { path: shown, body: add(one, two), title: "that shows members" },
        { path: shown, body: remove(one), title: "that shows members" },
        {
          ...{ path: shown, title: "that replaces members and shows them" },
          body: patch({ op: "replace", path: "members", value: membersOf(userIds.slice(10, 14)) }),
        },
        {
          ...{ path, status: 204, title: "that adds a group" },
          body: patch({ op: "add", path: "members", value: [{ value: nested, type: "Group" }] }),
        },
        { path, body: patch({ op: "replace", path: "displayName", value: newName() }), status: 204 },
        { path, body: patch({ op: "replace", value: { displayName: newName() } }), status: 204 },
        { path, body: patch({ op: "replace", path: "externalId", value: "x" }), status: 204 },
        {
          ...{ path, status: 204, title: "to a name that a target group made by hand has" },
          body: patch({ op: "replace", path: "displayName", value: MADE_BY_HAND }),
        },
        { path: `/Groups/${UNKNOWN}`, body: add(one), status: 404 },
      ];
    },
  },
  "DELETE /Groups/:id": {
    trips: WRITE,
    cases: async ({ group, userIds }) => [
      { path: `/Groups/${await group(newName(), userIds.slice(10, 20))}`, status: 204, title: "with members" },
      { path: `/Groups/${await group(newName())}`, status: 204, title: "without members" },
      { path: `/Groups/${UNKNOWN}`, status: 404 },
    ],
  },
};

/** Queries by POST that are no routes of their own. */
const QUERIES = ["POST /Users/.search", "POST /Groups/.search"];

const MADE_BY_HAND = "Made by hand";
const ITEMS = [{ kind: "training", id: "phishing-101", name: "Phishing 101" }];

async function operate<T>(product: Product, method: string, path: string, body: unknown): Promise<T> {
  const answer = await product.send(method, `/api/v1${path}`, env.OPERATOR_KEY, JSON.stringify(body));
  expect(answer.ok, `${method} ${path}`).toBe(true);
  return answer.json<T>();
}

/** Makes a place whose target groups enrol their members in something, or do not. */
async function makePlace(isEnrolling: boolean): Promise<Place> {
  const product = new Product();
  const filled = await product.fill({ criteria: "idp", targetGroupName: "Everyone" }, 60);
  const { companyId, settingId, token } = filled;
  const company = `/companies/${companyId}`;
  await operate(product, "POST", `${company}/target-groups`, { name: MADE_BY_HAND });
  await operate(product, "PATCH", `${company}/scim-settings/${settingId}`, {
    fieldMappings: [{ field: "department", path: COST_CENTER }],
    safeguards: { leavers: null, emptied: null, moves: null, group: null },
  });
  if (isEnrolling) {
    const { items } = await operate<{ items: { id: string }[] }>(product, "GET", `${company}/target-groups`, undefined);
    await operate(product, "PUT", `${company}/target-groups/${items[0]?.id}/auto-enrolments`, ITEMS);
  }
  // As an identity provider has it that looks people up by it.
  await env.DB.prepare(
    `INSERT INTO attribute_indexes (setting_key, path, completed_at, created_at, last_used_at)
      SELECT setting_key, ?, 1, 1, 1 FROM scim_settings WHERE id = ?`,
  )
    .bind(JSON.stringify(["urn:acme:hr:user", "costcenter", "value"]), settingId)
    .run();
  const group = async (displayName: string, members: readonly string[] = []) => {
    const body = JSON.stringify({ displayName, members: membersOf(members) });
    const made = await product.send("POST", "/scim/v2/Groups", token, body);
    expect(made.status).toBe(201);
    const { id } = await made.json<{ id: string }>();
    return id;
  };
  const place = { ...filled, product, group };
  place.groups.set(10, await group("Group of 10", filled.userIds.slice(0, 10)));
  return place;
}

describe("the routes of the SCIM door", () => {
  it("have each a number of trips to D1 that they keep to", () => {
    const routes = scimApi()
      .routes.filter(({ method, path }) => method !== "ALL" && path !== "/*")
      .map(({ method, path }) => `${method} ${path}`);
    expect(Object.keys(ROUTES).sort()).toEqual([...new Set([...routes, ...QUERIES])].sort());
  });
});

describe.each([
  ["nobody is enrolled", false],
  ["everybody is enrolled in something", true],
])("trips to D1 where %s", (_, isEnrolling) => {
  let place: Place;
  beforeAll(async () => {
    place = await makePlace(isEnrolling);
  });

  it.each(Object.entries(ROUTES))("%s", async (route, { trips, cases }) => {
    const { product, token } = place;
    const [method = "", own = ""] = route.split(" ");
    const usual = method === "POST" ? 201 : 200;
    for (const { path = own, body, status = usual, title = "" } of await cases(place)) {
      product.recorder.clear();
      const text = body === undefined ? undefined : JSON.stringify(body);
      const answer = await product.send(method, `/scim/v2${path}`, token, text);
      expect
        .soft([answer.status, product.recorder.trips <= trips || product.recorder.trips], `${route} ${title}: ${text}`)
        .toEqual([status, true]);
    }
  });
});
