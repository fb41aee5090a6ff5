/** Where app.ts mounts the SCIM door; the tenant URL of every setting is the origin and this. */
export const SCIM_PATH = "/scim/v2";

/** The URL an admin pastes into the identity provider, on the origin the request came to. */
export function tenantUrl(requestUrl: string): string {
  return new URL(requestUrl).origin + SCIM_PATH;
}

/** The token endpoint (RFC 6749 section 3.2), and where some look for it: below the tenant URL. */
export const TOKEN_PATHS = ["/scim/oauth/token", `${SCIM_PATH}/oauth/token`] as const;

/** The URL at which identity providers get access tokens, on the origin the request came to. */
export function tokenEndpoint(requestUrl: string): string {
  return new URL(requestUrl).origin + TOKEN_PATHS[0];
}
