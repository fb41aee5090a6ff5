import { beforeAll, describe, expect, it } from "vitest";
import protocol from "../scim/fixtures/rfc7644-section-3.json" with { type: "json" };
import { errorOf, newClient, type ScimClient } from "./scim-client.ts";

const PLACE = "https://rollcall.test/scim/v2";

type Outcome = { status: string; location?: string; version?: string; method: string };
type Named = { userName: string };

const statuses = ({ Operations }: { Operations: Outcome[] }) => Operations.map(({ status }) => status);

async function users(client: ScimClient, ...names: string[]): Promise<string[]> {
  const made = await Promise.all(names.map((userName) => client.send("POST", "/Users", { userName, nickName: "N" })));
  return made.map(({ json }) => json.id);
}

/** The bulk request of section 3.7.3, its resources and versions those of this server. */
function bulkOf([bob, dave, gone]: string[], versions: Partial<Record<"put" | "patch" | "delete", string>> = {}) {
  const [post, put, patch, remove] = protocol["3.7.3 bulk"].Operations;
  return {
    ...protocol["3.7.3 bulk"],
    Operations: [
      post,
      { ...put, path: `/Users/${bob}`, version: versions.put ?? 'W/"1"' },
      { ...patch, path: `/Users/${dave}`, version: versions.patch ?? 'W/"1"' },
      { ...remove, path: `/Users/${gone}`, version: versions.delete ?? 'W/"1"' },
    ],
  };
}

describe("RFC 7644 section 3.7: Bulk", () => {
  it("3.7.1: refuses groups that are members of each other, each with 409", async () => {
    const client = await newClient();
    const { status, json } = await client.send("POST", "/Bulk", protocol["3.7.1 circular"]);
    expect([status, statuses(json)]).toEqual([200, ["409", "409"]]);
    expect((await client.send("GET", "/Groups")).json.totalResults).toBe(0);
  });

  it("3.7.2: makes Alice and the group she is in", async () => {
    const client = await newClient();
    const { json } = await client.send("POST", "/Bulk", protocol["3.7.2 bulkId"]);
    expect(statuses(json)).toEqual(["201", "201"]);
    const [alice, group] = json.Operations;
    const { members } = (await client.send("GET", group.location.slice(PLACE.length))).json;
    expect(members).toMatchObject([{ $ref: alice.location, type: "User" }]);
  });

  it("3.7.3: creates, replaces, patches and deletes as printed", async () => {
    const client = await newClient();
    const ids = await users(client, "bob", "dave-1", "gone");
    const { status, json } = await client.send("POST", "/Bulk", bulkOf(ids));
    expect([status, statuses(json)]).toEqual([200, ["201", "200", "200", "204"]]);
    expect(json.schemas).toEqual(protocol["3.7.3 bulk response"].schemas);
    const [post, ...others] = json.Operations as Outcome[];
    expect(post).toMatchObject({ method: "POST", bulkId: "qwerty", version: 'W/"1"' });
    expect(others.map(({ location }) => location)).toEqual(ids.map((id) => `${PLACE}/Users/${id}`));
    expect(others.map(({ version }) => version).slice(0, 2)).toEqual(['W/"2"', 'W/"2"']);
    const { Resources } = (await client.send("GET", "/Users?sortBy=userName")).json;
    expect(Resources.map(({ userName }: Named) => userName)).toEqual(["Alice", "Bob", "Dave"]);
  });

  it("3.7.3: answers a stale version with 412 and the error, and stops at failOnErrors", async () => {
    const client = await newClient();
    const ids = await users(client, "bob", "dave-1", "gone");
    const { json } = await client.send("POST", "/Bulk", bulkOf(ids, { patch: 'W/"0"' }));
    expect(statuses(json)).toEqual(["201", "200", "412"]);
    const { response, ...printed } = protocol["3.7.3 bulk error"];
    expect(json.Operations[2]).toMatchObject({
      ...printed,
      location: `${PLACE}/Users/${ids[1]}`,
      response: { schemas: response.schemas, status: "412" },
    });
    expect((await client.send("GET", `/Users/${ids[2]}`)).status).toBe(200);
  });

  it("3.7.3: a refused POST has no location, and goes on without failOnErrors", async () => {
    const client = await newClient();
    await users(client, "alice");
    const { failOnErrors, ...endless } = bulkOf(["nope", "nope", "nope"]);
    const { json } = await client.send("POST", "/Bulk", endless);
    expect(failOnErrors).toBe(1);
    expect(statuses(json)).toEqual(["409", "404", "404", "404"]);
    expect(json.Operations[0]).toMatchObject({ bulkId: "qwerty", response: { scimType: "uniqueness" } });
    expect("location" in json.Operations[0]).toBe(false);
  });

  it("3.7.4: refuses more operations or bytes than ServiceProviderConfig says, with 413", async () => {
    const client = await newClient();
    const { maxOperations, maxPayloadSize } = (await client.send("GET", "/ServiceProviderConfig")).json.bulk;
    const Operations = Array.from({ length: maxOperations + 1 }, () => ({ method: "DELETE", path: "/Users/x" }));
    expect(errorOf(await client.send("POST", "/Bulk", { Operations })).detail).toContain(String(maxOperations));
    expect((await client.send("POST", "/Bulk", { pad: "x".repeat(maxPayloadSize) })).status).toBe(413);
  });
});

