import { describe, expect, it } from "vitest";
import { must } from "../safety/populated-company.ts";
import { newClient, operate, type ScimAnswer, type ScimClient } from "./scim-client.ts";

/** Plain examples of what the property test of `test/nothing-lost` came upon: data that an answer of 2xx lost and did not speak of. */

const E = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const X = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";

type Body = Record<string, unknown>;

async function notesOf({ companyId }: ScimClient, { headers }: ScimAnswer): Promise<[kind: string, path: string][]> {
  const entry = must(await operate("GET", `/companies/${companyId}/log/${headers.get("x-request-id")}`), 200);
  return entry.notes.map(({ kind, path }: { kind: string; path: string }) => [kind, path]);
}

let common: Promise<ScimClient> | undefined;
let people = 0;

/** A user with these attributes in a setting of many, and how it is changed and read. */
async function user(before: Body) {
  common ??= newClient();
  const client = await common;
  people += 1;
  const userName = `ada-${people}`;
  const made = await client.send("POST", "/Users", { userName, ...before });
  const { id } = must(made, 201);
  return {
    client,
    made,
    patch: (body: Body) => client.send("PATCH", `/Users/${id}`, body),
    put: (body: Body) => client.send("PUT", `/Users/${id}`, { userName, ...body }),
    get: async () => must(await client.send("GET", `/Users/${id}`), 200),
  };
}

const operations = (...Operations: Body[]): Body => ({ Operations });

describe("a Bulk request", () => {
  it("notes what its POSTs, PUTs and PATCHes leave out, as they do when they come alone", async () => {
    const client = await newClient();
    const { id } = must(await client.send("POST", "/Users", { userName: "bo" }), 201);
    const group = must(await client.send("POST", "/Groups", { displayName: "G" }), 201).id;
    const bulk = await client.send("POST", "/Bulk", {
      Operations: [
        { method: "POST", path: "/Users", bulkId: "a", data: { userName: "ada", shoeSize: 44, title: true } },
        { method: "PUT", path: `/Users/${id}`, data: { userName: "bo", "name.nick": "B" } },
        { method: "PATCH", path: `/Users/${id}`, data: operations({ op: "add", path: "hatSize", value: 7 }) },
        { method: "POST", path: "/Groups", bulkId: "b", data: { displayName: "H", colour: "red" } },
        { method: "PUT", path: `/Groups/${group}`, data: { displayName: "G", shape: "round" } },
      ],
    });
    expect(must(bulk, 200).Operations.map(({ status }: { status: string }) => status)).toEqual(
      "201 200 200 201 200".split(" "),
    );
    expect(await notesOf(client, bulk)).toEqual([
      ["unknown_attribute", "Operations[0].data.shoeSize"],
      ["value_left_out", "Operations[0].data.title"],
      ["unknown_attribute", "Operations[1].data.name.nick"],
      ["unknown_attribute", "Operations[2].data.hatSize"],
      ["unknown_attribute", "Operations[3].data.colour"],
      ["unknown_attribute", "Operations[4].data.shape"],
    ]);
  });

  it("notes each value that it leaves out at one path, as a request that comes alone does", async () => {
    const client = await newClient();
    const data = {
      userName: "ada",
      addresses: [
        { value: "1", locality: "A" },
        { value: "2", locality: "B" },
      ],
    };
    const alone = await client.send("POST", "/Users", { ...data, userName: "bo" });
    const bulk = await client.send("POST", "/Bulk", {
      Operations: [{ method: "POST", path: "/Users", bulkId: "a", data }],
    });
    const values = async ({ headers }: ScimAnswer) =>
      must(await operate("GET", `/companies/${client.companyId}/log/${headers.get("x-request-id")}`), 200)
        .notes.filter(({ kind }: { kind: string }) => kind === "unknown_attribute")
        .map(({ value }: { value: string }) => value);
    expect(await values(alone)).toEqual(["1", "2"]);
    expect(await values(bulk)).toEqual(["1", "2"]);
  });

  it("notes nothing of an operation that it refused", async () => {
    const client = await newClient();
    const data = { shoeSize: 44 };
    const bulk = await client.send("POST", "/Bulk", {
      Operations: [{ method: "POST", path: "/Users", bulkId: "a", data }],
    });
    expect(must(bulk, 200).Operations[0].status).toBe("400");
    expect(await notesOf(client, bulk)).toEqual([]);
  });
});

