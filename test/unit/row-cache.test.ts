import { describe, expect, it } from "vitest";
import { MOST_CACHED_BYTES, RowCache, sizeOf } from "../../src/unit/row-cache.ts";

describe("the rows that a writer caches", () => {
  it("take no more than they may, whatever comes", () => {
    const cache = new RowCache(100_000);
    for (let n = 0; n < 5_000; n += 1) {
      cache.put(cache.documents, `1/${n}`, "x".repeat((n * 37) % 3_000));
      cache.put(cache.userNames, `1/name${n}`, `1/${n}`);
      expect(cache.bytes).toBeLessThanOrEqual(100_000);
    }
    const documents = [...cache.documents.entries().values()];
    expect(documents.reduce((sum, text) => sum + (text?.length ?? 0), 0)).toBeLessThan(100_000);
  });

  it("are those that were touched last", () => {
    const cache = new RowCache(100_000);
    for (let n = 0; n < 2_000; n += 1) {
      cache.put(cache.userNames, "1/often", "1/a");
      cache.put(cache.userNames, `1/${n}`, `1/${n}`);
    }
    expect(cache.userNames.get("1/often")).toBe("1/a");
    expect(cache.userNames.has("1/1999")).toBe(true);
    expect(cache.userNames.has("1/0")).toBe(false);
  });

  it("keep nothing of a row that is too large by itself", () => {
    const cache = new RowCache(10_000);
    cache.put(cache.userNames, "1/a", "1/b");
    cache.put(cache.documents, "1/b", "x".repeat(20_000));
    expect(cache.bytes).toBeLessThanOrEqual(10_000);
    expect(cache.documents.has("1/b")).toBe(false);
  });

  it("count what changes once, and know what is not there", () => {
    const cache = new RowCache();
    cache.put(cache.documents, "1/a", "x".repeat(1_000));
    const once = cache.bytes;
    cache.put(cache.documents, "1/a", "y".repeat(1_000));
    expect(cache.bytes).toBe(once);
    cache.put(cache.userNames, "1/nobody", undefined);
    expect([cache.userNames.has("1/nobody"), cache.userNames.get("1/nobody")]).toEqual([true, undefined]);
  });

  it("are counted with room to spare", () => {
    expect(sizeOf({ name: "ada", groups: ["1", "2"] })).toBeGreaterThan(JSON.stringify({ name: "ada" }).length);
    expect(sizeOf("a".repeat(1_000))).toBeGreaterThan(1_000);
    expect(sizeOf(`${"a".repeat(999)}ł`)).toBeGreaterThan(2_000);
    expect(MOST_CACHED_BYTES).toBe(2_000_000);
  });
});
