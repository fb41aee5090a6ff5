/** A schema of the document, as far as types are made of it. */
interface Schema {
  $ref?: string;
  description?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
}

interface Operation {
  operationId: string;
  summary: string;
  parameters?: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

/** The OpenAPI document, as far as a client is made of it. */
export interface ApiDocument {
  info: { title: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** A typed client of the API that a document describes, as TypeScript of its own, without any library. */
export function printClient(api: ApiDocument): string {
  const types = Object.entries(api.components.schemas).map(([name, schema]) => printNamed(name, schema));
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => printOperation(method.toUpperCase(), path, operation)),
  );
  return `// A client of the ${api.info.title}, made from /api/v1/openapi.json by test/tools/write-client.ts. Do not edit it.\n\n${[
    ...types,
    RUNTIME,
    `/** The operations of the API, by their names. */\nexport function createClient(access: Access) {\n  return {\n${operations.join("\n")}\n  };\n}\n\n/** What \`createClient\` gives. */\nexport type RollcallClient = ReturnType<typeof createClient>;\n`,
  ].join("\n\n")}`;
}

function printNamed(name: string, schema: Schema): string {
  return `${comment(schema.description, "")}export type ${name} = ${printType(schema, "")};`;
}

function comment(text: string | undefined, indent: string): string {
  return text === undefined ? "" : `/** ${text.replaceAll("*/", "* /")} */\n${indent}`;
}

function printType(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "unknown";
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return [...new Set(choices.map((choice) => printType(choice, indent)))].join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const { type } = schema;
  if (Array.isArray(type)) return type.map((each) => printType({ ...schema, type: each }, indent)).join(" | ");
  switch (type) {
    case "object":
      return printObject(schema, indent);
    case "array":
      return `Array<${printType(schema.items ?? {}, indent)}>`;
    case "integer":
    case "number":
      return "number";
    case "string":
    case "boolean":
    case "null":
      return type;
    default:
      return "unknown";
  }
}

function printObject({ properties, required = [], additionalProperties }: Schema, indent: string): string {
  if (properties === undefined) {
    const value = typeof additionalProperties === "object" ? printType(additionalProperties, indent) : "unknown";
    return `Record<string, ${value}>`;
  }
  const inner = `${indent}  `;
  const members = Object.entries(properties).map(
    ([name, schema]) =>
      `${inner}${comment(schema.description, inner)}${/^\w+$/.test(name) ? name : JSON.stringify(name)}${required.includes(name) ? "" : "?"}: ${printType(schema, inner)};`,
  );
  return `{\n${members.join("\n")}\n${indent}}`;
}

function printOperation(method: string, path: string, operation: Operation): string {
  const { operationId, summary, parameters = [], requestBody, responses } = operation;
  const query = parameters.filter((parameter) => parameter.in === "query");
  const members = [
    ...parameters
      .filter((parameter) => parameter.in !== "header")
      .map(({ name, required, schema }) => `${name}${required ? "" : "?"}: ${printType(schema, "      ")}`),
    ...(requestBody === undefined
      ? []
      : [
          `body${requestBody.required ? "" : "?"}: ${printType(Object.values(requestBody.content)[0]?.schema ?? {}, "")}`,
        ]),
    ...(method === "POST" ? ["idempotencyKey?: string"] : []),
  ];
  const [, done] = Object.entries(responses).find(([status]) => status.startsWith("2")) ?? [];
  const [[mediaType, media] = []] = Object.entries(done?.content ?? {});
  const answer = media === undefined ? "void" : printType(media.schema, "");
  const isFree = members.every((member) => /^\w+\?/.test(member));
  const given = members.length === 0 ? "" : `given: { ${members.join("; ")} }${isFree ? " = {}" : ""}`;
  const how = mediaType === "application/x-ndjson" ? "readLines" : mediaType === "text/plain" ? "readText" : "send";
  const type = how === "readText" ? "" : `<${answer}>`;
  const names = JSON.stringify(query.map(({ name }) => name));
  const call = `${how}${type}(access, "${method}", "${path}", ${members.length === 0 ? "{}" : "given"}, ${names})`;
  return `    ${comment(summary, "    ")}${operationId}: (${given}) => ${call},`;
}

const RUNTIME = `/** Where the API is, and the operator key; \`fetch\` is the platform's where it is not given. */
export interface Access {
  baseUrl: string;
  operatorKey: string;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** A refusal, with the problem that says why. */
export class Refused extends Error {
  readonly problem: Problem;
  /** How many seconds to wait before it is sent again, where the answer says so. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null) {
    super(\`\${problem.code}: \${problem.detail}\`);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** What an operation was given: parameters of its path and query by name, its body, its Idempotency-Key. */
type Given = Record<string, unknown>;

async function ask(access: Access, method: string, path: string, given: Given, query: string[]): Promise<Response> {
  const url = new URL(access.baseUrl + path.replace(/\\{(\\w+)\\}/g, (_, name: string) => encodeURIComponent(String(given[name]))));
  for (const name of query) if (given[name] !== undefined) url.searchParams.set(name, String(given[name]));
  const headers: Record<string, string> = { Authorization: \`Bearer \${access.operatorKey}\` };
  if (given.body !== undefined) headers["Content-Type"] = "application/json";
  if (given.idempotencyKey !== undefined) headers["Idempotency-Key"] = String(given.idempotencyKey);
  const body = given.body === undefined ? undefined : JSON.stringify(given.body);
  const response = await (access.fetch ?? fetch)(url.href, { method, headers, body });
  if (response.ok) return response;
  const retryAfter = response.headers.get("Retry-After");
  throw new Refused((await response.json()) as Problem, retryAfter === null ? null : Number(retryAfter));
}

async function send<Answer>(access: Access, method: string, path: string, given: Given, query: string[]): Promise<Answer> {
  const text = await (await ask(access, method, path, given, query)).text();
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

async function readText(access: Access, method: string, path: string, given: Given, query: string[]): Promise<string> {
  return (await ask(access, method, path, given, query)).text();
}

async function* readLines<Line>(access: Access, method: string, path: string, given: Given, query: string[]): AsyncGenerator<Line> {
  const { body } = await ask(access, method, path, given, query);
  if (body === null) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (done ? decoder.decode() : decoder.decode(value, { stream: true }))).split("\\n");
    rest = done ? "" : (lines.pop() ?? "");
    for (const line of lines) if (line !== "") yield JSON.parse(line) as Line;
    if (done) return;
  }
}`;
