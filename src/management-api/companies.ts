import { type Context, Hono } from "hono";
import type * as z from "zod";
import { announceCompany } from "../changes/announce-company.ts";
import type { Company } from "../companies/company.ts";
import { createCompany, findCompany, isRegistered, listCompanies } from "../companies/company-store.ts";
import { copyCompany } from "../companies/copy-to-registry.ts";
import { isoTime } from "../platform/clock.ts";
import { readKey } from "../platform/list-position.ts";
import { runRead } from "../platform/read-batch.ts";
import { newId } from "../platform/uuid.ts";
import { forgetTokens } from "../settings/token-routing.ts";
import { listLiveTokenIds } from "../settings/token-store.ts";
import { type HeldUpWork, selectHeldUpWork } from "../writer/retry-refused-follow-ups.ts";
import type { ApiEnv } from "./api-env.ts";
import { type CompanyInput, companyChange, companyInput, companyQuery } from "./company-input.ts";
import type { companyInFullShape, companyShape } from "./company-shapes.ts";
import { idsOfMade, keptBeside } from "./idempotency.ts";
import { readPaging } from "./pagination.ts";
import { perform } from "./perform-or-problem.ts";
import { notFound } from "./problem.ts";
import { readBody, readQuery } from "./validate-input.ts";

/** The routes of companies; those of one company expect it in the context. */
export function companyRoutes() {
  return new Hono<ApiEnv>()
    .get("/", readQuery(companyQuery), async (c) => {
      const query = c.req.valid("query");
      const paging = readPaging(c, query, readKey);
      const companies = await listCompanies(c.env, paging, query);
      return c.json(paging.answer(companies, (company) => company.key, presentCompany));
    })
    .post("/", readBody(companyInput), async (c) =>
      c.json(presentCompany(await makeCompany(c, c.req.valid("json"))), 201),
    )
    .get("/:companyId", async (c) => {
      const { company, database } = c.var;
      return c.json(presentInFull(company, await runRead(database, selectHeldUpWork(company.key))));
    })
    .patch("/:companyId", readBody(companyChange), async (c) => {
      await perform(c, { kind: "changeCompany", ...c.req.valid("json") });
      await copyCompany(c.env, c.var.database, c.var.company);
      return c.json(presentCompany(await requireCompanyOf(c, c.var.company.id)));
    })
    .delete("/:companyId", async (c) => {
      const tokenIds = await listLiveTokenIds(c.var.database, c.var.company.key);
      await perform(c, { kind: "deleteCompany" });
      await copyCompany(c.env, c.var.database, c.var.company);
      await forgetTokens(c.env, tokenIds);
      return c.body(null, 204);
    });
}

/** Makes the company that a body asks for, or gives the one that the same request made before. */
async function makeCompany(c: Context<ApiEnv>, input: CompanyInput): Promise<Company> {
  const now = Date.now();
  const { id } = idsOfMade(c, { id: newId(now) });
  const { name, ...more } = input;
  const { requestId } = c.var;
  if (c.var.replay !== null) {
    const found = await findCompany(c.env, id);
    if (found !== null) return found;
    // Of one that lives elsewhere the second row may be missing still.
    if (!(await isRegistered(c.env, id))) throw notFound("no_such_company", id);
  }
  const inDirectory = announceCompany({ id, name, externalId: more.externalId, requestId }, now);
  return createCompany(c.env, name, now, { id, ...more, inDirectory, inRegistry: keptBeside(c) });
}

async function requireCompanyOf(c: Context<ApiEnv>, id: string): Promise<Company> {
  const company = await findCompany(c.env, id);
  if (company === null) throw notFound("no_such_company", id);
  return company;
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
  const { id, name, externalId, metadata } = company;
  return { id, name, externalId, metadata, createdAt: isoTime(company.createdAt) };
}
