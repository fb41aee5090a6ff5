import { describe, expect, it } from "vitest";
import { CHANGE_TYPES } from "../../../src/changes/change.ts";
import { managementApi } from "../../../src/management-api/management-api.ts";
import { describeApi, printApi } from "../../../src/management-api/open-api/open-api.ts";
import { OPERATIONS } from "../../../src/management-api/open-api/open-api-operations.ts";
import { listRoutes } from "../../../src/management-api/unrouted.ts";
import { PROVIDERS } from "../../../src/settings/setting.ts";

interface Described {
  operationId: string;
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: { $ref: string } }>; required: boolean };
  responses: Record<string, unknown>;
}

const api = describeApi("https://rollcall.test");
// The document is plain data; the test reads the members it checks.
const { schemas } = api.components as { schemas: Record<string, { required?: string[] }> };
const paths = api.paths as Record<string, Record<string, Described>>;
const described = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, path, operation })),
);

/** The schema of a body, which stands under a name. */
function schemaOf(body: Described["requestBody"]) {
  return schemas[body?.content["application/json"]?.schema.$ref.split("/").at(-1) ?? ""];
}

describe("the OpenAPI description", () => {
  it("is made once: only the origin is another for each who asks", () => {
    const first = printApi("https://one.example");
    expect(JSON.parse(first)).toEqual(JSON.parse(JSON.stringify(describeApi("https://one.example"))));
    // The table is constant but for this test.
    const operations = OPERATIONS as unknown as unknown[];
    const kept = operations.splice(0);
    try {
      expect(printApi("https://one.example")).toBe(first);
      expect(JSON.parse(printApi("https://two.example")).servers).toMatchObject([
        { url: "https://two.example/api/v1" },
      ]);
    } finally {
      operations.push(...kept);
    }
    expect(first).not.toContain("rollcall.invalid");
  });

  it("names exactly the routes that the API has", () => {
    const routed = listRoutes(managementApi().routes).map(({ method, path }) => `${method} ${path}`);
    expect(described.map(({ route }) => route).sort()).toEqual(routed.sort());
  });

  it("gives each operation a name of its own, its path parameters and a refusal", () => {
    expect(new Set(described.map(({ operation }) => operation.operationId)).size).toBe(described.length);
    for (const { path, operation } of described) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const given = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(given.map((parameter) => parameter.name)).toEqual(named);
      if (path !== "/openapi.json") expect(operation.responses).toHaveProperty("default");
    }
  });

  it("describes the body of a new setting from the schema that validates it", () => {
    const body = paths["/companies/{companyId}/scim-settings"]?.post?.requestBody;
    expect(body?.required).toBe(true);
    expect(schemaOf(body)).toMatchObject({
      type: "object",
      required: ["name", "provider", "groupSettings"],
      properties: {
        provider: { enum: [...PROVIDERS] },
        dialect: {
          properties: { putWithoutMembers: { enum: ["keep", "empty"] }, showPagination: { type: "boolean" } },
          additionalProperties: false,
        },
      },
    });
  });

  it("states the limit of a target group's name, which is counted in code points as JSON Schema counts", () => {
    const body = paths["/companies/{companyId}/target-groups"]?.post?.requestBody;
    expect(schemaOf(body)).toMatchObject({
      properties: {
        name: { type: "string", minLength: 1, maxLength: 256, description: expect.stringContaining("256") },
      },
    });
  });

  it("describes what webhooks receive", () => {
    // As above: plain data.
    const webhooks = describeApi("https://rollcall.test").webhooks as Record<string, Record<string, Described>>;
    const headers = (webhooks.change?.post?.parameters ?? []).map(({ name }) => name);
    expect(headers).toEqual(["webhook-id", "webhook-timestamp", "webhook-signature"]);
  });

  it("names every type of change: in the feed, in its filter, in webhooks and in what they receive", () => {
    for (const [part, description] of Object.entries({
      feed: schemas.Change,
      filter: paths["/companies/{companyId}/changes"]?.get?.parameters,
      webhook: schemaOf(paths["/companies/{companyId}/webhooks"]?.post?.requestBody),
    }))
      for (const type of CHANGE_TYPES) expect(JSON.stringify(description), part).toContain(type);
    expect(JSON.stringify(api.webhooks)).toContain('"#/components/schemas/Change"');
    expect(JSON.stringify(schemas.Feed)).toContain('"#/components/schemas/Change"');
  });

  it("lets bodies that may be absent be absent", () => {
    expect(paths["/companies/{companyId}/scim-settings/{settingId}/tokens"]?.post?.requestBody?.required).toBe(false);
  });
});
