import { describe, expect, it } from "vitest";
import { parseFilter, printFilter } from "../../../src/scim/filter/parse-filter.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";
import { ScimError } from "../../../src/scim/scim-error.ts";

const { User } = resourceTypes();

/** The refusal of a filter. */
function refusal(text: string): ScimError {
  try {
    parseFilter(User, text);
  } catch (error) {
    if (error instanceof ScimError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("printFilter", () => {
  it.each([
    ['USERNAME EQ "a"', 'userName eq "a"'],
    ["externalId eq jyoung", 'externalId eq "jyoung"'],
    ["active eq False", "active eq false"],
    ['emails co "x"', 'emails.value co "x"'],
    ['emails[type eq "work"].value eq "x"', 'emails[type eq "work" and value eq "x"]'],
    ['emails[type eq "a" or type eq "b"].value pr', 'emails[(type eq "a" or type eq "b") and value pr]'],
    ['a1 eq "x"', null],
    [
      "(title pr and userName pr) and (active eq true and id pr)",
      "title pr and userName pr and (active eq true and id pr)",
    ],
    ["title pr or userName pr and active eq true", "title pr or userName pr and active eq true"],
    ["(title pr or userName pr) and active eq true", "(title pr or userName pr) and active eq true"],
    ["not(title pr)", "not (title pr)"],
    ['department eq "x"', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "x"'],
    [
      'urn:scim:schemas:extension:enterprise:1.0:department eq "x"',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "x"',
    ],
    ["meta.created gt 2020-01-01", 'meta.created gt "2020-01-01T00:00:00.000Z"'],
    ["title eq NULL", "title eq null"],
    ['title eq "null"', 'title eq "null"'],
    ["employeeNumber eq 007", 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq "007"'],
    ['userName eq"a"', 'userName eq "a"'],
  ])("prints %s", (text, printed) => {
    if (printed === null) expect(refusal(text).scimType).toBe("invalidFilter");
    else expect(printFilter(parseFilter(User, text))).toBe(printed);
  });
});

describe("parseFilter refuses with 400 invalidFilter and the position", () => {
  it.each([
    ["", 1],
    ["   ", 4],
    ["userName", 9],
    ["userName eq", 12],
    ['userName eq "a', 13],
    ['userName eq "a" "b"', 17],
    ['userName is "a"', 10],
    ['foo eq "x"', 1],
    ['name.foo eq "x"', 1],
    ['name eq "x"', 1],
    ['addresses co "x"', 1],
    ['title pr and (userName eq "a"', 30],
    ["title pr)", 9],
    ["title pr and", 13],
    ["and title pr", 1],
    ["not title pr", 5],
    ["active gt true", 8],
    ["active co true", 8],
    ["active eq maybe", 11],
    ['meta.created co "2011"', 14],
    ["meta.created gt yesterday", 17],
    ["x509Certificates.value gt a", 24],
    ["userName gt null", 13],
    ["userName eq 'a'", 13],
    ['urn:x:y:foo eq "a"', 1],
    ['emails[type eq "work"', 22],
    ['emails[foo eq "work"]', 8],
    ['userName[value eq "a"]', 9],
    ['emails[groups[value eq "a"]]', 8],
    ['emails[type[value eq "a"]]', 12],
    ['password eq "a"', 1],
    ['userName eq "\\q"', 13],
    ['userName eq "a\\u0000"', 13],
    ['userName eq "\\ud800"', 13],
    ['a..b eq "x"', 3],
    ['__proto__ eq "x"', 1],
    ['constructor.name eq "x"', 1],
  ])("%s at %i", (text, position) => {
    const error = refusal(text);
    expect(error).toMatchObject({ status: 400, scimType: "invalidFilter" });
    expect(error.detail).toContain(`character ${position}`);
  });
});
