import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const config = readFileSync(join(import.meta.dirname, "../wrangler.toml"), "utf8");

describe("wrangler.toml", () => {
  it("never limits a valid token below 50 requests a second, with room for an approximate count", () => {
    const [, limit, period] = /"TOKEN_SHIELD"[^[]*limit = (\d+), period = (\d+)/.exec(config) ?? [];
    expect(["10", "60"]).toContain(period);
    expect(Number(limit) / Number(period)).toBeGreaterThanOrEqual(2 * 50);
  });

  it("runs the purges and names a retention for the log and the feed", () => {
    expect(config).toMatch(/crons = \[/);
    expect(config).toMatch(/LOG_RETENTION_DAYS = "30"/);
    expect(config).toMatch(/CHANGE_RETENTION_DAYS = "90"/);
  });

  it("keeps requests' URLs, whose filters name people, out of the platform's own log and traces", () => {
    expect(config).toMatch(/\[observability\.logs\][^[]*invocation_logs = false/);
    expect(config).toMatch(/\[observability\.traces\]\s+enabled = false/);
    expect(config).toMatch(/\[observability\][^[]*redact_query_string = true/);
  });

  it("takes no issuer on the Worker's own machine, and shields the token endpoint", () => {
    expect(config).not.toContain("LOOPBACK_ISSUERS");
    expect(config).toMatch(/name = "OAUTH_SHIELD"/);
  });

  it("holds no secret", () => {
    expect(config).not.toMatch(/OPERATOR_KEY|SESSION_SECRET/);
  });
});
