/** Where app.ts mounts the SCIM door; the tenant URL of every setting is the origin and this. */
export const SCIM_PATH = "/scim/v2";

/** The URL an admin pastes into the identity provider, on the origin the request came to. */
export function tenantUrl(requestUrl: string): string {
  return new URL(requestUrl).origin + SCIM_PATH;
}