describe("words that a message does not have", () => {
  it("are noted in a PATCH and its operations; what only the service provider sets is not", async () => {
    const { client, patch } = await user({});
    const answer = await patch({
      ...operations({ op: "add", path: "title", value: "T", comment: "why", password: "p" }),
      ...{ schemas: [], id: "x", meta: {}, reason: "none", displayName: "Ada", empty: null },
    });
    expect(must(answer, 200).title).toBe("T");
    expect(await notesOf(client, answer)).toEqual([
      ["unknown_attribute", "reason"],
      ["beside_operations", "displayName"],
      ["unknown_attribute", "Operations[0].comment"],
    ]);
  });

  it("are noted in a Bulk request and its operations, data of a DELETE included", async () => {
    const client = await newClient();
    const { id } = must(await client.send("POST", "/Users", { userName: "bo" }), 201);
    const bulk = await client.send("POST", "/Bulk", {
      ...{ schemas: [], failOnErrors: 1, reason: "none" },
      Operations: [{ method: "DELETE", path: `/Users/${id}`, data: { userName: "bo" }, comment: "why" }],
    });
    expect(must(bulk, 200).Operations[0].status).toBe("204");
    expect(await notesOf(client, bulk)).toEqual([
      ["unknown_attribute", "reason"],
      ["unknown_attribute", "Operations[0].comment"],
      ["value_left_out", "Operations[0].data"],
    ]);
  });
});

describe("one thing that is said twice in one object, differently", () => {
  it.each<[string, Body]>([
    ["a part in another case", { emails: [{ value: "a@x.test", VALUE: "b@x.test" }] }],
    ["a part and its older name", { [E]: { manager: { value: "1", managerId: "2" } } }],
    ["an attribute in another case", { title: "A", TITLE: "B" }],
    ["an attribute of a custom extension", { [X]: { site: "A", Site: "B" } }],
    ["an attribute with its URN and without", { department: "A", [`${E}:department`]: "B" }],
    ["a part within a custom attribute", { [X]: { floor: { no: 1, NO: 2 } } }],
    ["a part deep within a custom attribute", { [X]: { floor: { room: [{ no: 1, NO: 2 }] } } }],
    ["a part of an element of a custom list", { [X]: { badges: [{ value: "a", VALUE: "b" }] } }],
    ["a part of an element of a list in a custom list", { [X]: { badges: [[{ no: 1, NO: 2 }]] } }],
  ])("is refused by every verb: %s", async (_what, twice) => {
    const { client, patch, put, get } = await user({});
    const before = await get();
    const answers = [
      await client.send("POST", "/Users", { userName: "bo", ...twice }),
      await put(twice),
      await patch(operations({ op: "replace", value: twice })),
    ];
    for (const { json } of answers) expect(json).toMatchObject({ status: "400", scimType: "invalidValue" });
    expect(await get()).toEqual(before);
  });

  it("is taken where one of them says nothing, wherever it stands, by every verb", async () => {
    for (const blank of [null, "", "  "]) {
      const { client, put, patch, get } = await user({ name: { givenName: "Z" } });
      for (const name of [
        { givenName: "A", GivenName: blank },
        { givenName: blank, GivenName: "A" },
      ]) {
        const body = {
          name,
          emails: [{ value: "a@x.test", VALUE: blank }],
          [E]: { manager: { value: "1", Value: blank } },
          [X]: { floor: { no: "1", NO: blank }, badges: [{ no: blank, NO: "1" }] },
        };
        const answers = [
          await client.send("POST", "/Users", { userName: crypto.randomUUID(), ...body }),
          await put(body),
          await patch(operations({ op: "replace", value: body })),
          await patch(operations({ op: "add", path: "name", value: name })),
        ];
        for (const { json } of answers)
          expect(json).toMatchObject({
            name: { givenName: "A" },
            emails: [{ value: "a@x.test" }],
            [E]: { manager: { value: "1" } },
          });
        const { floor, badges } = (await get())[X];
        expect(Object.values(floor)).toEqual(["1"]);
        expect(badges.map(Object.values)).toEqual([["1"]]);
      }
    }
  });

  it("is refused in a search", async () => {
    const client = await newClient();
    const body = { filter: 'userName eq "a"', Filter: 'userName eq "b"' };
    for (const path of ["/Users/.search", "/.search"])
      expect((await client.send("POST", path, body)).json).toMatchObject({ status: "400", scimType: "invalidValue" });
  });

  it("is taken where both say the same", async () => {
    const { patch, get } = await user({});
    must(await patch(operations({ op: "replace", value: { title: "A", TITLE: "A" } })), 200);
    expect((await get()).title).toBe("A");
  });

  it.each<[string, Body]>([
    ["a part within a custom attribute", operations({ op: "add", path: `${X}:floor`, value: { no: 1, NO: 2 } })],
    ["the value of an operation", operations({ op: "add", path: "title", value: "A", Value: "B" })],
    ["the operations", { Operations: [{ op: "add", path: "title", value: "A" }], operations: [] }],
  ])("is refused in a PATCH: %s", async (_what, body) => {
    const { patch, get } = await user({});
    const before = await get();
    expect((await patch(body)).status).toBe(400);
    expect(await get()).toEqual(before);
  });

  it("is refused in a Bulk request, of an operation in its place", async () => {
    const client = await newClient();
    const item = { method: "POST", path: "/Users", bulkId: "a", data: { userName: "ada" } };
    expect((await client.send("POST", "/Bulk", { Operations: [item], operations: [item] })).status).toBe(400);
    const Operations = [{ ...item, Data: { userName: "bo" } }, item];
    const bulk = must(await client.send("POST", "/Bulk", { Operations }), 200);
    expect(bulk.Operations.map(({ status }: { status: string }) => status)).toEqual(["400", "201"]);
  });
});

