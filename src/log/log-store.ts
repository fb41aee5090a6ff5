import { columnsOf } from "../platform/columns.ts";
import type { Database } from "../platform/database.ts";
import { type Read, runRead, selectAll, selectFirst, together } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import { IN_FULL, ofCompany, selectRequest, selectWrite } from "./logged-requests.ts";
import type { Bodies } from "./pack-bodies.ts";
import { withParts } from "./parts-of-bulk-entry.ts";
import { LANES, requestLog } from "./tables.ts";

/** A kept row of the provisioning log with its redacted bodies. */
export type LogRecordInFull = Omit<ReturnType<typeof IN_FULL.read>, "bodies"> & Bodies & { settingId: string };

/** A kept row of the provisioning log, in a list without the bodies. */
export type LogRecord = Omit<LogRecordInFull, keyof Bodies>;

/** Understands a row of all that is kept of a request, with `settingId`. */
export function toRecord(selected: unknown): LogRecordInFull {
  const { settingId } = selected as { settingId: string }; // by the statements
  const { bodies, ...record } = IN_FULL.read(selected);
  return { ...record, ...(bodies ?? { requestBody: null, responseBody: null }), settingId };
}

const NOTES = columnsOf(requestLog, "r", ["notes"]);

/** Reads one row of a company's log by its request's id, with the redacted bodies and what its parts say of people, or null. */
export function selectLogEntry(companyKey: number, requestId: string): Read<LogRecordInFull | null> {
  const entry = selectFirst(
    sql`SELECT * FROM (${selectRequest(companyKey, sql`${requestId}`, "whole")}) LIMIT 1`,
    toRecord,
  );
  const parts = selectAll(
    sql`SELECT notes FROM request_log WHERE ${ofCompany(companyKey)} AND lane = ${LANES.part} AND id > ${`${requestId}.`} AND id < ${`${requestId}/`}
      UNION ALL SELECT notes FROM provisioning_log WHERE company_key = ${companyKey} AND id > ${`${requestId}.`} AND id < ${`${requestId}/`}`,
    NOTES.read,
  );
  const read = together({ entry, parts });
  return {
    ...read,
    decode: (results) => {
      const { entry: found, parts: held } = read.decode(results);
      return (
        found && {
          ...found,
          notes: withParts(
            found.notes,
            held.flatMap(({ notes }) => notes),
          ),
        }
      );
    },
  };
}

/** When a logged request came (ms), as a piece of SQL. */
export function timeOfRequest(companyKey: number, requestId: string): Sql {
  return sql`(SELECT time FROM (${selectRequest(companyKey, sql`${requestId}`, "place")}) LIMIT 1)`;
}

/** The id of the setting that a logged request came to, as a piece of SQL. */
export function settingOfRequest(companyKey: number, requestId: string): Sql {
  return sql`(SELECT settingId FROM (${selectRequest(companyKey, sql`${requestId}`, "place")}) LIMIT 1)`;
}

/** The id of the credential that a logged request came with, as a piece of SQL. */
export function credentialOfRequest(companyKey: number, requestId: string): Sql {
  return sql`(SELECT tokenId FROM (${selectRequest(companyKey, sql`${requestId}`, "listed")}) LIMIT 1)`;
}

/** A page asks for at most this many at once. */
const MOST_ASKED = 500;

/** Those of some ids of writes that the log holds: what was done by hand or by the API is not in it. */
export async function findLogged(
  database: Database,
  companyKey: number,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  return ids.length === 0 ? new Set() : runRead(database, selectLogged(companyKey, ids));
}

/** Reads what `findLogged` gives. */
export function selectLogged(companyKey: number, ids: readonly string[]): Read<ReadonlySet<string>> {
  const asked = JSON.stringify([...new Set(ids)].slice(0, MOST_ASKED));
  const statement = sql`SELECT j.value AS id FROM json_each(${asked}) j WHERE EXISTS (
    SELECT 1 FROM (${selectWrite(companyKey, rawSql("j.value"))}))`;
  const read = selectAll(statement, (row) => (row as { id: string }).id); // the column of the statement
  return { ...read, decode: (results) => new Set(read.decode(results)) };
}
