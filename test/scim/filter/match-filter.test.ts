import { describe, expect, it } from "vitest";
import { parseFilter } from "../../../src/scim/filter/parse-filter.ts";
import type { JsonObject } from "../../../src/scim/json.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";
import { matchFilter } from "./match-filter.ts";

const extras = [{ urn: "urn:acme:params:scim:2.0:User", attributes: [{ name: "site" }] }];
const { User, Group } = resourceTypes(extras);
const matches = (filter: string, resource: JsonObject) => matchFilter(parseFilter(User, filter), resource);

/** Rows: operator, then whether it holds for the literals of the header, in order. */
function table(attribute: string, resource: JsonObject, literals: string[], rows: Record<string, string>) {
  for (const [operator, verdicts] of Object.entries(rows))
    for (const [index, literal] of literals.entries()) {
      const filter = `${attribute} ${operator} ${literal}`;
      const expected = verdicts.replaceAll(" ", "")[index];
      it(`${filter}: ${expected === "T"}`, () => expect(matches(filter, resource)).toBe(expected === "T"));
    }
}

describe("a string that ignores case, userName Barbara", () => {
  const literals = ['"Barbara"', '"barbara"', '"BAR"', '"ARA"', '"arb"', '"a"', '"z"', '""', '"Barbaraa"', "null"];
  table("userName", { userName: "Barbara" }, literals, {
    eq: "TTFF FFFF FF",
    ne: "FFTT TTTT TT",
  });
  table("userName", { userName: "Barbara" }, literals.slice(0, 9), {
    co: "TTTT TTFT F",
    sw: "TTTF FFFT F",
    ew: "TTFT FTFT F",
    gt: "FFTT TTFT F",
    ge: "TTTT TTFT F",
    lt: "FFFF FFTF T",
    le: "TTFF FFTF T",
  });
});

describe("a string that minds case, externalId Bob", () => {
  table("externalId", { externalId: "Bob" }, ['"Bob"', '"bob"', '"B"', '"b"', '"a"', '"C"'], {
    eq: "TFFFFF",
    ne: "FTTTTT",
    co: "TFTTFF",
    sw: "TFTFFF",
    ew: "TFFTFF",
    gt: "FFTFFF",
    ge: "TFTFFF",
    lt: "FTFTTT",
    le: "TTFTTT",
  });
});

describe("a missing value", () => {
  table("title", {}, ['"x"', '""', "null"], { eq: "FFT", ne: "TTF" });
  table("title", {}, ['"x"', '""'], { co: "FF", sw: "FF", ew: "FF", gt: "FF", ge: "FF", lt: "FF", le: "FF" });
  table("active", {}, ["true", "false", "null"], { eq: "FFT", ne: "TTF" });
  table("emails", {}, ['"x"', "null"], { eq: "FT", ne: "TF" });
  table("department", {}, ['"x"', "null"], { eq: "FT", ne: "TF" });
  it("fails pr and every value path, even a negative one", () => {
    expect(matches("title pr", {})).toBe(false);
    expect(matches('emails[type ne "work"]', {})).toBe(false);
    expect(matches('emails[not (type eq "work")]', {})).toBe(false);
    expect(matches('not (emails[type eq "work"])', {})).toBe(true);
  });
});

describe("a boolean", () => {
  table("active", { active: true }, ["true", "false", '"True"', "FALSE", "null"], { eq: "TFTFF", ne: "FTFTT" });
});

describe("a dateTime", () => {
  const resource = { meta: { created: "2011-05-13T04:42:34Z" } };
  const literals = [
    '"2011-05-13T04:42:34Z"',
    '"2011-05-13T06:42:34.000+02:00"',
    "2011-05-13T04:42:33.999Z",
    '"2011-05-14"',
    '"2011-05-13T04:42:35"',
  ];
  table("meta.created", resource, literals, {
    eq: "TTFFF",
    ne: "FFTTT",
    gt: "FFTFF",
    ge: "TTTFF",
    lt: "FFFTT",
    le: "TTFTT",
  });
});

describe("a binary", () => {
  const resource = { x509Certificates: [{ value: "MIIabc" }] };
  table("x509Certificates.value", resource, ['"MIIabc"', '"miiabc"', '"MII"'], {
    eq: "TFF",
    ne: "FTT",
    co: "TFT",
    sw: "TFT",
    ew: "TFF",
  });
});

