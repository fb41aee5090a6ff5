import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { must, populate } from "../safety/populated-company.ts";
import { operate } from "../scim-api/scim-client.ts";

it("a webhook that stops has an alert by itself, and none when it goes on", async () => {
  const company = await populate("stops");
  const at = `/companies/${company.companyId}`;
  const kinds = async () => {
    const { items } = must(await operate("GET", `${at}/alerts?status=open`), 200);
    // The company was made with a token that ends soon: it has an alert of its own, which is not this test's.
    const others = items.filter(({ id }: { id: string }) => id !== company.alertId);
    return others.map(({ kind, detail }: { kind: string; detail: string }) => `${kind}: ${detail.split(".")[0]}`);
  };
  // An address that no webhook could be given: it is refused at once, as one whose time is used up.
  const failed = Date.now() - 73 * 3_600_000;
  await env.DB.prepare(
    "UPDATE webhooks SET url = 'https://hook.invalid/', first_failed_at = ?, failed_attempts = 9 WHERE id = ?",
  )
    .bind(failed, company.webhookId)
    .run();
  await env.DB.prepare("UPDATE webhooks SET enabled = 1 WHERE id = ?").bind(company.webhookId).run();
  must(await operate("POST", `${at}/target-groups`, { name: "One more change" }), 201);
  const deliveries = `${at}/webhooks/${company.webhookId}`;
  must(await operate("PATCH", deliveries, { types: null }), 200);
  await expect.poll(kinds, { timeout: 30_000 }).toEqual([expect.stringContaining("webhook: ")]);
  must(await operate("PATCH", deliveries, { enabled: false }), 200);
  await expect.poll(kinds, { timeout: 30_000 }).toEqual([]);
});
