import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { pause } from "../../src/platform/clock.ts";
import { newId } from "../../src/platform/uuid.ts";
import { openWriter } from "../../src/writer/open-writer.ts";
import { EVERY_REQUEST } from "../log/every-request.ts";
import type { ScimClient } from "../scim-api/scim-client.ts";

/** Waits until the log holds every request so far of the client, and its company has no work left over. */
export async function waitForLogAndWork(client: ScimClient): Promise<void> {
  const { headers } = await client.send("GET", "/Users?count=1");
  const rows = env.DB.prepare(
    `SELECT (SELECT count(*) FROM ${EVERY_REQUEST} WHERE id = ?1) AS logged,
       (SELECT count(*) FROM replans JOIN companies USING (company_key) WHERE companies.id = ?2) AS left`,
  ).bind(headers.get("x-request-id"), client.companyId);
  // No read's row is handed to the writer sooner.
  await pause(200);
  const check = async () => {
    await commitLog(client);
    expect(await rows.first()).toEqual({ logged: 1, left: 0 });
  };
  await vi.waitFor(check, { timeout: 60_000, interval: 50 });
}

/** Has the writer commit what it has of the log: by itself it would wait for a write that has to read, and takes it along. */
async function commitLog({ companyId, settingId }: ScimClient): Promise<void> {
  const id = newId(Date.now());
  const operation = { kind: "deleteUser" as const, settingId, id };
  const cause = { requestId: id, actor: "scim" as const, settingId, provider: null };
  const refused = await openWriter(env, companyId).write(companyId, { operation, cause });
  expect(refused).toMatchObject({ ok: false });
}
