import { describe, expect, it } from "vitest";
import { parseProjection, project, wantsAttribute } from "../../src/scim/attribute-projection.ts";
import { represent } from "../../src/scim/represent-resource.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";

const { User, Group } = resourceTypes();
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const facts = { id: "1", created: "c", lastModified: "m", version: 'W/"1"', location: "https://x/Users/1" };
const RESOURCE = represent(
  User,
  {
    userName: "a",
    name: { givenName: "A", familyName: "B" },
    emails: [{ value: "v", type: "work" }, { value: "w" }],
    [ENTERPRISE]: { department: "D", manager: { value: "m", $ref: "r" } },
    "urn:acme:2.0:User": { site: "S", floor: 1 },
  },
  { ...facts, groups: [{ value: "g", display: "G" }] },
);
const { schemas, id } = RESOURCE;

/** The schemas of what is left of RESOURCE: an extension that is not there is not named (RFC 7643 section 3). */
function schemasOf(left: object): string[] {
  return [User.schema.id, ...[ENTERPRISE, "urn:acme:2.0:User"].filter((urn) => urn in left)];
}

describe("represent", () => {
  it("lists the schemas that the document uses, then everything in order", () => {
    expect(schemas).toEqual([User.schema.id, ENTERPRISE, "urn:acme:2.0:User"]);
    expect(Object.keys(RESOURCE)).toEqual([
      "schemas",
      "id",
      "userName",
      "name",
      "emails",
      ENTERPRISE,
      "urn:acme:2.0:User",
      "groups",
      "meta",
    ]);
  });

  it("shows the empty member list of a group", () => {
    expect(represent(Group, { displayName: "g" }, { ...facts, members: [] })).toMatchObject({
      members: [],
      meta: { resourceType: "Group" },
    });
  });
});

describe("attributes", () => {
  it.each([
    ["userName", { userName: "a" }],
    [" USERNAME , id", { userName: "a" }],
    ["name.givenName", { name: { givenName: "A" } }],
    ["name,name.givenName", { name: { givenName: "A", familyName: "B" } }],
    ["name.givenName,name", { name: { givenName: "A", familyName: "B" } }],
    ["emails.type", { emails: [{ type: "work" }] }],
    ["department", { [ENTERPRISE]: { department: "D" } }],
    [`${ENTERPRISE.toUpperCase()}:manager.value`, { [ENTERPRISE]: { manager: { value: "m" } } }],
    [ENTERPRISE, { [ENTERPRISE]: RESOURCE[ENTERPRISE] }],
    ["urn:acme:2.0:User", { "urn:acme:2.0:User": { site: "S", floor: 1 } }],
    ["urn:acme:2.0:user:SITE", { "urn:acme:2.0:User": { site: "S" } }],
    ["urn:ietf:params:scim:schemas:core:2.0:User:userName", { userName: "a" }],
    [
      "urn:ietf:params:scim:schemas:core:2.0:User",
      { userName: "a", name: RESOURCE.name, emails: RESOURCE.emails, groups: RESOURCE.groups },
    ],
    ["meta.location", { meta: { location: "https://x/Users/1" } }],
    ["groups.value", { groups: [{ value: "g" }] }],
    ["nothing,__proto__", {}],
    ["password", {}],
  ])("%s", (attributes, expected) => {
    expect(project(User, RESOURCE, parseProjection(User, attributes))).toEqual({
      schemas: schemasOf(expected),
      id,
      ...expected,
    });
  });
});

