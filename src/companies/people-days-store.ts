import { columnsOf } from "../platform/columns.ts";
import { type Read, selectFirst } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import type { PeopleDays } from "./people-days.ts";
import { companies } from "./tables.ts";

const KEPT = columnsOf(companies, "c", ["peopleDays"]);

/** Reads what is kept of a company's people by day; null where nothing was committed since it is kept. */
export function selectPeopleDays(companyKey: number): Read<PeopleDays | null> {
  const statement = sql`SELECT ${KEPT.list} FROM companies c WHERE c.company_key = ${companyKey}`;
  const read = selectFirst(statement, (row) => KEPT.read(row).peopleDays);
  return { ...read, decode: (results) => read.decode(results) ?? null };
}
