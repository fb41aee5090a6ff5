import { describe, expect, it } from "vitest";
import { parseProjection, project } from "../../src/scim/attribute-projection.ts";
import { planBulk, substituteBulkIds } from "../../src/scim/bulk/bulk-order.ts";
import { parseBulk } from "../../src/scim/bulk/bulk-request.ts";
import { bulkResponse } from "../../src/scim/bulk/bulk-response.ts";
import { errorBody } from "../../src/scim/error-response.ts";
import { parseFilter, printFilter } from "../../src/scim/filter/parse-filter.ts";
import type { Json, JsonObject } from "../../src/scim/json.ts";
import { parseListQuery } from "../../src/scim/list/list-query.ts";
import { listResponse } from "../../src/scim/list/list-response.ts";
import { applyPatch, memberOperationsOf, parsePatch } from "../../src/scim/patch/patch.ts";
import { readResource } from "../../src/scim/read-resource-body.ts";
import { represent } from "../../src/scim/represent-resource.ts";
import {
  resourceTypeDocuments,
  schemaDocuments,
  serviceProviderConfig,
} from "../../src/scim/schema/discovery-documents.ts";
import { resourceTypes } from "../../src/scim/schema/resource-types.ts";
import type { ResourceType } from "../../src/scim/schema/schema.ts";
import { ScimError } from "../../src/scim/scim-error.ts";
import { matchFilter } from "./filter/match-filter.ts";
import schemas from "./fixtures/rfc7643-section-8.json" with { type: "json" };
import protocol from "./fixtures/rfc7644-section-3.json" with { type: "json" };

const { User, Group } = resourceTypes();
const ID = "2819c223-7f76-453a-919d-413861904646";
const json = (value: unknown) => JSON.parse(JSON.stringify(value)) as JsonObject;

/** Reads a resource and answers it again with the facts its example carries. */
function roundTrip(type: ResourceType, example: JsonObject): JsonObject {
  const { document } = readResource(type, example);
  const meta = json(example.meta);
  return represent(type, document, {
    id: String(example.id),
    created: String(meta.created),
    lastModified: String(meta.lastModified),
    version: String(meta.version),
    location: String(meta.location),
    ...(example.groups === undefined ? {} : { groups: example.groups as Json[] }),
    ...(example.members === undefined ? {} : { members: example.members as Json[] }),
  });
}

describe("RFC 7643 section 8", () => {
  it("8.1: the minimal User reads back as it is", () => {
    expect(roundTrip(User, json(schemas["8.1 minimal User"]))).toEqual(schemas["8.1 minimal User"]);
  });

  it("8.2: the full User reads back as it is, save the password", () => {
    const { password, ...expected } = schemas["8.2 full User"];
    expect(password).toBeDefined();
    expect(roundTrip(User, json(schemas["8.2 full User"]))).toEqual(expected);
  });

  it("8.3: the enterprise User reads back as it is, save the password and the read-only name of the manager", () => {
    const { password, ...expected } = json(schemas["8.3 enterprise User"]);
    const extension = json(expected["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]);
    const { displayName, ...manager } = json(extension.manager);
    expect([password, displayName]).not.toContain(undefined);
    expect(roundTrip(User, json(schemas["8.3 enterprise User"]))).toEqual({
      ...expected,
      "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { ...extension, manager },
    });
  });

  it("8.4: the Group reads back as it is, its members apart", () => {
    expect(readResource(Group, json(schemas["8.4 Group"])).members).toEqual([
      { value: ID, type: "User", display: "Babs Jensen" },
      { value: "902c246b-6245-4190-8e05-00816be7344a", type: "User", display: "Mandy Pepperidge" },
    ]);
    expect(roundTrip(Group, json(schemas["8.4 Group"]))).toEqual(schemas["8.4 Group"]);
  });

  it("8.5: ServiceProviderConfig has every member of the example that is required", () => {
    const ours = serviceProviderConfig("https://example.com/v2", "https://example.com/oauth/token");
    const { documentationUri, ...required } = schemas["8.5 ServiceProviderConfig"];
    expect(documentationUri).toBeDefined();
    expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(required)));
    for (const name of ["patch", "sort", "etag"]) expect(ours[name]).toEqual({ supported: true });
    expect(ours.schemas).toEqual(required.schemas);
    expect(ours.filter).toEqual(required.filter);
    expect(json(ours.bulk)).toEqual({ supported: true, maxOperations: 1000, maxPayloadSize: 8_388_608 });
    expect(json(ours.meta).location).toBe(required.meta.location);
  });

  it("8.6: ResourceTypes are those of the example, with the extension optional", () => {
    const expected = structuredClone(schemas["8.6 ResourceTypes"]) as JsonObject[];
    const [user, group] = expected;
    expect(resourceTypeDocuments("https://example.com/v2")).toEqual([
      { ...user, schemaExtensions: [{ schema: User.extensions[0]?.id, required: false }] },
      group,
    ]);
  });

  it("8.7.1: every attribute of User, Group and the enterprise extension has the characteristics of the text", () => {
    // Our own choices, each allowed to a service provider (RFC 7643 section 2.2): what identifies is compared exactly, a
    // group's displayName is required and unique (section 4.2 says required), and e-mail display is not published
    // (Microsoft's client stumbles over it).
    const chosen: Record<string, JsonObject> = {
      profileUrl: { caseExact: true },
      password: { caseExact: true },
      "photos.value": { caseExact: true },
      "x509Certificates.value": { caseExact: true },
      "groups.value": { caseExact: true },
      "groups.$ref": { caseExact: true },
      "members.value": { caseExact: true },
      "members.$ref": { caseExact: true },
      "manager.$ref": { caseExact: true },
    };
    const published = new Map(schemaDocuments("https://example.com/v2").map((schema) => [schema.id, schema]));
    for (const [urn, attributes] of Object.entries(schemas["8.7.1 attribute characteristics"])) {
      const ours = indexByName(published.get(urn)?.attributes);
      for (const [name, { subAttributes, ...expected }] of Object.entries(
        json(attributes) as Record<string, JsonObject>,
      )) {
        const isGroupName = urn.endsWith("Group") && name === "displayName";
        const own = isGroupName ? { required: true, uniqueness: "server" } : chosen[name];
        expect(ours.get(name), name).toMatchObject({ ...expected, ...own });
        const subs = indexByName(ours.get(name)?.subAttributes);
        for (const [sub, characteristics] of Object.entries(json(subAttributes ?? {}) as Record<string, JsonObject>)) {
          if (name === "emails" && sub === "display") expect(subs.has(sub)).toBe(false);
          else
            expect(subs.get(sub), `${name}.${sub}`).toMatchObject({ ...characteristics, ...chosen[`${name}.${sub}`] });
        }
      }
    }
  });
});

