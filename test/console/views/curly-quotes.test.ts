import { expect, it } from "vitest";
import { explainPath } from "../../../src/console/setting/explain-path.ts";
import { curly, curlyCause } from "../../../src/console/views/curly-quotes.ts";
import { explainReason } from "../../../src/grouping/explain-reason.ts";
import { quote } from "../../../src/scim/scim-error.ts";

it.each([
  ['department is "Sales"', "department is “Sales”"],
  ['"a" and "b"', "“a” and “b”"],
  [`A user ${quote('the "boss"')} exists`, 'A user “the "boss"” exists'],
  [`The path ${quote("name.\\x")} ends`, "The path “name.\\x” ends"],
  ['"" is empty', "“” is empty"],
  ['5" wide', '5" wide'],
  ["nothing quoted", "nothing quoted"],
  ["the group's name \"O'Neill's\" of all webhooks' kind", "the group’s name “O'Neill's” of all webhooks’ kind"],
])("sets %s as %s", (text, set) => {
  expect(curly(text)).toBe(set);
});

it.each([
  ['department is no longer "R&D "Skunk" Works"', 'department is no longer “R&D "Skunk" Works”'],
  ['no longer in IdP group "Sales"', "no longer in IdP group “Sales”"],
  ['IdP group "A "1"" is now "B "2""', 'IdP group “A "1"” is now “B "2"”'],
  ["deactivated", "deactivated"],
])("sets the cause %s of a hold as %s", (detail, set) => {
  expect(curlyCause(detail)).toBe(set);
});

it("sets why somebody is in a group, and what is wrong with a path, without an escape", () => {
  const facts = { kind: "field", settingName: null, targetGroupName: "R&D", subject: "department" } as const;
  expect(curly(explainReason(facts))).toBe("department is “R&D”");
  const { ok, message } = explainPath('foo"bar');
  expect(ok).toBe(false);
  expect(message).toMatch(/^The path “foo"bar” is not valid at character \d/);
});
