import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { rotateSecret } from "../../src/webhooks/webhook-change-store.ts";
import { mintWebhookSecret, sealWebhookSecret } from "../../src/webhooks/webhook-secret.ts";
import { database, hookCompany } from "./hooked-company.ts";

describe("a rotation", () => {
  it("signs with both secrets while it overlaps, and with the new one alone after", async () => {
    const { addChanges, round, receiver, webhook, company, secret: old, show } = await hookCompany();
    const rotate = async (overlapEndsAt: number) => {
      const secret = mintWebhookSecret();
      const sealed = await sealWebhookSecret(env, webhook.id, secret);
      await rotateSecret(
        database,
        webhook.key,
        { id: newId(receiver.now), sealed },
        { now: receiver.now, overlapEndsAt },
      );
      return secret;
    };
    const verify = (secret: string) =>
      new Webhook(secret).verify(receiver.bodies.at(-1) ?? "", Object.fromEntries(receiver.headers.at(-1) ?? []));

    const fresh = await rotate(receiver.now + 1_000);
    await addChanges(1, 1);
    await round();
    expect(verify(old)).toMatchObject({ id: `${company.id}-1` });
    expect(verify(fresh)).toMatchObject({ id: `${company.id}-1` });
    expect((await show())?.secrets).toHaveLength(2);

    receiver.now += 1_001;
    await addChanges(2, 2);
    await round();
    expect(() => verify(old)).toThrow("No matching signature");
    expect(verify(fresh)).toMatchObject({ id: `${company.id}-2` });
    expect((await show())?.secrets).toHaveLength(1);

    const second = await rotate(receiver.now + 10_000);
    const third = await rotate(receiver.now + 10_000);
    const fourth = await rotate(receiver.now);
    await addChanges(3, 3);
    await round();
    for (const ended of [fresh, second, third]) expect(() => verify(ended)).toThrow("No matching signature");
    expect(verify(fourth)).toMatchObject({ id: `${company.id}-3` });
  });

  it("leaves nothing in the database that signs", async () => {
    const { secret, webhook } = await hookCompany();
    const { results } = await env.DB.prepare("SELECT * FROM webhook_secrets WHERE webhook_key = ?")
      .bind(webhook.key)
      .all();
    expect(JSON.stringify(results)).not.toContain(secret.slice("whsec_".length, -1));
  });
});
