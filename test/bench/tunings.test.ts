import { describe, expect, it } from "vitest";
import { buildWorker } from "./build-worker.ts";
import { TUNINGS } from "./tunings.ts";

describe("a Worker without a tuning", () => {
  it.each(Object.entries(TUNINGS))("is built, and is another one: %s", async (_name, plugin) => {
    const entry = "test/bench/workers/distant.ts";
    expect(await buildWorker(entry, [plugin])).not.toBe(await buildWorker(entry));
  });
});
