import { pathOf } from "../platform/request-url.ts";
import { TOKEN_PATHS } from "../settings/tenant-url.ts";

/** Where the authorization server is described (RFC 8414 section 3). */
export const METADATA_PATH = "/.well-known/oauth-authorization-server/scim";
const PATHS: ReadonlySet<string> = new Set([...TOKEN_PATHS, METADATA_PATH]);

/** The path of a request as the door of access tokens knows it: in any case and with any slashes. */
export function oauthPathOf(url: string): string {
  return pathOf(url).toLowerCase();
}

/** Whether a request is for that door: the token endpoint, or what describes it. */
export function isOAuthRequest(url: string): boolean {
  return PATHS.has(oauthPathOf(url));
}
