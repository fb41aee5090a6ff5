/** The KV key under which a token's routing and hash lie. */
export function tokenKey(tokenId: string): string {
  return `token:${tokenId}`;
}
