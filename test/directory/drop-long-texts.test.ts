import { expect, it } from "vitest";
import { documentToStore } from "../../src/directory/drop-long-texts.ts";
import { NoteList } from "../../src/scim/limited-note-list.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";

const X = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";

it("a list of which every text is left out goes as a whole: an empty one would be lost when it is put back", () => {
  const notes = new NoteList();
  const long = "x".repeat(20_000);
  const extension = { tags: [long], contacts: [{ value: "m", floors: [long, long] }], sites: ["Rome", long] };
  const kept = documentToStore(resourceTypes().User, { userName: "ada", [X]: extension }, [], notes);
  expect(kept).toEqual({ userName: "ada", [X]: { contacts: [{ value: "m" }], sites: ["Rome"] } });
  expect(notes.list().map(({ kind, path }) => [kind, path])).toEqual(
    ["tags", "contacts.floors", "sites"].map((path) => ["value_too_long", `${X}:${path}`]),
  );
});
