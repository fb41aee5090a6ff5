import * as z from "zod";
import { QUOTA_NAMES } from "../companies/quotas.ts";
import { FIELD_TYPES } from "../settings/fields.ts";
import { time } from "./answer-shapes.ts";

/** A company. */
export const companyShape = z.object({
  id: z.string(),
  name: z.string(),
  externalId: z.string().nullable(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  createdAt: time,
});

/** What a company may have of something, and how much of it is used; sizes are judged for each request, so none is used up. */
export const quotaShape = z.object({
  name: z.string().meta({ examples: QUOTA_NAMES }),
  limit: z.int(),
  usual: z.int().describe("What companies have for which nothing else was set"),
  used: z.int().nullable(),
  state: z.enum(["free", "near", "reached"]).describe("`near` from 80 % on"),
});

/** A company with the work that its changes left and that was refused. */
export const companyInFullShape = companyShape.extend({
  heldUpWork: z
    .array(
      z.object({
        kind: z.string(),
        code: z.string().describe("Why it was refused, as the code of a problem"),
        leftOut: z
          .int()
          .nullable()
          .describe("People or groups that it has not come to; null: it could not go on at all"),
        decidedAt: time,
      }),
    )
    .describe("What earlier changes left to be done in steps and was refused; it is tried again every ten minutes"),
});

/** A standard or custom field. */
export const fieldShape = z.object({
  key: z.string(),
  label: z.string(),
  type: z.enum(FIELD_TYPES),
  standard: z.boolean(),
  path: z.string().nullable(),
});

/** A one-time sign-in link to a company's console. */
export const consoleLinkShape = z.object({
  url: z.url().optional().describe("Left out of the answer to a repeated request"),
  expiresAt: time,
});
