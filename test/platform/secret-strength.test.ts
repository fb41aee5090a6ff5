import { afterEach, expect, it, vi } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { faultOfSecret, isStrongSecret, logWeakSecrets } from "../../src/platform/secret-strength.ts";

const LONG = "x".repeat(32);
/** The two secrets are all that is looked at. */
const envOf = (OPERATOR_KEY?: string, SESSION_SECRET?: string) => ({ OPERATOR_KEY, SESSION_SECRET }) as Env;

afterEach(() => vi.restoreAllMocks());

it("32 bytes are enough for a secret, 31 are not, and bytes count, not characters", () => {
  const lengths = [undefined, "", "x".repeat(31), "x".repeat(32), "ü".repeat(16), "ü".repeat(15)];
  expect(lengths.map(isStrongSecret)).toEqual([false, false, false, true, true, false]);
});

it("a secret that is missing or short is a fault with its way out, a long one is none", () => {
  expect(faultOfSecret(envOf(undefined, LONG), "OPERATOR_KEY")).toMatch(
    /^OPERATOR_KEY is not set: run `npx wrangler secret/,
  );
  expect(faultOfSecret(envOf("a", "b"), "SESSION_SECRET")).toMatch(/^SESSION_SECRET has fewer than 32 bytes/);
  expect(faultOfSecret(envOf(LONG, "b"), "OPERATOR_KEY")).toBeNull();
});

it("weak secrets are told to the log once an hour, by name and never by value", () => {
  const lines = vi.spyOn(console, "error").mockImplementation(() => {});
  logWeakSecrets(envOf("hunter2", "hunter3"), 1_000);
  logWeakSecrets(envOf("hunter2", "hunter3"), 3_600_000);
  expect(lines).toHaveBeenCalledTimes(2);
  logWeakSecrets(envOf("hunter2", LONG), 3_601_000);
  expect(lines).toHaveBeenCalledTimes(3);
  const told = lines.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(told).toMatchObject([
    { level: "error", secret: "OPERATOR_KEY" },
    { level: "error", secret: "SESSION_SECRET" },
    { level: "error", secret: "OPERATOR_KEY" },
  ]);
  expect(JSON.stringify(told)).not.toContain("hunter");
  expect(told[1].message).toContain("SCIM goes on");
  logWeakSecrets(envOf(LONG, LONG), 9_000_000);
  expect(lines).toHaveBeenCalledTimes(3);
});
