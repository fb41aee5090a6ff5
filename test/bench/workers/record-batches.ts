/** A batch as it was sent: its statements by the number of their text, with their values, and the rows that D1 wrote for them. */
export interface SentBatch {
  statements: [text: number, values: unknown[]][];
  rowsWritten: number;
}

/** The texts of all statements that were recorded in this isolate; a batch names them by their place. */
export const texts: string[] = [];
const numbers = new Map<string, number>();

function numberOf(sql: string): number {
  const known = numbers.get(sql);
  if (known !== undefined) return known;
  numbers.set(sql, texts.length);
  return texts.push(sql) - 1;
}

/** What is recorded of a statement, and who made it ready. */
interface SentStatement<Maker> {
  sent: [text: number, values: unknown[]];
  maker: Maker;
}

/** A D1 that adds the batches it carried out to a list, in their order; what is not a batch goes by. */
export function recordBatches(d1: D1Database, batches: SentBatch[]): D1Database {
  return observeBatches(
    d1,
    () => null,
    (batch) => batches.push(batch),
  );
}

/** A D1 that gives each batch it carried out to `observe`, with those who made its statements ready: for whom it was. */
export function observeBatches<Maker>(
  d1: D1Database,
  nowAsking: () => Maker,
  observe: (batch: SentBatch, makers: ReadonlySet<Maker>) => void,
): D1Database {
  const known = new WeakMap<D1PreparedStatement, SentStatement<Maker>>();
  const prepare = (sql: string): D1PreparedStatement => {
    const statement = d1.prepare(sql);
    const bind = statement.bind.bind(statement);
    const note = (one: D1PreparedStatement, values: unknown[]) =>
      known.set(one, { sent: [numberOf(sql), values], maker: nowAsking() });
    note(statement, []);
    statement.bind = (...values) => {
      const bound = bind(...values);
      note(bound, values);
      return bound;
    };
    return statement;
  };
  const batch = async <T>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> => {
    const results = await d1.batch<T>(statements);
    const parts = statements.flatMap((statement) => known.get(statement) ?? []);
    const rowsWritten = results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
    observe({ statements: parts.map(({ sent }) => sent), rowsWritten }, new Set(parts.map(({ maker }) => maker)));
    return results;
  };
  return { prepare, batch } as D1Database; // what the product uses of it in batches
}
