import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { countWrongKeys, WrongKeyCounter } from "../../src/companies/count-wrong-operator-keys.ts";
import { openRegistry } from "../../src/platform/database.ts";
import { countedD1 } from "../safety/injected-bindings.ts";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-29T13:00:00Z");

beforeEach(() => env.DB.prepare("DELETE FROM wrong_keys").run());
afterEach(() => vi.restoreAllMocks());

it("wrong keys are counted in full and written at most once a minute, however many come", async () => {
  const { d1, statements } = countedD1();
  const registry = openRegistry({ ...env, DB: d1 });
  const counter = new WrongKeyCounter();
  for (let n = 0; n < 500; n += 1) await counter.count(registry, NOW + n * 100, "203.0.113.7");
  expect(statements()).toBeLessThanOrEqual(2);
  await counter.count(registry, NOW + 60_000, "203.0.113.7");
  expect(await countWrongKeys(registry, NOW)).toBe(501);
  expect(await countWrongKeys(registry, NOW + 23 * HOUR)).toBe(501);
  expect(await countWrongKeys(registry, NOW + 24 * HOUR)).toBe(0);
});

it("wrong keys of several isolates add up, and are told to the log when they mount up, each mark once", async () => {
  const lines = vi.spyOn(console, "error").mockImplementation(() => {});
  const registry = openRegistry(env);
  for (let n = 0; n < 19; n += 1) await new WrongKeyCounter().count(registry, NOW, null);
  expect(lines).not.toHaveBeenCalled();
  for (let n = 0; n < 80; n += 1) await new WrongKeyCounter().count(registry, NOW, "203.0.113.7");
  expect(lines).toHaveBeenCalledTimes(1);
  expect(JSON.parse(String(lines.mock.calls[0]?.[0]))).toMatchObject({
    message: "20 wrong operator keys were sent within this hour",
    lastAddress: "203.0.113.7",
  });
  await new WrongKeyCounter().count(registry, NOW, null);
  expect(lines).toHaveBeenCalledTimes(2);
});

it("a count that cannot be written is kept for the next try", async () => {
  const registry = openRegistry(env);
  const away = openRegistry({
    ...env,
    DB: {
      prepare: () => ({ bind: () => ({}) }),
      batch: () => Promise.reject(new Error("away")),
    } as unknown as D1Database,
  });
  const counter = new WrongKeyCounter();
  await counter.count(away, NOW, null);
  await counter.count(registry, NOW + 60_000, null);
  expect(await countWrongKeys(registry, NOW)).toBe(2);
});
