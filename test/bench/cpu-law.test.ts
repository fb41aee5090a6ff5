import { describe, expect, it } from "vitest";
import { leastLatency } from "./cpu-law.ts";

describe("what the processor leaves to a closed loop at least", () => {
  it("is the time of the server's busiest thread for all connections, where that is the longest", () => {
    expect(leastLatency(16, 100, { thread: 100, server: 110, generator: 20 }, 2)).toBe(16);
    expect(leastLatency(1, 100, { thread: 100, server: 110, generator: 20 }, 2)).toBe(1);
  });

  it("is the time of all by the number of cores, where they have more to do than one thread", () => {
    expect(leastLatency(16, 100, { thread: 100, server: 220, generator: 40 }, 2)).toBe(20.8);
    expect(leastLatency(16, 100, { thread: 100, server: 220, generator: 40 }, 4)).toBe(16);
  });

  it("is the generator's, where it is the one that is waited for", () => {
    expect(leastLatency(64, 100, { thread: 10, server: 10, generator: 50 }, 2)).toBe(32);
  });
});
