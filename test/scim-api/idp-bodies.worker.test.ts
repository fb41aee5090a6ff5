import { describe, expect, it } from "vitest";
import { must } from "../safety/populated-company.ts";
import { newClient, operate, type ScimAnswer, type ScimClient } from "./scim-client.ts";

/** Bodies as identity providers send them, whole: what is in them is there afterwards, or told of. */

const E = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const X = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";
const PATCH_OP = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];

type Body = Record<string, unknown>;

async function notesOf({ companyId }: ScimClient, { headers }: ScimAnswer): Promise<[kind: string, path: string][]> {
  const entry = must(await operate("GET", `/companies/${companyId}/log/${headers.get("x-request-id")}`), 200);
  return entry.notes.map(({ kind, path }: { kind: string; path: string }) => [kind, path]);
}

/** A user with something of every kind. */
const WHOLE = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  userName: "Ada.Lovelace@ex.test",
  externalId: "00ujl29u0le5T6Aj10h7",
  active: true,
  name: { formatted: "Dr. Ada Lovelace", givenName: "Ada", familyName: "Lovelace", honorificPrefix: "Dr." },
  displayName: "e\u0301 \u00e9 👩‍🚀",
  emails: [
    { value: "ada@ex.test", type: "work", primary: true, display: "Work" },
    { value: "ada@home.test", type: "home", primary: false },
  ],
  phoneNumbers: [{ value: "tel:+1-555-555-5555", type: "work" }],
  addresses: [{ streetAddress: "1 Way", locality: "Rome", country: "IT", type: "work" }],
  roles: [{ value: '{"id":"1","value":"25"}', primary: true }],
  photos: [{ value: "https://x.test/p.png", type: "photo" }],
  locale: "en-US",
  [E]: { employeeNumber: "007", department: "Legal", manager: { value: "m-1", $ref: "../Users/m-1" } },
  [X]: { "cost-center": "1", Büro: "x", "a b": ["y", 2, { z: false }], "a.b": { no: 0 }, list: [[1], [2]] },
};

/** A client with that user in a group, and the user as it is read. */
async function directory() {
  const client = await newClient();
  const { id } = must(await client.send("POST", "/Users", WHOLE), 201);
  const group = must(await client.send("POST", "/Groups", { displayName: "Crew", members: [{ value: id }] }), 201);
  const read = async () => must(await client.send("GET", `/Users/${id}`), 200);
  return { client, id, group, read };
}

describe("what was read and is sent back", () => {
  it("keeps every value of a user as it was sent", async () => {
    const { read } = await directory();
    const { schemas: _schemas, ...sent } = WHOLE;
    expect(await read()).toMatchObject(sent);
  });

  it.each<[string, (resource: Body, id: string) => [string, string, Body]]>([
    ["by PUT, as Okta does", (resource, id) => ["PUT", `/Users/${id}`, resource]],
    ["in a PATCH without a path", (value, id) => ["PATCH", `/Users/${id}`, { Operations: [{ op: "replace", value }] }]],
    ["in a PATCH of an add", (value, id) => ["PATCH", `/Users/${id}`, { Operations: [{ op: "Add", value: [value] }] }]],
    ["in a PATCH of SCIM 1.1", (resource, id) => ["PATCH", `/Users/${id}`, resource]],
    [
      "in a Bulk request",
      (data, id) => ["POST", "/Bulk", { Operations: [{ method: "PUT", path: `/Users/${id}`, data }] }],
    ],
  ])("changes nothing of a user and needs no word: %s", async (_how, request) => {
    const { client, id, read } = await directory();
    const before = await read();
    const answer = await client.send(...request(before, id));
    expect(answer.status, answer.text).toBe(200);
    expect(await read()).toEqual(before);
    expect(await notesOf(client, answer)).toEqual([]);
  });

  it("changes nothing of a group", async () => {
    const { client, group } = await directory();
    const at = `/Groups/${group.id}`;
    for (const [method, body] of [
      ["PUT", group],
      ["PATCH", { Operations: [{ op: "replace", value: group }] }],
    ] as const) {
      const answer = await client.send(method, at, body);
      expect(answer.status).toBeLessThan(300);
      expect(must(await client.send("GET", at), 200)).toEqual(group);
      expect(await notesOf(client, answer)).toEqual([]);
    }
  });
});

