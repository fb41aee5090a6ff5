import type { Env } from "../platform/env.ts";
import { isLoopbackHost } from "../platform/loopback.ts";
import type { InputProblem } from "./judge-mappings-and-grouping.ts";

/** The hosts whose keys are fetched: those of Microsoft Entra's clouds. */
const HOSTS: ReadonlySet<string> = new Set([
  "login.microsoftonline.com",
  "login.microsoftonline.us",
  "login.partner.microsoftonline.cn",
  "login.windows.net",
]);
const LISTED = [...HOSTS].join(", ");

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

/** An issuer of Entra's form, as far as it follows the host: its tenant, and a version. */
const ISSUER_PATH = /^\/[a-z0-9][a-z0-9._-]*(?:\/v[0-9]\.0)?\/?$/;
/** What Entra's documents write where a tenant's id belongs. */
const NO_TENANT: ReadonlySet<string> = new Set(["common", "organizations", "consumers", "v1.0", "v2.0"]);

/**
 * An issuer as Entra writes it, `https://<host>/<tenant>/v2.0`, or what is wrong with what was typed in. It is compared with
 * the `iss` of assertions letter by letter, and Entra has small letters only: capitals are made small, a slash at the end is
 * left out, and whatever else could never be equal is refused.
 */
function readIssuer(typed: string, isLoopbackAllowed: boolean): { issuer: string } | { fault: string } {
  if (!isKeyAddress(typed, isLoopbackAllowed))
    return { fault: `Give an address that begins with https:// and one of: ${LISTED}.` };
  const issuer = typed.toLowerCase();
  const { origin, pathname } = new URL(issuer);
  const [tenant = ""] = pathname.split("/").filter((part) => part !== "");
  if (tenant === "" || NO_TENANT.has(tenant))
    return { fault: "The issuer names no tenant: copy it again, with the id of your own tenant." };
  if (issuer !== origin + pathname || !ISSUER_PATH.test(pathname))
    return { fault: `Give the issuer as Entra shows it, with nothing else: ${origin}/<tenant>/v2.0` };
  return { issuer: issuerIn(issuer) };
}

/** An issuer without a slash at its end, which Entra's have not. */
export function issuerIn(text: string): string {
  return text.replace(/\/$/, "");
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
  const read = readIssuer(terms.issuer, isLoopbackAllowed);
  const address = jwksUrl ?? ("issuer" in read ? jwksUrlOf(read.issuer) : null);
  const problems = [
    { pointer: "/issuer", detail: "fault" in read && read.fault },
    {
      pointer: "/subject",
      detail:
        namesNothing(terms.subject) &&
        "Give the subject as the identity provider shows it: this one has no letter or digit, or something that cannot be seen.",
    },
    {
      pointer: "/audience",
      detail:
        namesNothing(bareIdOf(terms.audience)) &&
        "Give the audience as the identity provider shows it: an id, api://<id> or api://<id>/.default.",
    },
    {
      pointer: "/jwksUrl",
      detail:
        address !== null &&
        !isKeyAddress(address, isLoopbackAllowed) &&
        `Keys are fetched by https from these hosts only: ${LISTED}.`,
    },
  ].flatMap(({ pointer, detail }) => (detail === false ? [] : [{ pointer, detail }]));
  if (problems.length > 0 || address === null || "fault" in read) return problems;
  return { ...terms, issuer: read.issuer, jwksUrl: new URL(address.replace(/#.*/, "")).href };
}

/** Whether a text names nothing: no letter and no digit is in it, or something that cannot be seen is. */
export function namesNothing(text: string): boolean {
  return !/[\p{L}\p{N}]/u.test(text) || /\p{C}/u.test(text);
}

/**
 * The audiences that stand for one that an admin typed in: Entra shows `api://<id>/.default` and sends the bare id. None for
 * one that names nothing.
 */
export function audiencesOf(typed: string): string[] {
  const id = bareIdOf(typed);
  return namesNothing(id) ? [] : [...new Set([typed, id, `api://${id}`, `api://${id}/.default`])];
}

function bareIdOf(audience: string): string {
  const id = audience.replace(/^api:\/\//i, "").replace(/(^|\/)\.default$/i, "");
  return id.replace(/\/$/, "").replace(/^\/+$/, "");
}
