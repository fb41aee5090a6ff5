import { createMiddleware } from "hono/factory";
import { findCompany } from "../companies/company-store.ts";
import { openDatabase } from "../platform/database.ts";
import { isId } from "../platform/uuid.ts";
import type { ApiEnv } from "./api-env.ts";
import { notFound } from "./problem.ts";

/** Puts the company of the path and its database into the context; 404 when there is none. */
export const requireCompany = createMiddleware<ApiEnv, "/companies/:companyId">(async (c, next) => {
  const id = c.req.param("companyId");
  const company = isId(id) ? await findCompany(c.env, id) : null;
  if (company === null) throw notFound("no_such_company", id);
  c.set("company", company);
  c.set("database", openDatabase(c.env, company));
  await next();
});
