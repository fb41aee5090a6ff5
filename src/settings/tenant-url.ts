/** The URL an admin pastes into the identity provider, on the origin the request came to. */
export function tenantUrl(requestUrl: string): string {
  return `${new URL(requestUrl).origin}/scim/v2`;
}
