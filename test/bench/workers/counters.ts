/** What a Worker asked of the platform since the last reset. */
export interface Counters {
  /** Round trips to D1 of requests, and of Durable Objects. */
  requestTrips: number;
  objectTrips: number;
  statements: number;
  rowsRead: number;
  rowsWritten: number;
  kvReads: number;
  objectCalls: number;
}

/** No calls at all. */
export function noCounts(): Counters {
  return { requestTrips: 0, objectTrips: 0, statements: 0, rowsRead: 0, rowsWritten: 0, kvReads: 0, objectCalls: 0 };
}

type Trip = "requestTrips" | "objectTrips";

/** A D1 that adds every round trip, statement and row to the counters. */
export function countD1(d1: D1Database, counters: Counters, trip: Trip): D1Database {
  const note = <R extends D1Result>(result: R): R => {
    counters.statements += 1;
    counters.rowsRead += result.meta.rows_read;
    counters.rowsWritten += result.meta.rows_written;
    return result;
  };
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values));
        if (name === INNER) return target;
        if (name === "first")
          return async (column?: string) => {
            counters[trip] += 1;
            const { results } = note(await target.all<Record<string, unknown>>());
            const row = results[0] ?? null;
            return column === undefined || row === null ? row : row[column];
          };
        if (name === "all" || name === "run")
          return async () => {
            counters[trip] += 1;
            return note(await target[name]());
          };
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  return new Proxy(d1, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => wrap(target.prepare(sql));
      if (name === "batch")
        return async (statements: D1PreparedStatement[]) => {
          counters[trip] += 1;
          const results = await target.batch(statements.map(unwrap));
          return results.map(note);
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const INNER = Symbol("the statement inside");

function unwrap(statement: D1PreparedStatement): D1PreparedStatement {
  // A wrapped statement gives the one inside under the symbol; any other gives nothing.
  return (Reflect.get(statement, INNER) as D1PreparedStatement | undefined) ?? statement;
}

/** A KV namespace whose reads are counted. */
export function countKv(kv: KVNamespace, counters: Counters): KVNamespace {
  return new Proxy(kv, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (name === "get" || name === "getWithMetadata") counters.kvReads += 1;
        return value.apply(target, args);
      };
    },
  });
}

/** A Durable Object namespace whose objects' calls are counted. */
export function countObjects(namespace: DurableObjectNamespace, counters: Counters): DurableObjectNamespace {
  return new Proxy(namespace, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (name === "get")
        return (id: DurableObjectId) =>
          new Proxy(target.get(id), {
            get(stub, method) {
              const call: unknown = Reflect.get(stub, method);
              if (typeof call !== "function") return call;
              return (...args: unknown[]) => {
                counters.objectCalls += 1;
                return Reflect.apply(call, stub, args);
              };
            },
          });
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
