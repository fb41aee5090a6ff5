/** A gate that holds whoever comes until it is opened, and tells when somebody came. */
export interface Gate {
  pass(): Promise<void>;
  open(): void;
  reached: Promise<void>;
}

/** Makes a closed gate. */
export function closedGate(): Gate {
  const opened = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  return {
    pass: () => {
      reached.resolve();
      return opened.promise;
    },
    open: opened.resolve,
    reached: reached.promise,
  };
}

/** Waits for nothing. */
export async function noPause(): Promise<void> {}

/** A D1 whose batches are counted, and can be made to fail before or after they ran. */
export class FaultyD1 {
  batches = 0;
  failBefore: ((parameters: string) => string | null) | null = null;
  failAfter: ((parameters: string) => string | null) | null = null;
  readonly d1: D1Database;

  constructor(d1: D1Database) {
    const texts = new WeakMap<D1PreparedStatement, string>();
    this.d1 = {
      prepare: (sql: string) => {
        const statement = d1.prepare(sql);
        const bind = statement.bind.bind(statement);
        statement.bind = (...values: unknown[]) => {
          // D1 itself refuses more; the local one does not.
          if (values.length > 100) throw new Error(`D1_ERROR: too many SQL variables: ${values.length}`);
          const bound = bind(...values);
          texts.set(bound, `${sql} ${JSON.stringify(values)}`);
          return bound;
        };
        return statement;
      },
      batch: async <T>(statements: D1PreparedStatement[]) => {
        this.batches += 1;
        const text = statements.map((statement) => texts.get(statement) ?? "").join("\n");
        throwIf(this.failBefore?.(text));
        const results = await d1.batch<T>(statements);
        throwIf(this.failAfter?.(text));
        return results;
      },
    } as D1Database; // only what the writer uses
  }
}

function throwIf(message: string | null | undefined): void {
  if (typeof message === "string") throw new Error(message);
}