function indexByName(attributes: Json | undefined): Map<string, JsonObject> {
  return new Map(((attributes ?? []) as JsonObject[]).map((attribute) => [String(attribute.name), attribute]));
}

describe("RFC 7644 section 3", () => {
  it("3.3: the created User is answered as in the example", () => {
    const { request, response } = protocol["3.3 create"];
    const { document } = readResource(User, json(request));
    const { meta } = response;
    expect(represent(User, document, { id: ID, ...meta })).toEqual(response);
  });

  it("3.4.1: the known resource reads back, its only e-mail now primary", () => {
    const example = json(protocol["3.4.1 known resource"]);
    expect(roundTrip(User, example)).toEqual({
      ...example,
      emails: [{ value: "bjensen@example.com", type: "work", primary: true }],
    });
  });

  it("3.4.2: a list of two is answered as in the example, with itemsPerPage", () => {
    const example = protocol["3.4.2 list"];
    expect(listResponse({ resources: example.Resources, totalResults: 2 })).toEqual({ ...example, itemsPerPage: 2 });
  });

  // Which of the examples the full enterprise User of RFC 7643 section 8.3 passes.
  const passing = [4, 6, 9, 10, 11, 12, 14, 15, 16, 8];
  it.each(protocol["3.4.2.2 filters"].map((text, index) => ({ text, index })))("3.4.2.2: $text", ({ text, index }) => {
    const filter = parseFilter(User, text);
    expect(parseFilter(User, printFilter(filter))).toEqual(filter);
    expect(matchFilter(filter, json(schemas["8.3 enterprise User"]))).toBe(passing.includes(index));
  });

  it("3.4.3: the search request is read", () => {
    const query = parseListQuery(User, json(protocol["3.4.3 search"]));
    expect(query).toMatchObject({ filterText: 'displayName sw "smith"', startIndex: 1, count: 10 });
    expect(project(User, json(schemas["8.1 minimal User"]), query.projection)).toEqual({
      schemas: [User.schema.id],
      id: ID,
      userName: "bjensen@example.com",
    });
  });
});

