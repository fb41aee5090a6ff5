import { beforeAll, describe, expect, it } from "vitest";
import { errorOf, newClient, type ScimClient } from "./scim-client.ts";

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const patchOf = (...Operations: unknown[]) => ({ schemas: [PATCH_OP], Operations });

let client: ScimClient;
let user: { id: string; meta: { location: string } };
let at: string;

beforeAll(async () => {
  client = await newClient();
  user = (await client.send("POST", "/Users", { userName: "ann", [ENTERPRISE]: { department: "Sales" } })).json;
  at = `/Users/${user.id}`;
});

describe("what client libraries do", () => {
  it("HEAD answers as GET does, without a body", async () => {
    for (const path of [at, "/Users", "/Schemas", "/ServiceProviderConfig"]) {
      const head = await client.send("HEAD", path);
      const get = await client.send("GET", path);
      expect([head.status, head.text], path).toEqual([200, ""]);
      for (const name of ["content-type", "etag", "location"])
        expect(head.headers.get(name), `${path} ${name}`).toBe(get.headers.get(name));
    }
    expect((await client.send("HEAD", "/Users/nope")).status).toBe(404);
  });

  it("OPTIONS tells the methods of an address in Allow", async () => {
    expect((await client.send("OPTIONS", "/Users")).headers.get("allow")).toBe("GET, POST");
    expect((await client.send("OPTIONS", at)).headers.get("allow")).toBe("GET, PUT, PATCH, DELETE");
  });

  it("take Accept and Content-Type with a charset, in any case", async () => {
    const headers = {
      accept: "application/scim+json;charset=UTF-8, application/json;q=0.5",
      "content-type": "Application/SCIM+JSON;charset=UTF-8",
    };
    const answer = await client.send("PUT", at, { userName: "ann", [ENTERPRISE]: { department: "Sales" } }, headers);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/scim+json"]);
  });

  it("PATCH with attributes shows these, of users and groups alike, and Location is meta.location", async () => {
    const op = { op: "replace", path: `${ENTERPRISE}:department`, value: "Legal" };
    const some = await client.send("PATCH", `${at}?attributes=${ENTERPRISE}:department,meta`, patchOf(op));
    expect(some.json).toEqual({
      schemas: [USER, ENTERPRISE],
      id: user.id,
      [ENTERPRISE]: { department: "Legal" },
      meta: expect.objectContaining({ resourceType: "User", location: user.meta.location }),
    });
    expect(some.headers.get("location")).toBe(user.meta.location);
    const group = (await client.send("POST", "/Groups", { displayName: "G" })).json;
    const join = patchOf({ op: "add", path: "members", value: [{ value: user.id }] });
    const joined = await client.send("PATCH", `/Groups/${group.id}?attributes=members.value`, join);
    expect([joined.status, joined.headers.get("location")]).toEqual([200, group.meta.location]);
    expect(joined.json.members).toEqual([{ value: user.id }]);
  });
});

describe("what client libraries ask for and send back", () => {
  it("names in schemas only what defines the attributes that are there", async () => {
    expect((await client.send("GET", at)).json.schemas).toEqual([USER, ENTERPRISE]);
    expect((await client.send("GET", `${at}?attributes=userName`)).json.schemas).toEqual([USER]);
    expect((await client.send("GET", `${at}?excludedAttributes=${ENTERPRISE}`)).json.schemas).toEqual([USER]);
    const removed = await client.send("PATCH", at, patchOf({ op: "remove", path: ENTERPRISE }));
    expect(removed.json.schemas).toEqual([USER]);
    const put = { userName: "ann", schemas: [USER], [ENTERPRISE]: { department: "Sales" } };
    expect((await client.send("PUT", at, put)).json.schemas).toEqual([USER, ENTERPRISE]);
  });

  it("POST /.search with every member of a SearchRequest answers as the same GET", async () => {
    const search = {
      schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
      attributes: [`${USER}:userName`, "meta.resourceType"],
      excludedAttributes: [],
      filter: `${USER}:userName sw "a" and meta.resourceType eq "User"`,
      sortBy: `${USER}:userName`,
      sortOrder: "descending",
      startIndex: 1,
      count: 5,
    };
    const { json } = await client.send("POST", "/Users/.search", search);
    expect(json).toEqual({
      schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
      totalResults: 1,
      startIndex: 1,
      itemsPerPage: 1,
      Resources: [{ schemas: [USER], id: user.id, userName: "ann", meta: { resourceType: "User" } }],
    });
    expect((await client.send("POST", "/.search", { filter: search.filter })).json.totalResults).toBe(1);
    expect(errorOf(await client.send("POST", "/.search", { filter: "userName" })).scimType).toBe("invalidFilter");
  });

  it("ask for what is not there: 404 in SCIM shape", async () => {
    for (const path of [
      "/ResourceTypes/nope",
      "/Schemas/urn:nope",
      "/Users/nope",
      "/Groups/nope",
      "/Nope",
      "/Users/a/b",
    ])
      expect(errorOf(await client.send("GET", path)).status, path).toBe("404");
  });

  it("send a resource back as they got it, and nothing is lost", async () => {
    const before = (await client.send("GET", at)).json;
    const put = (await client.send("PUT", at, before)).json;
    expect({ ...put, meta: {} }).toEqual({ ...before, meta: {} });
  });
});
