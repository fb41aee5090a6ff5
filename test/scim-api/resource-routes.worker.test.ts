import { describe, expect, it } from "vitest";
import { errorOf, newClient, operate } from "./scim-client.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

describe("Users", () => {
  it("POST answers 201 with Location, ETag and the whole resource, and GET gives the same", async () => {
    const client = await newClient();
    const sent = {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
      userName: "Ann@Acme.example",
      externalId: "e-1",
      name: { givenName: "Ann", familyName: "Ö" },
      emails: [{ value: "Ann@Acme.example", type: "work", primary: true }],
      password: "hunter2-secret",
      groups: [],
      [ENTERPRISE]: { department: "Sales" },
    };
    const made = await client.send("POST", "/Users", sent);
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      userName: "Ann@Acme.example",
      active: true,
      groups: [],
      [ENTERPRISE]: { department: "Sales" },
    });
    expect(made.json.password).toBeUndefined();
    expect(made.headers.get("location")).toBe(`https://rollcall.test/scim/v2/Users/${made.json.id}`);
    expect(made.headers.get("etag")).toBe('W/"1"');
    expect(made.json.meta.version).toBe('W/"1"');
    const read = await client.send("GET", `/Users/${made.json.id}`);
    expect(read.json).toEqual(made.json);
  });

  it("never logs a password, wherever it stood", async () => {
    const client = await newClient();
    const user = (await client.send("POST", "/Users", { userName: "a", PassWord: "hunter2-a" })).json;
    await client.send("PATCH", `/Users/${user.id}`, {
      Operations: [{ op: "add", path: "password", value: "hunter2-b" }],
    });
    await client.send("PATCH", `/Users/${user.id}`, {
      Operations: [{ op: "add", value: { password: "hunter2-c", title: "T" } }],
    });
    await client.send("PUT", "/Users/nobody", {
      userName: "a",
      "urn:ietf:params:scim:schemas:core:2.0:User:password": "hunter2-d",
    });
    await client.send("GET", '/Users?filter=password+eq+"hunter2-e"');
    await client.send("POST", "/Users/.search", { filter: 'password eq "hunter2-f"' });
    await client.send("POST", "/Bulk", {
      Operations: [{ method: "POST", path: "/Users", bulkId: "1", data: { userName: "b", password: "hunter2-g" } }],
    });
    const logged = await waitForLog(client, 7);
    const requestBodies = [];
    for (const { id } of logged.json.items) {
      const row = await operate("GET", `/companies/${client.companyId}/log/${id}`);
      expect(row.json).toHaveProperty("requestBody");
      expect(row.text).not.toContain("hunter2");
      if (row.json.requestBody !== null) requestBodies.push(row.json.requestBody);
    }
    // The POST, both PATCHes and the Bulk; of the search its frame. No body is kept that was sent about nobody.
    expect(requestBodies).toHaveLength(5);
    for (const body of requestBodies.filter((text) => text !== '{"filter":"…"}')) expect(body).toContain("[redacted]");
  });

  it("PUT replaces, keeps active when it is not said, and gives a new version; If-Match guards it", async () => {
    const client = await newClient();
    const user = (await client.send("POST", "/Users", { userName: "a", title: "T", active: false })).json;
    const put = await client.send(
      "PUT",
      `/Users/${user.id}`,
      { userName: "a", nickName: "N" },
      { "if-match": 'W/"1"' },
    );
    expect(put.status).toBe(200);
    expect(put.json).toMatchObject({ nickName: "N", active: false, meta: { version: 'W/"2"' } });
    expect(put.json.title).toBeUndefined();
    expect(
      errorOf(await client.send("PUT", `/Users/${user.id}`, { userName: "a" }, { "if-match": 'W/"1"' })).status,
    ).toBe("412");
    expect((await client.send("GET", `/Users/${user.id}`, undefined, { "if-none-match": 'W/"2"' })).status).toBe(304);
  });

  it("PATCH answers 200 with the resource, projected; DELETE answers 204 and then 404", async () => {
    const client = await newClient();
    const user = (await client.send("POST", "/Users", { userName: "a" })).json;
    const op = { op: "Replace", path: "active", value: "False" };
    const patched = await client.send("PATCH", `/Users/${user.id}?attributes=active`, { Operations: [op] });
    expect(patched.json).toEqual({ schemas: patched.json.schemas, id: user.id, active: false });
    expect((await client.send("GET", "/Users?filter=active+eq+false")).json.totalResults).toBe(1);
    expect((await client.send("DELETE", `/Users/${user.id}`)).status).toBe(204);
    for (const method of ["GET", "DELETE"])
      expect(errorOf(await client.send(method, `/Users/${user.id}`)).status).toBe("404");
    expect(errorOf(await client.send("PATCH", `/Users/${user.id}`, { Operations: [op] })).status).toBe("404");
  });

  it("refuses a second user of a name in any case with 409 uniqueness, and finds the first by it", async () => {
    const client = await newClient();
    await client.send("POST", "/Users", { userName: "Straße@x.example" });
    expect(errorOf(await client.send("POST", "/Users", { userName: "STRAßE@X.example" })).scimType).toBe("uniqueness");
    const found = await client.send("GET", `/Users?filter=${encodeURIComponent('userName eq "STRAßE@X.EXAMPLE"')}`);
    expect(found.json.Resources[0].userName).toBe("Straße@x.example");
  });
});

