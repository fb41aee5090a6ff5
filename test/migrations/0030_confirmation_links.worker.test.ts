import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { newId } from "../../src/platform/uuid.ts";
import { newWriter } from "../writer/bench.ts";

it("addresses of before stay as they are, and one that waits for its confirmation can be sent a link, once at a time", async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.includes("0030_confirmation_links"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const companyId = newId(1);
  const channel =
    "INSERT INTO message_channels (company_key, id, kind, address, origin, nonce, confirmed_at, created_at)";
  await env.DB.batch([
    env.DB.prepare("INSERT INTO companies (company_key, id, name, created_at) VALUES (1, ?, 'Old', 0)").bind(companyId),
    env.DB.prepare(`${channel} VALUES (1, 'waits', 'email', 'a@example.com', 'https://r.example', 'n', NULL, 1)`),
    env.DB.prepare(`${channel} VALUES (1, 'ready', 'email', 'b@example.com', 'https://r.example', NULL, 2, 1)`),
  ]);
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  const writer = newWriter(companyId);
  const cause = { requestId: newId(2), actor: "admin", settingId: null, provider: null } as const;
  const ask = () => writer.write({ operation: { kind: "askAgain", channelId: "waits" }, cause });
  expect(await ask()).toMatchObject({ ok: true });
  expect(await ask()).toMatchObject({ ok: false, code: "link_sent" });
  const { results } = await env.DB.prepare("SELECT id, nonce = 'n' AS same, confirmed_at FROM message_channels").all();
  expect(results).toEqual([
    { id: "ready", same: null, confirmed_at: 2 },
    { id: "waits", same: 0, confirmed_at: null },
  ]);
});