describe("RFC 7644 section 3.12: errors", () => {
  it.each([
    ["GET", '/Users?filter=userName+foo+"x"', undefined, 400, "invalidFilter"],
    ["POST", "/Users", { userName: "TAKEN" }, 409, "uniqueness"],
    ["PATCH", "/Users/$id", { Operations: [{ op: "replace", path: "id", value: "x" }] }, 400, "mutability"],
    ["POST", "/Users", "{", 400, "invalidSyntax"],
    ["PATCH", "/Users/$id", { Operations: [{ op: "add", path: "a[b", value: 1 }] }, 400, "invalidPath"],
    ["PATCH", "/Users/$id", { Operations: [{ op: "remove" }] }, 400, "noTarget"],
    ["POST", "/Users", { displayName: "no name" }, 400, "invalidValue"],
    ["GET", "/Users/2819c223", undefined, 404, undefined],
    ["GET", "/Me", undefined, 501, undefined],
  ])("%s %s %j answers %i %s", async (method, path, body, status, scimType) => {
    const client = await newClient();
    const [id = ""] = await users(client, "taken");
    const answer = await client.send(method, path.replace("$id", id), body);
    expect([answer.status, errorOf(answer).scimType]).toEqual([status, scimType]);
  });
});

describe("RFC 7644 section 3.14: versions", () => {
  let client: ScimClient;
  let at: string;

  beforeAll(async () => {
    client = await newClient();
    at = `/Users/${(await users(client, "bjensen"))[0]}`;
  });

  it("answers 304 without a body to GET and HEAD when the client has this version", async () => {
    for (const method of ["GET", "HEAD"])
      for (const tag of ['W/"1"', '"7", W/"1"', "*"]) {
        const answer = await client.send(method, at, undefined, { "if-none-match": tag });
        expect([answer.status, answer.text, answer.headers.get("etag")], `${method} ${tag}`).toEqual([
          304,
          "",
          'W/"1"',
        ]);
      }
    expect((await client.send("GET", at, undefined, { "if-none-match": 'W/"0"' })).status).toBe(200);
  });

  it("refuses a write of another version, and one that If-None-Match rules out, with 412", async () => {
    const patch = { Operations: [{ op: "replace", path: "title", value: "T" }] };
    for (const [method, body] of [["PUT", { userName: "bjensen" }], ["PATCH", patch], ["DELETE"]] as const)
      for (const [header, value] of [
        ["if-match", 'W/"9"'],
        ["if-none-match", "*"],
        ["if-none-match", 'W/"1"'],
      ] as const)
        expect(errorOf(await client.send(method, at, body, { [header]: value })).status, method).toBe("412");
    expect((await client.send("GET", at)).json.meta.version).toBe('W/"1"');
    expect((await client.send("PATCH", at, patch, { "if-match": "*" })).headers.get("etag")).toBe('W/"2"');
    expect((await client.send("PATCH", at, patch, { "if-match": 'W/"1", W/"2"' })).status).toBe(200);
    expect((await client.send("PUT", "/Users/nope", { userName: "x" }, { "if-match": "*" })).status).toBe(404);
  });
});

describe("RFC 9865", () => {
  let client: ScimClient;

  beforeAll(async () => {
    client = await newClient();
    await users(client, ..."abcde");
  });

  it("section 2: walks from cursor without a value to the page without nextCursor, and back by previousCursor", async () => {
    const first = (await client.send("GET", "/Users?cursor&count=2")).json;
    expect(first).toMatchObject({ totalResults: 5, itemsPerPage: 2, nextCursor: expect.any(String) });
    expect("previousCursor" in first || "startIndex" in first).toBe(false);
    const second = (await client.send("GET", `/Users?cursor=${first.nextCursor}&count=2`)).json;
    expect(second).toMatchObject({ nextCursor: expect.any(String), previousCursor: expect.any(String) });
    const last = (await client.send("GET", `/Users?cursor=${second.nextCursor}&count=2`)).json;
    expect([last.itemsPerPage, "nextCursor" in last]).toEqual([1, false]);
    const back = (await client.send("GET", `/Users?cursor=${second.previousCursor}&count=2`)).json;
    expect(back.Resources).toEqual(first.Resources);
  });

  it("section 2.3: tells a cursor that is none, one of another query and a wrong count apart", async () => {
    const { nextCursor } = (await client.send("GET", "/Users?cursor=&count=1")).json;
    for (const [query, scimType] of [
      ["cursor=blabla", "invalidCursor"],
      [`cursor=${nextCursor}&filter=active+eq+true`, "invalidCursor"],
      ["cursor=&count=many", "invalidCount"],
    ])
      expect(errorOf(await client.send("GET", `/Users?${query}`)).scimType).toBe(scimType);
  });

  it("section 3: a search takes its cursor in the body, of users and of the root", async () => {
    for (const path of ["/Users/.search", "/.search"]) {
      const search = {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        count: 3,
        attributes: ["userName"],
      };
      const first = (await client.send("POST", path, { ...search, cursor: "" })).json;
      const rest = (await client.send("POST", path, { ...search, cursor: first.nextCursor })).json;
      const names = [...first.Resources, ...rest.Resources].map(({ userName }: Named) => userName);
      expect(names.sort(), path).toEqual([..."abcde"]);
      expect("nextCursor" in rest).toBe(false);
    }
  });

  it("section 4: ServiceProviderConfig advertises both ways of paging", async () => {
    const { pagination } = (await client.send("GET", "/ServiceProviderConfig")).json;
    expect(pagination).toMatchObject({
      cursor: true,
      index: true,
      defaultPaginationMethod: "index",
      cursorTimeout: 3600,
    });
    expect((await client.send("GET", `/Users?count=${pagination.maxPageSize + 1}`)).status).toBe(200);
  });
});
