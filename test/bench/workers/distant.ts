import type { Env } from "../../../src/platform/env.ts";
import worker from "../../../src/worker.ts";
import { DirectoryWriter as Writer } from "../../../src/writer/writer-durable-object.ts";
import { FLOOD_SHIELDS } from "./flood-shields.ts";

export { CompanyShare } from "../../../src/companies/share-durable-object.ts";
export { Messenger } from "../../../src/webhooks/alert-messages/messenger-durable-object.ts";
export { WebhookCourier } from "../../../src/webhooks/courier-durable-object.ts";

/** The product's bindings, and how far away its database seems to be (ms for each trip). */
interface DistantEnv extends Env {
  DISTANCE: string;
}

/** The product's writer on a D1 that is far away. */
export class DirectoryWriter extends Writer {
  constructor(context: DurableObjectState, env: DistantEnv) {
    super(context, { ...env, DB: distantD1(env.DB, Number(env.DISTANCE)) });
  }
}

/** The same for all requests, as the runtime's own are. */
let bindings: Env | undefined;

/** The product on a D1 that is far away, as one of another region is: half the distance is before the query, half after it, and trips overlap. */
export default {
  fetch(request, env, context) {
    bindings ??= { ...env, ...FLOOD_SHIELDS, DB: distantD1(env.DB, Number(env.DISTANCE)) };
    return worker.fetch(request, bindings, context);
  },
} satisfies ExportedHandler<DistantEnv>;

const INNER = Symbol("the statement inside");

function distantD1(d1: D1Database, distance: number): D1Database {
  const far = async <T>(call: () => Promise<T>): Promise<T> => {
    await pause(distance / 2);
    const answer = await call();
    await pause(distance / 2);
    return answer;
  };
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values));
        if (name === INNER) return target;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (...args: unknown[]) => far(() => value.apply(target, args)) : value;
      },
    });
  return new Proxy(d1, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => wrap(target.prepare(sql));
      if (name === "batch")
        return (statements: D1PreparedStatement[]) => far(() => target.batch(statements.map(unwrap)));
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function unwrap(statement: D1PreparedStatement): D1PreparedStatement {
  // A wrapped statement gives the one inside under the symbol; any other gives nothing.
  return (Reflect.get(statement, INNER) as D1PreparedStatement | undefined) ?? statement;
}

function pause(milliseconds: number): Promise<void> {
  return milliseconds === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, milliseconds));
}