describe("empty places of templates and mappings", () => {
  it.each<[string, Body]>([
    [
      "OneLogin's macros that came out empty",
      {
        name: { givenName: " ", familyName: "" },
        emails: [{ value: "", type: "work", primary: true }],
        [E]: { department: "", manager: { managerId: "", displayName: " " } },
        ...{ id: null, meta: { resourceType: "User" }, title: " " },
      },
    ],
    [
      "JumpCloud's nulls and empty lists",
      { emails: null, addresses: [], phoneNumbers: [], photos: [{ value: null }], [E]: {}, name: {} },
    ],
    [
      "Entra's nulls",
      { addresses: null, title: null, department: null, manager: null, roles: [], [X]: { site: null } },
    ],
    ["ConnId's whole set", { name: { formatted: null }, entitlements: [], x509Certificates: [], password: "" }],
  ])("say nothing, and nothing is said of them: %s", async (_what, empty) => {
    const client = await newClient();
    const made = await client.send("POST", "/Users", { userName: "ada", ...empty });
    const { id, emails: _emails, schemas: _schemas, meta: _meta, ...rest } = must(made, 201);
    expect(rest).toEqual({ userName: "ada", active: true, groups: [] });
    const put = await client.send("PUT", `/Users/${id}`, { userName: "ada", ...empty });
    for (const answer of [made, put]) expect(await notesOf(client, answer)).toEqual([]);
  });
});

describe("operations of real connectors on one user", () => {
  it.each<[string, Body[], Body]>([
    [
      "Entra's manager, as text, in an array, wrapped, with its address",
      [
        { op: "add", path: `${E}:manager`, value: "m-2" },
        { op: "Add", path: "manager", value: [{ $ref: "http://x.test/Users/m-3", value: "m-3" }] },
      ],
      { [E]: { ...WHOLE[E], manager: { value: "m-3", $ref: "http://x.test/Users/m-3" } } },
    ],
    [
      "a status that is wrapped",
      [{ op: "replace", path: "active", value: [{ $ref: null, value: "False" }] }],
      { active: false, displayName: WHOLE.displayName },
    ],
    [
      "the enterprise extension as an object",
      [{ op: "replace", path: E, value: { department: "Sales" } }],
      { [E]: { department: "Sales", employeeNumber: "007", manager: { value: "m-1", $ref: "../Users/m-1" } } },
    ],
    [
      "a value path by another comparison",
      [{ op: "replace", path: 'emails[value ew "@home.test" and not (type eq "work")].display', value: "H" }],
      { emails: [WHOLE.emails[0], { ...WHOLE.emails[1], display: "H" }] },
    ],
    [
      "a remove with the value that is taken away",
      [{ op: "Remove", path: 'emails[type eq "home"].value', value: "ada@home.test" }],
      { emails: [WHOLE.emails[0]] },
    ],
    [
      "names that no path can spell, in an object",
      [{ op: "add", value: { [X]: { Büro: "z", "a b": ["w"], "a.b": { yes: 1 } } } }],
      { [X]: { ...WHOLE[X], Büro: "z", "a b": ["y", 2, { z: false }, "w"], "a.b": { no: 0, yes: 1 } } },
    ],
    [
      "a list of objects by a part of the company's own",
      [
        { op: "add", path: `${X}:certs`, value: [{ name: "a", at: "1" }, { name: "b" }] },
        { op: "replace", path: `${X}:certs[name eq "a"].at`, value: "9" },
        { op: "add", path: `${X}:certs`, value: { name: "c" } },
        { op: "remove", path: `${X}:certs`, value: [{ name: "b" }] },
      ],
      { [X]: { ...WHOLE[X], certs: [{ name: "a", at: "9" }, { name: "c" }] } },
    ],
    [
      "values of a custom extension that become of another type",
      [
        { op: "replace", path: `${X}:cost-center`, value: 0 },
        { op: "replace", value: { [X]: { "a b": false } } },
        { op: "add", path: `${X}:list`, value: { no: 1 } },
      ],
      { [X]: { ...WHOLE[X], "cost-center": 0, "a b": [false], list: [[1], [2], { no: 1 }] } },
    ],
  ])("%s", async (_what, Operations, expected) => {
    const { client, id, read } = await directory();
    const before = await read();
    const answer = await client.send("PATCH", `/Users/${id}`, { schemas: PATCH_OP, Operations });
    const { meta: _meta, ...after } = await read();
    expect(must(answer, 200)).toMatchObject(after);
    const { meta: _was, ...unnamed } = before;
    expect(after).toEqual({ ...unnamed, ...expected });
    expect(await notesOf(client, answer)).toEqual([]);
  });

  it("tells of lists that are keyed by their type", async () => {
    const { client, id, read } = await directory();
    const before = await read();
    const value = { phoneNumbers: { work: "1" }, addresses: { work: { locality: "Bonn" } } };
    const answer = await client.send("PATCH", `/Users/${id}`, { Operations: [{ op: "replace", value }] });
    must(answer, 200);
    expect(await read()).toEqual(before);
    expect(await notesOf(client, answer)).toEqual([
      ["unknown_attribute", "phoneNumbers.work"],
      ["unknown_attribute", "addresses.work"],
    ]);
  });
});
