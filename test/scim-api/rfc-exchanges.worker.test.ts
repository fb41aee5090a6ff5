import { beforeAll, describe, expect, it } from "vitest";
import protocol from "../scim/fixtures/rfc7644-section-3.json" with { type: "json" };
import { newClient, type ScimAnswer, type ScimClient } from "./scim-client.ts";

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const BABS = "2819c223-7f76-453a-919d-413861904646";
const JAMES = "08e1d05d-121c-4561-8b96-473d93df9210";

type Named = { userName: string };

/** An example of the RFC with the ids that this server gave in place of those it prints. */
function withIds<T>(example: T, ids: Record<string, string>): T {
  let text = JSON.stringify(example);
  for (const [printed, given] of Object.entries(ids)) text = text.replaceAll(printed, given);
  return JSON.parse(text);
}

/** Expects the headers that every answer about one resource has in the RFC's examples. */
function expectPlace(answer: ScimAnswer, { id, version }: { id: string; version: string }): void {
  expect(answer.headers.get("location")).toBe(`https://rollcall.test/scim/v2/Users/${id}`);
  expect(answer.headers.get("etag")).toBe(version);
}

async function create(client: ScimClient, path: string, body: unknown) {
  const made = await client.send("POST", path, body);
  if (made.status !== 201) throw new Error(made.text);
  return made.json;
}

describe("RFC 7644 sections 3.3, 3.4.1, 3.5.1 and 3.6: the life of bjensen", () => {
  it("is created, read, replaced and deleted as printed", async () => {
    const client = await newClient();
    const { request, response } = protocol["3.3 create"];
    const made = await client.send("POST", "/Users", request);
    const { id } = made.json;
    expect(made.status).toBe(201);
    expect(made.headers.get("content-type")).toBe("application/scim+json");
    expectPlace(made, { id, version: 'W/"1"' });
    expect(made.json).toMatchObject({ ...request, schemas: response.schemas });
    expect(Object.keys(made.json.meta).sort()).toEqual(Object.keys(response.meta).sort());
    expect(made.json.meta).toMatchObject({ resourceType: "User", location: made.headers.get("location") });
    expect(made.json.meta.created).toBe(made.json.meta.lastModified);

    const read = await client.send("GET", `/Users/${id}`);
    expect(read.status).toBe(200);
    expectPlace(read, { id, version: 'W/"1"' });
    expect(read.json).toEqual(made.json);

    const put = await client.send("PUT", `/Users/${id}`, protocol["3.5.1 put"]);
    expect(put.status).toBe(200);
    expectPlace(put, { id, version: 'W/"2"' });
    expect(put.json).toMatchObject({ id, name: protocol["3.5.1 put"].name, meta: { created: read.json.meta.created } });
    expect(put.json.emails).toEqual([{ value: "bjensen@example.com", primary: true }, { value: "babs@jensen.org" }]);
    expect(put.json.roles ?? []).toEqual([]);

    const gone = await client.send("DELETE", `/Users/${id}`, undefined, { "if-match": 'W/"2"' });
    expect([gone.status, gone.text]).toEqual([204, ""]);
    const missing = await client.send("GET", `/Users/${id}`);
    expect(missing.json).toMatchObject({ schemas: protocol["3.12 not found"].schemas, status: "404" });
  });
});

let client: ScimClient;

beforeAll(async () => {
  client = await newClient();
  for (const user of [
    {
      userName: "bjensen",
      name: { familyName: "Jensen" },
      title: "Tour Guide",
      userType: "Employee",
      emails: [
        { value: "bjensen@example.com", type: "work" },
        { value: "babs@jensen.org", type: "home" },
      ],
      [ENTERPRISE]: { department: "Tour Operations" },
    },
    {
      userName: "JSmith",
      displayName: "Smith, James",
      name: { familyName: "O'Malley" },
      userType: "Intern",
      emails: [{ value: "j@example.org", type: "home" }],
      ims: [{ value: "j@foo.com", type: "xmpp" }],
    },
    { userName: "kmalley", userType: "Contractor" },
  ])
    await create(client, "/Users", user);
});

describe("RFC 7644 section 3.4.2: lists", () => {
  it("3.4.2: a list of two with userName has schemas, id and userName of each", async () => {
    const { json } = await client.send("GET", "/Users?attributes=userName&count=2");
    expect(json).toMatchObject({ schemas: protocol["3.4.2 list"].schemas, totalResults: 3, itemsPerPage: 2 });
    for (const resource of json.Resources) expect(Object.keys(resource).sort()).toEqual(["id", "schemas", "userName"]);
  });

  const all = ["bjensen", "JSmith", "kmalley"];
  const matches: readonly string[][] = [
    ["bjensen"],
    ["JSmith"],
    ["JSmith"],
    ["JSmith"],
    ["bjensen"],
    all,
    all,
    [],
    [],
    ["bjensen"],
    ["bjensen", "JSmith"],
    ["bjensen"],
    ["bjensen"],
    ["kmalley"],
    ["bjensen"],
    ["bjensen"],
    ["bjensen", "JSmith"],
  ];

  it.each(protocol["3.4.2.2 filters"].map((text, index) => ({ text, expected: matches[index] })))(
    "3.4.2.2: $text",
    async ({ text, expected }) => {
      const { json } = await client.send("GET", `/Users?filter=${encodeURIComponent(text)}`);
      expect(json.Resources.map(({ userName }: Named) => userName)).toEqual(expected);
      expect(json.totalResults).toBe(expected?.length);
      const searched = await client.send("POST", "/Users/.search", { filter: text });
      expect(searched.json).toEqual(json);
    },
  );

  it.each([
    ["sortBy=userName", ["bjensen", "JSmith", "kmalley"]],
    ["sortBy=userName&sortOrder=descending", ["kmalley", "JSmith", "bjensen"]],
    ["sortBy=title", ["bjensen", "JSmith", "kmalley"]],
    ["sortBy=emails.value&sortOrder=ascending", ["bjensen", "JSmith", "kmalley"]],
    [`sortBy=${USER}:userType`, ["kmalley", "bjensen", "JSmith"]],
  ])("3.4.2.3: %s", async (query, expected) => {
    const { json } = await client.send("GET", `/Users?${query}`);
    expect(json.Resources.map(({ userName }: Named) => userName)).toEqual(expected);
  });
});

