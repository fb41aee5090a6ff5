import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { openRegistry } from "../../../src/platform/database.ts";
import { sweepMessages } from "../../../src/webhooks/alert-messages/sweep-messages.ts";
import { populate } from "../../safety/populated-company.ts";

it("a message that nobody sent is found by the schedule, tried, and kept for another try with why it failed", async () => {
  const { companyId, channelId } = await populate("messenger");
  // An address to which nothing is sent, whatever is stored.
  await env.DB.prepare("UPDATE message_channels SET address = 'https://hook.invalid/' WHERE id = ?")
    .bind(channelId)
    .run();
  const now = Date.now();
  await env.DB.prepare("DELETE FROM messages").run();
  await env.DB.prepare(
    `INSERT INTO messages (company_key, channel_id, subject, text, created_at, next_attempt_at)
     SELECT company_key, ?2, 'S', 'T', ?3, ?3 FROM companies WHERE id = ?1`,
  )
    .bind(companyId, channelId, now)
    .run();
  expect(await sweepMessages(env, openRegistry(env), now + 30_000)).toBe(0);
  expect(await sweepMessages(env, openRegistry(env), now + 61_000)).toBe(1);
  const read = () =>
    env.DB.prepare(
      `SELECT m.attempts, m.next_attempt_at > ?2 AS later, c.failure FROM messages m
       JOIN message_channels c ON c.id = m.channel_id WHERE c.id = ?1`,
    )
      .bind(channelId, now)
      .first();
  await expect.poll(read, { timeout: 30_000 }).toEqual({
    attempts: 1,
    later: 1,
    failure: "This address is not on the public Internet.",
  });
});