describe("a value filter in attributes", () => {
  const RICH = {
    ...RESOURCE,
    emails: [
      { value: "v,]", type: "work", display: "V" },
      { value: "w", type: "home", display: "W" },
    ],
    "urn:acme:2.0:User": {
      site: "S",
      floor: 1,
      tags: ["a", "b"],
      desks: [
        { no: 1, at: "x" },
        { no: 2, at: "y" },
      ],
    },
  };
  const [work, home] = RICH.emails;
  const custom = "urn:acme:2.0:User";

  it.each<[string | string[], object]>([
    ['emails[type eq "work"].value', { emails: [{ value: "v,]" }] }],
    ['EMAILS[Type EQ "WORK"]', { emails: [work] }],
    ['emails[value eq "v,]"].type,userName', { userName: "a", emails: [{ type: "work" }] }],
    ['emails[type eq "work" or type eq "home"].type', { emails: [{ type: "work" }, { type: "home" }] }],
    ['emails[type eq "work"].value,emails[type eq "home"].display', { emails: [{ value: "v,]" }, { display: "W" }] }],
    ['emails.display,emails[type eq "work"]', { emails: [work, { display: "W" }] }],
    ['emails[type eq "work"].value,emails', { emails: RICH.emails }],
    [["emails", 'emails[type eq "work"].value'], { emails: RICH.emails }],
    ['emails[type eq "other"].value', {}],
    ['name[givenName eq "A"].familyName', { name: { familyName: "B" } }],
    ['groups[display eq "g"].value', { groups: [{ value: "g" }] }],
    [`${ENTERPRISE}:manager[value eq "m"].$ref`, { [ENTERPRISE]: { manager: { $ref: "r" } } }],
    [`${custom}:tags[value eq "B"]`, { [custom]: { tags: ["b"] } }],
    [`${custom}:desks[no eq 1].at`, { [custom]: { desks: [{ at: "x" }] } }],
    ['nothing[type eq "work"],emails[type eq "work"].foo', {}],
  ])("%s", (attributes, expected) => {
    expect(project(User, RICH, parseProjection(User, attributes))).toEqual({
      schemas: schemasOf(expected),
      id,
      ...expected,
    });
  });

  it.each<[string, object]>([
    ['emails[type eq "work"]', { emails: [home] }],
    ['emails[type eq "work"].value', { emails: [{ type: "work", display: "V" }, home] }],
    ['emails[type eq "other"]', { emails: RICH.emails }],
    [`${custom}:tags[value eq "a"]`, { [custom]: { ...RICH[custom], tags: ["b"] } }],
  ])("takes out what it selects: excludedAttributes=%s", (excluded, expected) => {
    expect(project(User, RICH, parseProjection(User, null, excluded))).toEqual({ ...RICH, ...expected });
  });

  it.each([
    'emails[type eq "work',
    "emails[type eq",
    'emails[type eq "work"',
    'emails[type is "work"]',
    'emails[foo eq "work"]',
    'emails.value[type eq "work"]',
    'userName[type eq "work"]',
    'emails[type eq "work"]value',
    `emails[${Array(51).fill('type eq "a"').join(" or ")}]`,
    Array(26).fill('emails[type eq "a" and value eq "b"]').join(),
  ])("is refused where it cannot be read: %s", (text) => {
    for (const sent of [
      [text, null],
      [null, text],
      [[text], null],
    ] as const) {
      const read = () => parseProjection(User, ...sent);
      expect(read).toThrow(/attributes/);
      expect(read).toThrow(
        expect.objectContaining({ code: "invalid_parameter", status: 400, scimType: "invalidValue" }),
      );
    }
  });
});

describe("excludedAttributes", () => {
  it.each([
    ["name", ["name"]],
    ["id,schemas", []],
    ["emails,meta,groups", ["emails", "meta", "groups"]],
    [ENTERPRISE, [ENTERPRISE]],
    ["nothing", []],
  ])("%s", (excluded, gone) => {
    const kept = project(User, RESOURCE, parseProjection(User, undefined, excluded));
    expect(Object.keys(kept)).toEqual(Object.keys(RESOURCE).filter((name) => !gone.includes(name)));
    expect(kept.schemas).toEqual(schemasOf(kept));
  });

  it("takes out sub-attributes", () => {
    const projection = parseProjection(User, null, ["name.givenName", "manager.$ref", "urn:acme:2.0:User:floor"]);
    expect(project(User, RESOURCE, projection)).toMatchObject({ name: { familyName: "B" } });
    expect(project(User, RESOURCE, projection)[ENTERPRISE]).toEqual({ department: "D", manager: { value: "m" } });
    expect(project(User, RESOURCE, projection)["urn:acme:2.0:User"]).toEqual({ site: "S" });
  });

  it("narrows attributes when both are given", () => {
    const projection = parseProjection(User, "name,userName", "name.givenName");
    expect(project(User, RESOURCE, projection)).toEqual({
      schemas: [User.schema.id],
      id,
      userName: "a",
      name: { familyName: "B" },
    });
  });
});

describe("wantsAttribute", () => {
  it.each([
    [undefined, undefined, true],
    ["", "", true],
    ["displayName", undefined, false],
    ["members.value", undefined, true],
    [undefined, "members", false],
    [undefined, "urn:ietf:params:scim:schemas:core:2.0:Group:MEMBERS", false],
    [undefined, "members.display", true],
  ])("attributes=%s excludedAttributes=%s: %s", (attributes, excluded, expected) => {
    expect(wantsAttribute(Group, parseProjection(Group, attributes, excluded), "members")).toBe(expected);
  });
});