describe("RFC 7644 sections 3.4.2.4 to 3.10: pages, searches and attributes", () => {
  it("3.4.2.4: startIndex and count cut a page out, and totalResults counts all", async () => {
    const { json } = await client.send("GET", "/Users?startIndex=2&count=10&sortBy=userName");
    expect(json).toMatchObject({ totalResults: 3, itemsPerPage: 2, startIndex: 2 });
    expect(json.Resources.map(({ userName }: Named) => userName)).toEqual(["JSmith", "kmalley"]);
  });

  it("3.4.3: the search of the server root answers users and groups with the attributes asked for", async () => {
    await create(client, "/Groups", { displayName: "Smith Group" });
    const { status, json } = await client.send("POST", "/.search", protocol["3.4.3 search"]);
    expect(status).toBe(200);
    expect(json).toMatchObject({ totalResults: 2, itemsPerPage: 2, startIndex: 1 });
    expect(json.Resources.map(({ schemas, id, ...rest }: Record<string, unknown>) => rest)).toEqual([
      { displayName: "Smith, James", userName: "JSmith" },
      { displayName: "Smith Group" },
    ]);
  });

  it("3.9 and 3.10: attributes and excludedAttributes take URN-qualified names, and id stays", async () => {
    const id = (await client.send("GET", '/Users?filter=userName+eq+"bjensen"')).json.Resources[0].id;
    const printed = await client.send("GET", `/Users/${id}?attributes=userName`);
    expect(printed.json).toEqual({ ...protocol["3.9 attributes"], id });
    const names = `${USER}:name.familyName,${ENTERPRISE}:department,emails.value`;
    expect((await client.send("GET", `/Users/${id}?attributes=${names}`)).json).toEqual({
      schemas: [USER, ENTERPRISE],
      id,
      name: { familyName: "Jensen" },
      emails: [{ value: "bjensen@example.com" }, { value: "babs@jensen.org" }],
      [ENTERPRISE]: { department: "Tour Operations" },
    });
    const without = (await client.send("GET", `/Users/${id}?excludedAttributes=id,schemas,${USER}:emails`)).json;
    expect([without.id, "emails" in without, without.userName]).toEqual([id, false, "bjensen"]);
  });
});

describe("RFC 7644 section 3.5.2: PATCH", () => {
  it("of members: add, remove one, remove and add, replace, remove all", async () => {
    const client = await newClient();
    const babs = await create(client, "/Users", { userName: "babs", displayName: "Babs Jensen" });
    const james = await create(client, "/Users", { userName: "james", displayName: "James Smith" });
    const ids = { [BABS]: babs.id, [JAMES]: james.id };
    const group = await create(client, "/Groups", { displayName: "Tour Guides" });
    for (const [name, expected] of [
      ["3.5.2.1 add members", ["Babs Jensen"]],
      ["3.5.2.1 add members", ["Babs Jensen"]],
      ["3.5.2.2 remove and add", ["James Smith"]],
      ["3.5.2.3 replace members", ["Babs Jensen", "James Smith"]],
      ["3.5.2.2 remove a member", ["James Smith"]],
      ["3.5.2.2 remove all members", []],
    ] as const) {
      const answer = await client.send("PATCH", `/Groups/${group.id}`, withIds(protocol[name], ids));
      expect([answer.status, answer.text], name).toEqual([204, ""]);
      const read = await client.send("GET", `/Groups/${group.id}`);
      expect(answer.headers.get("etag")).toBe(read.json.meta.version);
      expect(answer.headers.get("location")).toBe(read.json.meta.location);
      expect(read.json.members.map(({ display }: { display: string }) => display).sort(), name).toEqual(expected);
    }
  });

  it("of a user: each printed body, one after the other", async () => {
    const client = await newClient();
    const { id } = await create(client, "/Users", protocol["3.4.1 known resource"]);
    const patch = async (name: keyof typeof protocol) => {
      const answer = await client.send("PATCH", `/Users/${id}`, protocol[name]);
      expect(answer.status, name).toBe(200);
      expectPlace(answer, { id, version: answer.json.meta.version });
      expect((await client.send("GET", `/Users/${id}`)).json).toEqual(answer.json);
      return answer.json;
    };
    const work = { value: "bjensen@example.com", type: "work", primary: true };
    const home = { value: "babs@jensen.org", type: "home" };
    expect(await patch("3.5.2.1 add without path")).toMatchObject({ nickName: "Babs", emails: [work, home] });
    expect((await patch("3.5.2.2 remove selected emails")).emails).toMatchObject([home]);
    expect((await patch("3.5.2.3 replace without path")).emails).toEqual([work, home]);
    const { value } = protocol["3.5.2.3 replace an address"].Operations[0] ?? {};
    expect((await patch("3.5.2.3 replace an address")).addresses).toEqual([value]);
    expect((await patch("3.5.2.3 replace part of an address")).addresses).toEqual([
      { ...value, streetAddress: "1010 Broadway Ave" },
    ]);
  });
});
