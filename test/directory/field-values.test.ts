import { describe, expect, it } from "vitest";
import { compileMappings } from "../../src/directory/derive-user.ts";
import { readFieldValues, withFields, writeFields } from "../../src/directory/field-values.ts";
import type { FieldValue } from "../../src/directory/typed-value.ts";
import type { User } from "../../src/directory/user.ts";
import { type Field, STANDARD_FIELDS } from "../../src/settings/fields.ts";

const OWN: Field[] = (["text", "number", "boolean", "date"] as const).map((type) => ({
  ...{ key: `a${type}`, label: type, type },
  ...{ standard: false, path: null },
}));
const FIELDS: Field[] = [...STANDARD_FIELDS, ...OWN];

function judge(key: string, value: FieldValue): string | undefined {
  return readFieldValues({ [key]: value }, FIELDS).problems[0]?.detail;
}

describe("values of fields given by hand", () => {
  it("are of their field's type, or null", () => {
    for (const { key } of FIELDS) expect(judge(key, null), key).toBeUndefined();
    const right: [string, FieldValue][] = [
      ["email", "a@x.example"],
      ["atext", "x"],
      ["anumber", -1.5],
      ["aboolean", false],
      ["adate", "2026-02-28"],
      ["adate", "2026-11-24T13:05:09+01:00"],
      ["adate", ""],
    ];
    for (const [key, value] of right) expect(judge(key, value), `${key} ${value}`).toBeUndefined();
    const wrong: [string, FieldValue, string][] = [
      ["email", 7, "a text or null"],
      ["atext", true, "a text or null"],
      ["atext", "x".repeat(4_097), "at most 4096 characters"],
      ["anumber", "7", "a number or null"],
      ["anumber", Number.POSITIVE_INFINITY, "a number or null"],
      ["aboolean", "true", "true or false or null"],
      ["adate", "Building 5", "a date such as"],
      ["adate", "2026-02-30", "a date such as"],
      ["adate", "29/11/2026", "a date such as"],
      ["adate", 20261124, "a date such as"],
      ["colour", "red", 'There is no field "colour": this company has email, firstName'],
      ["toString", "x", 'There is no field "toString"'],
    ];
    for (const [key, value, detail] of wrong) expect(judge(key, value), `${key} ${value}`).toContain(detail);
  });

  it("are trimmed, and an empty text is no value", () => {
    const { values, problems } = readFieldValues({ email: " a@x.example ", department: "  ", anumber: 0 }, FIELDS);
    expect(problems).toEqual([]);
    expect(values).toEqual({ email: "a@x.example", department: null, anumber: 0 });
  });
});

const USER: User = {
  ...{ key: 1, settingKey: 2, id: "i", userName: "ada", userNameKey: "ada", externalId: "e", displayName: "Ada" },
  ...{ active: true, email: "Ada@x.example", emailKey: "ada@x.example", firstName: "Ada", lastName: null },
  ...{ department: "Sales", phoneNumber: null, customFields: { loc: "Berlin", badge: 7 } },
  ...{
    version: 1,
    createdAt: 1,
    updatedAt: 1,
    heldBy: null,
    heldVersion: null,
    heldAs: null,
    heldAt: null,
    fullNameKey: null,
  },
};

describe("a user whose fields are changed by hand", () => {
  it("has the values that were given, and all others as before", () => {
    expect(withFields(USER, { email: "New@x.example", loc: null, added: true })).toEqual({
      ...USER,
      email: "New@x.example",
      emailKey: "new@x.example",
      customFields: { loc: null, badge: 7, added: true },
    });
    expect(withFields(USER, { email: null })).toMatchObject({ email: null, emailKey: null });
    expect(withFields(USER, {})).toEqual(USER);
  });

  it("has a document that says so where its setting mapped the field, but for what the user is called by", () => {
    const field = (key: string): Field => ({ key, label: key, type: "text", standard: false, path: null });
    const mappings = compileMappings(
      [
        { field: "email", path: "emails" },
        { field: "loc", path: 'addresses[type eq "work"].locality' },
        { field: "login", path: "userName" },
        { field: "state", path: "active" },
      ],
      ["loc", "login", "state", "badge"].map(field),
    );
    const document = { userName: "ada", active: true, emails: [{ value: "ada@x.example", primary: true }] };
    const values = { email: "new@x.example", loc: "Oslo", login: "eve", state: "false", badge: "unmapped" };
    expect(writeFields(document, mappings, values)).toEqual({
      userName: "ada",
      active: true,
      emails: [{ value: "new@x.example", primary: true }],
      addresses: [{ type: "work", locality: "Oslo" }],
    });
  });
});
