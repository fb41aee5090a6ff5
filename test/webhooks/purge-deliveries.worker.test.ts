import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { purgeDeliveries } from "../../src/webhooks/purge-deliveries.ts";
import { listDeliveries } from "../../src/webhooks/webhook-store.ts";
import { freeReads } from "../companies/free-reads.ts";
import { database, hookCompany } from "./hooked-company.ts";

describe("the retention of deliveries", () => {
  it("takes old ones up to one that is to be sent once more", async () => {
    const { addChanges, round, webhook, receiver } = await hookCompany();
    await addChanges(1, 3);
    await round();
    const set = env.DB.prepare("UPDATE webhook_deliveries SET resend_at = 5 WHERE webhook_key = ? AND seq = 2");
    await set.bind(webhook.key).run();
    expect(await purgeDeliveries(database, receiver.now)).toBe(0);
    expect(await purgeDeliveries(database, receiver.now + 1)).toBe(1);
    const left = await listDeliveries(
      database,
      webhook.key,
      { take: 10, before: null, status: null },
      freeReads(database),
    );
    expect(left.map(({ seq }) => seq)).toEqual([3, 2]);
  });
});
