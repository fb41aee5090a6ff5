import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { IS_DEEP, inTurn } from "../generated-cases.ts";
import { inflated } from "../log/every-request.ts";
import { call, newClient, operate, type ScimClient } from "../scim-api/scim-client.ts";
import { must } from "./populated-company.ts";
import { waitForLogAndWork } from "./wait-for-log-and-work.ts";

/** A request by its parts; the person's address may stand in any of them. */
interface Request {
  method: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What there is to ask about: somebody who is to be erased, somebody who stays, a group of both. */
interface Scene {
  client: ScimClient;
  person: string;
  other: string;
  group: string;
}

const NOBODY = "0192f0aa-0000-7000-8000-000000000000";

/** The other spellings in which a client may write an address; the last ones look like other people's. */
const spellings = (mail: string) => [mail.toUpperCase(), `<${mail}>`, `x ${mail} y`, ...glued(mail)];
const glued = (mail: string) => [`x${mail}`, `${mail}.example`, `corp|${mail}`];

/** A filter in every form that can hold a value. */
const filtersWith = (text: string) => {
  const quoted = JSON.stringify(text);
  return [
    ...[
      "userName",
      "emails",
      "emails.value",
      "externalId",
      "displayName",
      "title",
      "name.familyName",
      "id",
      "foo",
      "password",
    ].map((attribute) => `${attribute} eq ${quoted}`),
    ...["ne", "co", "sw", "ew", "gt"].map((operator) => `userName ${operator} ${quoted}`),
    `emails[type eq "work"].value eq ${quoted}`,
    `emails[type eq ${quoted}].value eq "x"`,
    `userName eq ${quoted} or title pr`,
    `not (userName eq ${quoted})`,
    `userName eq "x" and (title eq ${quoted} or nickName sw ${quoted})`,
    `userName eq ${quoted.slice(0, -1)}`,
    `userName eq ${text}`,
    `${text} eq "x"`,
    `${text}`,
  ];
};

const query = (pairs: [string, string][]) =>
  `?${pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&")}`;

function readsWith(text: string, { person, other, group }: Scene): Request[] {
  const lists = ["/Users", "/Groups", "/", "/Schemas", "/ResourceTypes", "/ServiceProviderConfig"];
  const part = encodeURIComponent(text);
  const paths = [
    ...[
      "",
      "/Users",
      "/Groups",
      "/Schemas",
      "/ResourceTypes",
      "/Me",
      "/Bulk",
      "/.search",
      `/Users/${person}`,
      `/Groups/${group}`,
    ],
    ...["/Nothing", "/v2", "/Users/.search"],
  ].flatMap((at) => [`${at}/${part}`, `${at}/${part}/more`, `${at}/${part.toUpperCase()}`]);
  const parameters = ["count", "startIndex", "sortBy", "sortOrder", "attributes", "excludedAttributes", "cursor", "x"];
  return [
    ...paths.map((path) => ({ method: "GET", path })),
    ...lists.flatMap((path) => [
      ...parameters.map((name) => ({ method: "GET", path: path + query([[name, text]]) })),
      { method: "GET", path: path + query([[text, "1"]]) },
      {
        method: "GET",
        path:
          path +
          query([
            ["filter", 'userName eq "x"'],
            ["filter", text],
          ]),
      },
      {
        method: "GET",
        path:
          path +
          query([
            ["filter", 'userName eq "x"'],
            ["FILTER", `userName eq "${text}"`],
          ]),
      },
    ]),
    ...filtersWith(text).flatMap((filter) => [
      ...["/Users", "/Groups", "/"].map((path) => ({ method: "GET", path: path + query([["filter", filter]]) })),
      { method: "POST", path: "/Users/.search", body: { filter } },
      { method: "POST", path: "/.search", body: { filter, count: 1 } },
    ]),
    ...["sortBy", "attributes", "cursor", text].map((name) => ({
      method: "POST",
      path: "/Users/.search",
      body: { [name]: text },
    })),
    { method: "GET", path: `/Users/${person}${query([["attributes", text]])}` },
    // A filter beside what is no list.
    ...[`/Users/${other}`, `/Groups/${group}`, "/Schemas"].map((path) => ({
      method: "GET",
      path: path + query([["filter", `userName eq ${JSON.stringify(text)}`]]),
    })),
    { method: "GET", path: `/Groups/${group}${query([["x", text]])}` },
  ];
}

function refusedWith(text: string, { person, other, group }: Scene): Request[] {
  const items = [
    `/Users/${person}`,
    `/Users/${other}`,
    `/Groups/${group}`,
    `/Users/${NOBODY}`,
    `/Users/${encodeURIComponent(text)}`,
  ];
  const operations: unknown[] = [
    { op: text, path: "title", value: "x" },
    { op: "replace", path: text, value: "x" },
    { op: "replace", path: `emails[value eq ${JSON.stringify(text)}].type`, value: "x" },
    { op: "replace", path: `members[value eq ${JSON.stringify(text)}].display`, value: "x" },
    { op: "replace", path: "active", value: text },
    { op: "replace", path: `active.${text}`, value: "x" },
    { op: "replace", path: "userName", value: { [text]: text } },
    { op: "add", path: "members", value: [{ value: text }] },
    { op: "add", path: "members", value: [{ $ref: `https://x/Users/${text}`, display: text }] },
    { op: "replace", value: { active: text, displayName: [text, "x"] } },
    { [text]: text },
    text,
  ];
  const person1 = { userName: text, emails: [{ value: text }], active: text };
  const documents: unknown[] = [
    { userName: "", title: text },
    { active: "perhaps", externalId: "z", emails: [{ value: text }] },
    { userName: "someone", active: "perhaps", filter: `userName eq ${JSON.stringify(text)}` },
    { userName: "someone", active: text },
    { userName: "someone", name: text, nickName: [text] },
    { userName: ["a", "b"], [text]: text },
    { displayName: "", externalId: text },
    { displayName: "G", members: [{ value: text }] },
    { displayName: "G", members: [{ $ref: `https://x/scim/v2/Users/${text}` }] },
    { displayName: "G", members: [{ value: NOBODY, display: text, type: "User" }] },
    { displayName: "G", members: text },
    person1,
    `{"userName":"${text}`,
    text,
  ];
  return [
    ...items.flatMap((path) => [
      ...operations.map((operation) => ({ method: "PATCH", path, body: { Operations: [operation] } })),
      ...documents.map((body) => ({ method: "PUT", path, body })),
      { method: "DELETE", path: path + query([["x", text]]), headers: { "if-match": 'W/"999"' } },
    ]),
    ...["/Users", "/Groups"].flatMap((path) => documents.map((body) => ({ method: "POST", path, body }))),
    ...[
      "content-type",
      "content-encoding",
      "if-match",
      "if-none-match",
      "accept",
      "user-agent",
      "x-request-id",
    ].flatMap((name) => [
      { method: "PUT", path: `/Users/${other}`, body: "{", headers: { [name]: `text/${text}` } },
      { method: "POST", path: "/Users", body: "{", headers: { [name]: text } },
      { method: "GET", path: `/Groups/${group}`, headers: { [name]: `"${text}` } },
    ]),
    { method: "PROPFIND", path: `/Users/${encodeURIComponent(text)}` },
  ];
}

function bulksWith(text: string, { other, group }: Scene): Request[] {
  const items: unknown[] = [
    { method: "DELETE", path: `/Users/${text}` },
    { method: "PATCH", path: `/Groups/${text}`, data: { Operations: [] } },
    { method: "PATCH", path: `/Users/${text}`, data: { Operations: [{ op: "replace", path: "title", value: "x" }] } },
    { method: "PUT", path: `/Groups/${text}`, data: { displayName: "Others" } },
    { method: "GET", path: text },
    { method: text, path: "/Users" },
    { method: "POST", path: "/Users", bulkId: text, data: { userName: "" } },
    { method: "POST", path: "/Users", bulkId: "b", data: { title: text } },
    { method: "PUT", path: `/Users/${other}`, version: text, data: { userName: "" } },
    {
      method: "PATCH",
      path: `/Groups/${group}`,
      data: { Operations: [{ op: "add", path: "members", value: [{ value: text }] }] },
    },
    {
      method: "PATCH",
      path: `/Groups/${group}`,
      data: { Operations: [{ op: "remove", path: `members[value eq "${text}"]` }] },
    },
    { [text]: text },
    text,
  ];
  return [
    { method: "POST", path: "/Bulk", body: { Operations: items } },
    { method: "POST", path: "/Bulk", body: { Operations: items, failOnErrors: text, [text]: text } },
    ...items.map((item) => ({ method: "POST", path: "/Bulk", body: { Operations: [item] } })),
  ];
}

/** What is accepted, of the group and about the person, with the address in all that goes with it. */
function acceptedWith(text: string, { person, other, group }: Scene): Request[] {
  const members = [
    { value: person, display: text, $ref: `https://${text}/Users/${person}`, [text]: text },
    { value: other },
  ];
  const patch = (path: string, operation: unknown) => ({ method: "PATCH", path, body: { Operations: [operation] } });
  return [
    { method: "PUT", path: `/Groups/${group}`, body: { displayName: "Crew", members, [text]: text } },
    patch(`/Groups/${group}`, { op: "add", path: "members", value: members }),
    patch(`/Groups/${group}`, { op: "remove", path: `members[value eq "${person}"]` }),
    patch(`/Groups/${group}`, { op: "add", value: { members: { value: person, display: text }, [text]: 1 } }),
    patch(`/Users/${person}`, { op: "replace", path: "nickName", value: text }),
    patch(`/Users/${person}`, { op: "replace", value: { [text]: text, title: text } }),
    { method: "GET", path: `/Users/${person}` },
    { method: "GET", path: `/Groups/${group}` },
  ];
}

/** All rows of all tables, and all of KV, as lower-case texts; what is coded in base64 is shown too. */
async function dump(): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'd1_%'",
  ).all<{ name: string }>();
  const tables = await env.DB.batch<Record<string, unknown>>(
    results.map(({ name }) => env.DB.prepare(`SELECT * FROM ${name}`)),
  );
  const rows = tables.flatMap(({ results: found }, index) =>
    found.map((row) => `${results[index]?.name}: ${JSON.stringify(inflated(row))}`),
  );
  const { keys } = await env.TOKENS.list();
  const values = await Promise.all(keys.map(async ({ name }) => `KV: ${name} ${await env.TOKENS.get(name)}`));
  return [...rows, ...values].map((row) => `${row} ${decoded(row)}`.toLowerCase());
}