describe("one thing that is said twice in one object, differently, about members", () => {
  it.each<[string, Body]>([
    ["the id", { value: "OTHER" }],
    ["the type", { type: "User", Type: "Group" }],
    ["the reference", { $ref: "../Users/ME", $REF: "../Users/OTHER" }],
  ])("is refused of a member by every verb: %s", async (_what, part) => {
    const client = await newClient();
    const [me, other] = [
      must(await client.send("POST", "/Users", { userName: "ada" }), 201).id,
      must(await client.send("POST", "/Users", { userName: "bo" }), 201).id,
    ];
    const sent = JSON.stringify({ Value: me, ...part });
    const members = [JSON.parse(sent.replaceAll("OTHER", other).replaceAll("ME", me))];
    const group = must(await client.send("POST", "/Groups", { displayName: "G", members: [{ value: me }] }), 201);
    const answers = [
      await client.send("POST", "/Groups", { displayName: "H", members }),
      await client.send("PUT", `/Groups/${group.id}`, { displayName: "G", members }),
      ...(await Promise.all(
        ["add", "replace", "remove"].map((op) =>
          client.send("PATCH", `/Groups/${group.id}`, operations({ op, path: "members", value: members })),
        ),
      )),
      await client.send("PATCH", `/Groups/${group.id}`, operations({ op: "add", value: { members } })),
    ];
    for (const { json } of answers) expect(json).toMatchObject({ status: "400", scimType: "invalidValue" });
    expect((await client.send("GET", `/Groups/${group.id}`)).json.members).toEqual(group.members);
  });

  it("is noted of a member whose reference leads to another one, by every verb", async () => {
    const client = await newClient();
    const [me, other] = [
      must(await client.send("POST", "/Users", { userName: "ada" }), 201).id,
      must(await client.send("POST", "/Users", { userName: "bo" }), 201).id,
    ];
    const members = [{ value: me, $ref: `../Users/${other}` }];
    const made = await client.send("POST", "/Groups", { displayName: "G", members });
    const path = `/Groups/${must(made, 201).id}`;
    expect(made.json.members.map(({ value }: { value: string }) => value)).toEqual([me]);
    const answers = [
      made,
      await client.send("PUT", path, { displayName: "G", members }),
      await client.send("PATCH", path, operations({ op: "add", path: "members", value: members })),
    ];
    for (const answer of answers) expect(await notesOf(client, answer)).toEqual([["value_left_out", "members.$ref"]]);
    const alike = [`../Users/${me}`, `https://x.test/scim/v2/Users/${me}/`, "", null];
    for (const $ref of alike) {
      const value = [{ value: me, $ref }];
      const answer = await client.send("PATCH", path, operations({ op: "add", path: "members", value }));
      expect(await notesOf(client, answer)).toEqual([]);
    }
  });
});

