import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AttributePath, readValue, validateMappingPath } from "../../../src/scim/filter/attribute-path.ts";
import type { JsonObject } from "../../../src/scim/json.ts";
import { writeValue } from "../../../src/scim/patch/write-path-value.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";
import { draw } from "../../generated-cases.ts";

const type = resourceTypes().User;
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const CUSTOM = "urn:ietf:params:scim:schemas:extension:acme:2.0:User";
const pathOf = (text: string): AttributePath => validateMappingPath(type, text);
const write = (document: JsonObject, path: string, value: string | null) =>
  writeValue(type, document, pathOf(path), value);

describe("the value that a path leads to", () => {
  it("is exchanged where it stands: the other elements of its list, and the other parts of its own, stay", () => {
    const home = { value: "a@home.example", type: "home" };
    const emails = [home, { value: "a@work.example", type: "work", primary: true }];
    expect(write({ userName: "a", emails }, "emails", "b@work.example")).toEqual({
      userName: "a",
      emails: [home, { value: "b@work.example", type: "work", primary: true }],
    });
    const name = { givenName: "Ada", familyName: "Byron" };
    expect(write({ name }, "name.familyName", "Lovelace")).toEqual({
      name: { givenName: "Ada", familyName: "Lovelace" },
    });
    expect(write({ [CUSTOM]: { Site: "Rome", badge: 7 } }, `${CUSTOM}:site`, "Oslo")).toEqual({
      [CUSTOM]: { Site: "Oslo", badge: 7 },
    });
  });

  it("is made where it is not yet, as far as the path says how", () => {
    expect(write({}, "emails", "a@x.example")).toEqual({ emails: [{ value: "a@x.example", primary: true }] });
    expect(write({}, "name.givenName", "Ada")).toEqual({ name: { givenName: "Ada" } });
    expect(write({}, `${ENTERPRISE}:department`, "Sales")).toEqual({ [ENTERPRISE]: { department: "Sales" } });
    expect(write({}, 'addresses[type eq "work"].locality', "Oslo")).toEqual({
      addresses: [{ type: "work", locality: "Oslo" }],
    });
    const document = { addresses: [{ type: "home", locality: "Rome" }] };
    expect(write(document, 'addresses[type ne "home"].locality', "Oslo")).toEqual(document);
  });

  it("is taken away with what is left empty by it", () => {
    const emails: JsonObject[] = [
      { value: "a@work.example", type: "work", primary: true },
      { value: "a@home.example", type: "home" },
    ];
    expect(write({ emails }, "emails", null)).toEqual({
      emails: [{ value: "a@home.example", type: "home", primary: true }],
    });
    expect(write({ title: "T", name: { givenName: "Ada" } }, "name.givenName", null)).toEqual({ title: "T" });
    expect(write({ [ENTERPRISE]: { department: "Sales" } }, `${ENTERPRISE}:department`, null)).toEqual({});
    expect(write({}, "title", null)).toEqual({});
  });

  it("stays as it is where the attribute is of another type; the document given is never changed", () => {
    const document = Object.freeze({ emails: Object.freeze([Object.freeze({ value: "a@x.example", primary: true })]) });
    const given = document as unknown as JsonObject;
    expect(writeValue(type, given, pathOf("emails.primary"), "perhaps")).toBe(given);
    expect(write(given, "emails", "b@x.example")).not.toBe(given);
    expect(document.emails[0]?.value).toBe("a@x.example");
  });

  it("reads back as written, wherever it is", () => {
    const text = fc.string({ minLength: 1 }).filter((value) => value.trim() !== "");
    const element = fc.record(
      { value: text, type: fc.constantFrom("work", "home"), primary: fc.boolean(), locality: text },
      { requiredKeys: [] },
    );
    // As documents are stored: one primary element at most.
    const list = fc.array(element, { minLength: 1, maxLength: 4 }).map((elements) => {
      const first = elements.findIndex(({ primary }) => primary === true);
      return elements.map((each, index) => (index === first ? each : { ...each, primary: false }));
    });
    const document = fc.record(
      {
        title: text,
        emails: list,
        addresses: list,
        name: fc.record({ givenName: text }),
        [ENTERPRISE]: fc.record({ department: text }),
        [CUSTOM]: fc.record({ site: fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })) }),
      },
      { requiredKeys: [] },
    );
    const paths = [
      ...["title", "emails", "emails.value", 'emails[type eq "work"].value', 'addresses[type eq "work"].locality'],
      ...["name.givenName", "name.familyName", `${ENTERPRISE}:department`, `${CUSTOM}:site`, `${CUSTOM}:other`],
    ];
    fc.assert(
      fc.property(document, fc.constantFrom(...paths), text, (before, path, value) => {
        const after = write(before as JsonObject, path, value);
        expect(readValue(after, pathOf(path))).toBe(value);
      }),
      draw(500),
    );
  });
});