function decoded(text: string): string {
  const coded = text.match(/[\w-]{24,}/g) ?? [];
  return coded
    .map((run) => {
      try {
        return atob(run.replaceAll("-", "+").replaceAll("_", "/"));
      } catch {
        return "";
      }
    })
    .join(" ");
}

async function setScene(mail: string): Promise<Scene> {
  const client = await newClient();
  const body = { userName: mail, emails: [{ value: mail, type: "work" }], displayName: mail, title: mail };
  const person = must(await client.send("POST", "/Users", body), 201).id;
  const other = must(await client.send("POST", "/Users", { userName: "stays@example.com" }), 201).id;
  const group = must(
    await client.send("POST", "/Groups", { displayName: "Crew", members: [{ value: person }] }),
    201,
  ).id;
  return { client, person, other, group };
}

async function sendAll({ client }: Scene, requests: readonly Request[]): Promise<void> {
  for (let start = 0; start < requests.length; start += 10)
    await Promise.all(
      requests.slice(start, start + 10).map(async ({ method, path, body, headers }) => {
        const answer = await client.send(method, path, body, headers);
        expect(answer.status, `${method} ${path} ${JSON.stringify(body)}`).toBeLessThan(500);
      }),
    );
}

describe("deleting a person after every kind of request", () => {
  it.each([
    ["reads and searches", readsWith],
    ["what is refused", refusedWith],
    ["Bulk requests", bulksWith],
    ["what is accepted", acceptedWith],
  ])("leaves its address in no table and not in KV: %s", async (title, requestsWith) => {
    const word = `zq${title.replaceAll(/\W/g, "")}`.toLowerCase();
    const mail = `${word}@example.com`;
    const scene = await setScene(mail);
    // The address itself in every place, and the other spellings too where the places are few; else one of them in each
    // place, in turn and not in step with the rows in which the places come.
    const plain = requestsWith(mail, scene);
    const forms = spellings(mail);
    const turns = forms.length;
    const others = forms.map((text, turn) =>
      requestsWith(text, scene).filter(
        ({ method, path }, place) =>
          (plain.length < 50 || (place + Math.floor(place / turns)) % turns === turn) &&
          // Who is refused under a name of its own is somebody else, as far as anybody can tell.
          !(glued(mail).includes(text) && method === "POST" && (path === "/Users" || path === "/Groups")),
      ),
    );
    const all = [plain, ...others].flat();
    await sendAll(scene, plain.length < 50 ? all : inTurn(all, 0, 5));
    await waitForLogAndWork(scene.client);
    expect((await dump()).some((row) => row.includes(word))).toBe(true);
    must(await scene.client.send("DELETE", `/Users/${scene.person}`), 204);
    await waitForLogAndWork(scene.client);
    // What was accepted about somebody else is told of that one, and goes with it.
    const isOfOther = (row: string) =>
      ["put", "patch"].some((method) => row.includes(`"method":"${method}"`)) &&
      row.includes(`"resource_id":"${scene.other}"`) &&
      row.includes('"status":200');
    expect((await dump()).filter((row) => row.includes(word) && !isOfOther(row))).toEqual([]);
    // That the requests came, and what became of them, is kept.
    const log = `/companies/${scene.client.companyId}/scim-settings/${scene.client.settingId}/log?limit=200`;
    expect(must(await operate("GET", log), 200).items.length).toBeGreaterThan(30);
  });

  it("holds for rows that come to the log after the deletion", async () => {
    const mail = "zqlate@example.com";
    const scene = await setScene(mail);
    await waitForLogAndWork(scene.client);
    await scene.client.send("GET", `/Users${query([["filter", `userName eq "${mail}"`]])}`);
    await scene.client.send("GET", `/Groups${query([["filter", `displayName eq "${mail}"`]])}`);
    await scene.client.send("GET", `/Users/${encodeURIComponent(mail)}`);
    must(await scene.client.send("DELETE", `/Users/${scene.person}`), 204);
    await waitForLogAndWork(scene.client);
    expect((await dump()).filter((row) => row.includes("zqlate"))).toEqual([]);
  });
});

