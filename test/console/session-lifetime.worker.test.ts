import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { serializeSigned } from "hono/utils/cookie";
import { describe, expect, it } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { sealText } from "../../src/platform/sealed-text.ts";
import worker from "../../src/worker.ts";
import { countedD1, fetchWith } from "../safety/injected-bindings.ts";
import { aroundD1 } from "../tools/around-d1.ts";
import { cookieOf, getPage, makeAdmin, OPERATOR_KEY, postForm, signInAdmin, signInOperator } from "./sign-in-to.ts";

const MINUTE = 60_000;

describe("a session", () => {
  it("that was signed out is dead for whoever copied its cookie, and no other session is", async () => {
    const { company, cookie } = await makeAdmin("Signed out");
    const elsewhere = await signInAdmin(company.key);
    const page = `/console/companies/${company.id}/settings`;
    expect((await getPage(page, cookie)).status).toBe(200);
    await postForm("/console/sign-out", {}, cookie);
    const answer = await getPage(page, cookie);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("Location")).toMatch(/^\/console\/signed-out/);
    expect((await postForm(`/console/companies/${company.id}/groups`, { name: "Late" }, cookie)).status).toBe(303);
    expect((await getPage(page, elsewhere)).status).toBe(200);
  });

  it("is a row with a hash, and forgotten a day after its time", async () => {
    await env.DB.prepare("DELETE FROM console_sessions").run();
    const cookie = await signInOperator();
    const kept = async () => (await env.DB.prepare("SELECT * FROM console_sessions").all()).results;
    const [id = "", secret = ""] = (cookie.split("=")[1] ?? "").split("_");
    expect(await kept()).toMatchObject([{ id, company_key: null, ended_at: null }]);
    expect(JSON.stringify(await kept())).not.toContain(secret);
    const run = (hours: number) => {
      const hour = new Date(Date.now() + hours * 3_600_000);
      hour.setUTCMinutes(0, 0, 0);
      return worker.scheduled(createScheduledController({ scheduledTime: hour, cron: "*/5 * * * *" }), env);
    };
    await run(35);
    expect(await kept()).toHaveLength(1);
    await run(38);
    expect(await kept()).toEqual([]);
  });

  it("with a changed or foreign seal is none, and nobody is asked about it", async () => {
    const cookie = await signInOperator();
    const { d1, statements } = countedD1();
    const changed = cookie.slice(0, -1) + (cookie.endsWith("0") ? "1" : "0");
    for (const forged of [changed, `${cookie}0`, "__Host-rollcall_session=x", "rollcall_session=x"]) {
      const answer = await fetchWith({ DB: d1 }, "GET", "/console", { headers: { cookie: forged } });
      expect(answer.headers.get("Location")).toContain("/console/sign-in");
    }
    expect(statements()).toBe(0);
  });

  it("cannot be made with SESSION_SECRET alone, neither as earlier Rollcalls did nor as this one does", async () => {
    const { company } = await makeAdmin("Forged");
    const far = new Date("9999-12-31").getTime();
    const older = JSON.stringify({ role: "operator", id: "made-up", until: far });
    const signed = await serializeSigned("rollcall_session", older, env.SESSION_SECRET, { path: "/console" });
    const renamed = await serializeSigned("__Host-rollcall_session", older, env.SESSION_SECRET, {
      path: "/",
      secure: true,
    });
    const sealed = await sealText(env, "console sessions", `${"ab".repeat(12)}_${"cd".repeat(32)}`);
    const mine = (await signInAdmin(company.key)).split("=")[1]?.split("_")[0] ?? "";
    const stolenId = await sealText(env, "console sessions", `${mine}_${"cd".repeat(32)}`);
    const cookies = [signed, renamed, `__Host-rollcall_session=${sealed}`, `__Host-rollcall_session=${stolenId}`];
    for (const cookie of cookies)
      for (const path of ["/console", `/console/companies/${company.id}/settings`])
        expect((await getPage(path, cookie.split(";")[0] ?? "")).headers.get("Location")).toContain("/console/sign-in");
  });

  it("is not disturbed by another cookie that somebody planted", async () => {
    const { company, cookie } = await makeAdmin("Planted");
    const page = `/console/companies/${company.id}/settings`;
    for (const planted of ["rollcall_session=x; ", "rollcall_session=x.y; session=z; "])
      expect((await getPage(page, planted + cookie)).status).toBe(200);
    expect((await getPage(page, `${cookie}; rollcall_session=x`)).status).toBe(200);
  });
});

