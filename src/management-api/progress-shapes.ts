import * as z from "zod";
import { overdueShape, problemShape, progressShape } from "./answer-shapes.ts";
import { enrolmentShape } from "./person-shapes.ts";

const result = z
  .enum(["changed", "unchanged"])
  .describe("`unchanged`: it stood so before, and the feed tells nothing of it");

/** An enrolment after a report, and whether that changed anything. */
export const reportedShape = enrolmentShape.extend({ result });

const problem = problemShape
  .pick({ status: true, code: true, detail: true, errors: true })
  .nullable()
  .describe("Why it was refused; null of one that was not");

/** What came of one report of many. */
export const reportedItemShape = z.object({
  enrolmentId: z.string().nullable().describe("As sent; null where none was"),
  result: z.enum(["changed", "unchanged", "refused"]),
  progress: progressShape.nullable().describe("How it stands; null of one that was refused"),
  overdue: overdueShape,
  problem,
});

/** What came of each report, in their order. */
export const reportsShape = z.object({ items: z.array(reportedItemShape) });
