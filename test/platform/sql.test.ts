import { expect, it } from "vitest";
import { prepare, sql, unionOf } from "../../src/platform/sql.ts";

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

it.each([1, 5, 6, 11, 23])("unites %i SELECTs in compounds of six terms at most, and leaves none out", (count) => {
  const numbers = Array.from({ length: count }, (_, n) => n);
  for (const operator of [" UNION ", " UNION ALL "]) {
    const united = unionOf(
      numbers.map((n) => sql`SELECT ${n}`),
      operator,
    );
    expect(united.params).toEqual(numbers);
    expect(united.sql.match(/ UNION(?: ALL)? /g) ?? []).toEqual(Array.from({ length: count - 1 }, () => operator));
    // Innermost brackets first, each becomes a word.
    let text = united.sql;
    for (let inner = /\([^()]*\)/.exec(text); inner !== null; inner = /\([^()]*\)/.exec(text)) {
      expect(inner[0].split(operator).length).toBeLessThanOrEqual(6);
      text = text.replace(inner[0], "part");
    }
    expect(text.split(operator).length).toBeLessThanOrEqual(6);
  }
});