describe("a multi-valued attribute: any element counts", () => {
  const resource: JsonObject = {
    emails: [
      { value: "a@work.test", type: "work", primary: true },
      { value: "b@home.test", type: "home" },
    ],
    schemas: ["urn:a", "urn:b"],
  };
  it.each([
    ['emails co "work.test"', true],
    ['emails.value eq "B@HOME.TEST"', true],
    ['emails.value ne "a@work.test"', true],
    ['not (emails.value eq "a@work.test")', false],
    ["emails.primary eq null", true],
    ["emails.primary ne null", true],
    ["emails.primary pr", true],
    ["emails.display pr", false],
    ['emails[type eq "work" and value ew "home.test"]', false],
    ['emails[type eq "home" and value ew "home.test"]', true],
    ['emails[type eq "home"].value eq "b@home.test"', true],
    ['emails[type eq "home"].value eq "a@work.test"', false],
    ['emails[type eq "home"].primary pr', false],
    ["emails[primary ne true]", true],
    ['emails[not (type eq "work" or type eq "home")]', false],
    ['schemas eq "urn:b"', true],
    ['schemas eq "urn:c"', false],
    ["emails pr", true],
  ])("%s: %s", (filter, expected) => expect(matches(filter, resource)).toBe(expected));
});

describe("a number in a custom extension: in order as a number, else the text that it is", () => {
  const N = "urn:acme:params:scim:2.0:User:floor";
  for (const floor of [10, "10", " 10 ", [10], [{ value: 10 }], { value: "10" }])
    table(N, { "urn:acme:params:scim:2.0:User": { floor } }, ["9", '"9"', "10.0", "1e2", "-3", '"nine"'], {
      gt: "TTFF TF",
      ge: "TTTF TF",
      lt: "FFFT FT",
      le: "FFTT FT",
    });
  for (const floor of ["1a", "010", "0x10", true])
    it(`has the order of texts where one side is none: ${floor}`, () => {
      const resource = { "urn:acme:params:scim:2.0:User": { floor } };
      expect(matches(`${N} lt 2`, resource)).toBe(typeof floor === "string");
    });
});

describe("references, extensions and joins", () => {
  const resource = {
    id: "u1",
    userName: "a",
    groups: [{ value: "g1", display: "Sales" }],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "Sales", manager: { value: "m1" } },
    "urn:acme:params:scim:2.0:User": { Site: "Paris", floor: 3, tags: ["red", "blue"], parking: true },
  };
  it.each([
    ['manager eq "m1"', true],
    ["id eq u1 and manager eq m1", true],
    ["id eq u1 and manager eq m2", false],
    ['groups eq "g1"', true],
    ['groups.display sw "sa"', true],
    ['groups[value eq "g1" and display eq "sales"]', true],
    ['URN:IETF:params:scim:schemas:extension:Enterprise:2.0:user:DEPARTMENT EQ "sales"', true],
    ['department eq "sales"', true],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "A"', true],
    ['urn:acme:params:scim:2.0:User:site eq "paris"', true],
    ['urn:acme:params:scim:2.0:User:floor eq "3"', true],
    ["urn:acme:params:scim:2.0:User:parking eq true", true],
    ['urn:acme:params:scim:2.0:User:tags eq "BLUE"', true],
    ['urn:acme:params:scim:2.0:User:tags ne "blue"', true],
    ["urn:acme:params:scim:2.0:User:other pr", false],
    ["name pr", false],
    ["manager pr", true],
    ['userName eq "a" and id eq "x" or id eq "u1"', true],
    ['id eq "u1" or userName eq "a" and id eq "x"', true],
    ['(id eq "u1" or userName eq "a") and id eq "x"', false],
    ['not (id eq "x") and not (id eq "y")', true],
    ["Not(id eq x)aNd(id eq u1)", true],
  ])("%s: %s", (filter, expected) => expect(matches(filter, resource)).toBe(expected));

  it("finds a group by its id and a member, as Entra asks", () => {
    const filter = parseFilter(Group, 'id eq "g1" and members eq "u1"');
    expect(matchFilter(filter, { id: "g1", members: [{ value: "u0" }, { value: "u1" }] })).toBe(true);
    expect(matchFilter(filter, { id: "g1", members: [] })).toBe(false);
  });

  it("takes attributes of another type as missing in a query across types", () => {
    const filter = parseFilter(Group, 'userName eq "a" or displayName eq "A"', [User]);
    expect(matchFilter(filter, { id: "g1", displayName: "a" })).toBe(true);
    expect(matchFilter(filter, { id: "g1", displayName: "b" })).toBe(false);
  });

  it("compares wide and composed letters alike", () => {
    expect(matches('userName eq "ＪＯＳＥ́"', { userName: "josé" })).toBe(true);
  });

  it("takes quotes, backslashes, percent signs and underscores as they are", () => {
    expect(matches(String.raw`userName eq "a\"b\\c%_"`, { userName: String.raw`a"b\c%_` })).toBe(true);
    expect(matches('userName sw "%"', { userName: "abc" })).toBe(false);
    expect(matches('userName eq "a_c"', { userName: "abc" })).toBe(false);
  });

  it("orders texts by code point, as SQLite does", () => {
    expect(matches('userName gt "\\uffee"', { userName: "\u{1f600}" })).toBe(true);
  });
});