it("text of white space alone is no value, as empty text is, and needs no word", async () => {
  const Y = "urn:ietf:params:scim:schemas:extension:site:1.0:User";
  for (const path of ["title", `${Y}:site`, "name.givenName"]) {
    const { client, put, patch, get } = await user({ [path]: "T" });
    const answers = [
      await patch(operations({ op: "replace", path, value: " " })),
      await patch(operations({ op: "add", value: { [path]: "  " } })),
      await put({ [path]: " " }),
    ];
    answers.push(await put({ [path]: "" }));
    for (const answer of answers) expect(await notesOf(client, answer)).toEqual([]);
    for (const name of ["title", Y, "name"]) expect(await get()).not.toHaveProperty([name]);
  }
});

describe("an element without a value", () => {
  it("is left out and noted, by every verb", async () => {
    const hollow = { emails: [{ type: "work", primary: true }] };
    const { client, made, put, patch, get } = await user(hollow);
    const answers = [
      made,
      await put(hollow),
      await put({ "emails.primary": true }),
      await patch(operations({ op: "add", path: "emails", value: hollow.emails })),
      await patch(operations({ op: "add", path: 'emails[type eq "work"].primary', value: true })),
    ];
    for (const answer of answers) expect(await notesOf(client, answer)).toEqual([["value_left_out", "emails"]]);
    expect(await get()).not.toHaveProperty("emails");
  });

  it("is a template's null for what is not there when its value is blank; a change that empties a value is noted", async () => {
    const { client, made, put, patch, get } = await user({
      emails: [{ type: "work", primary: true, value: "" }, { value: "a@x.test" }],
      photos: [{ value: null }],
    });
    expect(made.json.emails).toEqual([{ value: "a@x.test", primary: true }]);
    expect(made.json).not.toHaveProperty("photos");
    expect(await notesOf(client, made)).toEqual([]);
    const answers = [
      await put({ roles: [{ value: null, type: "t" }] }),
      await patch(operations({ op: "add", path: "roles", value: { value: "", type: "t" } })),
      await patch(operations({ op: "add", value: { roles: [{ value: "r", type: "t" }] } })),
      await patch(operations({ op: "replace", path: 'roles[type eq "t"].value', value: null })),
      await patch(operations({ op: "add", value: { roles: [{ value: "r", type: "t" }] } })),
      await patch(operations({ op: "remove", path: "roles.value" })),
    ];
    const notes = await Promise.all(answers.map((answer) => notesOf(client, answer)));
    const left = [["value_left_out", "roles"]];
    expect(notes).toEqual([[], [["nothing_named", "roles"]], [], left, [], []]);
    expect(await get()).not.toHaveProperty("roles");
  });

  it("is no fault while its value is still to come in the same request", async () => {
    const { client, patch } = await user({});
    const answer = await patch(
      operations(
        { op: "add", path: 'emails[type eq "work"].primary', value: true },
        { op: "add", path: 'emails[type eq "work"].value', value: "a@x.test" },
      ),
    );
    expect(must(answer, 200).emails).toEqual([{ type: "work", primary: true, value: "a@x.test" }]);
    expect(await notesOf(client, answer)).toEqual([]);
  });
});

describe("elements of one value", () => {
  const [rome, bonn] = [
    { value: "1", type: "work", display: "Rome" },
    { value: "1", type: "work", display: "Bonn" },
  ];

  it("that one add names are all kept, and an add of one of them changes none", async () => {
    const { patch, get } = await user({});
    must(await patch(operations({ op: "add", path: "phoneNumbers", value: [rome, bonn] })), 200);
    must(await patch(operations({ op: "add", path: "phoneNumbers", value: [bonn] })), 200);
    expect((await get()).phoneNumbers).toEqual([rome, bonn]);
  });
});

