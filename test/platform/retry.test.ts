import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { retry } from "../../src/platform/retry.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A work that throws these errors, one a try, and then gives "done"; a try takes `time` (ms). */
function failing(errors: readonly string[], time = 0) {
  let tries = 0;
  const work = async () => {
    tries += 1;
    const message = errors[tries - 1];
    vi.setSystemTime(Date.now() + time);
    if (message !== undefined) throw new Error(message);
    return "done";
  };
  return { work, tries: () => tries };
}

async function outcomeOf(work: () => Promise<string>): Promise<string> {
  const outcome = retry(work).catch((error: Error) => error.message);
  await vi.runAllTimersAsync();
  return outcome;
}

describe("retry", () => {
  it("does a work again that met passing faults, of whatever kinds", async () => {
    const { work, tries } = failing(["database is locked", "Network connection lost.", "D1 DB is overloaded."]);
    expect(await outcomeOf(work)).toBe("done");
    expect(tries()).toBe(4);
  });

  it("gives up after four tries, with what the last one met", async () => {
    const { work, tries } = failing(["timeout", "timeout", "timeout", "database is locked", "never seen"]);
    expect(await outcomeOf(work)).toBe("database is locked");
    expect(tries()).toBe(4);
  });

  it("does nothing again that met anything else", async () => {
    const { work, tries } = failing(["UNIQUE constraint failed: a.b: SQLITE_CONSTRAINT"]);
    expect(await outcomeOf(work)).toContain("UNIQUE");
    expect(tries()).toBe(1);
  });

  it("begins no further try once nobody waits any more", async () => {
    const { work, tries } = failing(["exceeded timeout", "exceeded timeout"], 5_001);
    expect(await outcomeOf(work)).toBe("exceeded timeout");
    expect(tries()).toBe(1);
  });
});
