import { Hono } from "hono";
import * as z from "zod";
import type { Company } from "../companies/company.ts";
import { createCompany, findCompany, listCompanies } from "../companies/company-store.ts";
import { isoTime } from "../platform/clock.ts";
import { readKey } from "../platform/list-position.ts";
import { runRead } from "../platform/read-batch.ts";
import { givenName } from "../settings/setting-input.ts";
import { forgetTokens } from "../settings/token-routing.ts";
import { listLiveTokenIds } from "../settings/token-store.ts";
import { type HeldUpWork, selectHeldUpWork } from "../writer/held-up-work.ts";
import type { ApiEnv } from "./api-env.ts";
import type { companyInFullShape, companyShape } from "./company-shapes.ts";
import { pageQuery, readPaging } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { notFound } from "./problem.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** The body that makes or renames a company. */
export const companyInput = z.strictObject({ name: givenName });

/** The routes of companies; those of one company expect it in the context. */
export function companyRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(pageQuery), async (c) => {
      const paging = readPaging(c, c.req.valid("query"), readKey);
      const companies = await listCompanies(c.env, paging);
      return c.json(paging.answer(companies, (company) => company.key, presentCompany));
    })
    .post("/", readBody(companyInput), async (c) => {
      const company = await createCompany(c.env, c.req.valid("json").name, Date.now());
      return c.json(presentCompany(company), 201);
    })
    .get("/:companyId", async (c) => {
      const { company, database } = c.var;
      return c.json(presentInFull(company, await runRead(database, selectHeldUpWork(company.key))));
    })
    .patch("/:companyId", readBody(companyInput), async (c) => {
      await perform(c, { kind: "renameCompany", name: c.req.valid("json").name });
      const company = await findCompany(c.env, c.var.company.id);
      if (company === null) throw notFound("no_such_company", c.var.company.id);
      return c.json(presentCompany(company));
    })
    .delete("/:companyId", async (c) => {
      const tokenIds = await listLiveTokenIds(c.var.database, c.var.company.key);
      await perform(c, { kind: "deleteCompany" });
      await forgetTokens(c.env, tokenIds);
      return c.body(null, 204);
    });
}

function presentInFull(company: Company, heldUp: readonly HeldUpWork[]): z.infer<typeof companyInFullShape> {
  const heldUpWork = heldUp.map(({ kind, refusal, leftOut, decidedAt }) => ({
    kind,
    code: refusal,
    leftOut,
    decidedAt: isoTime(decidedAt),
  }));
  return { ...presentCompany(company), heldUpWork };
}

function presentCompany(company: Company): z.infer<typeof companyShape> {
  return { id: company.id, name: company.name, createdAt: isoTime(company.createdAt) };
}