describe("RFC 7644 section 3.5: changes", () => {
  it("3.5.1: the replaced User drops empty roles and the given id", () => {
    const { document } = readResource(User, json(protocol["3.5.1 put"]));
    expect(document).toEqual({
      userName: "bjensen",
      externalId: "bjensen",
      name: protocol["3.5.1 put"].name,
      emails: [{ value: "bjensen@example.com", primary: true }, { value: "babs@jensen.org" }],
    });
  });

  it.each([
    ["3.5.2.1 add members", [{ kind: "add", members: [{ value: ID, type: "User", display: "Babs Jensen" }] }]],
    ["3.5.2.2 remove a member", [{ kind: "remove", values: [ID] }]],
    ["3.5.2.2 remove all members", [{ kind: "replace", members: [] }]],
    [
      "3.5.2.2 remove and add",
      [
        { kind: "remove", values: [ID] },
        {
          kind: "add",
          members: [{ value: "08e1d05d-121c-4561-8b96-473d93df9210", type: "User", display: "James Smith" }],
        },
      ],
    ],
    [
      "3.5.2.3 replace members",
      [
        {
          kind: "replace",
          members: [
            { value: ID, type: "User", display: "Babs Jensen" },
            { value: "08e1d05d-121c-4561-8b96-473d93df9210", type: "User", display: "James Smith" },
          ],
        },
      ],
    ],
  ] as const)("%s", (name, expected) => {
    expect(memberOperationsOf(parsePatch(Group, json(protocol[name])))).toEqual(expected);
  });

  const patched = (name: keyof typeof protocol) => {
    const before = readResource(User, json(schemas["8.2 full User"])).document;
    return applyPatch(User, before, parsePatch(User, json(protocol[name]))).document;
  };

  it("3.5.2.1: an add without a path adds an e-mail and a nickname", () => {
    const before = readResource(User, { userName: "x", emails: [{ value: "bjensen@example.com", primary: true }] });
    const request = parsePatch(User, json(protocol["3.5.2.1 add without path"]));
    expect(applyPatch(User, before.document, request).document).toEqual({
      userName: "x",
      emails: [
        { value: "bjensen@example.com", primary: true },
        { value: "babs@jensen.org", type: "home" },
      ],
      nickName: "Babs",
    });
  });

  it("3.5.2.2: a remove with a filter takes the work e-mail only", () => {
    expect(patched("3.5.2.2 remove selected emails").emails).toEqual([
      { value: "babs@jensen.org", type: "home", primary: true },
    ]);
  });

  it("3.5.2.3: a replace with a filter exchanges the work address", () => {
    const value = protocol["3.5.2.3 replace an address"].Operations[0]?.value;
    expect(patched("3.5.2.3 replace an address").addresses).toEqual([
      value,
      schemas["8.2 full User"].addresses.find((address) => address.type === "home"),
    ]);
  });

  it("3.5.2.3: a replace of a sub-attribute changes it alone", () => {
    const [work, home] = schemas["8.2 full User"].addresses;
    expect(patched("3.5.2.3 replace part of an address").addresses).toEqual([
      { ...work, streetAddress: "1010 Broadway Ave" },
      home,
    ]);
  });

  it("3.5.2.3: a replace without a path replaces the e-mails and the nickname", () => {
    const after = patched("3.5.2.3 replace without path");
    expect(after.nickName).toBe("Babs");
    expect(after.emails).toEqual(protocol["3.5.2.3 replace without path"].Operations[0]?.value.emails);
  });
});

describe("RFC 7644 section 3.7 and on: Bulk, attributes and errors", () => {
  it("3.7.1: two groups that are members of each other are a true cycle and refused with 409", () => {
    const plan = planBulk(parseBulk(json(protocol["3.7.1 circular"])).operations);
    expect(plan.order).toEqual([0, 1]);
    expect([...plan.refusals.values()].map((error) => error.status)).toEqual([409, 409]);
  });

  it("3.7.2: the group waits for the user and gets its id", () => {
    const { operations } = parseBulk(json(protocol["3.7.2 bulkId"]));
    expect(planBulk([...operations].reverse()).order).toEqual([0, 1]);
    const [, group] = operations;
    if (group === undefined) throw new Error("no group");
    expect(substituteBulkIds(group, new Map([["qwerty", "92b725cd"]])).data.members).toEqual([
      { type: "User", value: "92b725cd" },
    ]);
  });

  it("3.7.3: the bulk request is read and its response built", () => {
    const { operations, failOnErrors } = parseBulk(json(protocol["3.7.3 bulk"]));
    expect(failOnErrors).toBe(1);
    expect(operations.map(({ method, type, id }) => [method, type, id])).toEqual([
      ["POST", "User", undefined],
      ["PUT", "User", "b7c14771-226c-4d05-8860-134711653041"],
      ["PATCH", "User", "5d8d29d3-342c-4b5f-8683-a3cb6763ffcc"],
      ["DELETE", "User", "e9025315-6bea-44e1-899c-1e07454e468b"],
    ]);
    const expected = protocol["3.7.3 bulk response"];
    const results = operations.map(({ method, bulkId }, index) => {
      const { location, version, status } = expected.Operations[index] ?? {};
      return { method, bulkId, status: Number(status), location, version };
    });
    expect(bulkResponse(results)).toEqual(expected);
    const [, , patch] = operations;
    if (patch === undefined) throw new Error("no patch");
    const { location } = protocol["3.7.3 bulk error"];
    const error = new ScimError("version_mismatch", "Failed to update. Resource changed on the server.");
    expect(
      bulkResponse([{ method: patch.method, bulkId: patch.bulkId, status: 412, location, error }]).Operations,
    ).toEqual([protocol["3.7.3 bulk error"]]);
  });

  it("3.9: attributes=userName answers schemas, id and userName", () => {
    const projection = parseProjection(User, "userName");
    expect(project(User, json(protocol["3.3 create"].response), projection)).toEqual(protocol["3.9 attributes"]);
  });

  it("3.12: errors have the shape of the examples", () => {
    expect(errorBody(new ScimError("no_such_user", `Resource ${ID} not found`))).toEqual(protocol["3.12 not found"]);
    expect(errorBody(new ScimError("read_only", "Attribute 'id' is readOnly"))).toEqual(protocol["3.12 mutability"]);
  });
});
