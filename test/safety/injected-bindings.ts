import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { app } from "../../src/app.ts";
import type { Env } from "../../src/platform/env.ts";
import { aroundD1 } from "../tools/around-d1.ts";

/** The whole app on bindings of a test's own, where it does not take the real ones. */
export async function fetchWith(
  bindings: Partial<Env>,
  method: string,
  path: string,
  sent: { token?: string; body?: unknown; form?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const { token, body, form, headers = {} } = sent;
  const context = createExecutionContext();
  const request = new Request(`https://rollcall.test${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      ...headers,
    },
    body: form ?? (body === undefined ? undefined : JSON.stringify(body)),
  });
  return app.fetch(request, { ...env, ...bindings }, context);
}

/** A KV that shows what `kept` says instead of what is stored: null for a key it does not show (yet). */
export function staleKv(kept: (key: string) => unknown): { kv: KVNamespace; reads: () => number } {
  let reads = 0;
  const kv = {
    get: async (key: string) => {
      reads += 1;
      return kept(key);
    },
    put: (key: string, value: string) => env.TOKENS.put(key, value),
    delete: (key: string) => env.TOKENS.delete(key),
  };
  // Only what the doors call.
  return { kv: kv as unknown as KVNamespace, reads: () => reads };
}

/** What D1 says when somebody else holds its file. */
export const LOCKED = "D1_ERROR: database is locked: SQLITE_BUSY";

/** A D1 that fails once at each call it has not had before: before it does it, or after. */
export function failingOnce(
  when: "before" | "after",
  message = LOCKED,
  real = env.DB,
): { d1: D1Database; faults: () => number } {
  const known = new Set<string>();
  const d1 = aroundD1(real, async (sql, work) => {
    const isFirst = !known.has(sql);
    known.add(sql);
    if (isFirst && when === "before") throw new Error(message);
    const result = await work();
    if (isFirst) throw new Error(message);
    return result;
  });
  return { d1, faults: () => known.size };
}

/** The real D1, counting every statement that is prepared. */
export function countedD1(): { d1: D1Database; statements: () => number } {
  let statements = 0;
  const d1 = new Proxy(env.DB, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        if (name === "prepare") statements += 1;
        return member.apply(target, args);
      };
    },
  });
  return { d1, statements: () => statements };
}