describe("a credential of ours", () => {
  const SECRETS = [
    `rcl_${"a1".repeat(12)}_${"b2".repeat(32)}_${"c3".repeat(4)}${"d4".repeat(16)}`,
    `rcs_${"a1".repeat(12)}_${"b2".repeat(32)}`,
    `rcc_${"a1".repeat(12)}`,
    `whsec_${"QUJD".repeat(11)}`,
    `https://rollcall.test/console/enter/${"Zx9-".repeat(11)}`,
    `__Host-rollcall_session=${"a1".repeat(12)}_${"b2".repeat(32)}_${"c3".repeat(24)}`,
    `https://rollcall.test/console/confirm/rcm.${NOBODY}.${NOBODY}.${"a1".repeat(8)}.1795992660903_${"c3".repeat(24)}`,
  ];

  it.each(inTurn(SECRETS, 0))(
    "%s is in no row and in no line of the Worker's log, wherever a client put it",
    async (secret) => {
      const lines: string[] = [];
      const spies = (["log", "warn", "error", "info"] as const).map((kind) =>
        vi.spyOn(console, kind).mockImplementation((...parts) => void lines.push(parts.join(" "))),
      );
      const mark = secret.slice(-40).toLowerCase();
      const scene = await setScene("tokens@example.com");
      // Each place has one of the secrets, not in step with the rows in which the places come; in depth every second one.
      const turns = IS_DEEP ? 2 : SECRETS.length;
      const requests = [readsWith, refusedWith, bulksWith]
        .flatMap((requestsWith) => requestsWith(secret, scene))
        .filter((_, place) => (place + Math.floor(place / turns)) % turns === SECRETS.indexOf(secret) % turns);
      await sendAll(scene, [
        ...requests,
        { method: "GET", path: `/Users?access_token=${secret}` },
        { method: "GET", path: "/Users", headers: { authorization: `Bearer ${secret}` } },
      ]);
      for (const path of [`/api/v1/companies/${secret}`, `/api/v1/companies?cursor=${secret}`, `/console/${secret}`])
        await call("GET", path).catch(() => undefined);
      await waitForLogAndWork(scene.client);
      for (const spy of spies) spy.mockRestore();
      expect((await dump()).filter((row) => row.includes(mark))).toEqual([]);
      expect(lines.filter((line) => line.toLowerCase().includes(mark))).toEqual([]);
    },
  );

  it("is redacted in what is kept of a person, and of a receiver's answer", async () => {
    const [secret = ""] = SECRETS;
    const client = await newClient();
    must(await client.send("POST", "/Users", { userName: "ada", foo: secret }), 201);
    await waitForLogAndWork(client);
    const rows = (await dump()).filter((row) => row.startsWith("request_log"));
    expect(rows.filter((row) => row.includes(secret))).toEqual([]);
    expect(rows.filter((row) => row.includes("rcl_[redacted]")).length).toBeGreaterThan(0);
  });
});
