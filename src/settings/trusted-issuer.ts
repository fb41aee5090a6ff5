import type { Env } from "../platform/env.ts";
import { isLoopbackHost } from "../platform/loopback.ts";
import type { InputProblem } from "./judge-setting.ts";

/** The hosts whose keys are fetched: those of Microsoft Entra's clouds. */
const HOSTS: ReadonlySet<string> = new Set([
  "login.microsoftonline.com",
  "login.microsoftonline.us",
  "login.partner.microsoftonline.cn",
  "login.windows.net",
]);

/** Whose assertions a trust takes: issuer, subject and audience as the identity provider shows them. */
export interface TrustTerms {
  issuer: string;
  subject: string;
  audience: string;
}

/** The same with the address of the issuer's keys. */
export interface Trust extends TrustTerms {
  jwksUrl: string;
}

/**
 * Whether issuers on this machine itself are taken: for development alone, where LOOPBACK_ISSUERS says so and the Worker is
 * itself reached on loopback. A deployed Worker never is.
 */
export function allowsLoopback({ LOOPBACK_ISSUERS }: Pick<Env, "LOOPBACK_ISSUERS">, requestUrl: string): boolean {
  return LOOPBACK_ISSUERS === "on" && isLoopbackHost(new URL(requestUrl).hostname);
}

/** Whether keys may be fetched from an address: https on a host of the list, or loopback where that is allowed. */
export function isKeyAddress(text: string, isLoopbackAllowed: boolean): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  if (isLoopbackAllowed && isLoopbackHost(hostname)) return protocol === "http:" || protocol === "https:";
  return protocol === "https:" && port === "" && HOSTS.has(hostname);
}

/** Where an issuer of Entra's form (`https://<host>/<tenant>/v2.0`) has its keys. */
export function jwksUrlOf(issuer: string): string {
  const { origin, pathname } = new URL(issuer);
  const [tenant = "", version = ""] = pathname.split("/").filter((part) => part !== "");
  return `${origin}/${tenant}/discovery/${version === "" ? "" : `${version}/`}keys`;
}

/** The whole of a trust, or what is wrong with what was typed in. */
export function judgeTrust(
  { jwksUrl, ...terms }: TrustTerms & { jwksUrl?: string | null },
  isLoopbackAllowed: boolean,
): Trust | InputProblem[] {
  const hosts = [...HOSTS].join(", ");
  if (!isKeyAddress(terms.issuer, isLoopbackAllowed))
    return [{ pointer: "/issuer", detail: `Give an address that begins with https:// and one of: ${hosts}.` }];
  const address = jwksUrl ?? jwksUrlOf(terms.issuer);
  if (!isKeyAddress(address, isLoopbackAllowed))
    return [{ pointer: "/jwksUrl", detail: `Keys are fetched by https from these hosts only: ${hosts}.` }];
  return { ...terms, jwksUrl: address };
}

/** The audiences that stand for one that an admin typed in: Entra shows `api://<id>/.default` and sends the bare id. */
export function audiencesOf(typed: string): string[] {
  const id = typed.replace(/^api:\/\//, "").replace(/\/\.default$/, "");
  return [...new Set([typed, id, `api://${id}`, `api://${id}/.default`])];
}
