import { abortAllDurableObjects, createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { openRegistry } from "../../src/platform/database.ts";
import worker from "../../src/worker.ts";
import { sweepFollowUps } from "../../src/writer/sweep-follow-ups.ts";
import { callApi, callScim, connect, readText } from "../providers/world.ts";

const NONE = { groupSettings: { criteria: "none", targetGroupName: "Everyone" } };
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** What a commit leaves in D1 that came through after its writer had died, and its alarm had found nothing to do. */
async function scheduleWork(settingId: string, createdAt: number): Promise<void> {
  await abortAllDurableObjects();
  const cause = JSON.stringify({ requestId: "late", actor: "operator", settingId, provider: "entra" });
  await env.DB.batch([
    env.DB.prepare("UPDATE scim_settings SET criteria = 'field', criteria_field = 'department' WHERE id = ?").bind(
      settingId,
    ),
    env.DB.prepare(
      `INSERT INTO replans (replan_key, company_key, kind, scope_key, cause, created_at)
       SELECT company_key * 4294967296 + 4000000000, company_key, 'regroupUsers', setting_key, ?2, ?3
       FROM scim_settings WHERE id = ?1`,
    ).bind(settingId, cause, createdAt),
  ]);
}

async function groupNames(companyId: string): Promise<unknown[]> {
  const { body } = await callApi("GET", `/companies/${companyId}/target-groups`);
  return (body.items as { name: string }[]).map(({ name }) => name).sort(); // the expectations judge it
}

describe("work left over that no alarm looks for", () => {
  it("is done after the schedule comes to it, once it is a minute old", async () => {
    const connection = await connect(NONE);
    const made = await callScim(connection, "POST", "/Users", {
      userName: "ada@example.com",
      active: true,
      [ENTERPRISE]: { department: "Sales" },
    });
    expect(readText(made, "userName")).toBe("ada@example.com");
    const now = Date.now();
    await scheduleWork(connection.settingId, now);
    expect(await sweepFollowUps(env, openRegistry(env), now + 30_000)).toBe(0);
    expect(await groupNames(connection.companyId)).toEqual(["Everyone"]);
    const scheduledTime = new Date(now + 90_000);
    await worker.scheduled(createScheduledController({ scheduledTime, cron: "*/5 * * * *" }), env);
    await expect.poll(() => groupNames(connection.companyId)).toEqual(["Everyone", "Sales"]);
    await expect.poll(() => env.DB.prepare("SELECT count(*) AS n FROM replans").first("n")).toBe(0);
  });

  it("is let rest for ten minutes when it was refused", async () => {
    const { settingId } = await connect(NONE);
    const now = Date.now();
    await scheduleWork(settingId, now - 3_600_000);
    await env.DB.prepare("UPDATE replans SET refusal = 'keys_used_up', refused_at = ?").bind(now).run();
    expect(await sweepFollowUps(env, openRegistry(env), now + 599_999)).toBe(0);
    expect(await sweepFollowUps(env, openRegistry(env), now + 600_000)).toBe(1);
  });
});
