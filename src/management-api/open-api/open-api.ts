import { problemShape } from "../answer-shapes.ts";
import { changeShape } from "../history-shapes.ts";
import { API_BASE } from "../unrouted.ts";
import { type Components, describeComponents, describeQuery } from "./component-schemas.ts";
import { describeRefusals, HEADERS, headersOfDone, refusalsOf } from "./describe-responses.ts";
import type { DescribedOperation } from "./described-operation.ts";
import { exampleOf } from "./example-values.ts";
import type { JsonSchema } from "./json-schema.ts";
import { OPERATIONS } from "./open-api-operations.ts";
import { ABOUT, IDEMPOTENCY_KEY, PATH_PARAMETERS, QUERY_PARAMETERS, TAGS } from "./open-api-words.ts";
import { operationIdOf } from "./operation-id.ts";

/** The management API as an OpenAPI 3.1 document, made from the schemas that validate and type it. */
export function describeApi(origin: string): Record<string, unknown> {
  const components = describeComponents(OPERATIONS);
  const problem = components.refer(problemShape);
  const paths: Record<string, Record<string, unknown>> = describeOpenPaths();
  for (const operation of OPERATIONS) {
    const [method = "", path = ""] = operation.route.split(" ");
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeOperation(operation, path, components) };
  }
  const tags = new Set(["Description", ...OPERATIONS.map(({ tag }) => tag)]);
  return {
    openapi: "3.1.1",
    info: {
      ...{ title: "Rollcall management API", version: "1", description: ABOUT },
      contact: { name: "Whoever runs this Rollcall", url: origin },
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: `${origin}${API_BASE}`, description: "This Rollcall" }],
    security: [{ operatorKey: [] }],
    tags: [...tags].map((name) => ({ name, description: TAGS[name] ?? name })),
    paths,
    webhooks: { change: { post: describeWebhook(components) } },
    components: {
      schemas: components.schemas,
      headers: HEADERS,
      responses: describeRefusals(problem, origin),
      securitySchemes: {
        operatorKey: { type: "http", scheme: "bearer", description: "The OPERATOR_KEY of this Rollcall" },
      },
    },
  };
}

/** Stands for an origin in the text that is made once. */
const ANYWHERE = "https://rollcall.invalid";
let printed: readonly string[] | null = null;

/** The same as JSON text. Whoever asks first has it made; after that only the origin is put in, since anybody may ask. */
export function printApi(origin: string): string {
  printed ??= JSON.stringify(describeApi(ANYWHERE)).split(ANYWHERE);
  return printed.join(JSON.stringify(origin).slice(1, -1));
}

/** What anybody may read, without a key. */
function describeOpenPaths(): Record<string, Record<string, unknown>> {
  const answers = (type: string, schema: JsonSchema, example: unknown) => ({
    200: { description: "OK", headers: headersOfDone("GET"), content: { [type]: { schema, example } } },
    default: { $ref: "#/components/responses/Refused" },
  });
  return {
    "/openapi.json": {
      get: {
        ...{ operationId: "getOpenApi", summary: "This description", tags: ["Description"], security: [] },
        description: "This document, with the address it was asked for at.",
        responses: answers("application/json", { type: "object" }, { openapi: "3.1.1" }),
      },
    },
    "/problems/{code}": {
      get: {
        ...{
          operationId: "getProblem",
          summary: "What a code of a problem means",
          tags: ["Description"],
          security: [],
        },
        description:
          "The address that `type` of a problem gives: its status, and in words what it means and what to do.",
        parameters: pathParameters("/problems/{code}").map((each) => ({ ...each, example: "in_use" })),
        responses: answers("text/plain", { type: "string" }, "409 in_use: Something else uses it."),
      },
    },
  };
}

function describeWebhook(components: Components) {
  const headers = {
    "webhook-id": "The change's id: a repeat has the same",
    "webhook-timestamp": "When it was sent (seconds since 1970)",
    "webhook-signature":
      "`v1,` and the base64 HMAC-SHA-256 of `id.timestamp.body` under the key that the webhook's secret has in base64 after `whsec_`; several, with blanks between, while a secret is replaced",
  };
  return {
    operationId: "receiveChange",
    summary: "A change, signed as Standard Webhooks says; each at least once, in feed order, under the change's id",
    description:
      "Answer with any 2xx within 10 seconds; whatever else you answer, it is sent again, for up to three days. 410 switches the webhook off.",
    tags: ["Webhooks"],
    security: [],
    parameters: Object.entries(headers).map(([name, description]) => ({
      ...{ name, in: "header", required: true, description },
      schema: { type: "string" },
    })),
    requestBody: { required: true, content: jsonContent(components.refer(changeShape), components) },
    responses: { "2XX": { description: "Received" }, "4XX": { description: "Not received: it is sent again" } },
  };
}

function describeOperation(operation: DescribedOperation, path: string, components: Components) {
  const { route, summary, tag, body, status } = operation;
  const [method = ""] = route.split(" ");
  return {
    operationId: operationIdOf(route, status),
    summary,
    description: `${summary}. ${operation.description ?? TAGS[tag] ?? ""}`.trim(),
    tags: [tag],
    parameters: [
      ...pathParameters(path),
      ...queryParameters(operation.query, components),
      ...(method === "POST" ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body !== undefined && {
      requestBody: {
        required: !body.safeParse({}).success,
        content: jsonContent(components.refer(body), components),
      },
    }),
    responses: { [status]: describeDone(operation, components), ...refusalsOf(operation) },
  };
}

function describeDone({ route, status, answer, mediaType }: DescribedOperation, components: Components) {
  const headers = headersOfDone(route.split(" ")[0] ?? "");
  if (answer === null) return { description: "Done", headers };
  const schema = components.refer(answer);
  const content =
    mediaType === undefined
      ? jsonContent(schema, components)
      : { [mediaType]: { schema, example: exampleOf(schema, components.schemas) } };
  return { description: status === 201 ? "Made" : "OK", headers, content };
}

function jsonContent(schema: JsonSchema, { schemas }: Components) {
  return { "application/json": { schema, example: exampleOf(schema, schemas) } };
}

function pathParameters(path: string) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    ...{ name, in: "path", required: true, description: PATH_PARAMETERS[name] ?? name },
    schema: { type: "string" },
    example: exampleOf({ type: "string" }, {}, name),
  }));
}

function queryParameters(query: DescribedOperation["query"], { schemas }: Components) {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = describeQuery(query);
  return Object.entries(properties).map(([name, property]) => {
    // JSON Schema lets `true` stand for a schema; what a query has are objects.
    const { description, ...schema } = typeof property === "object" ? property : {};
    return {
      ...{
        name,
        in: "query",
        required: required.includes(name),
        description: description ?? QUERY_PARAMETERS[name] ?? name,
      },
      schema,
      example: exampleOf(schema, schemas, name),
    };
  });
}
