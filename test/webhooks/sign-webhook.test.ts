import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { signWebhook } from "../../src/webhooks/sign-webhook.ts";
import {
  decodeWebhookSecret,
  mintWebhookSecret,
  openWebhookSecret,
  sealWebhookSecret,
} from "../../src/webhooks/webhook-secret.ts";

const SESSION = { SESSION_SECRET: "a-session-secret-of-this-test-0123456789" };

describe("webhook signatures", () => {
  it("equal those of the published library", async () => {
    // The secret and message of the Standard Webhooks specification's own example.
    const secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const message = { id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", timestamp: 1_649_367_553, body: '{"test": 2432232314}' };
    const headers = await signWebhook(message, [secret]);
    const expected = new Webhook(secret).sign(message.id, new Date(message.timestamp * 1000), message.body);
    expect(headers).toEqual({
      "webhook-id": message.id,
      "webhook-timestamp": "1649367553",
      "webhook-signature": expected,
    });
  });

  it("are verified by the published library with the old and with the new secret, and by no other", async () => {
    const [old, fresh, foreign] = [mintWebhookSecret(), mintWebhookSecret(), mintWebhookSecret()];
    const body = JSON.stringify({ name: "Jürgen ✓" });
    const headers = await signWebhook({ id: "c-1", timestamp: Math.floor(Date.now() / 1000), body }, [fresh, old]);
    expect(new Webhook(old).verify(body, headers)).toEqual({ name: "Jürgen ✓" });
    expect(new Webhook(fresh).verify(body, headers)).toEqual({ name: "Jürgen ✓" });
    expect(() => new Webhook(foreign).verify(body, headers)).toThrow("No matching signature");
    expect(() => new Webhook(fresh).verify(body.replace("J", "j"), headers)).toThrow("No matching signature");
    expect(() => new Webhook(fresh).verify(body, { ...headers, "webhook-id": "c-2" })).toThrow("No matching signature");
  });
});

describe("webhook secrets", () => {
  it("are whsec_ and 32 random bytes in base64", () => {
    const secrets = Array.from({ length: 50 }, mintWebhookSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(decodeWebhookSecret(secret)).toHaveLength(32);
    }
  });

  it("open only with the SESSION_SECRET and for the webhook they were sealed with", async () => {
    const secret = mintWebhookSecret();
    const sealed = await sealWebhookSecret(SESSION, "webhook-1", secret);
    expect(sealed).not.toContain(secret.slice("whsec_".length, 20));
    expect(await sealWebhookSecret(SESSION, "webhook-1", secret)).not.toBe(sealed);
    expect(await openWebhookSecret(SESSION, "webhook-1", sealed)).toBe(secret);
    expect(await openWebhookSecret({ SESSION_SECRET: "another" }, "webhook-1", sealed)).toBeNull();
    expect(await openWebhookSecret(SESSION, "webhook-2", sealed)).toBeNull();
    const last = sealed.at(-2) === "A" ? "B" : "A";
    expect(await openWebhookSecret(SESSION, "webhook-1", sealed.slice(0, -2) + last + sealed.slice(-1))).toBeNull();
  });
});
