import { describe, expect, it } from "vitest";
import type { ToldNote } from "./aftermath.ts";
import { CLOSED_LIST, ClosedCount } from "./closed-list.ts";
import { judgeFields } from "./fields.ts";
import { judgeNamed } from "./judge.ts";
import { ENTERPRISE, type Json, type JsonObject, MAPPED, UNMAPPED } from "./known.ts";
import { judgeRemains } from "./remains.ts";
import { judgeRemovals } from "./removals.ts";
import { type Method, namedBy, type Type } from "./statements.ts";

interface Scene {
  type?: Type;
  method?: Method;
  before?: JsonObject;
  body: JsonObject;
  after: JsonObject;
  /** Paths of notes of one kind, with `=` and the value that they show. */
  notes?: string[];
  /** Notes of other kinds, in the place of those. */
  told?: ToldNote[];
}

function judge({ type = "User", method = "PATCH", before = {}, body, after, notes = [], told }: Scene): string[] {
  const named = namedBy(type, method, body);
  const closed = new ClosedCount();
  const all =
    told ??
    notes.map((text): ToldNote => {
      const [path = "", value = "v"] = text.split("=");
      return { kind: "unknown_attribute", path, value };
    });
  const aftermath = { resource: after, notes: all, closed, quotesValues: type === "User" };
  const wrong = judgeNamed(named, aftermath);
  return method === "PATCH"
    ? [...wrong, ...judgeRemains(named, before, after, closed), ...judgeRemovals(named, before, aftermath)]
    : wrong;
}

const note = (kind: string, path: string | null, value: string | null = "v"): ToldNote => ({ kind, path, value });

const patch = (op: string, path: string, value?: JsonObject[string]): JsonObject => ({
  Operations: [{ op, path, ...(value !== undefined && { value }) }],
});
const [work, home] = [
  { value: "a@x.test", type: "work", primary: true },
  { value: "b@x.test", type: "home" },
];

/** What is nothing, and no blank as templates send it. */
const NO_BLANKS: Json[] = [[], {}, [""], { value: "" }];

