import * as z from "zod";
import { itemKind } from "./answer-shapes.ts";

/** An item, and how many persons would be enrolled in it and withdrawn from it. */
export const enrolmentChangeShape = z.object({
  kind: itemKind,
  itemId: z.string(),
  name: z.string(),
  starts: z.int(),
  ends: z.int(),
});

/** Which enrolments would start and end. */
export const itemsPreviewShape = z.object({ enrolments: z.array(enrolmentChangeShape) });

const COUNTS = { joins: z.int(), leaves: z.int(), groups: z.object({ new: z.int(), emptied: z.int() }) };

/** What the deletion of a setting would do. */
export const deletionPreviewShape = z.object({
  people: z.int().describe("How many would be removed"),
  waiting: z.int().describe("How many wait in holds: they are not removed before they are decided"),
  ...COUNTS,
  enrolments: z.array(enrolmentChangeShape),
});

/** Who would join and leave what. */
export const previewShape = z.object({
  ...COUNTS,
  enrolments: z
    .array(enrolmentChangeShape)
    .nullable()
    .describe("Null where they cannot be told: persons would be known by another e-mail"),
  changes: z.array(
    z.object({
      userId: z.string(),
      userName: z.string(),
      groupName: z.string(),
      action: z.enum(["join", "leave"]),
    }),
  ),
  nextCursor: z.string().nullable(),
});
