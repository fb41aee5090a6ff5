import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/d1";
import { describe, expect, it } from "vitest";
import { companies } from "../../src/companies/tables.ts";
import { patientD1 } from "../../src/platform/retry-d1-reads.ts";
import { aroundD1 } from "../tools/around-d1.ts";

/** A D1 that is locked for the first calls, and how often it was called. */
function locked(times: number): { d1: D1Database; calls: () => number } {
  let calls = 0;
  const d1 = aroundD1(env.DB, (_, work) => {
    calls += 1;
    return calls <= times ? Promise.reject(new Error("D1_ERROR: database is locked: SQLITE_BUSY")) : work();
  });
  return { d1: patientD1(d1), calls: () => calls };
}

const ONE = "SELECT 1 AS one";
const READS = [
  ONE,
  "\n  select 1 AS one",
  "WITH w(one) AS (SELECT 1) SELECT one FROM w",
  "WITH w(one) AS (SELECT replace('1', ')', ' UPDATE ')) SELECT one + 0 AS one FROM w",
];
const WRITES = [
  "UPDATE companies SET name = name WHERE 0",
  "DELETE FROM companies WHERE 0 RETURNING id",
  "WITH w(one) AS (SELECT 1) DELETE FROM companies WHERE company_key IN (SELECT -one FROM w)",
  "WITH w(one) AS (SELECT 1)\n  INSERT INTO replans SELECT * FROM replans WHERE 0",
];

describe("a patient D1", () => {
  it.each(READS)("asks again what only reads, in every way of asking: %s", async (sql) => {
    const asks: ((d1: D1Database) => Promise<unknown>)[] = [
      (d1) => d1.prepare(sql).first("one"),
      async (d1) => (await d1.prepare(sql).first<{ one: number }>())?.one,
      async (d1) => (await d1.prepare(sql).all<{ one: number }>()).results[0]?.one,
      async (d1) => (await d1.prepare(sql).run<{ one: number }>()).results[0]?.one,
      async (d1) => (await d1.prepare(sql).raw<[number]>())[0]?.[0],
      async (d1) => (await d1.batch<{ one: number }>([d1.prepare(sql), d1.prepare(ONE)]))[0]?.results[0]?.one,
    ];
    for (const ask of asks) {
      const { d1, calls } = locked(2);
      expect(await ask(d1)).toBe(1);
      expect(calls()).toBe(3);
    }
  });

  it("binds values, and serves the query builder", async () => {
    const { d1 } = locked(1);
    expect(await d1.prepare("SELECT ?1 + ?2 AS sum").bind(1, 2).first("sum")).toBe(3);
    expect(await drizzle(locked(1).d1).select().from(companies).all()).toEqual([]);
  });

  it.each(WRITES)("asks once what writes, alone or beside reads: %s", async (sql) => {
    for (const others of [[], [ONE]]) {
      const { d1, calls } = locked(1);
      const statements = [sql, ...others].map((text) => d1.prepare(text));
      await expect(d1.batch(statements)).rejects.toThrow("locked");
      expect(calls()).toBe(1);
    }
    const { d1, calls } = locked(1);
    await expect(d1.prepare(sql).run()).rejects.toThrow("locked");
    expect(calls()).toBe(1);
  });

  it("is the same one for the same database: reads share trips by it", () => {
    expect(patientD1(env.DB)).toBe(patientD1(env.DB));
    expect(patientD1(env.DB)).not.toBe(patientD1(env.DB2));
  });
});
