import { describe, expect, it } from "vitest";
import { CHANGE_TYPES, type ChangeType } from "../../src/changes/change.ts";
import { nameOfChange } from "../../src/management-api/open-api/component-schemas.ts";
import { describeApi } from "../../src/management-api/open-api/open-api.ts";
import { OPERATIONS } from "../../src/management-api/open-api/open-api-operations.ts";
import { TITLES } from "../../src/management-api/problem.ts";
import { kindOf, type RefusalCode } from "../../src/scim/refusal-causes.ts";
import { type Document, judgeJson, type Schema } from "./judge-json.ts";

interface Media {
  schema: Schema;
  example?: unknown;
}
interface Answer {
  $ref?: string;
  description: string;
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, Media>;
}
interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  parameters?: { name: string; in: string; required: boolean; description: string; schema: Schema; example: unknown }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Answer>;
}
interface Api extends Document {
  info: Record<string, unknown>;
  servers: { url: string; description: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: Document["components"] & { responses: Record<string, Answer>; headers: Record<string, unknown> };
}

// The document is plain data; the test reads the members it checks.
const api = JSON.parse(JSON.stringify(describeApi("https://rollcall.test"))) as Api;
const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, path, operation })),
);
const text = JSON.stringify(api);

/** Every schema with an example in the document: of bodies, of answers, of parameters. */
function* examples(): Generator<{ where: string; schema: Schema; example: unknown }> {
  for (const { route, operation } of operations) {
    for (const { name, schema, example } of operation.parameters ?? [])
      yield { where: `${route} ${name}`, schema, example };
    for (const [where, content] of [
      [`${route} body`, operation.requestBody?.content],
      ...Object.entries(operation.responses).map(([status, { content }]) => [`${route} ${status}`, content] as const),
    ] as const)
      for (const { schema, example } of Object.values(content ?? {})) yield { where, schema, example };
  }
  for (const [name, { content }] of Object.entries(api.components.responses))
    for (const { schema, example } of Object.values(content ?? {})) yield { where: name, schema, example };
}

describe("the OpenAPI document, as linters of such documents want it", () => {
  it("says whose it is, under which licence, where it is served, and what each of its tags is about", () => {
    expect(api.info).toMatchObject({
      title: expect.stringMatching(/./),
      description: expect.stringMatching(/./),
      contact: { name: expect.stringMatching(/./), url: "https://rollcall.test" },
      license: { name: "MIT", identifier: "MIT" },
    });
    expect(api.servers).toEqual([{ url: "https://rollcall.test/api/v1", description: expect.stringMatching(/./) }]);
    const tagged = new Set(operations.flatMap(({ operation }) => operation.tags));
    expect(new Set(api.tags.map(({ name }) => name))).toEqual(tagged);
    for (const { name, description } of api.tags) expect(description, name).toMatch(/\w+ .*\.$/);
  });

  it("names its operations by what they do, each with a summary, a description and one tag", () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const { route, operation } of operations) {
      expect(operation.operationId, route).toMatch(/^[a-z]+([A-Z][a-z]*)+$/);
      expect(operation.summary.length, route).toBeGreaterThan(5);
      expect(operation.description.length, route).toBeGreaterThan(operation.summary.length);
      expect(operation.tags, route).toHaveLength(1);
    }
    for (const id of [
      "listChanges",
      "getChangesHead",
      "getSnapshot",
      "createCompany",
      "listTargetUsers",
      "pauseScimSetting",
    ])
      expect(ids).toContain(id);
  });

  it("has addresses without trailing slashes or queries, and the parameters that each names", () => {
    for (const { route, path, operation } of operations) {
      expect(path, route).toMatch(/^(\/(\{\w+\}|[a-z.-]+))+$/);
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const given = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(
        given.map(({ name }) => name),
        route,
      ).toEqual(named);
      const keys = (operation.parameters ?? []).map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(keys).size, route).toBe(keys.length);
    }
  });

  it("describes each parameter in words, with a schema and an example", () => {
    for (const { route, operation } of operations)
      for (const { name, description, schema, example } of operation.parameters ?? []) {
        expect(description, `${route} ${name}`).not.toBe(name);
        expect(description, `${route} ${name}`).toMatch(/\w \w/);
        expect(schema, `${route} ${name}`).toBeTypeOf("object");
        expect(example, `${route} ${name}`).toBeDefined();
      }
  });

  it("has on every POST the Idempotency-Key, and whether it was a repeat", () => {
    for (const { route, operation } of operations) {
      const takes = (operation.parameters ?? []).some(({ name }) => name === "Idempotency-Key");
      expect(takes, route).toBe(route.startsWith("POST "));
      const [[, done] = []] = Object.entries(operation.responses).filter(([status]) => status.startsWith("2"));
      expect(Object.hasOwn(done?.headers ?? {}, "Idempotency-Replayed"), route).toBe(route.startsWith("POST "));
    }
  });

  it("says of every operation what it answers and how it refuses, with the headers of each", () => {
    for (const { route, path, operation } of operations) {
      const statuses = Object.keys(operation.responses);
      expect(
        statuses.filter((status) => status.startsWith("2")),
        route,
      ).toHaveLength(1);
      expect(statuses, route).toContain("default");
      if (!path.startsWith("/companies")) continue;
      expect(statuses, route).toEqual(expect.arrayContaining(["400", "401", "429", "500", "503"]));
      if (path.includes("{")) expect(statuses, route).toContain("404");
      for (const [status, given] of Object.entries(operation.responses)) {
        const answer = given.$ref === undefined ? given : api.components.responses[given.$ref.split("/").at(-1) ?? ""];
        expect(answer?.description, `${route} ${status}`).toMatch(/./);
        expect(answer?.headers, `${route} ${status}`).toHaveProperty("X-Request-Id");
        if (status === "429" || status === "503") expect(answer?.headers, route).toHaveProperty("Retry-After");
      }
    }
  });
});

