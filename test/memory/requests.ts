import { FILLINGS, type Genes, pick, query, type Route } from "./request-parts.ts";
import { largeUser, type Scene } from "./scene.ts";
import { TABLE_ROUTES } from "./table-routes.ts";

const MOST_BYTES = 8 * 1024 * 1024;

/** One character of another script makes the engine keep the whole text in two bytes each. */
const wide = (gene: number) => (gene > 0.5 ? '"\u{1f388}",' : "");

const FRAMES: readonly ((filling: string) => string)[] = [
  (filling) => `{"userName":"u","urn:acme:2.0:User":{"list":[${filling}]}}`,
  (filling) => `{"userName":"u","emails":[${filling}]}`,
  (filling) => `{"displayName":"g","members":[${filling}]}`,
  (filling) => `{"Operations":[{"op":"add","path":"urn:acme:2.0:User:list","value":[${filling}]}]}`,
  (filling) => `{"Operations":[{"op":"replace","value":{"urn:acme:2.0:User":{"list":[${filling}]}}}]}`,
  (filling) => `{"Operations":[{"op":"add","path":"members","value":[${filling}]}]}`,
  (filling) => `{"Operations":[${filling}]}`,
  (filling) =>
    `{"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"u","urn:acme:2.0:User":{"list":[${filling}]}}}]}`,
  (filling) => `{"filter":"active eq true","x":[${filling}]}`,
];

function fill({ size, shape, more }: Genes, frame: number): string {
  const room = Math.floor(size * (MOST_BYTES - 1_000));
  const bytes = pick(FILLINGS, shape)(room);
  return pick(FRAMES, frame)(wide(more) + bytes);
}

/** A Bulk request of as many operations, made by a function of their place. */
function bulk(count: number, item: (index: number) => unknown): string {
  return JSON.stringify({ Operations: Array.from({ length: Math.max(1, count) }, (_, index) => item(index)) });
}

const LISTS: readonly Record<string, string | number>[] = [
  {},
  { cursor: "" },
  { sortBy: "userName" },
  { sortBy: "title" },
  { filter: "title pr" },
  { filter: "active eq true", sortBy: "nickName", sortOrder: "descending" },
  { attributes: "userName" },
  { attributes: "groups,members" },
  { excludedAttributes: "members,groups" },
];

const list = (path: string): Route => ({
  name: `GET ${path}`,
  make: ({ size, shape, more }) => ({
    method: "GET",
    path: `/scim/v2${path}${query({ count: Math.round(size * 200), ...pick(LISTS, shape), ...(more > 0.7 ? { startIndex: 50 } : {}) })}`,
  }),
});

const body = (method: string, path: (scene: Scene, gene: number) => string, frames: readonly number[]): Route => ({
  name: `${method} ${path({ companyId: "", settingId: "", token: "", people: [], large: [], group: "{id}", member: "{id}", ids: {}, cookie: "" }, 0)}, filled`,
  make: (genes, scene) => ({
    method,
    path: `/scim/v2${path(scene, genes.more)}`,
    body: fill(genes, (pick(frames, (genes.more * 7) % 1) + 0.5) / FRAMES.length),
  }),
});

const operator = (name: string, path: (scene: Scene, genes: Genes) => string): Route => ({
  name,
  make: (genes, scene) => ({
    method: "GET",
    path: `/api/v1/companies/${scene.companyId}${path(scene, genes)}`,
    as: "operator",
  }),
});

/** Every route that reads or takes much, with what may make it large. */
export const ROUTES: readonly Route[] = [
  list("/Users"),
  list("/Groups"),
  list("/"),
  {
    name: "GET /Users/{id}",
    make: ({ more }, { member, large }) => ({
      method: "GET",
      path: `/scim/v2/Users/${more > 0.5 ? member : pick(large, more)}`,
    }),
  },
  { name: "GET /Groups/{id}", make: (_, { group }) => ({ method: "GET", path: `/scim/v2/Groups/${group}` }) },
  body("POST", () => "/Users", [0, 1]),
  body("PUT", ({ member }) => `/Users/${member}`, [0, 1]),
  body("PATCH", ({ member }) => `/Users/${member}`, [3, 4, 6]),
  body("POST", () => "/Groups", [2]),
  body("PUT", ({ group }) => `/Groups/${group}`, [2]),
  body("PATCH", ({ group }) => `/Groups/${group}`, [5, 6]),
  body("POST", () => "/Bulk", [6, 7]),
  body("POST", () => "/.search", [8]),
  {
    name: "POST /Bulk, people",
    make: ({ size, shape, more }, { large, people }) => {
      const count = Math.round(size * 1_000);
      const whom = (index: number) =>
        `/Users/${more > 0.4 ? large[index % large.length] : people[index % people.length]}`;
      const replace = (path: string, value: unknown) => ({ Operations: [{ op: "replace", path, value }] });
      const items: ((index: number) => unknown)[] = [
        (index) => ({ method: "PATCH", path: whom(index), data: replace("active", index % 2 === 0) }),
        (index) => ({ method: "PATCH", path: whom(index), data: replace("title", `t${index}`.repeat(1_000)) }),
        (index) => ({ method: "PUT", path: whom(index), data: largeUser(index, 1_200) }),
        (index) => ({
          method: "POST",
          path: "/Users",
          bulkId: `b${index}`,
          data: { ...largeUser(index, 1_200), userName: `made-${more}-${index}` },
        }),
      ];
      return { method: "POST", path: "/scim/v2/Bulk", body: bulk(count, pick(items, shape)) };
    },
  },
  {
    name: "PATCH /Groups/{id}, people",
    make: ({ size, shape, more }, { group, large, people }) => {
      const whom = more > 0.5 ? large : people.slice(0, Math.round(size * people.length));
      const value = whom.map((id) => ({ value: id }));
      return {
        method: "PATCH",
        path: `/scim/v2/Groups/${group}`,
        body: JSON.stringify({ Operations: [{ op: shape > 0.5 ? "add" : "remove", path: "members", value }] }),
      };
    },
  },
  {
    name: "PUT /Groups/{id}, people",
    make: ({ size, more }, { group, large, people }) => {
      const members = [...(more > 0.5 ? large : []), ...people.slice(0, Math.round(size * people.length))].map(
        (value) => ({ value }),
      );
      return {
        method: "PUT",
        path: `/scim/v2/Groups/${group}`,
        body: JSON.stringify({ displayName: "Everybody", members }),
      };
    },
  },
  operator(
    "GET target-users/{id}/export",
    ({ member, large }, { shape }) => `/target-users/${shape > 0.5 ? member : pick(large, shape)}/export`,
  ),
  ...TABLE_ROUTES,
];
