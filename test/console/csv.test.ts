import { describe, expect, it } from "vitest";
import {
  byPosition,
  csvLine,
  csvValue,
  inPortions,
  inStretches,
  inStretchesOf,
  streamCsv,
} from "../../src/console/csv.ts";

describe("a CSV value", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+49 30 1234", "'+49 30 1234"],
    ["-2+3", "'-2+3"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t'=1"],
    ["\r=1", `"'\r'=1"`],
    ["  =1", "'  =1"],
    ["＝1+1", "'＝1+1"],
    ['=HYPERLINK("https://evil.example","x")', `"'=HYPERLINK(""https://evil.example"",""x"")"`],
    ["x;=cmd|'/c calc'!A0", "x;'=cmd|'/c calc'!A0"],
    ["x; ＋1;y", "x; '＋1;y"],
    ['x;"=1"', `"x;""'=1"""`],
    ["x\t@SUM(A1)", "x\t'@SUM(A1)"],
  ])("%j can be no formula", (value, written) => {
    expect(csvValue(value)).toBe(written);
  });

  it.each([
    ["Ada", "Ada"],
    ["Lovelace, Ada", '"Lovelace, Ada"'],
    ['the "first"', '"the ""first"""'],
    ["two\nlines", '"two\nlines"'],
    ["a=b", "a=b"],
    ["Sales; Legal", "Sales; Legal"],
    ["", ""],
    [null, ""],
    [undefined, ""],
    [-3, "-3"],
    [true, "true"],
  ])("%j is written as it is", (value, written) => {
    expect(csvValue(value)).toBe(written);
  });

  it("ends its line with CR LF, as RFC 4180 asks", () => {
    expect(csvLine(["a", 1, null])).toBe("a,1,\r\n");
  });
});

describe("a streamed CSV", () => {
  it("reads stretch after stretch to the end and names its file", async () => {
    const asked: (number | null)[] = [];
    const response = streamCsv<number>("people-Ünïted / Co", {
      head: ["n"],
      next: byPosition(
        async (after: number | null, take) => {
          asked.push(after);
          const from = after === null ? 1 : after + 1;
          return Array.from({ length: Math.max(0, Math.min(take, 1200 - from + 1)) }, (_, index) => from + index);
        },
        (row) => row,
      ),
      values: (row) => [row],
    });
    const lines = (await response.text()).trimEnd().split("\r\n");
    expect(lines).toHaveLength(1201);
    expect(lines[0]?.replace("\uFEFF", "")).toBe("n");
    expect(lines.at(-1)).toBe("1200");
    expect(asked).toEqual([null, 500, 1000, 1200]);
    expect(response.headers.get("Content-Disposition")).toBe('attachment; filename="people--n-ted-Co.csv"');
  });

  it("gives rows that are at hand in stretches, and others in portions of one size", async () => {
    const all = Array.from({ length: 1_234 }, (_, index) => index);
    const sizes = async (next: () => Promise<number[]>) => {
      const found: number[][] = [];
      for (let rows = await next(); rows.length > 0; rows = await next()) found.push(rows);
      expect(found.flat()).toEqual(all);
      return found.map((rows) => rows.length);
    };
    expect(await sizes(inStretches(all))).toEqual([500, 500, 234]);
    let reads = 0;
    const later = inStretchesOf(async () => {
      reads += 1;
      return all;
    });
    expect(reads).toBe(0);
    expect(await sizes(later)).toEqual([500, 500, 234]);
    expect(reads).toBe(1);
    expect(await sizes(inPortions(inStretches(all), 600))).toEqual([600, 600, 34]);
    expect(await sizes(inPortions(inStretches(all), 100))).toEqual([...Array(12).fill(100), 34]);
  });
});
