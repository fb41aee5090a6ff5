import type { Handler } from "hono";
import type { RouterRoute } from "hono/types";
import type { ApiEnv } from "./api-env.ts";
import { Problem } from "./problem.ts";

/** Where the management API is mounted. */
export const API_BASE = "/api/v1";

/** Answers what no route took: 405 with Allow where the path exists for other methods, 404 where it does not. */
export function refuseUnrouted(routes: readonly RouterRoute[]): Handler<ApiEnv> {
  const known = listRoutes(routes).map(({ method, path }) => ({ method, form: formOf(path) }));
  return (c) => {
    const path = c.req.path.replace(API_BASE, "").replace(/\/$/, "");
    const methods = new Set(known.filter(({ form }) => form.test(path)).map(({ method }) => method));
    if (methods.size === 0)
      throw new Problem("no_such_address", `There is nothing at ${c.req.path}: see ${API_BASE}/openapi.json.`);
    if (methods.has("GET")) methods.add("HEAD");
    const allow = [...methods].join(", ");
    throw new Problem("method_not_allowed", `${c.req.method} is not possible here: use ${allow}.`, {
      headers: { Allow: allow },
    });
  };
}

/** The routes of a Hono app without its middleware, once each, with paths as in OpenAPI: `/companies/{companyId}`. */
export function listRoutes(routes: readonly RouterRoute[]): { method: string; path: string }[] {
  const named = routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
  return [...new Set(named)].map((route) => {
    const [method = "", path = ""] = route.split(" ");
    return { method, path };
  });
}

/** What the paths of a route look like that is written as in OpenAPI. */
export function formOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`);
}
