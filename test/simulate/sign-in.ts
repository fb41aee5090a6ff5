import { type JsonObject, objectOf } from "./document.ts";
import { openLocalIssuer } from "./local-issuer.ts";
import { createManagement, findSetting, type ManagementAccess } from "./management.ts";
import type { ProviderName } from "./provider.ts";
import { ConnectionProblem } from "./wire.ts";

/** How a provider signs in: with the setting's token, by client credentials, or by workload identity federation. */
export const AUTH_WAYS = ["token", "client", "federated"] as const;
export type AuthWay = (typeof AUTH_WAYS)[number];

/** The providers that can sign in otherwise than with a token. */
const OTHERWISE: Partial<Record<ProviderName, readonly AuthWay[]>> = {
  entra: ["client", "federated"],
  pingone: ["client"],
  oracle: ["client"],
};

/** Whether a provider can sign in so. */
export function canSignIn(provider: ProviderName, auth: AuthWay): boolean {
  return auth === "token" || OTHERWISE[provider]?.includes(auth) === true;
}

/** What gives a provider its bearer token, a new one before the old has ended. */
interface SignIn {
  bearer(): Promise<string>;
  /** Ends what was made for it. */
  close(): Promise<void>;
}

interface SignInOptions {
  provider: ProviderName;
  auth: AuthWay;
  token: string;
  management?: ManagementAccess | null;
}

/** A token is asked for anew when less than this (ms) is left of it. */
const MARGIN = 300_000;

/** Opens a sign-in; a client or trust is made of the setting that the token belongs to. */
export async function openSignIn({ provider, auth, token, management }: SignInOptions): Promise<SignIn> {
  if (auth === "token") return { bearer: async () => token, close: async () => {} };
  if (management === null || management === undefined)
    throw new ConnectionProblem(`--auth ${auth} makes its own credential, and needs the operator key`);
  const setting = await findSetting(createManagement(management), management.companyId, token);
  if (setting === null) throw new ConnectionProblem("no SCIM setting of this company owns the token");
  const at = `/companies/${setting.companyId}/scim-settings/${setting.id}`;
  return auth === "client" ? openClient(management, at, provider) : openTrust(management, at);
}

async function openClient(management: ManagementAccess, at: string, provider: ProviderName): Promise<SignIn> {
  const { id, clientId, tokenEndpoint, secret } = await operate(management, "POST", `${at}/clients`, {
    name: `Simulated ${provider}`,
  });
  const [user, password] = [String(clientId), String(objectOf(secret).secret)];
  // Entra and Oracle send the header; PingOne the form, as Entra's older engine did.
  const isInForm = provider === "pingone";
  const header = `Basic ${btoa(`${encodeURIComponent(user)}:${encodeURIComponent(password)}`)}`;
  const form = { grant_type: "client_credentials", ...(isInForm && { client_id: user, client_secret: password }) };
  const ask = () => requestToken(String(tokenEndpoint), form, isInForm ? {} : { authorization: header });
  return { bearer: kept(ask), close: async () => void (await operate(management, "DELETE", `${at}/clients/${id}`)) };
}

async function openTrust(management: ManagementAccess, at: string): Promise<SignIn> {
  const { sign, close, ...terms } = await openLocalIssuer();
  const { id, clientId, tokenEndpoint } = await operate(management, "POST", `${at}/trusts`, terms);
  const ask = async () =>
    requestToken(String(tokenEndpoint), {
      grant_type: "client_credentials",
      client_id: String(clientId),
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await sign(),
    });
  return {
    bearer: kept(ask),
    close: async () => {
      close();
      await operate(management, "DELETE", `${at}/trusts/${id}`);
    },
  };
}

interface AccessToken {
  text: string;
  endsAt: number;
}

/** Gives the same token until it is about to end. */
function kept(ask: () => Promise<AccessToken>): () => Promise<string> {
  let token: AccessToken | null = null;
  return async () => {
    if (token === null || token.endsAt - Date.now() < MARGIN) token = await ask();
    return token.text;
  };
}

async function requestToken(
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<AccessToken> {
  const body = new URLSearchParams(form);
  const response = await send(url, { method: "POST", body, headers });
  const { access_token, token_type, expires_in } = objectOf(await response.json());
  if (response.status !== 200 || typeof access_token !== "string" || token_type !== "Bearer")
    throw new ConnectionProblem(`POST ${url}: ${response.status}, and not the token that was asked for`);
  return { text: access_token, endsAt: Date.now() + Number(expires_in) * 1000 };
}

async function operate(
  { baseUrl, operatorKey }: ManagementAccess,
  method: string,
  path: string,
  body?: unknown,
): Promise<JsonObject> {
  const response = await send(`${baseUrl.replace(/\/+$/, "")}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${operatorKey}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return response.status === 204 ? {} : objectOf(await response.json());
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init).catch((error: unknown) => {
    throw new ConnectionProblem(`${init.method} ${url}: ${error instanceof Error ? error.message : error}`);
  });
  if (!response.ok) throw new ConnectionProblem(`${init.method} ${url}: ${response.status} ${await response.text()}`);
  return response;
}
