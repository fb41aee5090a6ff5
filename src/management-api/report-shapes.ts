import * as z from "zod";
import { PROGRESS_STATUSES } from "../directory/enrolment-column-values.ts";
import { itemKind } from "./answer-shapes.ts";

const counted = "Null where they are not counted by it";

/** Enrolments by what they have in common. */
export const enrolmentReportShape = z.object({
  items: z.array(
    z.object({
      kind: itemKind.nullable().describe(counted),
      itemId: z.string().nullable().describe(counted),
      name: z.string().nullable().describe("The item's, as the youngest of them has it"),
      status: z.enum(["active", "withdrawn"]).nullable().describe(counted),
      progress: z
        .enum(PROGRESS_STATUSES)
        .optional()
        .describe("`assigned` while nothing was reported; only where they are counted by it"),
      enrolments: z.int(),
    }),
  ),
});

/** What happened to people, day by day. */
export const peopleReportShape = z.object({
  items: z.array(
    z.object({
      day: z.iso.date().describe("In UTC; days without any change are here too"),
      created: z.int(),
      deactivated: z.int(),
      reactivated: z.int(),
      deleted: z.int(),
    }),
  ),
});
