import { assertWithinLimits } from "./d1-limits.ts";
import type { Database } from "./database.ts";
import { prepare, type Sql, type SqlValue } from "./sql.ts";

/** Statements and how to understand their rows, so that parts of a read share one round trip to D1. */
export interface Read<T> {
  statements: Sql[];
  /** How much room it takes in a shared trip: 1 for what gives a row, more for a page. What may take long has none. */
  weight?: number;
  /** Takes the rows of `statements`, in their order. */
  decode(results: unknown[][]): T;
}

/** What a read gives. */
type Given<Part> = Part extends Read<infer Value> ? Value : never;

/** Reads the rows of one statement; `toRow` understands what it selects. */
export function selectAll<Row>(statement: Sql, toRow: (selected: unknown) => Row): Read<Row[]> {
  return { statements: [statement], decode: ([rows = []]) => rows.map(toRow) };
}

/** Reads the one row of a statement, or the first, or null. */
export function selectFirst<Row>(statement: Sql, toRow: (selected: unknown) => Row): Read<Row | null> {
  return { statements: [statement], decode: ([rows = []]) => (rows.length === 0 ? null : toRow(rows[0])) };
}

/** Reads the rows of a statement as they are; `Row` names the columns that it selects. */
export function selectRows<Row>(statement: Sql): Read<Row[]> {
  return { statements: [statement], decode: ([rows]) => rowsOf<Row>(rows) };
}

/** Reads the only column of a statement's rows; `Value` says what it holds. */
export function selectValues<Value extends SqlValue>(statement: Sql): Read<Value[]> {
  return selectAll(statement, onlyColumn<Value>);
}

/** Reads the only column of a statement's one row, or of the first; null where there is none, too. */
export function selectValue<Value extends SqlValue>(statement: Sql): Read<Value | null> {
  return selectFirst(statement, onlyColumn<Value>);
}

function onlyColumn<Value extends SqlValue>(row: unknown): Value {
  // D1 cannot know what a statement selects: the caller wrote it.
  return Object.values(row as Record<string, Value>)[0] as Value;
}

/** Several reads as one, by name: what they tell is of one moment. */
export function together<Parts extends Record<string, Read<unknown>>>(
  parts: Parts,
): Read<{ [Name in keyof Parts]: Given<Parts[Name]> }> {
  return {
    statements: Object.values(parts).flatMap(({ statements }) => statements),
    decode: (results) => {
      let next = 0;
      const values = Object.entries(parts).map(([name, { statements, decode }]) => {
        const own = results.slice(next, next + statements.length);
        next += statements.length;
        return [name, decode(own)];
      });
      // Each value is what the read of its name gives.
      return Object.fromEntries(values) as { [Name in keyof Parts]: Given<Parts[Name]> };
    },
  };
}

/** Reads nothing. */
export const NOTHING: Read<null> = { statements: [], weight: 1, decode: () => null };

/** Runs a read in one D1 batch of its own. */
export async function runRead<T>({ d1 }: Pick<Database, "d1">, { statements, decode }: Read<T>): Promise<T> {
  return decode(rowsOfEach(await sendBatch(d1, statements)));
}

/** Runs a read in one D1 batch of its own; gives too how long its statements took the database (ms, by D1's own measure). */
export async function runTimed<T>(
  { d1 }: Database,
  { statements, decode }: Read<T>,
): Promise<{ value: T; duration: number }> {
  const answers = await sendBatch(d1, statements);
  return { value: decode(rowsOfEach(answers)), duration: timeOf(answers) };
}

/** How long the statements of a batch took the database (ms, by D1's own measure). */
export function timeOf(answers: readonly D1Result[]): number {
  return answers.reduce((sum, { meta }) => sum + meta.duration, 0);
}

/** The rows of each statement of a batch. */
export function rowsOfEach(answers: readonly Answer[]): Answer["results"][] {
  return answers.map(({ results }) => results);
}

/** The rows of a statement; `Row` names the columns that the statement itself selects. */
export function rowsOf<Row>(rows: unknown[] | undefined): Row[] {
  // D1 cannot know a statement's columns: the caller wrote them.
  return (rows ?? []) as Row[];
}

/** What D1 answers to a statement: its rows, and in `meta` how many it changed and how long it took. */
type Answer = D1Result<Record<string, SqlValue>>;

/** Sends statements of the tag in one D1 batch: all of them or none. */
export function sendBatch(d1: D1Database, statements: readonly Sql[]): Promise<Answer[]> {
  return sendPrepared(
    d1,
    statements.map((statement) => prepare(d1, statement)),
  );
}

/** The same with statements that go as they are written: numbered parameters, and `?` in quotes, stay what they are. */
export function sendAsWritten(d1: D1Database, statements: readonly Sql[]): Promise<Answer[]> {
  for (const { sql, params } of statements) assertWithinLimits(sql, params);
  return sendPrepared(
    d1,
    statements.map(({ sql, params }) => d1.prepare(sql).bind(...params)),
  );
}

/** The same with statements that are ready: what is written by hand goes to D1 here, and nowhere else. */
export function sendPrepared(d1: D1Database, statements: D1PreparedStatement[]): Promise<Answer[]> {
  return d1.batch<Record<string, SqlValue>>(statements);
}
