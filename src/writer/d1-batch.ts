import { assertWithinLimits } from "../platform/d1-limits.ts";
import { FENCE } from "./commit.ts";
import type { Row, Statement } from "./working-set.ts";

/** Sends statements as one D1 batch: one trip, all of them or none. */
export function runBatch(d1: D1Database, statements: readonly Statement[]): Promise<D1Result<Row>[]> {
  for (const { sql, parameters } of statements) assertWithinLimits(sql, parameters);
  return d1.batch<Row>(statements.map(({ sql, parameters }) => d1.prepare(sql).bind(...parameters)));
}

/** Whether D1 rolled a batch back because the commit it was planned on was no longer the company's last. */
export function isFence(error: unknown): boolean {
  return error instanceof Error && error.message.includes(FENCE);
}
