import { exports } from "cloudflare:workers";
import { assertDocumented } from "../management-api/assert-documented.ts";

const ORIGIN = "https://rollcall.test";
const OPERATOR = { Authorization: "Bearer operator-key-of-the-tests-0123456789", "Content-Type": "application/json" };

/** An answer, its body read as JSON; tests read its members freely, and a wrong shape fails their expectations. */
export interface ScimAnswer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  json: any;
}

/** A SCIM setting of a company of its own, with a client that holds its token. */
export interface ScimClient {
  companyId: string;
  settingId: string;
  token: string;
  tokenId: string;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ScimAnswer>;
}

/** Calls the whole worker at a path. */
export async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ScimAnswer> {
  const response = await exports.default.fetch(
    new Request(`${ORIGIN}${path}`, {
      method,
      headers,
      body:
        body === undefined
          ? undefined
          : typeof body === "string" || body instanceof Uint8Array
            ? body
            : JSON.stringify(body),
    }),
  );
  const text = await response.text();
  const isJson = text !== "" && !response.headers.get("content-type")?.startsWith("application/x-ndjson");
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
}

/** Calls the management API; an answer that its description does not describe is an error. */
export async function operate(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ScimAnswer> {
  const answer = await call(method, `/api/v1${path}`, body, { ...OPERATOR, ...headers });
  assertDocumented(method, path, answer);
  return answer;
}

/** Makes a company with one setting, through the management API as the platform would. */
export async function newClient(setting: Record<string, unknown> = {}): Promise<ScimClient> {
  const company = await operate("POST", "/companies", { name: "Acme" });
  return newSetting(company.json.id, setting);
}

/** Makes a further setting in a company. */
export async function newSetting(companyId: string, setting: Record<string, unknown> = {}): Promise<ScimClient> {
  const input = { name: "Directory", provider: "other", groupSettings: { criteria: "idp" }, ...setting };
  const make = (name: unknown) => operate("POST", `/companies/${companyId}/scim-settings`, { ...input, name });
  const first = await make(input.name);
  // One that a test gives no name of its own may be the company's second.
  const isSecond = first.json?.code === "setting_name_taken" && setting.name === undefined;
  const made = isSecond ? await make(`Directory ${first.headers.get("x-request-id")}`) : first;
  if (made.status !== 201) throw new Error(made.text);
  const { secret: token, id: tokenId } = made.json.token;
  return {
    companyId,
    settingId: made.json.id,
    token,
    tokenId,
    send: (method, path, body, headers = {}) =>
      call(method, `/scim/v2${path}`, body, {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/scim+json" }),
        ...headers,
      }),
  };
}

/** Makes users by one Bulk request, in their order; gives their ids. */
export async function postUsers(client: ScimClient, users: readonly Record<string, unknown>[]): Promise<string[]> {
  const Operations = users.map((data, n) => ({ method: "POST", path: "/Users", bulkId: `user-${n}`, data }));
  const answer = await client.send("POST", "/Bulk", { Operations });
  return answer.json.Operations.map(({ status, location }: { status: string; location?: string }) => {
    if (status !== "201") throw new Error(answer.text);
    return location?.split("/").at(-1);
  });
}

/** Expects the SCIM error shape and gives its detail. */
export function errorOf(answer: ScimAnswer): { status: string; scimType?: string; detail: string } {
  if (answer.headers.get("content-type") !== "application/scim+json") throw new Error("not application/scim+json");
  if (answer.json?.schemas?.[0] !== "urn:ietf:params:scim:api:messages:2.0:Error") throw new Error(answer.text);
  if (answer.json.status !== String(answer.status) || answer.json.detail === "") throw new Error(answer.text);
  return answer.json;
}
