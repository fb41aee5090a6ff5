import { beforeAll, describe, expect, it } from "vitest";
import { newClient, operate, type ScimAnswer, type ScimClient } from "../scim-api/scim-client.ts";
import { must } from "./populated-company.ts";

/** Each limit that `.github/docs/limits.md` tells a client of, tried at the number it names and just past it. */

const X = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";
const filters = (filter: string): [string, string] => ["GET", `/Users?filter=${encodeURIComponent(filter)}`];
const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const user = (more: Record<string, unknown>, n = 0) => ({ userName: `u${n}-${Math.random()}`, ...more });
const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);
const titles = (count: number) => ({
  Operations: many(count, (n) => ({ op: "replace", path: "title", value: `${n}` })),
});

let client: ScimClient;
let userId: string;
let groupId: string;

beforeAll(async () => {
  client = await newClient();
  userId = must(await client.send("POST", "/Users", { userName: "ada" }), 201).id;
  groupId = must(await client.send("POST", "/Groups", { displayName: "G" }), 201).id;
});

type Send = () => Promise<ScimAnswer>;
const post =
  (body: unknown): Send =>
  () =>
    client.send("POST", "/Users", body);
const patch =
  (body: unknown): Send =>
  () =>
    client.send("PATCH", `/Users/${userId}`, body);
const get =
  (...[method, path]: [string, string]): Send =>
  () =>
    client.send(method, path);
const bulk =
  (count: number): Send =>
  () => {
    const item = (n: number) => ({ method: "DELETE", path: `/Users/none${n}` });
    return client.send("POST", "/Bulk", { Operations: many(count, item) });
  };
const walking = (count: number) => many(count, (n) => `title co "${n}"`).join(" or ");

/** What is sent at the limit, what is sent past it, and how that is refused: status and keyword. */
const SCIM: [limit: string, within: Send, past: Send, status: number, scimType?: string][] = [
  [
    "a body of 8 MB",
    post(`${JSON.stringify(user({}))}${" ".repeat(8 * 2 ** 20 - 100)}`),
    post(" ".repeat(8 * 2 ** 20 + 1)),
    413,
  ],
  ["64 levels", post(user({ [X]: { a: nested(61) } })), post(user({ [X]: { a: nested(63) } })), 400, "invalidSyntax"],
  [
    "1,000 names",
    post(user({ x: Object.fromEntries(many(1000, (n) => [`k${n}`, 1])) })),
    post(user({ x: Object.fromEntries(many(1001, (n) => [`k${n}`, 1])) })),
    400,
    "invalidSyntax",
  ],
  [
    "whole numbers to 2^53 - 1",
    post(user({ [X]: { n: 2 ** 53 - 1 } })),
    post(user({ [X]: { n: 2 ** 53 } })),
    400,
    "invalidSyntax",
  ],
  [
    "1,000 values",
    post(user({ roles: many(1000, (n) => `r${n}`) })),
    post(user({ roles: many(1001, (n) => `r${n}`) })),
    400,
    "invalidValue",
  ],
  [
    "1,000 values of a list in a custom attribute, also by a PATCH",
    post(user({ [X]: { floor: { rooms: many(1000, (n) => `r${n}`) } } })),
    patch({
      Operations: [0, 600].map((from) => ({
        op: "add",
        path: `${X}:floor.rooms`,
        value: many(600, (n) => `r${from + n}`),
      })),
    }),
    400,
    "invalidValue",
  ],
  [
    "1,500 different names",
    post(
      user({
        [X]: {
          floor: Object.fromEntries(many(700, (n) => [`k${n}`, 1])),
          site: Object.fromEntries(many(700, (n) => [`l${n}`, 1])),
        },
      }),
    ),
    post(
      user({
        [X]: {
          floor: Object.fromEntries(many(800, (n) => [`k${n}`, 1])),
          site: Object.fromEntries(many(800, (n) => [`l${n}`, 1])),
        },
      }),
    ),
    400,
    "invalidSyntax",
  ],
  [
    "a userName of 32,768 characters",
    post(user({ userName: `${Math.random()}`.padEnd(32_768, "u") })),
    post(user({ userName: "u".repeat(32_769) })),
    400,
    "invalidValue",
  ],
  [
    "a group's displayName of 32,768 characters",
    () => client.send("POST", "/Groups", { displayName: "g".repeat(32_768) }),
    () => client.send("POST", "/Groups", { displayName: "h".repeat(32_769) }),
    400,
    "invalidValue",
  ],
  [
    "2,000 values that a PATCH takes out of lists",
    patch({ Operations: [{ op: "remove", path: "roles", value: many(2000, (n) => ({ value: `r${n}` })) }] }),
    patch({ Operations: [{ op: "remove", path: "roles", value: many(2001, (n) => ({ value: `r${n}` })) }] }),
    413,
  ],
  [
    "10,000 names in attributes",
    () => client.send("POST", "/Users/.search", { attributes: many(10_000, () => "id") }),
    () => client.send("POST", "/Users/.search", { attributes: many(10_001, () => "id") }),
    400,
    "invalidValue",
  ],
  [
    "50 comparisons in the value filters of attributes",
    () => client.send("POST", "/Users/.search", { attributes: many(50, () => 'emails[type eq "work"]') }),
    () => client.send("POST", "/Users/.search", { attributes: many(51, () => 'emails[type eq "work"]') }),
    400,
    "invalidValue",
  ],
  [
    "90 values to compare with",
    get(...filters(`userName eq "a" and (${many(39, (n) => `title eq "${n}"`).join(" or ")})`)),
    get(...filters(`userName eq "a" and (${many(49, (n) => `${X}:a${n} eq "${n}"`).join(" or ")})`)),
    400,
    "invalidFilter",
  ],
  [
    "256 characters of a member's id",
    () =>
      client.send("PATCH", `/Groups/${groupId}`, {
        Operations: [{ op: "remove", path: "members", value: ["m".repeat(256)] }],
      }),
    () =>
      client.send("PATCH", `/Groups/${groupId}`, {
        Operations: [{ op: "remove", path: "members", value: ["m".repeat(257)] }],
      }),
    400,
    "invalidValue",
  ],
  ["1,000 changed attributes", patch(titles(1000)), patch(titles(1001)), 413],
  ["1,000 operations of a Bulk request", bulk(1000), bulk(1001), 413],
  [
    "a filter of 8,192 characters",
    get(...filters(`userName eq "${"a".repeat(8178)}"`)),
    get(...filters(`userName eq "${"a".repeat(8179)}"`)),
    400,
    "invalidFilter",
  ],
  [
    "50 terms",
    get(...filters(many(50, () => 'userName eq "a"').join(" or "))),
    get(...filters(many(51, () => 'userName eq "a"').join(" or "))),
    400,
    "invalidFilter",
  ],
  [
    "20 levels of a filter",
    get(...filters(`${"(".repeat(20)}userName eq "a"${")".repeat(20)}`)),
    get(...filters(`${"(".repeat(21)}userName eq "a"${")".repeat(21)}`)),
    400,
    "invalidFilter",
  ],
  ["8 terms without an index", get(...filters(walking(8))), get(...filters(walking(9))), 400, "invalidFilter"],
  [
    "a path of 8,192 characters",
    patch({ Operations: [{ op: "add", path: "x".repeat(8192), value: 1 }] }),
    patch({ Operations: [{ op: "add", path: "x".repeat(8193), value: 1 }] }),
    400,
    "invalidPath",
  ],
  [
    "a count that is a whole number of 15 digits",
    get("GET", `/Users?count=${"9".repeat(15)}`),
    get("GET", `/Users?count=${"9".repeat(16)}`),
    400,
    "invalidValue",
  ],
  [
    "a cursor of its own list",
    get("GET", "/Users?cursor"),
    get("GET", `/Users?cursor=${"a".repeat(4097)}`),
    400,
    "invalidCursor",
  ],
];

