import { describe, expect, it } from "vitest";
import { MAX_ATTENTION, MAX_NOTES, NoteList } from "../../src/scim/limited-note-list.ts";
import {
  attributeIn,
  inOperation,
  NOTE_KINDS,
  type Note,
  type NoteKind,
  noteOf,
  placeIn,
  sayNote,
} from "../../src/scim/note.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { SECRET_NAMES } from "../../src/scim/secret-attributes.ts";

type Said = Parameters<NoteList["add"]>;

function noted(...notes: Said[]): Note[] {
  const kept = new NoteList();
  for (const note of notes) kept.add(...note);
  return kept.list();
}

const odd = (count: number, kind: NoteKind = "unknown_attribute") =>
  Array.from({ length: count }, (_, n): Said => [kind, `a${n}`]);
const counting = (value: string): Note => ({ kind: "more", path: null, value });

describe("a note", () => {
  it("is kept once for a kind, path and value, and shows what was sent as text", () => {
    expect(
      noted(
        ["unknown_attribute", "shoe", 44],
        ["unknown_attribute", "shoe", 45],
        ["unknown_attribute", "shoe", 44],
        ["value_left_out", "shoe", "x"],
      ),
    ).toEqual([
      { kind: "unknown_attribute", path: "shoe", value: "44" },
      { kind: "value_left_out", path: "shoe", value: "x" },
      { kind: "unknown_attribute", path: "shoe", value: "45" },
    ]);
  });

  it("of further values of one path leaves room for other paths, and counts those values", () => {
    const values = Array.from({ length: 30 }, (_, n): Said => ["value_left_out", "roles", n]);
    const list = noted(...values, ...odd(10));
    expect(list.slice(0, 11).map(({ path }) => path)).toEqual(["roles", ...odd(10).map(([, path]) => path)]);
    expect(list).toHaveLength(MAX_NOTES);
    expect(list.at(-1)).toEqual(counting("21"));
  });

  it("cuts paths and values between whole characters", () => {
    const { path, value } = noteOf("emptied", "p".repeat(500), `${"a".repeat(118)}${"😀".repeat(50)}`);
    expect(path?.length).toBe(160);
    expect(value).toBe(`${"a".repeat(118)}…`);
    const list = noteOf(
      "unknown_attribute",
      "x",
      Array.from({ length: 100_000 }, () => ({ a: "b".repeat(1_000) })),
    );
    expect(list.value?.length).toBe(120);
  });

  it.each([
    ["password", "p1"],
    ["urn:x:User:PASSWORD", "p1"],
    ["password.value", "p1"],
    ['x[password eq "p1"].y', "q"],
    ["shoe", { Password: "p1" }],
    ["shoe", [{ deep: { passWord: ["p1"] } }]],
  ])("shows no secret of %s", (path, value) => {
    expect(noteOf("unknown_attribute", path, value).value ?? "").not.toContain("p1");
  });

  it("knows as secrets what the schemas never return", () => {
    const never = Object.values(resourceTypes()).flatMap(({ schema }) =>
      schema.attributes.filter(({ returned }) => returned === "never").map(({ key }) => key),
    );
    expect([...SECRET_NAMES]).toEqual(never);
  });

  it("of an operation of a Bulk request names its place, and leads to the attribute all the same", () => {
    const { path } = inOperation(3, noteOf("unknown_attribute", 'emails[type eq "work"].nick', "x"));
    expect([path, placeIn(path), attributeIn(path)]).toEqual([
      'Operations[3].data.emails[type eq "work"].nick',
      3,
      'emails[type eq "work"].nick',
    ]);
    expect(inOperation(0, { kind: "near_quota", path: null, value: "1" }).path).toBe("Operations[0]");
    expect(inOperation(0, counting("4"))).toEqual(counting("4"));
    expect([attributeIn("Operations[0].comment"), attributeIn("title"), placeIn("title")]).toEqual([
      "Operations.comment",
      "title",
      null,
    ]);
  });

  it("is a sentence, whatever its kind, with and without a value", () => {
    for (const kind of Object.keys(NOTE_KINDS) as NoteKind[])
      for (const value of ["v", null])
        expect(sayNote({ kind, path: "title", value })).toMatch(kind === "text" ? /^v?$/ : /\.$/);
  });
});

describe("a note beside many others", () => {
  it("is counted past the limit, in one request and in the sum of its parts", () => {
    expect(noted(...odd(20)).map(({ kind }) => kind)).not.toContain("more");
    const many = noted(...odd(50), ...odd(50));
    expect(many).toHaveLength(MAX_NOTES);
    expect(many.at(-1)).toEqual(counting("31"));
    const sum = new NoteList(many);
    sum.push(...noted(...odd(20, "value_left_out")), ...noted(["kept_active", "active"]));
    expect(sum.list()).toHaveLength(MAX_NOTES);
    expect(sum.list().at(-1)).toEqual(counting("52"));
  });

  it("that wants an admin comes first and is kept, however many others there are", () => {
    const notes = noted(...odd(30), ...odd(30, "emptied"), ...odd(5, "value_left_out"));
    expect(notes.slice(0, 30).every(({ kind }) => kind === "emptied")).toBe(true);
    expect(notes.slice(30)).toEqual([counting("35")]);
    expect(noted(...odd(MAX_ATTENTION + 7, "emptied"))).toHaveLength(MAX_ATTENTION + 1);
  });

  it("that wants an admin is kept for each attribute rather than for each operation of a Bulk request", () => {
    const list = new NoteList();
    for (let place = 0; place < 300; place += 1) list.push(inOperation(place, noteOf("emptied", "a")));
    list.push(inOperation(300, noteOf("emptied", "b")), inOperation(301, noteOf("name_too_long", "a")));
    const kept = list.list();
    expect(kept).toHaveLength(MAX_ATTENTION + 1);
    expect(new Set(kept.map(({ kind, path }) => `${kind} ${attributeIn(path)}`))).toEqual(
      new Set(["emptied a", "emptied b", "name_too_long a", "more null"]),
    );
    expect(kept.at(-1)).toEqual(counting("202"));
  });

  it("is counted as one of more than so many where nobody could tell them apart", () => {
    const list = new NoteList();
    for (let n = 0; n < 30_000; n += 1) list.add("unknown_attribute", `a${n}`);
    expect(list.list().at(-1)).toEqual(counting("9981+"));
    expect(new NoteList([...list.list(), noteOf("kept_active", "active")]).list().at(-1)).toEqual(counting("9982+"));
  });
});
