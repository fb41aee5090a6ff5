import * as z from "zod";
import { PROGRESS_STATUSES } from "../directory/enrolment-column-values.ts";

/** The most reports that one request takes. */
export const MOST_REPORTS = 1_000;

/** What a score goes up to, from 0 on. */
const BEST = 100;

/** How far the clock of the training platform may be ahead (ms). */
const SKEW = 5 * 60_000;

const moment = z.iso
  .datetime({ offset: true, abort: true, error: "Give a time such as 2026-11-02T08:30:00Z." })
  .refine((text) => Date.parse(text) >= 0, "Give a time after 1970.")
  .transform((text) => Date.parse(text));

const report = {
  status: z.enum(PROGRESS_STATUSES),
  score: z
    .number()
    .min(0)
    .max(BEST)
    .nullable()
    .optional()
    .describe("From 0 to 100; one that is left out is taken away, as null does"),
  completedAt: moment
    .refine((at) => at <= Date.now() + SKEW, "Give a time that is at most five minutes in the future.")
    .nullable()
    .optional()
    .describe(
      "Of what is completed alone, and at most five minutes in the future; now, or what it was, where it is left out",
    ),
  dueAt: moment.nullable().optional().describe("Moves the end; null takes it away, and left out it stays as it is"),
};

function isOfCompleted({ status, completedAt }: { status: string; completedAt?: number | null }): boolean {
  return status === "completed" || completedAt === undefined || completedAt === null;
}

const NOT_COMPLETED = { path: ["completedAt"], error: "Only what is `completed` has such a time." };

/** What became of one enrolment. */
export const progressInput = z.strictObject(report).refine(isOfCompleted, NOT_COMPLETED);

/** The same of one of many. */
export const reportInput = z
  .strictObject({ enrolmentId: z.string().min(1).max(200), ...report })
  .refine(isOfCompleted, NOT_COMPLETED);

/** What became of many, as it is documented. */
export const reportsInput = z.strictObject({ items: z.array(reportInput).min(1).max(MOST_REPORTS) });

/** The same as it is read: each is judged by itself. */
export const sentReports = z.strictObject({ items: z.array(z.unknown()).min(1).max(MOST_REPORTS) });
