import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { findRotation } from "../../src/companies/secret-rotation-store.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { keyIdOf } from "../../src/platform/derived-keys.ts";
import type { Env } from "../../src/platform/env.ts";
import { hmacHex, importMacKey } from "../../src/platform/random-and-hash.ts";
import { checksumOf } from "../../src/platform/sealed-text.ts";
import { loadRound } from "../../src/webhooks/delivery-store.ts";
import worker from "../../src/worker.ts";
import { insert } from "../management-api/fill-company.ts";
import { newClient, type ScimClient } from "../scim-api/scim-client.ts";
import { fetchWith, staleKv } from "./injected-bindings.ts";

const A = env.SESSION_SECRET;
const B = "the-second-session-secret-of-this-test";
const C = "the-third-session-secret-of-this-test-";

type Stage = Pick<Env, "SESSION_SECRET" | "SESSION_SECRET_PREVIOUS">;

/** The rotation of `.github/docs/secrets.md`, twice: the new secret is accepted before anything is sealed with it, the old one after. */
const STAGES: Stage[] = [
  { SESSION_SECRET: A },
  { SESSION_SECRET: A, SESSION_SECRET_PREVIOUS: B },
  { SESSION_SECRET: B, SESSION_SECRET_PREVIOUS: A },
  { SESSION_SECRET: B },
  { SESSION_SECRET: B, SESSION_SECRET_PREVIOUS: C },
  { SESSION_SECRET: C, SESSION_SECRET_PREVIOUS: B },
  { SESSION_SECRET: C },
];

const runMinute = (stage: Stage) =>
  worker.scheduled(createScheduledController({ scheduledTime: new Date("2026-11-29T13:05:00Z"), cron: "" }), {
    ...env,
    ...stage,
  });

async function api(stage: Stage, method: string, path: string, body: unknown) {
  const answer = await fetchWith(stage, method, `/api/v1${path}`, { token: env.OPERATOR_KEY, body });
  // Tests read its members freely.
  return (await answer.json()) as { id: string; secret: string };
}

/** The signing secrets that a courier of this stage has for a webhook. */
async function secretsAt(stage: Stage, key: number): Promise<readonly string[]> {
  const round = await loadRound(openRegistry(env), key, stage, { now: Date.now(), supersedesOthers: false });
  return round?.secrets ?? [];
}

function keyOf(webhookId: string): Promise<number | null> {
  return env.DB.prepare("SELECT webhook_key FROM webhooks WHERE id = ?").bind(webhookId).first<number>("webhook_key");
}

/** Adds a token as an earlier Rollcall made it: its row, its entry in KV, and a seal made with SESSION_SECRET itself. */
async function addOlderToken(client: ScimClient): Promise<string> {
  const [id, secret] = ["0f".repeat(12), "5a".repeat(32)];
  const body = `rcl_${id}_${secret}`;
  const seal = (await hmacHex(await importMacKey(A), `token ${body}`)).slice(0, 32);
  const kept = await env.TOKENS.get<Record<string, unknown>>(`token:${client.tokenId}`, { type: "json" });
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  await env.TOKENS.put(`token:${id}`, JSON.stringify({ ...kept, hash }));
  const row = await env.DB.prepare("SELECT * FROM tokens WHERE id = ?").bind(client.tokenId).first();
  await insert("tokens", { ...(row as Record<string, string | number | null>), id });
  return `${body}_${checksumOf(body)}${seal}`;
}

describe("SESSION_SECRET, rotated twice under load", () => {
  it("fails no SCIM request of old and new tokens, and webhooks keep their secrets", async () => {
    const client = await newClient();
    const at = `/companies/${client.companyId}`;
    const tokens = [client.token, await addOlderToken(client)];
    const hooks: { key: number; secret: string }[] = [];
    const statuses: number[] = [];
    const { kv: stale } = staleKv(() => null);
    const send = async (bindings: Partial<Env>, token: string, userName: string) => {
      const body = { userName };
      for (const [method, sent] of [
        ["POST", { token, body }],
        ["GET", { token }],
      ] as const)
        statuses.push((await fetchWith(bindings, method, "/scim/v2/Users", sent)).status);
    };
    for (const [index, stage] of STAGES.entries()) {
      // While a secret is rolled out, isolates of the stage before and of this one answer side by side.
      const both = index === 0 ? [stage] : [STAGES[index - 1] ?? stage, stage];
      const made = await api(stage, "POST", `${at}/scim-settings/${client.settingId}/tokens`, {});
      const hook = await api(stage, "POST", `${at}/webhooks`, { url: "https://hooks.example.com/" });
      hooks.push({ key: (await keyOf(hook.id)) ?? 0, secret: hook.secret });
      const work = both.flatMap((isolate, side) => [
        ...tokens.map((token, n) => send(isolate, token, `s${index}-${side}-${n}`)),
        // KV does not show the new token yet.
        send({ ...isolate, TOKENS: stale }, made.secret, `s${index}-${side}-new`),
        runMinute(isolate),
      ]);
      await Promise.all(work);
      tokens.push(made.secret);
      for (const isolate of both)
        for (const { key, secret } of hooks) expect(await secretsAt(isolate, key), `stage ${index}`).toEqual([secret]);
    }
    expect(statuses.filter((status) => status !== 200 && status !== 201)).toEqual([]);
    expect(statuses.length).toBeGreaterThan(100);
  });
});

