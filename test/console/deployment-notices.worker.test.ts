import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import worker from "../../src/worker.ts";
import { fetchWith } from "../safety/injected-bindings.ts";
import { signInOperator } from "./sign-in-to.ts";

const ROTATED: Partial<Env> = {
  SESSION_SECRET: "another-session-secret-of-this-test-012",
  SESSION_SECRET_PREVIOUS: env.SESSION_SECRET,
};

async function firstPage(bindings: Partial<Env>): Promise<string> {
  const answer = await fetchWith(bindings, "GET", "/console", { headers: { cookie: await signInOperator() } });
  return answer.text();
}

const runAt = (time: number) =>
  worker.scheduled(createScheduledController({ scheduledTime: new Date(time), cron: "" }), { ...env, ...ROTATED });

beforeEach(() =>
  env.DB.batch([env.DB.prepare("DELETE FROM secret_rotations"), env.DB.prepare("DELETE FROM wrong_keys")]),
);

it("the operator's first page says when SESSION_SECRET_PREVIOUS may go, and nothing while there is none", async () => {
  const MAY_GO = "SESSION_SECRET_PREVIOUS may go";
  expect(await firstPage({})).not.toContain("SESSION_SECRET_PREVIOUS");
  expect(await firstPage(ROTATED)).toContain("the schedule has not seen the new SESSION_SECRET yet");
  const minute = Math.floor(Date.now() / 3_600_000) * 3_600_000 + 60_000;
  await runAt(minute);
  const early = await firstPage(ROTATED);
  expect(early).toContain("must stay for now: what was made with it is about until");
  expect(early).not.toContain(MAY_GO);
  await env.DB.prepare("UPDATE secret_rotations SET since = since - 3600000 * 3").run();
  expect(await firstPage(ROTATED)).toContain(MAY_GO);
  await env.DB.prepare("UPDATE secret_rotations SET unreadable = 2").run();
  expect(await firstPage(ROTATED)).toContain("2 webhook secrets can be read with neither secret");
  await env.DB.prepare("UPDATE secret_rotations SET sealed_at = NULL").run();
  expect(await firstPage(ROTATED)).toContain("webhook secrets are being sealed anew");
  expect(await firstPage({ SESSION_SECRET_PREVIOUS: env.SESSION_SECRET })).toContain(MAY_GO);
});

it("the operator's first page tells of wrong operator keys when they mount up", async () => {
  const hour = Math.floor(Date.now() / 3_600_000);
  const add = (count: number) =>
    env.DB.prepare("INSERT INTO wrong_keys VALUES (?, ?)")
      .bind(hour - count, count)
      .run();
  await add(19);
  expect(await firstPage({})).not.toContain("wrong operator keys");
  await add(1);
  expect(await firstPage({})).toContain("20 wrong operator keys were sent in the last 24 hours");
});

it("a Worker without secrets says on its first page what to set, once", async () => {
  const answer = await fetchWith({ OPERATOR_KEY: "", SESSION_SECRET: "" }, "GET", "/console/sign-in");
  expect(answer.status).toBe(503);
  const page = await answer.text();
  expect(page).toContain("OPERATOR_KEY is not set, and SESSION_SECRET is not set");
  expect(page).toContain("<code>npx wrangler secret put SESSION_SECRET</code>");
  expect(page.split("openssl rand")).toHaveLength(2);
  expect(page).not.toContain("`");
});

it("the sign-in page says that the operator's console is closed, and why", async () => {
  const answer = await fetchWith({ OPERATOR_KEY: "short" }, "GET", "/console/sign-in");
  expect(await answer.text()).toContain("console is closed. OPERATOR_KEY has fewer than 32 bytes");
});