describe("limits of the SCIM door", () => {
  it.each(SCIM)("%s", async (_limit, within, past, status, scimType) => {
    const taken = await within();
    expect(taken.status, taken.text.slice(0, 300)).toBeLessThan(300);
    const refused = await past();
    expect([refused.status, refused.json.scimType], refused.text.slice(0, 300)).toEqual([status, scimType]);
  });

  it("all PATCHes of a Bulk request change 10,000 attributes; those past it are refused, the others done", async () => {
    const { id } = must(await client.send("POST", "/Users", user({})), 201);
    const counts = [...many(9, () => 1000), 999, 2, 1];
    const Operations = counts.map((count) => ({ method: "PATCH", path: `/Users/${id}`, data: titles(count) }));
    const done = must(await client.send("POST", "/Bulk", { Operations }), 200);
    const statuses = done.Operations.map(({ status }: { status: string }) => status);
    expect(statuses).toEqual([...many(10, () => "200"), "413", "413"]);
    expect(must(await client.send("GET", `/Users/${id}`), 200).title).toBe("998");
  });

  it("a resource holds 1,000 names side by side", async () => {
    const { id } = must(
      await client.send("POST", "/Users", user({ [X]: Object.fromEntries(many(1000, (n) => [`k${n}`, 1])) })),
      201,
    );
    const answer = await client.send("PATCH", `/Users/${id}`, {
      Operations: [{ op: "add", path: `${X}:one`, value: 1 }],
    });
    expect(answer.status).toBe(413);
  });

  it("a page has 200 resources, and the answer says how many it has", async () => {
    const page = must(await client.send("GET", "/Users?count=201"), 200);
    expect(page.itemsPerPage).toBeLessThanOrEqual(200);
    expect(must(await client.send("GET", "/Users"), 200).itemsPerPage).toBeLessThanOrEqual(100);
  });

  it.each<[string, number, string, string | undefined]>([
    ["nickName", 16_384, "nickName", undefined],
    ["nickName", 16_385, "nickName", "value_too_long"],
    ["externalId", 32_768, "externalId", undefined],
    ["externalId", 32_769, "externalId", "emptied"],
    ["displayName", 32_768, "displayName", undefined],
    ["displayName", 32_769, "displayName", "emptied"],
  ])("a text of %s with %d characters", async (name, length, path, kind) => {
    const made = await client.send("POST", "/Users", user({ [name]: "t".repeat(length) }));
    must(made, 201);
    const { notes } = must(
      await operate("GET", `/companies/${client.companyId}/log/${made.headers.get("x-request-id")}`),
      200,
    );
    expect(notes.map((note: { kind: string; path: string }) => [note.kind, note.path])).toEqual(
      kind === undefined ? [] : [[kind, path]],
    );
  });

  it("a compressed body is not read", async () => {
    const answer = await client.send("POST", "/Users", new Uint8Array([0x1f, 0x8b, 8, 0]), {
      "content-encoding": "br",
    });
    expect(answer.status).toBe(415);
  });
});

