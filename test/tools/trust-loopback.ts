/**
 * Has this process take the certificate that `wrangler dev --local-protocol https` makes by itself, where it talks to this
 * machine alone; and has Node not warn of it.
 */
export function trustLoopback(address: string): void {
  const { protocol, hostname } = new URL(address);
  if (protocol !== "https:" || !["localhost", "127.0.0.1", "[::1]"].includes(hostname)) return;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  process.removeAllListeners("warning");
}
