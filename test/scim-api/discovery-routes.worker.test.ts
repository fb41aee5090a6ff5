import { beforeAll, describe, expect, it } from "vitest";
import { newClient, type ScimClient } from "./scim-client.ts";

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** An attribute as /Schemas describes it (RFC 7643 section 7). */
interface Described {
  name: string;
  type: string;
  multiValued: boolean;
  returned: string;
  mutability: string;
  subAttributes?: Described[];
  canonicalValues?: string[];
}

/** What no schema lists, since every resource has it (RFC 7643 section 3.1). */
const COMMON = new Set(["schemas", "id", "meta"]);
/** Answered when sent, but not described: Microsoft's client stumbles over it in /Schemas. */
const UNDESCRIBED = new Set(["emails.display"]);

const FULL_USER = {
  userName: "bjensen",
  externalId: "x-1",
  name: {
    formatted: "f",
    familyName: "f",
    givenName: "g",
    middleName: "m",
    honorificPrefix: "p",
    honorificSuffix: "s",
  },
  displayName: "Babs",
  nickName: "B",
  profileUrl: "https://login.example.com/bjensen",
  title: "T",
  userType: "Employee",
  preferredLanguage: "en-US",
  locale: "en-US",
  timezone: "America/Los_Angeles",
  active: true,
  password: "t1meMa$heen-of-the-test",
  ...Object.fromEntries(
    ["emails", "phoneNumbers", "ims", "photos", "entitlements", "roles", "x509Certificates"].map((name) => [
      name,
      [{ value: "https://photos.example.com/a", display: "d", type: "work", primary: true }],
    ]),
  ),
  x509Certificates: [{ value: "MIIDQzCCAqygAwIBAgICEAA=", display: "d", type: "t", primary: true }],
  addresses: [
    {
      formatted: "f",
      streetAddress: "s",
      locality: "l",
      region: "r",
      postalCode: "p",
      country: "US",
      type: "work",
      primary: true,
    },
  ],
  [ENTERPRISE]: {
    employeeNumber: "1",
    costCenter: "c",
    organization: "o",
    division: "d",
    department: "d",
    manager: { value: "m", $ref: "../Users/m", displayName: "M" },
  },
};

/** The faults of a value as its attribute is described, each with the path it was found at. */
function faultsOf(path: string, value: unknown, attribute: Described): string[] {
  if (attribute.returned === "never") return [`${path} is never returned`];
  if (!attribute.multiValued) return faultsOfOne(path, value, attribute);
  if (!Array.isArray(value)) return [`${path} is multi-valued but no array`];
  return value.flatMap((element) => faultsOfOne(path, element, attribute));
}

function faultsOfOne(path: string, value: unknown, { type, subAttributes, canonicalValues }: Described): string[] {
  if (canonicalValues !== undefined && type !== "string") return [`${path} has canonical values but is no string`];
  if (type === "complex")
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? faultsOfObject(path, value, subAttributes ?? [])
      : [`${path} is no object`];
  const expected = type === "boolean" ? "boolean" : type === "integer" || type === "decimal" ? "number" : "string";
  return typeof value === expected ? [] : [`${path} is described as ${type} but is ${JSON.stringify(value)}`];
}

function faultsOfObject(path: string, value: object, attributes: Described[]): string[] {
  const byName = new Map(attributes.map((attribute) => [attribute.name, attribute]));
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = path === "" ? name : `${path}.${name}`;
    const attribute = byName.get(name);
    if (attribute !== undefined) return faultsOf(at, inner, attribute);
    return (path === "" && COMMON.has(name)) || UNDESCRIBED.has(at) ? [] : [`${at} is not described`];
  });
}