describe("Groups", () => {
  it("POST answers with its members, GET too; PATCH answers 204, or the resource when attributes are asked for", async () => {
    const client = await newClient();
    const [ann, bob] = await Promise.all(
      ["ann", "bob"].map(
        async (userName) => (await client.send("POST", "/Users", { userName, displayName: `${userName}!` })).json,
      ),
    );
    const made = await client.send("POST", "/Groups", { displayName: "G", members: [{ value: ann.id }] });
    expect(made.status).toBe(201);
    const annAsMember = { value: ann.id, display: "ann!", type: "User", $ref: ann.meta.location };
    expect(made.json.members).toEqual([annAsMember]);
    const at = `/Groups/${made.json.id}`;
    const add = { Operations: [{ op: "Add", path: "members", value: [{ $ref: null, value: bob.id }] }] };
    const patched = await client.send("PATCH", at, add);
    expect([patched.status, patched.text, patched.headers.get("etag")]).toEqual([204, "", 'W/"2"']);
    const asked = await client.send("PATCH", `${at}?attributes=members`, add);
    expect(asked.json.members).toHaveLength(2);
    expect((await client.send("GET", at)).json.members).toHaveLength(2);
    expect((await client.send("GET", `${at}?excludedAttributes=members`)).json.members).toBeUndefined();
    expect((await client.send("GET", `/Users/${bob.id}`)).json.groups).toEqual([
      { value: made.json.id, display: "G", type: "direct", $ref: made.json.meta.location },
    ]);
    const both = `${encodeURIComponent(`id eq "${made.json.id}" and members eq "${bob.id}"`)}&attributes=id`;
    expect((await client.send("GET", `/Groups?filter=${both}`)).json.Resources).toEqual([
      { schemas: made.json.schemas, id: made.json.id },
    ]);
  });

  it("PUT without members keeps them and shows them; with [] empties the group", async () => {
    const client = await newClient();
    const ann = (await client.send("POST", "/Users", { userName: "ann" })).json;
    const group = (await client.send("POST", "/Groups", { displayName: "G", members: [{ value: ann.id }] })).json;
    const renamed = await client.send("PUT", `/Groups/${group.id}`, { displayName: "H" });
    expect(renamed.json).toMatchObject({ displayName: "H", members: [{ value: ann.id }] });
    expect((await client.send("PUT", `/Groups/${group.id}`, { displayName: "H", members: [] })).json.members).toEqual(
      [],
    );
  });

  it("keeps a group in a group as a member of type Group", async () => {
    const client = await newClient();
    const inner = (await client.send("POST", "/Groups", { displayName: "Inner" })).json;
    const outer = (
      await client.send("POST", "/Groups", { displayName: "Outer", members: [{ value: inner.id, type: "Group" }] })
    ).json;
    expect(outer.members).toEqual([{ value: inner.id, display: "Inner", type: "Group", $ref: inner.meta.location }]);
    expect((await client.send("GET", `/Groups?filter=members+eq+"${inner.id}"`)).json.Resources[0].id).toBe(outer.id);
  });

  it("refuses an unknown member with 400 invalidValue and changes nothing", async () => {
    const client = await newClient();
    const group = (await client.send("POST", "/Groups", { displayName: "G" })).json;
    const add = { Operations: [{ op: "add", path: "members", value: [{ value: "nope" }] }] };
    expect(errorOf(await client.send("PATCH", `/Groups/${group.id}`, add)).scimType).toBe("invalidValue");
    expect((await client.send("GET", `/Groups/${group.id}`)).json.members).toEqual([]);
  });
});