describe("the OpenAPI document, in its bodies and examples", () => {
  it("writes every body and answer once, under a name, and has nothing under a name that nobody needs", () => {
    for (const { route, operation } of operations.filter(({ path }) => path.startsWith("/companies")))
      for (const { content } of [operation.requestBody, ...Object.values(operation.responses)].filter(
        (part) => part !== undefined,
      ))
        for (const { schema } of Object.values(content ?? {}))
          expect(schema.$ref, route).toMatch(/^#\/components\/schemas\/[A-Z]\w+$/);
    for (const [kind, named] of Object.entries({
      schemas: api.components.schemas,
      responses: api.components.responses,
      headers: api.components.headers,
    }))
      for (const name of Object.keys(named))
        expect(text.includes(`"#/components/${kind}/${name}"`), `${kind} ${name}`).toBe(true);
    for (const [, address = ""] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
      const [, , kind = "", name = ""] = address.split("/");
      expect((api.components as unknown as Record<string, Record<string, unknown>>)[kind], address).toHaveProperty([
        name,
      ]);
    }
    expect(text).not.toContain("$defs");
  });

  it("closes no answer to further members, and every body to unknown ones", () => {
    const bodies = new Set(
      operations.flatMap(({ operation }) =>
        Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema.$ref),
      ),
    );
    for (const [name, schema] of Object.entries(api.components.schemas))
      if (!bodies.has(`#/components/schemas/${name}`))
        expect(JSON.stringify(schema), name).not.toContain('"additionalProperties":false');
  });

  it("gives an example with every body, answer and parameter, and each fits its schema", () => {
    for (const { where, schema, example } of examples()) {
      expect(example, where).toBeDefined();
      expect(judgeJson(api, schema, example), `${where}: ${JSON.stringify(example)}`).toEqual([]);
    }
  });

  it("gives examples of bodies that are taken", () => {
    for (const { route, body } of OPERATIONS) {
      if (body === undefined) continue;
      const [method = "", path = ""] = route.split(" ");
      const media = api.paths[path]?.[method.toLowerCase()]?.requestBody?.content["application/json"];
      const taken = body.safeParse(media?.example);
      expect(taken.error?.issues ?? [], `${route}: ${JSON.stringify(media?.example)}`).toEqual([]);
    }
  });
});

describe("the examples", () => {
  it("of refusals have a code of their status, and the title and address that go with it", () => {
    for (const [name, { content }] of Object.entries(api.components.responses))
      for (const { example } of Object.values(content ?? {})) {
        // The document is plain data; what is no code has no kind.
        const told = example as { status: number; code: RefusalCode; title: string; type: string };
        const { status, code, title, type } = told;
        expect(kindOf(code).status, name).toBe(status);
        expect([`Refused${status}`, "Refused"]).toContain(name);
        expect(title, name).toBe(TITLES[kindOf(code).status]);
        expect(type, name).toMatch(new RegExp(`^https://.*/api/v1/problems/${code}$`));
      }
  });

  it("contradict themselves nowhere", () => {
    const answered = (route: string, status: string) => {
      const found = operations.find((each) => each.route === route)?.operation.responses[status]?.content ?? {};
      return Object.values(found)[0]?.example;
    };
    const webhook = { secret: expect.stringMatching(/^whsec_/), status: "active", behind: 0, failure: null };
    expect(answered("POST /companies/{companyId}/webhooks", "201")).toMatchObject(webhook);
    expect(answered("POST /companies/{companyId}/enrolments/progress", "200")).toMatchObject({
      items: [{ result: "changed", progress: { status: "completed" }, overdue: false, problem: null }],
    });
    expect(answered("POST /companies/{companyId}/scim-settings/{settingId}/tokens", "201")).toMatchObject({
      secret: expect.stringMatching(/^rcl_/),
    });
  });

  it("have every type of change, whose subject is what it is about", () => {
    for (const type of CHANGE_TYPES) {
      const schema = api.components.schemas[nameOfChange(type)];
      const [example] = schema?.examples ?? [];
      expect(judgeJson(api, schema ?? {}, example), type).toEqual([]);
      expect(example, type).toMatchObject({ type, data: {}, cause: {}, subject: { kind: kindOfSubject(type) } });
    }
  });
});

/** What a type of change is about, by the word that it begins with. */
function kindOfSubject(type: ChangeType): string {
  const [word = ""] = type.split(".");
  return { member: "user", auto_enrolments: "group" }[word] ?? word;
}

describe("the catalogue of changes", () => {
  it("has a schema of its own for every type, told apart by `type`", () => {
    const change = api.components.schemas.Change;
    expect(change?.discriminator?.propertyName).toBe("type");
    expect(Object.keys(change?.discriminator?.mapping ?? {}).sort()).toEqual([...CHANGE_TYPES].sort());
    expect(change?.oneOf?.map(({ $ref }) => $ref).sort()).toEqual(
      Object.values(change?.discriminator?.mapping ?? {}).sort(),
    );
    for (const [type, address] of Object.entries(change?.discriminator?.mapping ?? {})) {
      const schema = api.components.schemas[address.split("/").at(-1) ?? ""];
      expect(schema?.properties?.type, type).toMatchObject({ const: type });
      for (const member of ["id", "cursor", "data", "cause", "subject", "schemaVersion"])
        expect(schema?.properties, type).toHaveProperty(member);
    }
  });
});
