import { expect, it } from "vitest";
import { explainReason } from "../../src/grouping/explain-reason.ts";

const facts = { settingName: "Entra", targetGroupName: "Sales", subject: "" };

it.each([
  [{ ...facts, kind: "manual", settingName: null }, "added by hand"],
  [{ ...facts, kind: "everyone" }, 'every user of SCIM setting "Entra"'],
  [{ ...facts, kind: "ungrouped" }, 'a user of SCIM setting "Entra" whom its criteria give no group'],
  [{ ...facts, kind: "field", subject: "department" }, 'department is "Sales"'],
  [{ ...facts, kind: "idp", subject: "Sales EMEA" }, 'member of IdP group "Sales EMEA"'],
] as const)("a reason %j reads %s", (reason, sentence) => {
  expect(explainReason(reason)).toBe(sentence);
});