describe("a session, as time goes by and secrets change", () => {
  it("ends after two hours without a page and twelve in all, and its row is written once in five minutes", async () => {
    const { company, cookie } = await makeAdmin("Timed out");
    const page = `/console/companies/${company.id}/settings`;
    const set = (column: string, ago: number) =>
      env.DB.prepare(`UPDATE console_sessions SET ${column} = ? WHERE company_key = ?`)
        .bind(Date.now() - ago, company.key)
        .run();
    const seen = () =>
      env.DB.prepare("SELECT last_seen_at FROM console_sessions WHERE company_key = ?")
        .bind(company.key)
        .first<number>("last_seen_at");
    await set("last_seen_at", 4 * MINUTE);
    const before = await seen();
    const asked: string[] = [];
    const DB = aroundD1(env.DB, (sql, work) => {
      asked.push(sql);
      return work();
    });
    expect((await fetchWith({ DB }, "GET", page, { headers: { cookie } })).status).toBe(200);
    expect(asked.filter((sql) => sql.includes("console_sessions"))).toEqual([expect.stringMatching(/^select/i)]);
    expect(await seen()).toBe(before);
    await set("last_seen_at", 119 * MINUTE);
    expect((await getPage(page, cookie)).status).toBe(200);
    expect(await seen()).toBeGreaterThan(before ?? 0);
    for (const [column, ago] of [
      ["last_seen_at", 120 * MINUTE],
      ["expires_at", 0],
    ] as const) {
      await env.DB.prepare(
        "UPDATE console_sessions SET last_seen_at = ?1, expires_at = ?1 + 60000 WHERE company_key = ?2",
      )
        .bind(Date.now(), company.key)
        .run();
      expect((await getPage(page, cookie)).status).toBe(200);
      await set(column, ago);
      const answer = await getPage(page, cookie);
      expect(answer.headers.get("Location"), column).toBe("/console/signed-out?over=yes");
    }
  });

  it("of the operator ends when OPERATOR_KEY is another one, and when it is too short; an admin's goes on", async () => {
    const admin = await makeAdmin("Goes on");
    const operator = await signInOperator();
    const ask = (OPERATOR_KEY: string, cookie: string, path: string) =>
      fetchWith({ OPERATOR_KEY }, "GET", path, { headers: { cookie } });
    expect((await ask(env.OPERATOR_KEY, operator, "/console")).status).toBe(200);
    for (const key of ["another-operator-key-of-32-bytes-or-more", "short", ""]) {
      expect((await ask(key, operator, "/console")).headers.get("Location")).toContain("/console/sign-in");
      expect((await ask(key, admin.cookie, `/console/companies/${admin.company.id}/settings`)).status).toBe(200);
    }
    expect((await ask(env.OPERATOR_KEY, operator, "/console")).status).toBe(200);
  });

  it("lives on through a rotation of SESSION_SECRET, until the previous one is taken away", async () => {
    const { company, cookie } = await makeAdmin("Rotated");
    const SESSION_SECRET = "another-session-secret-of-this-test-012";
    const ask = (secrets: Partial<Env>) =>
      fetchWith(secrets, "GET", `/console/companies/${company.id}/settings`, { headers: { cookie } });
    expect((await ask({ SESSION_SECRET, SESSION_SECRET_PREVIOUS: env.SESSION_SECRET })).status).toBe(200);
    expect((await ask({ SESSION_SECRET })).status).toBe(303);
  });

  it("ends where another is begun in the same browser", async () => {
    const { company, cookie } = await makeAdmin("Before");
    const second = await postForm("/console/sign-in", { key: OPERATOR_KEY }, cookie);
    expect(cookieOf(second)).not.toBe(cookie);
    expect((await getPage(`/console/companies/${company.id}/settings`, cookie)).status).toBe(303);
  });
});
