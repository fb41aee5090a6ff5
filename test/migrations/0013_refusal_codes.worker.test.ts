import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { openRegistry } from "../../src/platform/database.ts";
import { findWebhook } from "../../src/webhooks/webhook-store.ts";

const FAILURES = {
  "Answered 302: redirects are not followed.": "redirects",
  "Answered 401.": "denied",
  "Answered 403.": "denied",
  "Answered 404.": "not_there",
  "Answered 405.": "not_there",
  "Answered 410.": "gone",
  "Answered 429.": "slow_down",
  "Answered 422.": "rejected",
  "Answered 503.": "broken",
  "Not reached: no answer within 10 s": "too_slow",
  "Not reached: connection refused": "not_reached",
  "Changes that it had not received are no longer kept. Read on.": "missed_changes",
  "The signing secret cannot be read: SESSION_SECRET has changed since it was made.": "unreadable_secret",
  "This address is not on the public Internet.": "bad_address",
} as const;
const IS_OLD = ({ name }: { name: string }) => name < "0013";

/** A database as an earlier version filled it: webhooks in every kind of trouble, one in none, a delivery, logged requests. */
async function fill(): Promise<void> {
  const { DB } = env;
  await DB.batch([
    DB.prepare("INSERT INTO companies (company_key, id, name, shard, created_at) VALUES (1, 'c', 'Old', 'DB', 1)"),
    ...[...Object.keys(FAILURES), null].map((failure, index) =>
      DB.prepare(
        `INSERT INTO webhooks (webhook_key, company_key, id, url, cursor_seq, failed_attempts, failure, created_at)
         VALUES (?, 1, ?, 'https://hooks.example.com/', 0, 1, ?, 1)`,
      ).bind(index + 1, `w${index}`, failure),
    ),
    DB.prepare(
      `INSERT INTO webhook_deliveries (webhook_key, seq, type, status, attempts, error, duration, first_attempt_at,
         last_attempt_at) VALUES (1, 1, 'user.created', 'failed', 1, 'Answered 401.', 1, 1, 1)`,
    ),
    DB.prepare(
      `INSERT INTO provisioning_log (log_key, company_key, setting_key, id, time, method, path, status, scim_type, detail,
         duration, notes) VALUES (1, 1, 1, 'r', 1, 'POST', '/Users', 409, 'uniqueness', 'There already.', 1, '[]')`,
    ),
  ]);
}

describe("a filled database of a version without codes", () => {
  beforeAll(async () => {
    await reset();
    await applyD1Migrations(env.DB, env.MIGRATIONS.filter(IS_OLD));
    await fill();
    await applyD1Migrations(env.DB, env.MIGRATIONS);
  });

  it("keeps its rows, and tells of each webhook in trouble why", async () => {
    const found = await Promise.all(
      Object.keys(FAILURES).map(async (_, index) => findWebhook(openRegistry(env), 1, 2, `w${index}`)),
    );
    expect(found.map((webhook) => webhook?.failure)).toEqual(
      Object.entries(FAILURES).map(([detail, code]) => ({ code, detail })),
    );
    const well = await findWebhook(openRegistry(env), 1, 2, `w${Object.keys(FAILURES).length}`);
    expect(well?.failure).toBeNull();
  });

  it("has no code for what was delivered and logged before", async () => {
    expect(await env.DB.prepare("SELECT error, error_code FROM webhook_deliveries").all()).toMatchObject({
      results: [{ error: "Answered 401.", error_code: null }],
    });
    expect(await env.DB.prepare("SELECT status, code FROM provisioning_log WHERE id = 'r'").all()).toMatchObject({
      results: [{ status: 409, code: null }],
    });
  });
});
