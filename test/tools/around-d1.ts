/** What is done around each call of D1: given the SQL of the call (of a batch, line by line) and the call itself. */
export type Around = <T>(sql: string, work: () => Promise<T>) => Promise<T>;

/** What a prepared statement was made of: a batch has to hand the real ones on. */
const MADE_OF = new WeakMap<object, { real: D1PreparedStatement; sql: string }>();

/** The real statement of one that was prepared by a D1 of `aroundD1`. */
export function realOf(statement: D1PreparedStatement): D1PreparedStatement {
  return MADE_OF.get(statement)?.real ?? statement;
}

/** The SQL of a statement that was prepared by a D1 of `aroundD1`. */
export function sqlOf(statement: D1PreparedStatement | undefined): string {
  return MADE_OF.get(statement ?? {})?.sql ?? "";
}

function wrap(real: D1PreparedStatement, sql: string, around: Around): D1PreparedStatement {
  const wrapped = {
    bind: (...values: unknown[]) => wrap(real.bind(...values), sql, around),
    first: (column?: string) => around(sql, () => (column === undefined ? real.first() : real.first(column))),
    all: () => around(sql, () => real.all()),
    run: () => around(sql, () => real.run()),
    raw: (options?: { columnNames?: false }) => around(sql, () => real.raw(options)),
  } as unknown as D1PreparedStatement; // all of the methods, without their overloads
  MADE_OF.set(wrapped, { real, sql });
  return wrapped;
}

/** A D1 of which every call goes through `around`. */
export function aroundD1(d1: D1Database, around: Around): D1Database {
  const batch = (statements: D1PreparedStatement[]) =>
    around(statements.map(sqlOf).join("\n"), () => d1.batch(statements.map(realOf)));
  // What the product calls.
  return { prepare: (sql: string) => wrap(d1.prepare(sql), sql, around), batch } as unknown as D1Database;
}
