import * as z from "zod";
import { announceCompany } from "../changes/announce-company.ts";
import { CompanyThere, createCompany, findCompany } from "../companies/company-store.ts";
import { isId, newId } from "../platform/uuid.ts";
import { givenName } from "../settings/setting-input.ts";
import { showCompanies } from "./companies-page.tsx";
import type { ConsoleContext } from "./console-env.ts";
import { readForm } from "./read-form.ts";
import { notHere, Refused } from "./refused.ts";
import { href } from "./routes.ts";

const companyForm = z.object({ id: z.string().optional(), name: givenName });

/** Has the operator make a company; one form sent twice makes one, since its id is the form's. */
export async function makeCompany(c: ConsoleContext) {
  if (c.var.session.role !== "operator") throw notHere();
  const form = await readForm(c, companyForm);
  if (!form.ok) return showCompanies(c, form.values, form.errors);
  const { name } = form.data;
  const now = Date.now();
  const id = isId(form.data.id ?? "") ? (form.data.id ?? "") : newId(now);
  const home = href("company", { companyId: id }, { done: "company-made" });
  if ((await findCompany(c.env, id)) !== null) return c.redirect(home, 303);
  const inDirectory = announceCompany({ id, name, externalId: null, requestId: c.var.requestId }, now);
  try {
    await createCompany(c.env, name, now, { id, inDirectory });
  } catch (error) {
    if (error instanceof CompanyThere)
      throw new Refused(409, "This form was sent before", "Load the list of companies again and look there.");
    throw error;
  }
  return c.redirect(home, 303);
}