describe("discovery", () => {
  let client: ScimClient;
  const schemas = new Map<string, Described[]>();

  beforeAll(async () => {
    client = await newClient();
    for (const { id, attributes } of (await client.send("GET", "/Schemas")).json.Resources) schemas.set(id, attributes);
  });

  /** The faults of a resource against the schemas that its `schemas` names. */
  function judge({ schemas: named, ...resource }: { schemas: string[]; [name: string]: unknown }): string[] {
    const [core = "", ...extensions] = named;
    const own = Object.fromEntries(Object.entries(resource).filter(([name]) => !extensions.includes(name)));
    return [
      ...faultsOfObject("", own, schemas.get(core) ?? []),
      ...extensions.flatMap((urn) => faultsOfObject(urn, Object(resource[urn]), schemas.get(urn) ?? [])),
    ];
  }

  it("describes every attribute that a full user and its group are answered with", async () => {
    const user = (await client.send("POST", "/Users", FULL_USER)).json;
    const group = (await client.send("POST", "/Groups", { displayName: "G", members: [{ value: user.id }] })).json;
    const read = (await client.send("GET", `/Users/${user.id}`)).json;
    expect(read.schemas).toEqual([USER, ENTERPRISE]);
    expect(read.groups).toHaveLength(1);
    expect(judge(read)).toEqual([]);
    expect(judge((await client.send("GET", `/Groups/${group.id}`)).json)).toEqual([]);
  });

  it("describes no attribute that a full user is not answered with, save what is never returned or read-only", async () => {
    const [read] = (await client.send("GET", '/Users?filter=userName+eq+"bjensen"')).json.Resources;
    const missing = (schemas.get(USER) ?? []).filter(({ name }) => !(name in read)).map(({ name }) => name);
    expect(missing).toEqual(["password"]);
    const enterprise = (schemas.get(ENTERPRISE) ?? []).map(({ name }) => name);
    expect(Object.keys(read[ENTERPRISE]).sort()).toEqual(enterprise.sort());
  });

  it("describes externalId for users and groups: a gallery's test of the schema looks for it", async () => {
    for (const urn of [USER, "urn:ietf:params:scim:schemas:core:2.0:Group"]) {
      const found = (schemas.get(urn) ?? []).filter(({ name }) => name === "externalId");
      expect(found).toEqual([
        expect.objectContaining({
          type: "string",
          multiValued: false,
          required: false,
          caseExact: true,
          mutability: "readWrite",
          returned: "default",
          uniqueness: "none",
        }),
      ]);
    }
    expect((schemas.get(ENTERPRISE) ?? []).map(({ name }) => name)).not.toContain("externalId");
  });

  it("names an endpoint, a schema and extensions in each ResourceType that are all there", async () => {
    const types = (await client.send("GET", "/ResourceTypes")).json.Resources;
    expect(types.map(({ id }: { id: string }) => id)).toEqual(["User", "Group"]);
    for (const { endpoint, schema, schemaExtensions = [] } of types) {
      expect((await client.send("GET", endpoint)).status).toBe(200);
      for (const urn of [schema, ...schemaExtensions.map((one: { schema: string }) => one.schema)])
        expect(schemas.has(urn), urn).toBe(true);
    }
  });

  it("gives each document at its meta.location, with its own schema and resource type", async () => {
    for (const [path, resourceType] of [
      ["/ResourceTypes", "ResourceType"],
      ["/Schemas", "Schema"],
    ]) {
      for (const document of (await client.send("GET", path ?? "")).json.Resources) {
        expect(document.schemas).toEqual([`urn:ietf:params:scim:schemas:core:2.0:${resourceType}`]);
        expect(document.meta.resourceType).toBe(resourceType);
        const at = new URL(document.meta.location).pathname.slice("/scim/v2".length);
        expect((await client.send("GET", at)).json).toEqual(document);
      }
    }
    const config = (await client.send("GET", "/ServiceProviderConfig")).json;
    expect(config.meta).toEqual({
      resourceType: "ServiceProviderConfig",
      location: "https://rollcall.test/scim/v2/ServiceProviderConfig",
    });
  });

  it("does what ServiceProviderConfig says: page sizes, filter, sort, patch, bulk and etag", async () => {
    const config = (await client.send("GET", "/ServiceProviderConfig")).json;
    for (const feature of ["patch", "bulk", "filter", "sort", "etag"]) expect(config[feature].supported).toBe(true);
    expect(config.changePassword.supported).toBe(false);
    expect(config.filter.maxResults).toBe(config.pagination.maxPageSize);
    expect(config.authenticationSchemes).toEqual([
      expect.objectContaining({ type: "oauthbearertoken", name: expect.any(String), description: expect.any(String) }),
      expect.objectContaining({ type: "oauth2", name: expect.any(String), description: expect.any(String) }),
    ]);
  });
});
