import { assertWithinLimits } from "./d1-limits.ts";

/*
 * Where the line is. Drizzle (`Database.orm`) has the plain queries about who comes in (companies by their names, links and
 * sessions of the console, live tokens, keys and secrets), each sent by itself. All others are written by hand with this tag, since
 * most of them share a trip or a commit, join, count or work on sets: values stand where they are used, and rows are understood
 * by the columns of the room's `tables.ts` (`columns.ts`). What a commit writes of the directory, the feed and the log, row by
 * row, is made of the names of a table and its columns (`unit/row-statements.ts`); a row of the configuration is one INSERT by
 * hand. Numbered parameters are left in one statement, `unit/presume-names-are-free.ts`: its long list is looked through twice
 * and is sent once.
 */

/** What D1 takes as a bound parameter here. */
export type SqlValue = string | number | null;

/** A piece of SQL with its bound parameters, in the order of their question marks. */
export interface Sql {
  sql: string;
  params: SqlValue[];
}

/** Builds SQL: an interpolated piece is spliced in, any other value is bound. Nothing a client sent can become SQL text. */
export function sql(strings: TemplateStringsArray, ...values: (Sql | SqlValue)[]): Sql {
  const params: SqlValue[] = [];
  let text = strings[0] ?? "";
  values.forEach((value, index) => {
    if (value !== null && typeof value === "object") {
      text += value.sql;
      params.push(...value.params);
    } else {
      text += "?";
      params.push(value);
    }
    text += strings[index + 1] ?? "";
  });
  return { sql: text, params };
}

/** SQL text of our own, without parameters: names of tables and columns. */
export function rawSql(text: string): Sql {
  return { sql: text, params: [] };
}

/** A whole number of our own as it stands in the text: SQLite plans by a limit that it sees, not by one that is bound. */
export function literal(number: number): Sql {
  return rawSql(String(number));
}

/** Pieces with a constant separator between them. */
export function joinSql(pieces: readonly Sql[], separator: string): Sql {
  return { sql: pieces.map((piece) => piece.sql).join(separator), params: pieces.flatMap((piece) => piece.params) };
}

/** Values in a list, each of them bound. */
export function bindEach(values: readonly SqlValue[]): Sql {
  return joinSql(
    values.map((value) => sql`${value}`),
    ", ",
  );
}

/** The rows of several SELECTs: D1 refuses more than six terms in one compound SELECT, so longer unions are nested. */
export function unionOf(selects: readonly Sql[], operator = " UNION "): Sql {
  const first = joinSql(selects.slice(0, 5), operator);
  if (selects.length <= 5) return first;
  return sql`SELECT * FROM (${first})${rawSql(operator)}SELECT * FROM (${unionOf(selects.slice(5), operator)})`;
}

/** Conditions joined as a balanced tree: D1 allows expressions 100 deep, and a chain is as deep as it is long. */
export function balance(pieces: readonly Sql[], operator: "AND" | "OR"): Sql {
  const [first, ...rest] = pieces;
  if (first === undefined) return rawSql(operator === "AND" ? "TRUE" : "FALSE");
  if (rest.length === 0) return first;
  const middle = Math.ceil(pieces.length / 2);
  const left = balance(pieces.slice(0, middle), operator);
  const right = balance(pieces.slice(middle), operator);
  return sql`(${left} ${rawSql(operator)} ${right})`;
}

/** How many parameters a piece needs when equal values share one. */
export function countParameters(piece: Sql): number {
  return new Set(piece.params).size;
}

/** A prepared statement with its parameters bound; equal values share one numbered parameter. Throws where its text has a `?` in quotes. */
export function prepare(d1: D1Database, piece: Sql): D1PreparedStatement {
  const numbers = new Map<SqlValue, number>();
  let index = 0;
  const text = piece.sql.replaceAll("?", () => {
    const value = piece.params[index++] ?? null;
    if (!numbers.has(value)) numbers.set(value, numbers.size + 1);
    return `?${numbers.get(value)}`;
  });
  if (index !== piece.params.length)
    throw new Error(`${index} question marks for ${piece.params.length} values: ${text}`);
  assertWithinLimits(text, [...numbers.keys()]);
  return d1.prepare(text).bind(...numbers.keys());
}