describe("a custom attribute that is a value and has parts", () => {
  it.each<[string, Body]>([
    ["the value first", { [`${X}:site`]: "Rome", [`${X}:site.code`]: "R" }],
    ["the part first", { [`${X}:site.code`]: "R", [`${X}:site`]: "Rome" }],
  ])("keeps both: %s", async (_what, body) => {
    const { get, put } = await user(body);
    for (const wish of [body, { ...body, [X]: { floor: 1 } }]) {
      must(await put(wish), 200);
      expect((await get())[X].site).toEqual({ value: "Rome", code: "R" });
    }
  });

  it.each(["remove", "replace"])("loses a bare value by a %s of its `value`", async (op) => {
    const { patch, get } = await user({ [X]: { site: "Rome", floor: 1 } });
    must(await patch(operations({ op, path: `${X}:site.value`, ...(op === "replace" && { value: null }) })), 200);
    expect((await get())[X]).toEqual({ floor: 1 });
  });
});

it("a name with a colon in the enterprise extension is unknown, and no extension of its own", async () => {
  const { client, made } = await user({ [E]: { "custom:country": "IT", department: "Legal" } });
  expect(made.json.schemas).toHaveLength(2);
  expect(await notesOf(client, made)).toEqual([["unknown_attribute", `${E}:custom:country`]]);
});

describe("a PATCH that names nothing that can be kept", () => {
  const emails = [{ value: "a@x.test", type: "work", primary: true }];
  const name = { givenName: "Ada" };

  it.each<[Body, string, string]>([
    [{ op: "replace", path: "name", value: {} }, "nothing_named", "name"],
    [{ op: "replace", value: { name: {} } }, "nothing_named", "value"],
    [{ op: "replace", path: `${X}:floor`, value: {} }, "nothing_named", `${X}:floor`],
    [{ op: "add", path: X, value: { floor: { inner: {} }, tags: {} } }, "nothing_named", X],
    [{ op: "replace", path: 'emails[type eq "work"]', value: {} }, "nothing_named", 'emails[type eq "work"]'],
    [{ op: "replace", path: "emails", value: [{ foo: 1 }] }, "unknown_attribute", "emails.foo"],
    [{ op: "remove", path: "emails", value: [{ value: "", type: "work" }] }, "nothing_named", "emails"],
    [{ op: "replace", value: { emails: { foo: 1 } } }, "unknown_attribute", "emails.foo"],
    [{ op: "replace", path: `${X}:tags`, value: [{ password: "p" }] }, "nothing_named", `${X}:tags`],
  ])("leaves what is there, and says so: %j", async (operation, kind, path) => {
    const { client, patch, get } = await user({ emails, name, [X]: { tags: ["a"], floor: { inner: { no: 1 } } } });
    const before = await get();
    const answer = await patch(operations(operation));
    must(answer, 200);
    expect(await get()).toEqual(before);
    expect(await notesOf(client, answer)).toEqual([[kind, path]]);
  });
});

describe("lists of a custom extension", () => {
  const before = { [X]: { tags: ["a"], site: "Rome", floor: { rooms: ["1", "2"], level: 1 } } };

  it.each<Body>([
    { op: "add", path: `${X}:floor.rooms`, value: [] },
    { op: "add", path: `${X}:floor.rooms`, value: null },
    { op: "add", value: { [`${X}:floor.rooms`]: "" } },
    { op: "add", path: X, value: { floor: { rooms: null } } },
    { op: "add", path: `${X}:tags`, value: [] },
    { op: "add", path: `${X}:site`, value: [] },
    { op: "add", path: `${X}:floor`, value: [] },
    { op: "add", path: `${X}:floor.level`, value: [] },
  ])("stay as they are when nothing is added to them: %j", async (operation) => {
    const { patch, get } = await user(before);
    must(await patch(operations(operation)), 200);
    expect((await get())[X]).toEqual(before[X]);
  });

  it.each(["add", "replace"])("get no value by a %s whose value path finds none", async (op) => {
    const { patch, get } = await user(before);
    const answer = await patch(operations({ op, path: `${X}:tags[value eq "b"]`, value: "z" }));
    expect(answer.json).toMatchObject({ status: "400", scimType: "noTarget" });
    expect((await get())[X]).toEqual(before[X]);
    const made = await patch(operations({ op, path: `${X}:phones[type eq "work"]`, value: "5" }));
    expect(must(made, 200)[X].phones).toEqual([{ type: "work", value: "5" }]);
  });
});
