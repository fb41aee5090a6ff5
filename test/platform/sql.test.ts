import { expect, it } from "vitest";
import { prepare, sql } from "../../src/platform/sql.ts";

/** Keeps what a statement was prepared with. */
function fakeD1() {
  const prepared: { text: string; values: unknown[] }[] = [];
  const d1 = {
    prepare: (text: string) => ({
      bind: (...values: unknown[]) => {
        prepared.push({ text, values });
      },
    }),
  };
  // The one method that `prepare` calls.
  return { d1: d1 as unknown as D1Database, prepared };
}

it("binds each value once, in the order in which they come", () => {
  const { d1, prepared } = fakeD1();
  const part = sql`b = ${"x"} OR c = ${1}`;
  prepare(d1, sql`SELECT 1 WHERE a = ${1} AND (${part}) AND d IS ${null} AND e = ${"1"}`);
  expect(prepared).toEqual([
    { text: "SELECT 1 WHERE a = ?1 AND (b = ?2 OR c = ?1) AND d IS ?3 AND e = ?4", values: [1, "x", null, "1"] },
  ]);
});

it("refuses a text that has more question marks than values, as one in quotes has", () => {
  const { d1, prepared } = fakeD1();
  expect(() => prepare(d1, sql`SELECT instr(path, '?') FROM t WHERE a = ${1}`)).toThrow(
    "2 question marks for 1 values",
  );
  expect(prepared).toEqual([]);
});
