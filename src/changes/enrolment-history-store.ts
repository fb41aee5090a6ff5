import type { Reads } from "../companies/split-long-reads.ts";
import { type Read, selectFirst, together } from "../platform/read-batch.ts";
import { rawSql, type Sql, sql } from "../platform/sql.ts";
import type { Change } from "./change.ts";
import { selectChanges } from "./change-store.ts";

/** What a history of a much changed person asks of the database. */
export const HISTORY = {
  what: "The history of an enrolment looks at all changes of the people who held it, and these are very many",
  quick: "At any time: the list of enrolments, the change feed.",
};

/** Changes of a person that are looked through as part of every reading. */
const FEW = 1_000;
/** By itself SQLite would walk the company's whole feed. */
const BY_USER = rawSql("INDEXED BY changes_by_user");

/**
 * Reads the changes about one enrolment, oldest first: how it began, changed hands and ended. They stand under the users
 * that held it, each of whom the change that gave it to the next one names; the index of changes by user then serves for
 * them too. Null where any of these has more changes than are looked through at once.
 */
export function selectEnrolmentHistory(
  companyKey: number,
  about: { userId: Sql; enrolmentId: string },
): Read<Change[] | null> {
  const few = sql`(SELECT count(*) FROM (SELECT 1 FROM changes x ${BY_USER} WHERE x.company_key = ${companyKey}
    AND x.user_id = h.user_id LIMIT ${FEW + 1})) <= ${FEW}`;
  const ofHolders = sql`FROM holders h CROSS JOIN changes c ${BY_USER} ON c.company_key = ${companyKey}
    AND c.user_id = h.user_id AND c.subject_kind = 'enrolment' AND c.subject_id = ${about.enrolmentId} WHERE ${few}`;
  const holders = sql`WITH RECURSIVE holders(user_id) AS (SELECT ${about.userId} UNION
    SELECT c.data->>'oldUserId' ${ofHolders} AND c.type = 'enrolment.reassigned')`;
  const read = together({
    found: selectChanges(sql`${ofHolders} ORDER BY c.seq`, holders),
    cut: selectFirst(sql`${holders} SELECT 1 FROM holders h WHERE NOT ${few} LIMIT 1`, () => true),
  });
  return {
    ...read,
    decode: (results) => {
      const { found, cut } = read.decode(results);
      return cut === null ? found : null;
    },
  };
}

/** Reads the same in bounded statements, whatever there is of it; `userId` is who holds the enrolment, or did last. */
export async function walkEnrolmentHistory(
  reads: Reads,
  companyKey: number,
  { userId, enrolmentId }: { userId: string; enrolmentId: string },
): Promise<Change[]> {
  const found: Change[] = [];
  const holders = new Set([userId]);
  // A set is walked on to what is added on the way.
  for (const holder of holders)
    for (let after: number | null = 0; after !== null; ) {
      const from: number = after;
      const stretch = await reads.run(({ rows }) => selectStretchOf(companyKey, holder, enrolmentId, from, rows));
      found.push(...stretch.found);
      for (const { type, data } of stretch.found)
        if (type === "enrolment.reassigned" && typeof data.oldUserId === "string") holders.add(data.oldUserId);
      after = stretch.edge;
    }
  return found.sort((left, right) => left.seq - right.seq);
}

function selectStretchOf(companyKey: number, userId: string, enrolmentId: string, after: number, rows: number) {
  const near = sql`SELECT seq FROM changes ${BY_USER} WHERE company_key = ${companyKey} AND user_id = ${userId}
    AND seq > ${after} ORDER BY seq LIMIT ${rows}`;
  return together({
    found: selectChanges(sql`FROM (${near}) n CROSS JOIN changes c ON c.company_key = ${companyKey} AND c.seq = n.seq
      WHERE c.subject_kind = 'enrolment' AND c.subject_id = ${enrolmentId} ORDER BY c.seq`),
    edge: selectEdge(near, rows),
  });
}

function selectEdge(near: Sql, rows: number): Read<number | null> {
  const read = selectFirst(
    sql`SELECT CASE count(*) WHEN ${rows} THEN max(seq) END AS edge FROM (${near})`,
    (row) => row as { edge: number | null }, // the column of the statement
  );
  return { ...read, decode: (results) => read.decode(results)?.edge ?? null };
}
