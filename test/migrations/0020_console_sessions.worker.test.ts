import { applyD1Migrations, createScheduledController, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { openRegistry } from "../../src/platform/database.ts";
import type { Env } from "../../src/platform/env.ts";
import { loadRound } from "../../src/webhooks/delivery-store.ts";
import worker from "../../src/worker.ts";
import { insert } from "../management-api/fill-company.ts";
import { fetchWith } from "../safety/injected-bindings.ts";

/** The secrets of a deployment that nobody had told to take long ones. */
const SHORT: Partial<Env> & { SESSION_SECRET: string } = { OPERATOR_KEY: "a", SESSION_SECRET: "b" };
/** As the Worker before made them with these: a token, and a webhook's secret. */
const TOKEN =
  "rcl_0f0f0f0f0f0f0f0f0f0f0f0f_5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a_75e6e86081d15ad67a3052c0b38120ee4f64d0ce";
const HASH = "0e53aae2eabd575555371f862cb885ff20472caced1f5e8fc80291b2f03dcab6";
const WEBHOOK = { key: 2 ** 32 + 2, id: "01900000-0000-7000-8000-000000000003" };
const SECRET = "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
const SEALED =
  "AAECAwQFBgcICQoLXnd6gUfcfL5wxUNob68uLovhPMNm37ZHPqs368ScevsZkgGfcBNn4qmZbv29S9k6ZlNvrZeJTxrjDi8Aw7WadLv5";

async function secretsWith(secrets: { SESSION_SECRET: string; SESSION_SECRET_PREVIOUS?: string }) {
  const round = await loadRound(openRegistry(env), WEBHOOK.key, secrets, { now: 2, supersedesOthers: false });
  return round?.secrets;
}

beforeAll(async () => {
  await reset();
  const place = env.MIGRATIONS.findIndex(({ name }) => name.startsWith("0020_"));
  expect(place).toBeGreaterThan(0);
  await applyD1Migrations(env.DB, env.MIGRATIONS.slice(0, place));
  const [companyId, settingId] = ["01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"];
  const [company, setting] = [{ company_key: 1 }, { setting_key: 2 ** 32 + 1 }];
  await insert("companies", { ...company, id: companyId, name: "Old", next_key: 9, created_at: 1 });
  await insert("scim_settings", {
    ...{ ...setting, ...company, id: settingId, name: "S", provider: "other", status: "active", criteria: "idp" },
    created_at: 1,
  });
  await insert("tokens", { ...setting, id: "0f0f0f0f0f0f0f0f0f0f0f0f", last_four: TOKEN.slice(-4), created_at: 1 });
  const at = { companyId, companyKey: 1, shard: "DB", settingId, settingKey: setting.setting_key, expiresAt: null };
  await env.TOKENS.put("token:0f0f0f0f0f0f0f0f0f0f0f0f", JSON.stringify({ hash: HASH, ...at }));
  await insert("webhooks", {
    webhook_key: WEBHOOK.key,
    ...company,
    id: WEBHOOK.id,
    url: "https://a.example/",
    cursor_seq: 0,
    created_at: 1,
  });
  await insert("webhook_secrets", { webhook_key: WEBHOOK.key, id: "s", sealed: SEALED, created_at: 1 });
  await insert("ended_sessions", { session_hash: "h", expires_at: 1 });
  for (const d1 of [env.DB, env.DB2]) await applyD1Migrations(d1, env.MIGRATIONS);
});

describe("a deployment with short secrets, upgraded", () => {
  it("goes on serving SCIM with the token it had, reads and writes", async () => {
    const body = { userName: "ada" };
    expect((await fetchWith(SHORT, "POST", "/scim/v2/Users", { token: TOKEN, body })).status).toBe(201);
    expect((await fetchWith(SHORT, "GET", "/scim/v2/Users", { token: TOKEN })).status).toBe(200);
    expect((await fetchWith(SHORT, "GET", "/api/v1/companies", { token: "a" })).status).toBe(503);
  });

  it("signs webhooks with the secret it had, and goes over to a long SESSION_SECRET without another", async () => {
    expect(await secretsWith(SHORT)).toEqual([SECRET]);
    const long = { SESSION_SECRET: env.SESSION_SECRET, SESSION_SECRET_PREVIOUS: SHORT.SESSION_SECRET };
    expect(await secretsWith(long)).toEqual([SECRET]);
    await worker.scheduled(createScheduledController({ scheduledTime: new Date("2026-11-29T13:05:00Z"), cron: "" }), {
      ...env,
      ...long,
    });
    expect(await secretsWith({ SESSION_SECRET: env.SESSION_SECRET })).toEqual([SECRET]);
    expect((await fetchWith(long, "GET", "/scim/v2/Users", { token: TOKEN })).status).toBe(200);
    expect((await fetchWith({}, "GET", "/scim/v2/Users", { token: TOKEN })).status).toBe(200);
  });
});
