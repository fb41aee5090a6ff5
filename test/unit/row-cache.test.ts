import { describe, expect, it } from "vitest";
import { MOST_KEPT_BYTES, RowCache, sizeOf } from "../../src/unit/row-cache.ts";

describe("the rows that a writer keeps", () => {
  it("take no more than they may, whatever comes", () => {
    const kept = new RowCache(100_000);
    for (let n = 0; n < 5_000; n += 1) {
      kept.keep(kept.documents, `1/${n}`, "x".repeat((n * 37) % 3_000));
      kept.keep(kept.userNames, `1/name${n}`, `1/${n}`);
      expect(kept.bytes).toBeLessThanOrEqual(100_000);
    }
    const documents = [...kept.documents.entries().values()];
    expect(documents.reduce((sum, text) => sum + (text?.length ?? 0), 0)).toBeLessThan(100_000);
  });

  it("are those that were touched last", () => {
    const kept = new RowCache(100_000);
    for (let n = 0; n < 2_000; n += 1) {
      kept.keep(kept.userNames, "1/often", "1/a");
      kept.keep(kept.userNames, `1/${n}`, `1/${n}`);
    }
    expect(kept.userNames.get("1/often")).toBe("1/a");
    expect(kept.userNames.has("1/1999")).toBe(true);
    expect(kept.userNames.has("1/0")).toBe(false);
  });

  it("keep nothing of a row that is too large by itself", () => {
    const kept = new RowCache(10_000);
    kept.keep(kept.userNames, "1/a", "1/b");
    kept.keep(kept.documents, "1/b", "x".repeat(20_000));
    expect(kept.bytes).toBeLessThanOrEqual(10_000);
    expect(kept.documents.has("1/b")).toBe(false);
  });

  it("count what changes once, and know what is not there", () => {
    const kept = new RowCache();
    kept.keep(kept.documents, "1/a", "x".repeat(1_000));
    const once = kept.bytes;
    kept.keep(kept.documents, "1/a", "y".repeat(1_000));
    expect(kept.bytes).toBe(once);
    kept.keep(kept.userNames, "1/nobody", undefined);
    expect([kept.userNames.has("1/nobody"), kept.userNames.get("1/nobody")]).toEqual([true, undefined]);
  });

  it("are counted with room to spare", () => {
    expect(sizeOf({ name: "ada", groups: ["1", "2"] })).toBeGreaterThan(JSON.stringify({ name: "ada" }).length);
    expect(sizeOf("a".repeat(1_000))).toBeGreaterThan(1_000);
    expect(sizeOf(`${"a".repeat(999)}ł`)).toBeGreaterThan(2_000);
    expect(MOST_KEPT_BYTES).toBe(2_000_000);
  });
});
