import { retry } from "./retry.ts";

const patients = new WeakMap<D1Database, D1Database>();

/**
 * A D1 that asks again when what only reads meets a passing fault. What writes is asked once: whoever sends it knows
 * whether it may be repeated. The same database gives the same patient one.
 */
export function patientD1(d1: D1Database): D1Database {
  const known = patients.get(d1);
  if (known !== undefined) return known;
  const made = {
    prepare: (sql: string) => new PatientStatement(d1.prepare(sql), isRead(sql)),
    batch: (statements: PatientStatement[]) => {
      const real = statements.map((statement) => statement.real);
      return statements.every((statement) => statement.isRead) ? retry(() => d1.batch(real)) : d1.batch(real);
    },
    // What the product and its query builder call.
  } as unknown as D1Database;
  patients.set(d1, made);
  return made;
}

/** A statement on its way to D1; a batch hands the real one on. */
class PatientStatement {
  readonly real: D1PreparedStatement;
  readonly isRead: boolean;

  constructor(real: D1PreparedStatement, isOnlyRead: boolean) {
    this.real = real;
    this.isRead = isOnlyRead;
  }

  bind(...values: unknown[]): PatientStatement {
    return new PatientStatement(this.real.bind(...values), this.isRead);
  }

  first(column?: string): Promise<unknown> {
    return this.#ask(() => (column === undefined ? this.real.first() : this.real.first(column)));
  }

  all(): Promise<D1Result> {
    return this.#ask(() => this.real.all());
  }

  run(): Promise<D1Result> {
    return this.#ask(() => this.real.run());
  }

  raw(): Promise<unknown[]> {
    return this.#ask(() => this.real.raw());
  }

  #ask<T>(work: () => Promise<T>): Promise<T> {
    return this.isRead ? retry(work) : work();
  }
}

/** Statements that begin so only read, unless a WITH is that of a write, whose verb follows a parenthesis. */
function isRead(sql: string): boolean {
  if (/^\s*WITH\b/i.test(sql)) return !/\)\s*(?:INSERT|UPDATE|DELETE|REPLACE)\b/i.test(sql);
  return /^\s*(?:SELECT|EXPLAIN)\b/i.test(sql);
}