/** Losses that the judgement must not miss, each beside the same request without it. */
const LOSSES: [what: string, right: Scene, wrong: Partial<Scene>][] = [
  [
    "an unknown attribute dropped without a note",
    { method: "POST", body: { shoeSize: 4 }, after: {}, notes: ["shoeSize=4"] },
    { notes: [] },
  ],
  [
    "an unknown part dropped without a note",
    {
      method: "PUT",
      body: { name: { nick: "A", givenName: "B" } },
      after: { name: { givenName: "B" } },
      notes: ["name.nick=A"],
    },
    { notes: [] },
  ],
  [
    "a word too many in an operation",
    {
      body: { Operations: [{ op: "add", path: "title", value: "T", why: 1 }] },
      after: { title: "T" },
      notes: ["Operations[0].why=1"],
    },
    { notes: [] },
  ],
  [
    "a value that is another afterwards",
    { body: patch("Replace", "TITLE", 5), after: { title: "5" } },
    { after: { title: "6" } },
  ],
  [
    "a dotted key that is lost",
    { body: { Operations: [{ op: "add", value: { "name.givenName": "A" } }] }, after: { name: { givenName: "A" } } },
    { after: {} },
  ],
  [
    "a full-URN key that is lost",
    { method: "POST", body: { [`${ENTERPRISE}.department`]: "A" }, after: { [ENTERPRISE]: { department: "A" } } },
    { after: { department: "A" } },
  ],
  [
    "a list of an extension replaced and not appended to",
    {
      before: { [UNMAPPED]: { tags: ["a"] } },
      body: patch("add", `${UNMAPPED}:tags`, ["b"]),
      after: { [UNMAPPED]: { tags: ["a", "b"] } },
    },
    { after: { [UNMAPPED]: { tags: ["b"] } } },
  ],
  [
    "an object of an extension exchanged and not merged",
    {
      before: { [MAPPED]: { site: "R", badge: "1" } },
      body: patch("replace", MAPPED, { badge: "2" }),
      after: { [MAPPED]: { site: "R", badge: "2" } },
    },
    { after: { [MAPPED]: { badge: "2" } } },
  ],
  [
    "a part within a custom attribute",
    {
      method: "POST",
      body: { [MAPPED]: { floor: { no: 1, room: [{ a: 1 }] } } },
      after: { [MAPPED]: { floor: { no: 1, room: [{ a: 1 }] } } },
    },
    { after: { [MAPPED]: { floor: { no: 1, room: [{}] } } } },
  ],
  [
    "a PATCH of one part that drops its sibling",
    {
      before: { name: { givenName: "A", familyName: "L" } },
      body: patch("replace", "name.givenName", "B"),
      after: { name: { givenName: "B", familyName: "L" } },
    },
    { after: { name: { givenName: "B" } } },
  ],
  [
    "an element that a value path did not select",
    {
      before: { emails: [work, home] },
      body: patch("replace", 'emails[type eq "work"].value', "c"),
      after: { emails: [{ ...work, value: "c" }, home] },
    },
    { after: { emails: [{ ...work, value: "c" }] } },
  ],
  [
    "a part of an element beside the one that was set",
    {
      before: { emails: [work] },
      body: patch("replace", 'emails[type eq "work"].value', "c"),
      after: { emails: [{ ...work, value: "c" }] },
    },
    { after: { emails: [{ value: "c", type: "work" }] } },
  ],
  [
    "an element that an add left out",
    { before: { emails: [work] }, body: patch("add", "emails", [home]), after: { emails: [work, home] } },
    { after: { emails: [work] } },
  ],
  [
    "an element that an add pushed out",
    { before: { emails: [work] }, body: patch("add", "emails", [home]), after: { emails: [work, home] } },
    { after: { emails: [home] } },
  ],
  [
    "what a remove left",
    { before: { title: "T" }, body: patch("remove", "title"), after: {} },
    { after: { title: "T" } },
  ],
  [
    "an attribute that no operation named",
    { before: { title: "T", nickName: "N" }, body: patch("remove", "title"), after: { nickName: "N" } },
    { after: {} },
  ],
  [
    "a removed word of a list",
    {
      before: { [UNMAPPED]: { tags: ["a", "b"] } },
      body: patch("remove", `${UNMAPPED}:tags`, ["a"]),
      after: { [UNMAPPED]: { tags: ["b"] } },
    },
    { after: { [UNMAPPED]: { tags: ["a"] } } },
  ],
  [
    "a member that was not added",
    { type: "Group", body: patch("add", "members", [{ value: "1" }]), after: { members: [{ value: "1" }] } },
    { after: { members: [] } },
  ],
  [
    "a member that nobody took out",
    {
      type: "Group",
      before: { members: [{ value: "1" }] },
      body: patch("add", "members", ["2"]),
      after: { members: [{ value: "1" }, { value: "2" }] },
    },
    { after: { members: [{ value: "2" }] } },
  ],
  [
    "a note that keeps for itself what was sent",
    { method: "POST", body: { shoe: 4 }, after: {}, told: [note("unknown_attribute", "shoe", "4")] },
    { told: [note("unknown_attribute", "shoe", null)] },
  ],
  [
    "a last note that counts too few",
    {
      method: "POST",
      body: { a1: 1, a2: 2, a3: 3 },
      after: {},
      told: [note("unknown_attribute", "a1", "1"), note("more", null, "2")],
    },
    { told: [note("unknown_attribute", "a1", "1"), note("more", null, "1")] },
  ],
  [
    "a second primary made none without a note",
    {
      method: "POST",
      body: { emails: [work, { ...home, primary: true }] },
      after: { emails: [work, { ...home, primary: false }] },
      told: [note("primary_twice", "emails")],
    },
    { told: [note("value_left_out", "emails.display")] },
  ],
  [
    "one of several that are set as primary made none without a note",
    {
      before: { emails: [work, home] },
      body: patch("replace", "emails.primary", true),
      after: { emails: [work, { ...home, primary: false }] },
      told: [note("primary_twice", "emails")],
    },
    { told: [] },
  ],
  [
    "a member of another type",
    {
      type: "Group",
      body: patch("add", "members", [{ value: "1", type: "Device" }]),
      after: { members: [{ value: "1" }] },
      notes: ["members.type"],
    },
    { notes: [] },
  ],
  [
    "a boolean of a list left out without a note",
    { method: "PUT", body: { roles: [true, 5] }, after: { roles: [{ value: "5" }] }, notes: ["roles=true"] },
    { notes: [] },
  ],
  [
    "a remove of what is not there without a note",
    { body: patch("remove", "title"), after: {}, notes: ["title"] },
    { notes: [] },
  ],
  [
    "a remove of elements that are not there without a note",
    {
      before: { emails: [work] },
      body: patch("remove", "emails", [home]),
      after: { emails: [work] },
      notes: ["emails"],
    },
    { notes: [] },
  ],
  [
    "a remove of another value than the one that was there without a note",
    { before: { title: "T" }, body: patch("remove", "title", "S"), after: {}, notes: ["title"] },
    { notes: [] },
  ],
  [
    "a key of the form urn:x that is taken for something else",
    { method: "POST", body: { "urn:acme": { site: "Rome" } }, after: { "urn:acme": { site: "Rome" } } },
    { after: { urn: { acme: { site: "Rome" } } } },
  ],
  [
    "a malformed URN kept under another name",
    { method: "POST", body: { "urn::x": "v" }, after: {}, notes: ["urn::x"] },
    { after: { "urn:": { x: "v" } }, notes: [] },
  ],
  [
    "what is of users alone, kept by a group",
    { type: "Group", method: "POST", body: { [ENTERPRISE]: { department: "L" } }, after: {}, notes: [ENTERPRISE] },
    { after: { [ENTERPRISE]: { department: "L" } }, notes: [] },
  ],
  [
    "one of two keys that lead to one place at different depths",
    {
      body: { Operations: [{ op: "replace", value: { name: { givenName: "A" }, "name.givenName": "A" } }] },
      after: { name: { givenName: "A" } },
    },
    {
      body: { Operations: [{ op: "replace", value: { name: { givenName: "A" }, "name.givenName": "B" } }] },
      after: { name: { givenName: "B" } },
    },
  ],
  [
    "a value that a null of the same object took away",
    {
      body: { Operations: [{ op: "add", value: { [`${MAPPED}:site`]: "R", [MAPPED]: null } }] },
      after: { [MAPPED]: { site: "R" } },
    },
    { after: {} },
  ],
  [
    "a key of a SCIM 1.1 body that another one takes away",
    { body: { emails: [home], "emails.display": null }, after: { emails: [home] } },
    { body: { name: { givenName: "A" }, "name.givenName": null }, after: {} },
  ],
  [
    "an element without a value, gone without a note",
    {
      method: "PUT",
      body: { roles: [{ value: true, type: "t" }] },
      after: {},
      notes: ["roles.value=true", 'roles={"type":"t"}'],
    },
    { notes: ["roles.value=true"] },
  ],
  [
    "what is said beside a blank value, but what the value would be for",
    {
      method: "PUT",
      body: { phoneNumbers: [{ value: null, nick: "!", primary: false, password: "p" }] },
      after: {},
      notes: ["phoneNumbers.nick=!"],
    },
    { notes: [] },
  ],
  [
    "a part of the schema beside a blank value",
    {
      method: "PUT",
      body: { emails: [{ value: "", type: "work", display: "Ada" }] },
      after: { emails: [{ type: "work", display: "Ada" }] },
    },
    { after: {} },
  ],
  [
    "a part of the schema beside a blank value, of which a note tells something else",
    {
      method: "PUT",
      body: { emails: [{ value: " ", type: "work", display: "Ada" }, work] },
      after: { emails: [{ type: "work", display: "Ada" }, work] },
    },
    { after: { emails: [work] }, told: [note("value_left_out", "emails", '{"type":"work"}')] },
  ],
  [
    "the value of an element beside a blank one",
    { method: "PUT", body: { emails: [{ value: "", type: "other" }, home] }, after: { emails: [home] } },
    { after: { emails: [{ type: "home" }] } },
  ],
  [
    "a part of an element beside one of which a note tells that it was left out",
    {
      method: "PUT",
      body: {
        roles: [
          { type: "t", value: [] },
          { value: "a", display: "D" },
        ],
      },
      after: { roles: [{ value: "a", display: "D" }] },
      told: [note("value_left_out", "roles", '{"type":"t"}')],
    },
    { after: { roles: [{ value: "a" }] } },
  ],
  ...NO_BLANKS.map((value): (typeof LOSSES)[number] => [
    `an element whose value is nothing, but no blank: ${JSON.stringify(value)}`,
    {
      method: "PUT",
      body: { roles: [{ type: "t", value }] },
      after: {},
      told: [note("value_left_out", "roles", '{"type":"t"}')],
    },
    { told: [] },
  ]),
  [
    "one of two elements without a value",
    {
      method: "PUT",
      body: {
        roles: [
          { type: "t", value: [] },
          { type: "u", value: [] },
        ],
      },
      after: {},
      told: [note("value_left_out", "roles", '{"type":"t"}'), note("value_left_out", "roles", '{"type":"u"}')],
    },
    { told: [note("value_left_out", "roles", '{"type":"t"}')] },
  ],
  [
    "one of several values of one path that is neither named nor counted",
    {
      method: "PUT",
      body: { roles: [true, false] },
      after: {},
      told: [note("value_left_out", "roles", "true"), note("value_left_out", "roles", "false")],
    },
    { told: [note("value_left_out", "roles", "true")] },
  ],
  [
    "a primary that is nowhere",
    {
      method: "POST",
      body: { emails: [work, { ...home, primary: true }] },
      after: { emails: [work, { ...home, primary: false }] },
      told: [note("primary_twice", "emails")],
    },
    {
      after: {
        emails: [
          { ...work, primary: false },
          { ...home, primary: false },
        ],
      },
    },
  ],
];

