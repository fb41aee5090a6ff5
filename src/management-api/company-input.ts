import * as z from "zod";
import { givenName } from "../settings/setting-input.ts";
import { pageQuery } from "./pagination.ts";

const externalId = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .nullable()
  .describe("What you call the company yourself; Rollcall keeps it and does not ask that it is unique.");
const metadata = z
  .record(z.string().min(1).max(40), z.union([z.string().max(500), z.number(), z.boolean()]))
  .refine((given) => Object.keys(given).length <= 50, "Give at most 50 members.")
  .describe("What you want kept with the company, by names of your own: up to 50 texts, numbers and booleans.");

/** The body that makes a company. */
export const companyInput = z.strictObject({
  name: givenName,
  externalId: externalId.default(null),
  metadata: metadata.default({}),
});

/** Such a body as read. */
export type CompanyInput = z.output<typeof companyInput>;

/** The body that changes a company: members left out stay as they are, `metadata` is replaced whole. */
export const companyChange = z.strictObject({
  name: givenName.optional(),
  externalId: externalId.optional(),
  metadata: metadata.optional(),
});

/** The query of the list of companies: those called exactly so. */
export const companyQuery = pageQuery.extend({
  externalId: z.string().min(1).max(255).optional().describe("Only those with exactly this `externalId`."),
  name: z.string().min(1).max(1024).optional().describe("Only those with exactly this name."),
});
