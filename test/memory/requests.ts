import { largeUser, type Scene } from "./scene.ts";

/** A number in [0, 1) that the next call does not repeat. */
export type Random = () => number;

/** What a request of a route is made of: each is a number in [0, 1], and the search moves it. */
export interface Genes {
  /** How large it is, from nothing to what its route takes. */
  size: number;
  /** Which of its route's shapes it has. */
  shape: number;
  /** A further choice within the shape. */
  more: number;
}

/** A request as it is sent. */
export interface MemoryRequest {
  method: string;
  path: string;
  body?: string;
  /** The operator asks, not a SCIM token. */
  isOperator?: boolean;
}

/** What the search tries on one route. */
export interface Route {
  name: string;
  make(genes: Genes, scene: Scene): MemoryRequest;
}

const MOST_BYTES = 8 * 1024 * 1024;

function pick<Item>(items: readonly Item[], gene: number): Item {
  const item = items[Math.min(items.length - 1, Math.floor(gene * items.length))];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

const query = (pairs: Record<string, string | number>) =>
  `?${new URLSearchParams(Object.entries(pairs).map(([name, value]) => [name, String(value)]))}`;

/** JSON that is large in one way or another: by values, by names, by text, by depth; about `bytes` long. */
const FILLINGS: readonly ((bytes: number) => string)[] = [
  (bytes) => repeated("[]", bytes),
  (bytes) => repeated("{}", bytes),
  (bytes) => repeated("1.5", bytes),
  (bytes) => repeated('""', bytes),
  (bytes) => repeated('{"a":1}', bytes),
  (bytes) => repeated('{"a":{"b":{}}}', bytes),
  (bytes) => repeated("[[],[[]]]", bytes),
  (bytes) => repeated('{"value":"01890a5d-ac96-774b-bcce-b302099a8057"}', bytes),
  (bytes) => numbered((index) => `{"n${index % 1_400}":${index}}`, bytes),
  (bytes) => numbered((index) => `{"a${index % 130}":1,"b${index % 131}":2}`, bytes),
  (bytes) => numbered((index) => `"text ${index}"`, bytes),
  (bytes) => numbered((index) => String(index * 1.1), bytes),
  (bytes) => repeated(`"${"x".repeat(16_000)}"`, bytes),
  (bytes) => repeated(`"${"漢".repeat(5_000)}"`, bytes),
  (bytes) => `"${"\\u6f22".repeat(Math.floor(bytes / 6))}"`,
];

function repeated(unit: string, bytes: number): string {
  return Array(Math.max(1, Math.floor(bytes / (Buffer.byteLength(unit) + 1))))
    .fill(unit)
    .join();
}

function numbered(unit: (index: number) => string, bytes: number): string {
  const parts: string[] = [];
  for (let index = 0, length = 0; length < bytes; index += 1) {
    const part = unit(index);
    parts.push(part);
    length += part.length + 1;
  }
  return parts.join();
}

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
  name: `${method} ${path({ companyId: "", settingId: "", token: "", people: [], large: [], group: "{id}", member: "{id}" }, 0)}, filled`,
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
    isOperator: true,
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
    "GET target-users",
    (_, { size, shape }) =>
      `/target-users${query({ limit: Math.max(1, Math.round(size * 200)), ...(shape > 0.5 ? { filter: "title pr" } : {}) })}`,
  ),
  operator("GET target-users/{id}", ({ member }) => `/target-users/${member}`),
  operator(
    "GET target-users/{id}/export",
    ({ member, large }, { shape }) => `/target-users/${shape > 0.5 ? member : pick(large, shape)}/export`,
  ),
  operator(
    "GET changes",
    (_, { size, shape }) =>
      `/changes${query({ limit: Math.max(1, Math.round(size * 200)), ...(shape > 0.5 ? { types: "user.created,user.updated" } : {}) })}`,
  ),
  operator(
    "GET log",
    ({ settingId }, { size }) =>
      `/scim-settings/${settingId}/log${query({ limit: Math.max(1, Math.round(size * 200)) })}`,
  ),
  operator(
    "GET target-groups",
    (_, { size }) => `/target-groups${query({ limit: Math.max(1, Math.round(size * 200)) })}`,
  ),
  operator("GET enrolments", () => "/enrolments?limit=200"),
];
