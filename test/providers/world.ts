import { env, exports } from "cloudflare:workers";
import { isJsonObject, type Json, type JsonObject } from "../../src/scim/json.ts";

const ORIGIN = "https://rollcall.test";

/** What the Worker answered; `body` is {} when there was none. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: JsonObject;
}

/** A SCIM setting with its token, as an identity provider knows it. */
export interface Connection {
  companyId: string;
  settingId: string;
  token: string;
}

/** What a new setting is like; by default it synchronises groups. */
export interface SettingPlan {
  provider?: string;
  groupSettings?: JsonObject;
  fieldMappings?: Json[];
  safeguards?: JsonObject;
  /** Custom fields that the company defines first. */
  fields?: JsonObject[];
}

async function call(path: string, init: RequestInit): Promise<Answer> {
  const response = await exports.default.fetch(new Request(ORIGIN + path, init));
  const text = await response.text();
  const body: Json = text === "" ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, body: isJsonObject(body) ? body : {} };
}

/** Calls the management API of a company, or of all when the path says so. */
export async function callApi(method: string, path: string, body?: Json): Promise<Answer> {
  const headers = { Authorization: `Bearer ${env.OPERATOR_KEY}`, "Content-Type": "application/json" };
  return call(`/api/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
}

/** Makes a company over the management API. */
export async function newCompany(name = "Northwind"): Promise<string> {
  return readText(await callApi("POST", "/companies", { name }), "id");
}

/** Makes a SCIM setting over the management API, in a company of its own unless one is given. */
export async function connect(plan: SettingPlan = {}, company?: string): Promise<Connection> {
  const companyId = company ?? (await newCompany());
  for (const field of plan.fields ?? []) await callApi("POST", `/companies/${companyId}/fields`, field);
  const made = await callApi("POST", `/companies/${companyId}/scim-settings`, {
    name: company === undefined ? "Directory" : `Directory ${crypto.randomUUID()}`,
    provider: plan.provider ?? "other",
    groupSettings: plan.groupSettings ?? { criteria: "idp" },
    ...(plan.safeguards === undefined ? {} : { safeguards: plan.safeguards }),
    ...(plan.fieldMappings === undefined ? {} : { fieldMappings: plan.fieldMappings }),
  });
  if (made.status !== 201) throw new Error(made.text);
  return { companyId, settingId: readText(made, "id"), token: readText(made, "token.secret") };
}

/** Headers to send beside or instead of the usual ones; null leaves one out. */
export type HeaderChanges = Record<string, string | null>;

/** Sends a SCIM request as it stands: the path raw, the body as text or as JSON. */
export async function callScim(
  connection: Connection,
  method: string,
  path: string,
  body?: Json,
  changes: HeaderChanges = {},
): Promise<Answer> {
  const headers = new Headers({ Authorization: `Bearer ${connection.token}`, Accept: "application/scim+json" });
  if (body !== undefined) headers.set("Content-Type", "application/scim+json; charset=utf-8");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  const sent = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  return call(`/scim/v2${path}`, { method, headers, body: sent });
}

/** The member a dotted path leads to: `Resources.0.id`, or `items.[name=Sales].id` for the element with that name. */
export function pick(value: Json | undefined, path: string): Json | undefined {
  // A URN has dots of its own, so it is one step when the object has it.
  if (isJsonObject(value) && path in value) return value[path];
  const dot = path.indexOf(".");
  const [step, rest] = dot < 0 ? [path, ""] : [path.slice(0, dot), path.slice(dot + 1)];
  const next = memberAt(value, step);
  return rest === "" ? next : pick(next, rest);
}

function memberAt(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) {
    const [, name, wanted] = /^\[(\w+)=(.*)\]$/.exec(step) ?? [];
    if (name === undefined) return value[Number(step)];
    return value.find((element) => isJsonObject(element) && element[name] === wanted);
  }
  return isJsonObject(value) ? value[step] : undefined;
}

/** A text in an answer, which must be there. */
export function readText(answer: Answer, path: string): string {
  const value = pick(answer.body, path);
  if (typeof value !== "string") throw new Error(`${path} is not in ${answer.status} ${answer.text}`);
  return value;
}

/** Every SCIM error has the same shape, and a detail an administrator can act on. */
export function isScimError({ status, body }: Answer): boolean {
  return (
    JSON.stringify(body.schemas) === '["urn:ietf:params:scim:api:messages:2.0:Error"]' &&
    body.status === String(status) &&
    typeof body.detail === "string" &&
    body.detail.length > 10
  );
}

/** Who is in which target group, over the management API: names of groups to sorted user names. */
export async function targetMembers({ companyId }: Connection): Promise<Record<string, string[]>> {
  const base = `/companies/${companyId}/target-groups`;
  const groups = (await callApi("GET", base)).body.items;
  const members: Record<string, string[]> = {};
  for (const group of Array.isArray(groups) ? groups : []) {
    const listed = (await callApi("GET", `${base}/${String(pick(group, "id"))}/members`)).body.items;
    const names = (Array.isArray(listed) ? listed : []).map((member) => String(pick(member, "userName"))).sort();
    members[String(pick(group, "name"))] = names;
  }
  return members;
}
