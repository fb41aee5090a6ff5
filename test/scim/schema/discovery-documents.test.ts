import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/scim/json.ts";
import {
  resourceTypeDocuments,
  schemaDocuments,
  serviceProviderConfig,
} from "../../../src/scim/schema/discovery-documents.ts";

const BASE = "https://x.test/scim/v2";
const TOKENS = "https://rollcall.example.com/scim/oauth/token";
const EXTRAS = [
  { urn: "urn:acme:2.0:User", attributes: [{ name: "site" }, { name: "SITE" }] },
  { urn: "URN:ACME:2.0:USER", attributes: [{ name: "floor" }] },
  { urn: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user", attributes: [{ name: "costCenter" }] },
];

function holdsNull(value: Json): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === "object" && Object.values(value).some(holdsNull);
}

describe("discovery documents", () => {
  it("hold no nulls", () => {
    for (const document of [
      serviceProviderConfig(BASE, TOKENS),
      ...resourceTypeDocuments(BASE, EXTRAS),
      ...schemaDocuments(BASE, EXTRAS),
    ])
      expect(holdsNull(document)).toBe(false);
  });

  it("say what is supported, paging by cursor included", () => {
    expect(serviceProviderConfig(BASE, TOKENS)).toMatchObject({
      patch: { supported: true },
      changePassword: { supported: false },
      pagination: { cursor: true, index: true, defaultPaginationMethod: "index", maxPageSize: 200 },
    });
  });

  it("publish the extensions that a company's mappings name, once each and on User only", () => {
    const [user, group] = resourceTypeDocuments(BASE, EXTRAS);
    expect(user?.schemaExtensions).toEqual([
      { schema: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", required: false },
      { schema: "urn:acme:2.0:User", required: false },
    ]);
    expect(group?.schemaExtensions).toBeUndefined();
    const custom = schemaDocuments(BASE, EXTRAS).at(-1);
    expect(custom?.id).toBe("urn:acme:2.0:User");
    expect(((custom?.attributes ?? []) as { name: string }[]).map(({ name }) => name)).toEqual(["site", "floor"]);
  });

  it("show active as a boolean and e-mails without display", () => {
    const [user] = schemaDocuments(BASE) as unknown as {
      attributes: { name: string; type: string; subAttributes?: { name: string }[] }[];
    }[];
    const find = (name: string) => user?.attributes.find((attribute) => attribute.name === name);
    expect(find("active")?.type).toBe("boolean");
    expect(find("emails")?.subAttributes?.map(({ name }) => name)).toEqual(["value", "type", "primary"]);
  });
});
