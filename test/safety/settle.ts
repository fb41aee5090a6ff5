import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { ScimClient } from "../scim-api/scim-client.ts";

/** Waits until the log holds every request so far of the client, and its company has no work left over. */
export async function settle(client: ScimClient): Promise<void> {
  const { headers } = await client.send("GET", "/Users?count=1");
  const rows = env.DB.prepare(
    `SELECT (SELECT count(*) FROM provisioning_log WHERE id = ?1) AS logged,
       (SELECT count(*) FROM replans JOIN companies USING (company_key) WHERE companies.id = ?2) AS left`,
  ).bind(headers.get("x-request-id"), client.companyId);
  const check = async () => expect(await rows.first()).toEqual({ logged: 1, left: 0 });
  await vi.waitFor(check, { timeout: 60_000, interval: 50 });
}