describe("Bulk", () => {
  it("makes users and groups that name each other in any order, and tells how each operation went", async () => {
    const client = await newClient();
    const answer = await client.send("POST", "/Bulk", {
      Operations: [
        { method: "POST", path: "/Groups", bulkId: "g", data: { displayName: "G", members: [{ value: "bulkId:u" }] } },
        { method: "POST", path: "/Users", bulkId: "u", data: { userName: "u" } },
        { method: "POST", path: "/Users", bulkId: "again", data: { userName: "U" } },
        { method: "DELETE", path: "/Users/nope" },
        "nonsense",
      ],
    });
    expect(answer.status).toBe(200);
    expect(answer.json.schemas).toEqual(["urn:ietf:params:scim:api:messages:2.0:BulkResponse"]);
    expect(answer.json.Operations.map(({ status }: { status: string }) => status)).toEqual([
      "201",
      "201",
      "409",
      "404",
      "400",
    ]);
    const [group, user] = answer.json.Operations;
    expect(group).toMatchObject({ method: "POST", bulkId: "g", version: 'W/"1"' });
    const read = await client.send("GET", new URL(group.location).pathname.slice("/scim/v2".length));
    expect(user.location).toContain(read.json.members[0].value);
    expect(answer.json.Operations[2].response.scimType).toBe("uniqueness");
  });

  it("repeats the method that was sent, and locates what a bulkId in a path stands for", async () => {
    const client = await newClient();
    const { json } = await client.send("POST", "/Bulk", {
      Operations: [
        { method: "POST", path: "/Users", bulkId: "u", data: { userName: "u" } },
        { method: "DELETE", path: "/Users/bulkId:u" },
        { method: "DELETE", path: "/Users/bulkId:u" },
        { method: "DELETE", path: "/Users/bulkId:nobody" },
        { method: "GET", path: "/Users/1" },
        { path: "/Users/1" },
      ],
    });
    const [post, ...others] = json.Operations;
    expect(others).toMatchObject([
      { method: "DELETE", status: "204", location: post.location },
      { method: "DELETE", status: "404", location: post.location },
      { method: "DELETE", status: "400" },
      { method: "GET", status: "400" },
      { status: "400" },
    ]);
    expect(others[2]).not.toHaveProperty("location");
    expect(others[4]).not.toHaveProperty("method");
  });

  it("runs the list that it judged, whichever spelling of its name is sent, and neither of two", async () => {
    const client = await newClient();
    const list = [{ method: "POST", path: "/Users", bulkId: "u", data: { userName: "u" } }];
    const { status, json } = await client.send("POST", "/Bulk", { Ｏperations: list });
    expect([status, json.Operations?.[0]?.status]).toEqual([200, "201"]);
    const twice = await client.send("POST", "/Bulk", { operations: "x", Operations: list });
    expect(errorOf(twice).scimType).toBe("invalidSyntax");
  });

  it("refuses more than 1000 operations with 413", async () => {
    const client = await newClient();
    const Operations = Array.from({ length: 1001 }, () => ({ method: "DELETE", path: "/Users/x" }));
    expect(errorOf(await client.send("POST", "/Bulk", { Operations })).status).toBe("413");
  });
});

describe("the provisioning log", () => {
  it("has one row for every authenticated request, reads and refusals included, under the id of X-Request-Id", async () => {
    const client = await newClient();
    const made = await client.send("POST", "/Users", { userName: "ann", nonsense: 1 });
    const clash = await client.send("POST", "/Users", { userName: "ann" });
    const broken = await client.send("POST", "/Users", "{");
    const read = await client.send("GET", '/Users?filter=userName+eq+"ann"');
    const logged = await waitForLog(client, 4);
    const byId = new Map(logged.json.items.map((item: { id: string }) => [item.id, item]));
    const of = (answer: { headers: Headers }) => byId.get(answer.headers.get("x-request-id") ?? "");
    expect(of(made)).toMatchObject({ method: "POST", status: 201, label: "ann", resourceType: "User" });
    expect(JSON.stringify(of(made))).toContain('{"kind":"unknown_attribute","path":"nonsense","value":"1"}');
    expect(of(clash)).toMatchObject({ status: 409, scimType: "uniqueness" });
    expect(of(broken)).toMatchObject({ status: 400, scimType: "invalidSyntax" });
    expect(of(read)).toMatchObject({ method: "GET", status: 200, path: expect.stringContaining("filter=userName") });
  });
});

async function waitForLog(client: { companyId: string; settingId: string }, rows: number) {
  const read = () => operate("GET", `/companies/${client.companyId}/scim-settings/${client.settingId}/log`);
  await expect.poll(async () => (await read()).json.items.length).toBeGreaterThanOrEqual(rows);
  return read();
}
