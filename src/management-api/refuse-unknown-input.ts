import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "./api-env.ts";
import type { DescribedOperation } from "./open-api/described-operation.ts";
import { OPERATIONS } from "./open-api/open-api-operations.ts";
import { invalidInput } from "./problem.ts";
import { API_BASE, formOf } from "./unrouted.ts";
import { toPointer } from "./validate-input.ts";

const KNOWN = OPERATIONS.map((operation) => {
  const [method = "", path = ""] = operation.route.split(" ");
  return { method, form: formOf(path), operation };
});

/** What the description says of the route that a request is for; undefined where there is none. */
export function findOperation(c: Context<ApiEnv>): DescribedOperation | undefined {
  const path = c.req.path.replace(API_BASE, "").replace(/\/$/, "");
  const method = c.req.method === "HEAD" ? "GET" : c.req.method;
  return KNOWN.find((known) => known.method === method && known.form.test(path))?.operation;
}

/**
 * Refuses with 400 what a query has that its route does not know, and a body where none is taken: a misspelt filter must not
 * list everything, nor what was said be passed over. An empty object says nothing.
 */
export const refuseUnknownInput = createMiddleware<ApiEnv>(async (c, next) => {
  const operation = findOperation(c);
  if (operation === undefined) return next();
  const known = Object.keys(operation.query?.shape ?? {});
  const unknown = Object.keys(c.req.queries()).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw invalidInput(unknown.map((name) => ({ pointer: toPointer([name]), detail: told(known) })));
  const isBare = operation.body !== undefined || /^(?:\{\s*\})?$/.test((await c.req.text()).trim());
  if (!isBare) throw invalidInput([{ pointer: "", detail: "This address takes no body." }]);
  await next();
});

function told(known: readonly string[]): string {
  return known.length === 0
    ? "This address takes no query."
    : `There is no such parameter; there are: ${known.join(", ")}.`;
}
