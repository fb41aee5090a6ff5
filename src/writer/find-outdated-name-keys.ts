import { foldKey } from "../directory/fold-key.ts";
import { lostNameOf } from "../directory/name-lost-by-folding.ts";
import { runRead, selectRows } from "../platform/read-batch.ts";
import { type Sql, sql } from "../platform/sql.ts";
import { compareCodePoints } from "../scim/compare-code-points.ts";
import type { FoundRows } from "./renewal.ts";

/** Entries of an index that one look goes through. */
const WINDOW = 20_000;
/** Rows that one commit renews. */
const AT_ONCE = 200;

/** Where keys stand, in the order of an index that begins with the owner (its column); and the place after which to look for some. */
interface KeyPlace {
  table: Sql;
  rowKey: Sql;
  column: Sql;
  owner: Sql;
  /** The companies or settings to look in. */
  owners: readonly number[];
  after: string;
}

/** A row whose key is another one by the present rule. */
interface AffectedRow {
  owner: number;
  /** Of its resource or target group. */
  id: string;
  key: number;
  name: string;
}

/** A row of the statement below: one that may be affected, or the last entry of a full window. */
interface LookedUp {
  name: string;
  k: number | null;
  id: string | null;
}

/**
 * Looks for rows whose key is another one by the present rule of folding. Only those with letters beyond ASCII can be: these
 * alone come from the database, which goes through the narrow index.
 */
export async function readAffectedKeys(
  d1: D1Database,
  place: KeyPlace,
  toRow: (row: AffectedRow) => unknown,
): Promise<FoundRows> {
  const owners = place.owners.toSorted((a, b) => a - b);
  // A place is written by this function alone.
  let [owner, name] = place.after === "" ? [owners[0], ""] : (JSON.parse(place.after) as [number, string]);
  while (owner !== undefined) {
    const { rows, end } = await lookUp(d1, place, owner, name);
    const affected = rows.filter((row) => foldKey(row.name) !== row.name && lostNameOf(row.name) === null);
    const taken = affected.slice(0, AT_ONCE);
    const last: string | undefined = taken.length < affected.length ? taken.at(-1)?.name : end;
    const next = owner;
    [owner, name] = last === undefined ? [owners.find((other) => other > next), ""] : [owner, last];
    const after = owner === undefined ? null : JSON.stringify([owner, name]);
    if (taken.length > 0) return { rows: taken.map((row) => JSON.stringify(toRow({ ...row, owner: next }))), after };
  }
  return { rows: [], after: null };
}

async function lookUp(
  d1: D1Database,
  { table, rowKey, column, owner }: KeyPlace,
  ownerKey: number,
  after: string,
): Promise<{ rows: Omit<AffectedRow, "owner">[]; end: string | undefined }> {
  const statement = sql`WITH w AS MATERIALIZED (SELECT ${column} AS name, ${rowKey} AS k FROM ${table}
      WHERE ${owner} = ${ownerKey} AND ${column} > ${after} ORDER BY ${column} LIMIT ${WINDOW})
    SELECT w.name, w.k, t.id FROM w CROSS JOIN ${table} t ON t.${rowKey} = w.k
      WHERE octet_length(w.name) <> length(w.name)
    UNION ALL SELECT max(name), NULL, NULL FROM w HAVING count(*) = ${WINDOW}`;
  const found = await runRead({ d1 }, selectRows<LookedUp>(statement));
  const rows = found.flatMap(({ name, k, id }) => (k === null || id === null ? [] : [{ name, key: k, id }]));
  return {
    rows: rows.sort((a, b) => compareCodePoints(a.name, b.name)),
    end: found.find(({ k }) => k === null)?.name,
  };
}