describe("OPERATOR_KEY, rotated twice", () => {
  it("fails no SCIM request; the API takes the present key alone", async () => {
    const client = await newClient();
    const keys = [env.OPERATOR_KEY, "the-second-operator-key-of-this-test-", "the-third-operator-key-of-this-test-0"];
    const statuses: number[] = [];
    for (const [index, OPERATOR_KEY] of keys.entries()) {
      const sent = { token: client.token, body: { userName: `user-${index}` } };
      statuses.push((await fetchWith({ OPERATOR_KEY }, "POST", "/scim/v2/Users", sent)).status);
      const asked = keys.map((token) => fetchWith({ OPERATOR_KEY }, "GET", "/api/v1/companies", { token }));
      const expected = keys.map((key) => (key === OPERATOR_KEY ? 200 : 401));
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(expected);
    }
    expect(statuses).toEqual([201, 201, 201]);
  });
});

describe("webhook secrets", () => {
  beforeEach(async () => {
    await env.DB.batch([env.DB.prepare("DELETE FROM webhook_secrets"), env.DB.prepare("DELETE FROM secret_rotations")]);
  });

  it("are sealed anew by the schedule while SESSION_SECRET_PREVIOUS is set, and it is written down when all are", async () => {
    const client = await newClient();
    const hook = await api({ SESSION_SECRET: A }, "POST", `/companies/${client.companyId}/webhooks`, {
      url: "https://hooks.example.com/",
    });
    const key = (await keyOf(hook.id)) ?? 0;
    await runMinute({ SESSION_SECRET: B });
    expect(await secretsAt({ SESSION_SECRET: B }, key)).toEqual([]);
    expect(await findRotation(openRegistry(env), await keyIdOf(B))).toBeNull();
    await runMinute({ SESSION_SECRET: B, SESSION_SECRET_PREVIOUS: A });
    expect(await secretsAt({ SESSION_SECRET: B }, key)).toEqual([hook.secret]);
    expect(await secretsAt({ SESSION_SECRET: A }, key)).toEqual([]);
    expect(await findRotation(openRegistry(env), await keyIdOf(B))).toMatchObject({
      sealedAt: expect.any(Number),
      unreadable: 0,
    });
  });

  it("that an isolate of the stage before adds after that are sealed anew by the next run", async () => {
    const client = await newClient();
    const stage = { SESSION_SECRET: B, SESSION_SECRET_PREVIOUS: A };
    await runMinute(stage);
    const hook = await api({ SESSION_SECRET: A }, "POST", `/companies/${client.companyId}/webhooks`, {
      url: "https://hooks.example.com/",
    });
    const key = (await keyOf(hook.id)) ?? 0;
    expect(await secretsAt({ SESSION_SECRET: B }, key)).toEqual([]);
    await runMinute(stage);
    expect(await secretsAt({ SESSION_SECRET: B }, key)).toEqual([hook.secret]);
  });

  it("are walked over in steps: hundreds are done, and those that no secret opens hold nobody up and are counted", async () => {
    const client = await newClient();
    const hook = await api({ SESSION_SECRET: A }, "POST", `/companies/${client.companyId}/webhooks`, {
      url: "https://hooks.example.com/",
    });
    const key = (await keyOf(hook.id)) ?? 0;
    const { sealed } = (await env.DB.prepare("SELECT sealed FROM webhook_secrets").first<{ sealed: string }>()) ?? {};
    const copies = Array.from({ length: 250 }, (_, n) =>
      env.DB.prepare("INSERT INTO webhook_secrets (webhook_key, id, sealed, created_at) VALUES (?, ?, ?, 1)").bind(
        key,
        `copy-${String(n).padStart(3, "0")}`,
        n < 120 ? `AAAA${String(sealed).slice(4)}` : sealed,
      ),
    );
    await env.DB.batch(copies);
    await runMinute({ SESSION_SECRET: B, SESSION_SECRET_PREVIOUS: A });
    const id = await keyIdOf(B);
    const anew = env.DB.prepare("SELECT count(*) AS n FROM webhook_secrets WHERE key_id = ?").bind(id);
    expect(await anew.first("n")).toBe(131);
    expect(await findRotation(openRegistry(env), id)).toMatchObject({ unreadable: 120 });
  });
});
