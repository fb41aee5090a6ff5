import { type ChangeTurn, ChangeTurns, scatter } from "./change-turns.ts";
import type { Answer, Sent } from "./http-connection.ts";
import { departmentOf, person, userNameOf } from "./people.ts";
import { SPARE, type World } from "./world.ts";

/** Which bare Worker an operation is held against: one read, one read of a page, or a read and a write. */
export type FloorKind = "read" | "page" | "write";

/** One operation of the bench: its requests by number and by connection. */
export interface Operation {
  name: string;
  title: string;
  floor: FloorKind;
  setting: "field" | "idp";
  expect: number[];
  /** The sizes of directory at which it can be measured. */
  from?: number;
  /** One request is a lot of work. */
  isBig?: boolean;
  request(world: World, n: number, connection: number): Sent;
  /** Takes note of an answer that the next request of the connection depends on. */
  note?(world: World, connection: number, answer: Answer): void;
}

const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const WORK = "/scim/v2";

function patch(path: string, ...operations: unknown[]): Sent {
  return { method: "PATCH", path: WORK + path, body: JSON.stringify({ schemas: [PATCH], Operations: operations }) };
}

function get(path: string, query: Record<string, string> = {}): Sent {
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return { method: "GET", path: WORK + path + (text.length === 0 ? "" : `?${text.join("&")}`) };
}

function userId({ field }: World, n: number): string {
  return field.userIds[scatter(n, field.userIds.length)] ?? "";
}

/** Changes people of the first half or of the second, each to what it is not: what deactivates must not meet what regroups the active. */
function patchUser(
  name: string,
  title: string,
  half: 0 | 1,
  operation: (turn: ChangeTurn) => { op: string; path: string; value: string },
): Operation {
  const turns = new Map<string, ChangeTurns>();
  const request = ({ field }: World, _n: number, connection: number) => {
    const size = Math.floor(field.userIds.length / 2);
    const own = turns.get(field.settingId) ?? new ChangeTurns(size);
    turns.set(field.settingId, own);
    const { item, round } = own.next(connection);
    const person = half * size + item;
    return patch(`/Users/${field.userIds[person]}`, operation({ item: person, round }));
  };
  return { name, title, floor: "write", setting: "field", expect: [200], request };
}

function lookUp(name: string, title: string, filter: (world: World, n: number) => string): Operation {
  const request = (world: World, n: number) => get("/Users", { filter: filter(world, n) });
  return { name, title, floor: "read", setting: "field", expect: [200], request };
}

/** Adds a spare person to a group and takes it out again: each connection has its own person. */
function patchMember(members: number): Operation {
  const turns = new Map<string, number>();
  return {
    name: `member-${members}`,
    title: `PATCH one member, group of ${members.toLocaleString("en")}`,
    floor: "write",
    setting: "idp",
    expect: [204],
    from: members,
    request: ({ idp }, _n, connection) => {
      const whose = `${idp.settingId} ${connection}`;
      const turn = turns.get(whose) ?? 0;
      turns.set(whose, turn + 1);
      const value = idp.userIds[idp.userIds.length - SPARE + connection] ?? "";
      const path = `/Groups/${idp.groups.get(members)}`;
      return turn % 2 === 0
        ? patch(path, { op: "add", path: "members", value: [{ value }] })
        : patch(path, { op: "remove", path: `members[value eq "${value}"]` });
    },
  };
}

/** A group's whole list of members but for a hundred, which change from one PUT to the next. */
function putGroup(members: number, changed: number): Operation {
  const turns = new Map<string, number>();
  return {
    name: `put-group-${members}`,
    isBig: true,
    title: `PUT a group of ${members.toLocaleString("en")}, ${changed} changed`,
    floor: "write",
    setting: "idp",
    expect: [200],
    from: members,
    request: ({ idp }) => {
      const turn = (turns.get(idp.settingId) ?? 0) + 1;
      turns.set(idp.settingId, turn);
      const skipped = (turn % 2) * (changed / 2);
      const ids = [
        ...idp.userIds.slice(0, members - changed),
        ...idp.userIds.slice(members - changed + skipped, members - changed / 2 + skipped),
      ];
      const body = { displayName: `Group of ${members}`, members: ids.map((value) => ({ value })) };
      const path = `${WORK}/Groups/${idp.groups.get(members)}?excludedAttributes=members`;
      return { method: "PUT", path, body: JSON.stringify(body) };
    },
  };
}

