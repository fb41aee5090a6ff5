/** Where app.ts mounts the SCIM door; the tenant URL of every setting is the origin and this. */
export const SCIM_PATH = "/scim/v2";

/** The URL an admin pastes into the identity provider, on the origin of an address. */
export function tenantUrl(address: string): string {
  return new URL(address).origin + SCIM_PATH;
}

/** The token endpoint (RFC 6749 section 3.2), and where some look for it: below the tenant URL. */
export const TOKEN_PATHS = ["/scim/oauth/token", `${SCIM_PATH}/oauth/token`] as const;

/** The URL at which identity providers get access tokens, on the origin of an address. */
export function tokenEndpoint(address: string): string {
  return new URL(address).origin + TOKEN_PATHS[0];
}
