import * as z from "zod";
import { problemShape } from "./answer-shapes.ts";
import type { DescribedOperation } from "./described-operation.ts";
import { changeShape } from "./history-shapes.ts";
import { OPERATIONS } from "./open-api-operations.ts";
import { API_BASE } from "./unrouted.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The management API as an OpenAPI 3.1 document, made from the schemas that validate and type it. */
export function describeApi(origin: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {
    "/openapi.json": { get: describeItself() },
  };
  for (const operation of OPERATIONS) {
    const [method = "", path = ""] = operation.route.split(" ");
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeOperation(operation, path) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Rollcall management API",
      version: "1",
      description: "Companies, SCIM settings, target users, target groups, enrolments, the change feed and webhooks.",
    },
    servers: [{ url: `${origin}${API_BASE}` }],
    security: [{ operatorKey: [] }],
    paths,
    webhooks: { change: { post: describeWebhook() } },
    components: { securitySchemes: { operatorKey: { type: "http", scheme: "bearer" } } },
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

function describeItself() {
  return {
    operationId: "getOpenApi",
    summary: "This description",
    tags: ["Description"],
    security: [],
    responses: { 200: { description: "OK", content: { "application/json": { schema: { type: "object" } } } } },
  };
}

function describeWebhook() {
  const headers = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  return {
    operationId: "receiveChange",
    summary: "A change, signed as Standard Webhooks says; each at least once, in feed order, under the change's id",
    tags: ["Webhooks"],
    security: [],
    parameters: headers.map((name) => ({ name, in: "header", required: true, schema: { type: "string" } })),
    requestBody: { required: true, content: jsonContent(toSchema(changeShape, "output")) },
    responses: { "2XX": { description: "Received; anything else is tried again" } },
  };
}

function describeOperation(operation: DescribedOperation, path: string) {
  const { summary, description, tag, body, status, answer } = operation;
  return {
    operationId: nameOperation(operation.route),
    summary,
    ...(description !== undefined && { description }),
    tags: [tag],
    parameters: [...pathParameters(path), ...queryParameters(operation.query)],
    ...(body !== undefined && {
      requestBody: { required: !body.safeParse({}).success, content: jsonContent(toSchema(body, "input")) },
    }),
    responses: {
      [status]:
        answer === null
          ? { description: "Done" }
          : { description: status === 201 ? "Made" : "OK", content: jsonContent(toSchema(answer, "output")) },
      default: {
        description: "Refused, and why (RFC 9457)",
        content: { "application/problem+json": { schema: toSchema(problemShape, "output") } },
      },
    },
  };
}

function jsonContent(schema: JsonSchema) {
  return { "application/json": { schema } };
}

function pathParameters(path: string) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters(query: z.ZodObject | undefined) {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = toSchema(query, "input");
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

/** `GET /companies/{companyId}/fields` is `getCompaniesCompanyIdFields`. */
function nameOperation(route: string): string {
  const [method = "", ...parts] = route.split(/[^A-Za-z]+/).filter((part) => part !== "");
  return method.toLowerCase() + parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
}

function toSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
  });
  return rest;
}