let groups = 0;
const cursors = new Map<string, string>();

/** Where a connection's walk by cursor goes on. */
function cursorOf({ field }: World, connection: number): string {
  return cursors.get(`${field.settingId} ${connection}`) ?? "";
}

/** All operations, in the order in which they are run: those that make users come last. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: "get",
    title: "GET a user",
    floor: "read",
    setting: "field",
    expect: [200],
    request: (world, n) => get(`/Users/${userId(world, n)}`),
  },
  lookUp("userName", "look-up by userName", ({ size }, n) => `userName eq "${userNameOf(scatter(n, size))}"`),
  lookUp("userName-miss", "look-up by userName, none there", (_, n) => `userName eq "nobody${n}@bench.example"`),
  lookUp("externalId", "look-up by externalId", ({ size }, n) => `externalId eq "external-${scatter(n, size)}"`),
  lookUp(
    "email",
    "look-up by work e-mail",
    ({ size }, n) => `emails[type eq "work"].value eq "${userNameOf(scatter(n, size))}"`,
  ),
  {
    name: "list",
    title: "list 100, first page",
    floor: "page",
    setting: "field",
    expect: [200],
    request: () => get("/Users", { count: "100" }),
  },
  {
    name: "list-deep",
    title: "list 100, page in the middle",
    floor: "page",
    setting: "field",
    expect: [200],
    request: ({ size }) => get("/Users", { count: "100", startIndex: String(Math.floor(size / 2)) }),
  },
  {
    name: "cursor",
    title: "walk by cursor, 100 a page",
    floor: "page",
    setting: "field",
    expect: [200],
    request: (world, _n, connection) => get("/Users", { count: "100", cursor: cursorOf(world, connection) }),
    note: ({ field }, connection, { body }) => {
      const next = /"nextCursor":"([^"]*)"/.exec(body.toString("latin1"))?.[1];
      cursors.set(`${field.settingId} ${connection}`, next ?? "");
    },
  },
  patchUser("patch-active", "PATCH active", 0, ({ round }) => ({
    op: "Replace",
    path: "active",
    value: String(round % 2 === 1),
  })),
  patchUser("patch-department", "PATCH department (regroups)", 1, ({ item, round }) => ({
    op: "replace",
    path: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    value: departmentOf(item + 1 + round),
  })),
  {
    name: "create-group",
    title: "create a group",
    floor: "write",
    setting: "idp",
    expect: [201],
    request: () => {
      groups += 1;
      return { method: "POST", path: `${WORK}/Groups`, body: JSON.stringify({ displayName: `New group ${groups}` }) };
    },
  },
  patchMember(10),
  patchMember(1_000),
  patchMember(10_000),
  patchMember(100_000),
  putGroup(10_000, 100),
  {
    name: "create",
    title: "create a user",
    floor: "write",
    setting: "field",
    expect: [201],
    request: (world) => ({ method: "POST", path: `${WORK}/Users`, body: JSON.stringify(person(world.nextPerson())) }),
  },
  {
    name: "bulk",
    title: "Bulk of 1,000 creates",
    isBig: true,
    floor: "write",
    setting: "field",
    expect: [200],
    request: (world) => {
      const items = Array.from({ length: 1_000 }, (_, index) => ({
        method: "POST",
        path: "/Users",
        bulkId: `b${index}`,
        data: person(world.nextPerson()),
      }));
      return { method: "POST", path: `${WORK}/Bulk`, body: JSON.stringify({ Operations: items }) };
    },
  },
];
