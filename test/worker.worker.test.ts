import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../src/platform/env.ts";
import worker from "../src/worker.ts";
import { failingOnce } from "./safety/injected-bindings.ts";
import { aroundD1 } from "./tools/around-d1.ts";

/** The jobs of the first run of an hour, in order, each with parts of its SQL. */
const JOBS: Record<string, string[]> = {
  "wake couriers": ["FROM webhooks w JOIN companies c"],
  "wake messengers": ["FROM messages m JOIN companies c"],
  "wake writers": [
    "FROM replans r",
    "AND u.held_at <= ?",
    "WHERE alerts_due_at IS NOT NULL",
    "WHERE enrolments_due_at IS NOT NULL",
  ],
  "purge console sessions": ['delete from "console_sessions"'],
  "purge console links": ['delete from "console_links"'],
  "purge deliveries": ["FROM webhook_deliveries WHERE webhook_key = w.webhook_key"],
  "purge changes": ["FROM changes WHERE company_key = c.company_key"],
  "tell the registry of companies": ["WHERE is_to_copy = 1"],
  "purge kept requests": ["DELETE FROM idempotency_keys"],
  "purge the log": ["FROM provisioning_log", "FROM request_log", "FROM packed_look_ups"],
  "purge former names": ["FROM former_names"],
};
const NAMES = Object.keys(JOBS);

/** The bound databases, which note who asked them; asked for one job they fail. */
function watched(failing: string | null): { bindings: Partial<Env> & { DB2: D1Database }; done: string[] } {
  const done: string[] = [];
  const watch = (d1: D1Database, shard: string) =>
    aroundD1(d1, async (sql, work) => {
      const job = NAMES.find((name) => JOBS[name]?.some((part) => sql.includes(part))) ?? sql;
      if (job === failing && shard === "DB") throw new Error("D1_ERROR: no such column: nonsense: SQLITE_ERROR");
      const result = await work();
      done.push(`${shard} ${job}`);
      return result;
    });
  return { bindings: { DB: watch(env.DB, "DB"), DB2: watch(env.DB2, "DB2") }, done };
}

async function runHour(bindings: Partial<Env>): Promise<void> {
  const scheduledTime = new Date("2026-11-29T13:00:00Z");
  await worker.scheduled(createScheduledController({ scheduledTime, cron: "*/5 * * * *" }), { ...env, ...bindings });
}

let logged: ReturnType<typeof vi.spyOn>;
// biome-ignore lint/suspicious/noExplicitAny: a wrong shape fails the expectations.
const lines = (): any[] => logged.mock.calls.map(([line]: unknown[]) => JSON.parse(String(line)));

beforeEach(() => {
  logged = vi.spyOn(console, "error").mockImplementation(() => {});
});

afterEach(() => vi.restoreAllMocks());

describe("the schedule", () => {
  const everywhere = ["DB", "DB2"].flatMap((shard) => NAMES.map((name) => `${shard} ${name}`));
  // Sessions and links are the registry's, and it is told of companies by the others.
  const all = everywhere.filter((job) => !/^DB2 purge console |^DB tell the registry/.test(job)).sort();
  const failable = NAMES.filter((name) => all.includes(`DB ${name}`));

  it("does every job in every database", async () => {
    const { bindings, done } = watched(null);
    await runHour(bindings);
    expect([...new Set(done)].sort()).toEqual(all);
    expect(lines()).toEqual([]);
  });

  it.each(failable)("goes on after a job that fails, and says so in one line: %s", async (failing) => {
    const { bindings, done } = watched(failing);
    await runHour(bindings);
    expect([...new Set(done)].sort()).toEqual(all.filter((job) => job !== `DB ${failing}`));
    expect(lines()).toEqual([
      {
        ...{ level: "error", room: "schedule", message: `the job "${failing}" failed` },
        error: expect.objectContaining({ message: expect.stringContaining("no such column") }),
      },
    ]);
  });

  it("goes on when a retention is no number of days", async () => {
    const { bindings, done } = watched(null);
    await runHour({ ...bindings, CHANGE_RETENTION_DAYS: "soon" });
    expect([...new Set(done)].sort()).toEqual(all.filter((job) => !job.endsWith("purge changes")));
    expect(lines().map(({ error }) => error.message)).toEqual(Array(2).fill(expect.stringContaining("soon")));
  });

  it.each(["before", "after"] as const)("retries what meets a passing fault %s it is done", async (when) => {
    await env.DB.prepare("INSERT INTO console_sessions VALUES ('old', 'h', NULL, 'k', 1, 1, 1, NULL)").run();
    await runHour({ DB: failingOnce(when).d1 });
    expect(lines()).toEqual([]);
    expect(await env.DB.prepare("SELECT count(*) AS n FROM console_sessions").first("n")).toBe(0);
  });
});
