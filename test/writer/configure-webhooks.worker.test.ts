import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { ConfigurationOperation } from "../../src/writer/operation.ts";
import { newBench, requestOf, requireOutcome } from "./bench.ts";

const hook = (id: string) => ({
  ...{ id, url: `https://${id}.example/in`, allowsLoopback: false, types: null },
  secret: { id: `secret of ${id}`, sealed: "sealed" },
});

/** What is asked for, with the webhooks whose couriers have to look at them then. */
const CASES: [ConfigurationOperation, string[]][] = [
  [{ kind: "updateWebhook", webhookId: "one", change: { isEnabled: false } }, ["one"]],
  [{ kind: "updateWebhook", webhookId: "off", change: { isEnabled: true } }, ["off"]],
  [{ kind: "updateWebhook", webhookId: "one", change: { types: ["user.created"] } }, ["one"]],
  [{ kind: "deleteWebhook", webhookId: "off" }, ["off"]],
  [{ kind: "deleteCompany" }, ["one", "two"]],
  [{ kind: "changeCompany", name: "Other" }, []],
];

it.each(CASES)("wakes the couriers of the webhooks that it changes, and no other: %j", async (operation, expected) => {
  const bench = await newBench({ criteria: "none", targetGroupName: "All" });
  for (const id of ["one", "two", "off"])
    requireOutcome(await bench.writer.write(requestOf({ kind: "createWebhook", webhook: hook(id) })));
  const off = { kind: "updateWebhook", webhookId: "off", change: { isEnabled: false } } as const;
  requireOutcome(await bench.writer.write(requestOf(off)));
  const { results } = await env.DB.prepare(
    "SELECT w.webhook_key AS key, w.id FROM webhooks w JOIN companies c USING (company_key) WHERE c.id = ?",
  )
    .bind(bench.companyId)
    .all<{ key: number; id: string }>();
  const names = new Map(results.map(({ key, id }) => [key, id]));
  const woken: (string | undefined)[] = [];
  const onWebhooks = (keys: readonly number[]) => woken.push(...keys.map((key) => names.get(key)));
  requireOutcome(await bench.another({ onWebhooks }).write(requestOf(operation)));
  expect(woken.sort()).toEqual(expected);
});
