import type { JsonSchema } from "./json-schema.ts";

const ID = "0199a1c2-7d3e-7b4f-8a5d-6e7f8091a2b3";
const TIME = "2026-11-02T08:30:00.000Z";
const GROUP = { id: "0199a1c2-9b10-7c11-8d22-3e334f445566", name: "Sales" };

/** What members are called that stand for a whole value, wherever they are. */
const BY_NAME: Record<string, unknown> = {
  id: ID,
  time: TIME,
  day: "2026-11-02",
  from: "2026-11-01T00:00:00Z",
  to: "2026-12-01T00:00:00Z",
  name: "Northwind",
  oldName: "Northwind Traders",
  displayName: "Ada Lovelace",
  userName: "ada@example.com",
  email: "ada@example.com",
  externalId: "e-1001",
  personId: "mS3vWq1J0yT8kZr5nXb2Lg",
  groupName: "Sales",
  targetGroupName: "Sales",
  targetGroupId: GROUP.id,
  itemId: "phishing-basics",
  status: "completed",
  score: 87,
  dueAt: "2026-12-02T08:30:00.000Z",
  dueInDays: 30,
  key: "costCentre",
  label: "Cost centre",
  field: "department",
  path: "department",
  lastFour: "x7Qa",
  filter: 'userName eq "ada@example.com"',
  search: "ada",
  cursor: "WyIxa3g5LTd2YiIsWzQyLCI5ZjNlIl1d",
  after: "WyIxa3g5LTd2YiIsWzQyLCI5ZjNlIl1d",
  readTo: "WyIxa3g5LTd2YiIsWzQyLCI5ZjNlIl1d",
  nextCursor: null,
  secret: "rcl_4f1d_example",
  overdue: false,
  changed: { department: { old: "Support", new: "Sales" } },
  secrets: [],
  metadata: { plan: "gold", region: "eu" },
  fields: { email: "ada@example.com", department: "Sales" },
  fieldMappings: [{ field: "department", path: "department" }],
  groups: [GROUP],
  groupIds: [GROUP.id],
  groupSettings: { targetGroupScope: "everyone", criteria: "field", field: "department" },
  expected: null,
  userIds: [ID],
  types: ["user.created", "enrolment.started"],
  url: "https://platform.example/rollcall",
  tenantUrl: "https://rollcall.example/scim/v2",
  tokenEndpoint: "https://rollcall.example/scim/oauth/token",
  issuer: "https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0",
  audience: "api://AzureADTokenExchange",
  jwksUrl: "https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/discovery/v2.0/keys",
  clientId: "rcc_5d0c6b7a8f9e",
  code: "invalid_input",
  detail: "Says in a sentence what it is about.",
  title: "Bad Request",
  pointer: "/name",
  limit: 50,
  quotas: { people: 250_000 },
  errors: [{ pointer: "/name", detail: "This member is required." }],
};

const OF_WEBHOOK = { status: "active", behind: 0, failure: null, secrets: [{ createdAt: TIME, expiresAt: null }] };

/** The same where a value of an object is meant otherwise than elsewhere, by the object's schema or the member that it is. */
const BY_OWNER: Record<string, Record<string, unknown>> = {
  Webhook: OF_WEBHOOK,
  NewWebhook: { ...OF_WEBHOOK, secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD" },
  ReportedEnrolment: { problem: null },
  ChangeSubject: { kind: "company" },
};

/** Schemas by their names, for what refers to them. */
type Schemas = Record<string, JsonSchema>;

/** A value that fits a schema of these, like one of real life as far as names of members tell. */
export function exampleOf(schema: JsonSchema, schemas: Schemas, name = "", owner = "", own = name): unknown {
  const target = schema.$ref?.split("/").at(-1);
  if (target !== undefined) return exampleOf(schemas[target] ?? {}, schemas, name, owner, target);
  const known = { ...BY_NAME, ...BY_OWNER[owner] }[name];
  if (known !== undefined && isOfType(known, schema)) return known;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.examples !== undefined) return schema.examples[0];
  const choices = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const choice = choices.find((each) => !isNull(each)) ?? choices[0];
  if (choice !== undefined) return exampleOf(asSchema(choice), schemas, name, owner, own);
  return exampleOfType(schema, schemas, name, own);
}

function exampleOfType(schema: JsonSchema, schemas: Schemas, name: string, own: string): unknown {
  const [type] = [schema.type ?? []].flat();
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([member, inner]) => [
          member,
          exampleOf(asSchema(inner), schemas, member, own),
        ]),
      );
    case "array":
      return [exampleOf(asSchema(schema.items ?? {}), schemas, singular(name))];
    case "string":
      return exampleOfText(schema, name);
    case "integer":
    case "number":
      return Math.max(schema.minimum ?? 1, 1);
    case "boolean":
      return true;
    default:
      return null;
  }
}

function exampleOfText({ format, pattern }: JsonSchema, name: string): string {
  if (format === "date-time" || /(At|until)$/.test(name)) return TIME;
  if (format === "uri") return "https://rollcall.example";
  if (/Id$/.test(name) || pattern !== undefined) return ID;
  return "text";
}

/** Whether a value that a name stands for can be one of a schema: of two things with one name each has its own. */
function isOfType(value: unknown, schema: JsonSchema): boolean {
  const choices = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  if (choices.length > 0) return choices.some((choice) => isOfType(value, asSchema(choice)));
  const types = [schema.type ?? []].flat();
  if (types.length > 1) return types.some((type) => isOfType(value, { ...schema, type }));
  if (schema.const !== undefined || schema.enum !== undefined)
    return schema.const === value || (schema.enum ?? []).some((each) => each === value);
  if (value === null) return isNull(schema);
  if (Array.isArray(value))
    return schema.type === "array" && value.every((each) => isOfType(each, asSchema(schema.items ?? {})));
  if (typeof value === "object") return schema.type === "object" && hasMembers(value, schema);
  return typeof value === (schema.type === "integer" ? "number" : schema.type);
}

function hasMembers(value: object, { properties = {}, required = [], additionalProperties }: JsonSchema): boolean {
  const isFree = typeof additionalProperties === "object";
  return (
    required.every((name) => name in value) &&
    Object.entries(value).every(([name, member]) =>
      properties[name] === undefined ? isFree : isOfType(member, asSchema(properties[name])),
    )
  );
}

function isNull(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && "type" in schema && schema.type === "null";
}

/** JSON Schema lets `true` and `false` stand for schemas; those written from shapes are objects. */
function asSchema(schema: JsonSchema | boolean | readonly (JsonSchema | boolean)[]): JsonSchema {
  return typeof schema === "object" && "length" in schema ? {} : typeof schema === "object" ? schema : {};
}

function singular(name: string): string {
  return name.replace(/s$/, "");
}