const setting = (more: Record<string, unknown>) => ({
  ...{ name: "S", provider: "other", groupSettings: { criteria: "idp" } },
  ...more,
});
const mapped = (length: number) => `${X}:`.padEnd(length, "p");
const training = (n: number) => ({ kind: "training", id: `t${n}`, name: `T ${n}` });

/** So many days after one day. */
const days = (count: number) =>
  new URLSearchParams({ from: "2026-01-01T00:00:00Z", to: new Date(Date.UTC(2026, 0, 1 + count)).toISOString() });
const chat = (n: number) => ({ kind: "chat", to: `https://chat.example.com/${n}` });

type Call = [method: string, path: string, body?: unknown];

/** The same of the management API, under a company; past a limit it is 400 but for the body. */
const API: [limit: string, within: Call, past: Call, status?: number][] = [
  [
    "a body of 1 MB",
    ["POST", "/target-groups", `${JSON.stringify({ name: "T" })}${" ".repeat(2 ** 20 - 100)}`],
    ["POST", "/target-groups", " ".repeat(2 ** 20 + 1)],
    413,
  ],
  ["a page of 200", ["GET", "/target-users?limit=200"], ["GET", "/target-users?limit=201"]],
  [
    "a filter of 8,192 characters",
    ["GET", `/target-users?filter=${encodeURIComponent(`userName eq "${"a".repeat(8178)}"`)}`],
    ["GET", `/target-users?filter=${encodeURIComponent(`userName eq "${"a".repeat(8179)}"`)}`],
  ],
  ["25 seconds of waiting", ["GET", "/changes?wait=0"], ["GET", "/changes?wait=26"]],
  [
    "a target group's name of 256",
    ["POST", "/target-groups", { name: "😀".repeat(256) }],
    ["POST", "/target-groups", { name: "n".repeat(257) }],
  ],
  [
    "a field's key of 64",
    ["POST", "/fields", { key: "k".repeat(64), label: "K", type: "text" }],
    ["POST", "/fields", { key: "k".repeat(65), label: "K", type: "text" }],
  ],
  [
    "a field's label of 200",
    ["POST", "/fields", { key: "label", label: "l".repeat(200), type: "text" }],
    ["POST", "/fields", { key: "label2", label: "l".repeat(201), type: "text" }],
  ],
  [
    "a console link of 1,440 minutes",
    ["POST", "/console-links", { expiresInMinutes: 1440 }],
    ["POST", "/console-links", { expiresInMinutes: 1441 }],
  ],
  [
    "a setting's name of 200",
    ["POST", "/scim-settings", setting({ name: "s".repeat(200) })],
    ["POST", "/scim-settings", setting({ name: "s".repeat(201) })],
  ],
  [
    "a mapping's path of 500",
    ["POST", "/scim-settings", setting({ fieldMappings: [{ field: "department", path: mapped(500) }] })],
    ["POST", "/scim-settings", setting({ fieldMappings: [{ field: "department", path: mapped(501) }] })],
  ],
  ["92 days of a report", ["GET", `/reports/people?${days(91)}`], ["GET", `/reports/people?${days(92)}`]],
  [
    "20 addresses that are told of alerts",
    ["PUT", "/alert-channels", many(20, chat)],
    ["PUT", "/alert-channels", many(21, chat)],
  ],
  [
    "200 auto-enrolments of a target group",
    ["PUT", "/target-groups/{group}/auto-enrolments", many(200, training)],
    ["PUT", "/target-groups/{group}/auto-enrolments", many(201, training)],
  ],
  [
    "1,000 items of a catalogue",
    ["PUT", "/catalogue", many(1_000, training)],
    ["PUT", "/catalogue", many(1_001, training)],
  ],
];

describe("limits of the management API", () => {
  it.each(API)("%s", async (_limit, within, past, status = 400) => {
    const at = `/companies/${client.companyId}`;
    const group = must(await operate("POST", `${at}/target-groups`, { name: `G ${crypto.randomUUID()}` }), 201).id;
    const call = ([method, path, body]: Call) => operate(method, `${at}${path.replace("{group}", group)}`, body);
    const taken = await call(within);
    expect(taken.status, taken.text.slice(0, 300)).toBeLessThan(300);
    const refused = await call(past);
    expect(refused.status, refused.text.slice(0, 300)).toBe(status);
  });
});