describe("the judgement of what a request named", () => {
  it.each(LOSSES)("notices %s", (_what, right, wrong) => {
    expect(judge(right)).toEqual([]);
    expect(judge({ ...right, ...wrong })).not.toEqual([]);
  });

  it("lets nothing but the closed list pass without a note", () => {
    const none: JsonObject = {
      password: "p",
      id: "x",
      groups: [],
      title: null,
      emails: [{ type: "work", value: "" }],
      schemas: ["urn:x"],
    };
    expect(judge({ method: "POST", body: none, after: {} })).toEqual([]);
    for (const sentence of Object.values(CLOSED_LIST))
      expect(sentence).toMatch(/\((?:design section|RFC|README)[^)]*\)/);
  });

  it("notices a field that takes one of several values without a word", () => {
    const resource = { [MAPPED]: { site: ["Rome", "Bonn"] } };
    const fields = { site: "Rome" };
    expect(judgeFields(resource, {}, fields, [note("one_of_several", `${MAPPED}:site`)])).toEqual([]);
    expect(judgeFields(resource, {}, fields, [])).not.toEqual([]);
  });

  it("notices a field that an element without a value leaves empty", () => {
    const resource = { emails: [{ type: "home", display: "H", primary: true }, work] };
    expect(judgeFields(resource, {}, { email: work.value ?? null }, [])).toEqual([]);
    expect(judgeFields(resource, {}, { email: null }, [])).not.toEqual([]);
  });

  it.each<[string, JsonObject[string], JsonObject[string], string[]]>([
    ["a value that fits in one spelling", "20261129", "2026-11-29", []],
    ["a value that does not fit, noted", "Building 5", null, [`${MAPPED}:since`]],
  ])("notices a field that does not follow: %s", (_what, since, held, paths) => {
    const notes = paths.map((path): ToldNote => ({ kind: "emptied", path, value: null }));
    const resource = { [MAPPED]: { since } };
    expect(judgeFields(resource, {}, { since: held }, notes)).toEqual([]);
    expect(judgeFields(resource, {}, { since: held === null ? null : "29.11." }, [])).not.toEqual([]);
  });
});
