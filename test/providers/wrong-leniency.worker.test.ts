import { beforeAll, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/scim/json.ts";
import { type Connection, callApi, callScim, connect, isScimError, pick, readText } from "./world.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

interface Scene {
  connection: Connection;
  ada: string;
  bo: string;
  crew: string;
}

/** Two users and a group of both. */
async function open(): Promise<Scene> {
  const connection = await connect();
  const post = async (path: string, body: JsonObject) => readText(await callScim(connection, "POST", path, body), "id");
  const ada = await post("/Users", {
    userName: "ada",
    title: "Mate",
    name: { givenName: "Ada", familyName: "Lie" },
    emails: [{ value: "ada@northwind.example", type: "work", primary: true }],
    [ENTERPRISE]: { department: "Deck", manager: { value: "M1" } },
  });
  const bo = await post("/Users", { userName: "bo" });
  const crew = await post("/Groups", { displayName: "Crew", members: [{ value: ada }, { value: bo }] });
  return { connection, ada, bo, crew };
}

/** Everything the scene holds, and what the change feed said so far. */
async function stateOf({ connection }: Scene): Promise<string> {
  const answers = await Promise.all(["/Users", "/Groups"].map((path) => callScim(connection, "GET", path)));
  const feed = await callApi("GET", `/companies/${connection.companyId}/changes?limit=200`);
  const told = pick(feed.body, "items");
  // So many refusals as these tests have are an alert, which the feed tells too.
  const isAlert = (entry: Json) => String(pick(entry, "type")).startsWith("alert.");
  const changes = Array.isArray(told) ? told.filter((entry) => !isAlert(entry)) : told;
  return [...answers.map(({ text }) => text), JSON.stringify(changes)].join("\n");
}

function op(verb: string, path?: Json, value?: Json): JsonObject {
  return { op: verb, ...(path === undefined ? {} : { path }), ...(value === undefined ? {} : { value }) };
}

function patchOf(...Operations: Json[]): JsonObject {
  return { Operations };
}

const GOOD = op("replace", "displayName", "Half done");

/** PATCH bodies of a user that must be refused as a whole; the other operation in them is good. */
const REFUSED_USER_PATCHES: [why: string, body: JsonObject][] = [
  ["Operations misspelt", { Operation: [GOOD] }],
  ["nothing at all", {}],
  ["a misspelt Operations", { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operation: [] }],
  ["Operations no array", { Operations: "replace" }],
  ["an unknown op", patchOf(GOOD, op("move", "title", "x"))],
  ["no op", patchOf(GOOD, { path: "title", value: "x" })],
  ["an operation that is no object", patchOf(GOOD, "replace")],
  ["a path that is no string", patchOf(GOOD, op("replace", 7, "x"))],
  ["a malformed path", patchOf(GOOD, op("replace", 'emails[type eq "work"', "x"))],
  ["a filter on no sub-attribute", patchOf(GOOD, op("replace", 'emails[colour eq "red"].value', "x"))],
  ["a filter on an attribute without elements", patchOf(GOOD, op("replace", 'title[type eq "work"]', "x"))],
  ["no value to replace by", patchOf(GOOD, op("replace", "title"))],
  ["no value to add", patchOf(GOOD, { op: "add", path: "title", values: "x" })],
  ["no path and a value that is no object", patchOf(GOOD, op("replace", undefined, "x"))],
  ["remove without a path", patchOf(GOOD, op("remove"))],
  ["remove without a path and with an empty object", patchOf(GOOD, op("remove", undefined, {}))],
  ["remove without a path, but with a value", patchOf(GOOD, op("remove", undefined, { title: "Captain" }))],
  ["replace of elements no filter can describe", patchOf(GOOD, op("replace", 'emails[type ne "work"].value', "x"))],
  ["remove of a required attribute", patchOf(GOOD, op("remove", "userName"))],
  ["a required attribute emptied", patchOf(GOOD, op("replace", "userName", ""))],
  ["a read-only attribute by path", patchOf(GOOD, op("replace", "id", "mine"))],
  ["a read-only list by path", patchOf(GOOD, op("add", "groups", [{ value: "x" }]))],
  ["a boolean that is neither", patchOf(GOOD, op("replace", "active", "perhaps"))],
  ["a boolean as a number", patchOf(GOOD, op("replace", "active", 0))],
  ["two values for one", patchOf(GOOD, op("replace", "title", ["a", "b"]))],
  ["two booleans for one", patchOf(GOOD, op("replace", "active", [true, false]))],
  ["an object for a text", patchOf(GOOD, op("replace", "title", { text: "x" }))],
  ["a text for an object without value", patchOf(GOOD, op("replace", "name", "Ada Lie"))],
  ["an object as the value of an element", patchOf(GOOD, op("add", "emails", [{ value: { at: "x" } }]))],
  ["two managers", patchOf(GOOD, op("replace", "manager", [{ value: "a" }, { value: "b" }]))],
  ["a text for an extension", patchOf(GOOD, op("replace", ENTERPRISE, "Deck"))],
  ["one bad key among good ones", patchOf(op("replace", undefined, { displayName: "Half", active: "perhaps" }))],
];

/** Bodies of POST and PUT of a user that must be refused. */
const REFUSED_USERS: [why: string, body: Json][] = [
  ["no userName", { displayName: "x" }],
  ["a blank userName", { userName: " " }],
  ["userName null", { userName: null }],
  ["two userNames", { userName: ["x", "y"] }],
  ["a userName that is an object", { userName: { value: "x", type: "work" } }],
  ["active that is neither", { userName: "x", active: "1" }],
  ["a name that is a text", { userName: "x", name: "Ada Lie" }],
  ["an attribute given twice, in two cases and with two values", { userName: "x", title: "a", TITLE: "b" }],
  ["a number that cannot be kept exactly", '{"userName":"x","title":12345678901234567890}'],
  ["such a number in an extension", '{"userName":"x","urn:acme:User":{"badge":12345678901234567890}}'],
  ["an infinite number", '{"userName":"x","urn:acme:User":{"badge":1e999}}'],
  ["a NUL character", '{"userName":"x\\u0000y"}'],
  ["half a surrogate pair", '{"userName":"x\\ud800"}'],
  ["a polluting name", '{"userName":"x","__proto__":{"active":false}}'],
];

/** PATCH bodies of a group that must be refused as a whole. */
const REFUSED_GROUP_PATCHES: [why: string, body: JsonObject][] = [
  ["an unknown member", patchOf(GOOD, op("add", "members", [{ value: "nope" }]))],
  ["an unknown member in a replacing list", patchOf(GOOD, op("replace", "members", [{ value: "nope" }]))],
  ["a member without a value", patchOf(GOOD, op("add", "members", [{ display: "ada" }]))],
  ["ids joined in one text", patchOf(GOOD, op("add", "members", "a,b"))],
  ["the group as its own member", patchOf(GOOD, op("add", "members", [{ value: "CREW" }]))],
  ["members selected by display", patchOf(GOOD, op("remove", 'members[display eq "ada"]'))],
  ["all members but one, by filter", patchOf(GOOD, op("remove", 'members[value ne "x"]'))],
  ["remove without a path and with null", patchOf(GOOD, op("remove", undefined, { members: null }))],
  ["a part of members", patchOf(GOOD, op("replace", "members.value", "x"))],
  ["no name", patchOf(op("replace", "members", []), op("replace", "displayName", ""))],
  ["SCIM 1.1 members with an operation there is not", { members: [{ value: "ADA", operation: "remove" }] }],
  ["SCIM 1.1 with nothing known", { membres: [{ value: "ADA", operation: "delete" }] }],
];

describe("what is not understood is refused, with nothing written", () => {
  // Nothing is written: all of them may meet the same people, as they were before the first.
  let scene: Scene;
  let before = "";
  beforeAll(async () => {
    scene = await open();
    before = await stateOf(scene);
    for (const id of [scene.ada, scene.bo, scene.crew]) expect(before).toContain(id);
  });

  for (const [why, body] of REFUSED_USER_PATCHES)
    it(`PATCH of a user: ${why}`, async () => {
      const answer = await callScim(scene.connection, "PATCH", `/Users/${scene.ada}`, body);
      expect(answer.status, answer.text).toBe(400);
      expect(isScimError(answer) && answer.body.scimType, answer.text).toEqual(expect.any(String));
      expect(await stateOf(scene)).toBe(before);
    });

  for (const [why, body] of REFUSED_USERS)
    it(`POST and PUT of a user: ${why}`, async () => {
      for (const [method, path] of [
        ["POST", "/Users"],
        ["PUT", `/Users/${scene.ada}`],
      ] as const) {
        const answer = await callScim(scene.connection, method, path, body);
        expect(answer.status, `${method} ${answer.text}`).toBe(400);
        expect(isScimError(answer), answer.text).toBe(true);
      }
      expect(await stateOf(scene)).toBe(before);
    });

  for (const [why, body] of REFUSED_GROUP_PATCHES)
    it(`PATCH of a group: ${why}`, async () => {
      const filled = JSON.stringify(body).replace("CREW", scene.crew).replace("ADA", scene.ada);
      const answer = await callScim(scene.connection, "PATCH", `/Groups/${scene.crew}`, filled);
      expect(answer.status, answer.text).toBe(400);
      expect(isScimError(answer), answer.text).toBe(true);
      expect(await stateOf(scene)).toBe(before);
    });
});

describe("what is ignored is said", () => {
  const ignored: [path: "Users" | "Groups", method: string, body: JsonObject, notes: string[]][] = [
    ["Users", "PATCH", patchOf(op("replace", "foo.bar", "x")), ["foo.bar"]],
    ["Users", "PATCH", patchOf(op("add", undefined, { foo: 1, title: "T" })), ["foo"]],
    ["Users", "PATCH", patchOf(op("replace", "name.nick", "x")), ["name.nick"]],
    ["Users", "PATCH", patchOf(op("replace", `${ENTERPRISE}:floor`, "x")), [`${ENTERPRISE}:floor`]],
    ["Users", "PATCH", patchOf(op("replace", "name", { nick: "x" })), ["name.nick"]],
    ["Users", "PUT", { userName: "ada", foo: "x", name: { nick: "x" } }, ["foo", "name.nick"]],
    ["Groups", "PATCH", patchOf(op("replace", undefined, { description: "x" })), ["description"]],
    ["Groups", "PUT", { displayName: "Crew", members: [], description: "x" }, ["description"]],
  ];
  let scene: Scene;
  beforeAll(async () => {
    scene = await open();
  });

  for (const [type, method, body, names] of ignored)
    it(`${method} of ${type} notes ${names.join(" and ")}`, async () => {
      const id = type === "Users" ? scene.ada : scene.crew;
      const answer = await callScim(scene.connection, method, `/${type}/${id}`, body);
      expect([200, 204], answer.text).toContain(answer.status);
      const log = `/companies/${scene.connection.companyId}/scim-settings/${scene.connection.settingId}/log`;
      const notes = pick((await callApi("GET", `${log}?method=${method}`)).body, "items.0.notes");
      // What a note quotes is erased with its person; of a group it quotes nothing.
      const value = type === "Users" ? expect.any(String) : null;
      const expected = names.map((path) => ({ kind: "unknown_attribute", path, value }));
      expect(notes).toEqual(expected);
    });
});

describe("replace with a member list", () => {
  it("means exactly that list, whatever was there, in any of its forms", async () => {
    const scene = await open();
    const { connection, ada, bo, crew } = scene;
    const cy = readText(await callScim(connection, "POST", "/Users", { userName: "cy" }), "id");
    const lists: [JsonObject, string[]][] = [
      [patchOf(op("Replace", "members", [{ value: cy }])), [cy]],
      [patchOf(op("replace", undefined, { Members: [{ VALUE: ada }, { value: ada }, { value: bo }] })), [ada, bo]],
      [patchOf(op("REPLACE", "Members", { value: bo })), [bo]],
      [patchOf(op("replace", "urn:ietf:params:scim:schemas:core:2.0:Group:members", [bo, cy])), [bo, cy]],
      [patchOf(op("replace", "members", [])), []],
      [patchOf(op("add", "members", [{ value: ada }]), op("replace", "members", [{ value: bo }])), [bo]],
      [patchOf(op("replace", "members", [{ value: ada }]), op("add", "members", [{ value: cy }])), [ada, cy]],
    ];
    for (const [body, expected] of lists) {
      const answer = await callScim(connection, "PATCH", `/Groups/${crew}`, body);
      expect(answer.status, answer.text).toBe(204);
      const members = (await callScim(connection, "GET", `/Groups/${crew}`)).body.members;
      const ids = Array.isArray(members) ? members.map((member) => pick(member, "value")) : [];
      expect(ids.sort(), JSON.stringify(body)).toEqual([...expected].sort());
    }
  });
});
