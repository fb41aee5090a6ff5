import { assertWithinLimits } from "../platform/d1-limits.ts";
import type { Row, Statement } from "../unit/unit-of-work.ts";

/** Sends statements as one D1 batch: one trip, all of them or none. */
export function runBatch(d1: D1Database, statements: readonly Statement[]): Promise<D1Result<Row>[]> {
  for (const { sql, parameters } of statements) assertWithinLimits(sql, parameters);
  return d1.batch<Row>(statements.map(({ sql, parameters }) => d1.prepare(sql).bind(...parameters)));
}
