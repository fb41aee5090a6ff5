import { describe, expect, it } from "vitest";
import {
  addNote,
  joinNotes,
  MAX_NOTES,
  NOTE_KINDS,
  type Note,
  type NoteKind,
  noteOf,
  sayNote,
} from "../../src/scim/note.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import { SECRET_NAMES } from "../../src/scim/secret-attributes.ts";

function noted(...notes: [kind: NoteKind, path: string | null, value?: Parameters<typeof addNote>[3]][]): Note[] {
  const kept: Note[] = [];
  for (const note of notes) addNote(kept, ...note);
  return kept;
}

describe("a note", () => {
  it("is kept once for a kind and path, and shows what was sent as text", () => {
    expect(
      noted(["unknown_attribute", "shoe", 44], ["unknown_attribute", "shoe", 45], ["emptied", "shoe", "x"]),
    ).toEqual([
      { kind: "unknown_attribute", path: "shoe", value: "44" },
      { kind: "emptied", path: "shoe", value: "x" },
    ]);
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

  it("is counted past the limit, in one request and in the sum of its parts", () => {
    const many = noted(...Array.from({ length: 50 }, (_, n): [NoteKind, string] => ["unknown_attribute", `a${n}`]));
    expect(many).toHaveLength(MAX_NOTES);
    expect(many.at(-1)).toEqual({ kind: "more", path: null, value: "31" });
    const sum = joinNotes(many, many, noted(["kept_active", "active"]));
    expect(sum).toHaveLength(MAX_NOTES);
    expect(sum.at(-1)).toEqual({ kind: "more", path: null, value: "63" });
  });

  it("is a sentence, whatever its kind, with and without a value", () => {
    for (const kind of Object.keys(NOTE_KINDS) as NoteKind[])
      for (const value of ["v", null])
        expect(sayNote({ kind, path: "title", value })).toMatch(kind === "text" ? /^v?$/ : /\.$/);
  });
});
