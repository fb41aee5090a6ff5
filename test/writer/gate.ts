/** A gate that holds whoever comes until it is opened, and tells when somebody came. */
interface Gate {
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

/** A D1 whose batches are counted, and can be made to fail before or after they ran, or to run only after they failed. */
export class FaultyD1 {
  batches = 0;
  before: ((parameters: string) => Promise<void>) | null = null;
  failBefore: ((parameters: string) => string | null) | null = null;
  failAfter: ((parameters: string) => string | null) | null = null;
  /** Whether a batch is said to be lost and done only when `land` is called. */
  holdsBack: ((parameters: string) => boolean) | null = null;
  readonly d1: D1Database;
  readonly #late: (() => Promise<unknown>)[] = [];

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
        await this.before?.(text);
        if (this.holdsBack?.(text)) {
          this.#late.push(() => d1.batch(statements));
          throw new Error("D1_ERROR: Network connection lost.");
        }
        throwIf(this.failBefore?.(text));
        const results = await d1.batch<T>(statements);
        throwIf(this.failAfter?.(text));
        return results;
      },
    } as D1Database; // only what the writer uses
  }

  /** Does what was held back; what cannot be done any more is rolled back in silence. */
  async land(): Promise<void> {
    for (const batch of this.#late.splice(0)) await batch().catch(() => {});
  }
}

function throwIf(message: string | null | undefined): void {
  if (typeof message === "string") throw new Error(message);
}
