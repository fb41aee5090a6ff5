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

/** A D1 that adds the batches it carried out to a list, in their order; what is not a batch goes by. */
export function recordBatches(d1: D1Database, batches: SentBatch[]): D1Database {
  const sent = new WeakMap<D1PreparedStatement, [text: number, values: unknown[]]>();
  const prepare = (sql: string): D1PreparedStatement => {
    const statement = d1.prepare(sql);
    const bind = statement.bind.bind(statement);
    sent.set(statement, [numberOf(sql), []]);
    statement.bind = (...values) => {
      const bound = bind(...values);
      sent.set(bound, [numberOf(sql), values]);
      return bound;
    };
    return statement;
  };
  const batch = async <T>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> => {
    const results = await d1.batch<T>(statements);
    batches.push({
      statements: statements.map((statement) => sent.get(statement) ?? [-1, []]),
      rowsWritten: results.reduce((sum, { meta }) => sum + meta.rows_written, 0),
    });
    return results;
  };
  return { prepare, batch } as D1Database; // what the writer uses of it
}
