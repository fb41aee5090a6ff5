import * as z from "zod";
import { MOST_DAYS } from "../directory/enrolment-column-values.ts";
import { itemKind, time } from "./answer-shapes.ts";

/** Why a person is in a target group. */
export const reasonShape = z.object({
  kind: z.enum(["manual", "everyone", "ungrouped", "field", "idp"]),
  settingId: z.string().nullable(),
  detail: z.string(),
  requestId: z.string().nullable(),
  heldBy: z.string().nullable().describe("The hold by which it stays though its rule gives it no more"),
});

/** A target group. */
export const targetGroupShape = z.object({
  id: z.string(),
  name: z.string(),
  source: z.enum(["manual", "everyone", "field", "idp"]),
  memberCount: z.int(),
  createdAt: time,
});

/** A member of a target group and why it is one. */
export const memberShape = z.object({
  userId: z.string(),
  userName: z.string(),
  status: z.enum(["active", "inactive"]),
  reasons: z.array(reasonShape),
});

/** On which terms a target group enrols its members in an item; what is left out is not set. */
export const terms = {
  dueInDays: z
    .int()
    .min(1)
    .max(MOST_DAYS)
    .optional()
    .describe(
      "By when: so many days after the enrolment started, where this is set at that moment; the shortest of all groups that give it",
    ),
  reenrol: z
    .union([z.enum(["always", "never"]), z.strictObject({ afterDays: z.int().min(1).max(MOST_DAYS) })])
    .optional()
    .describe(
      "Whether somebody who completed the item and comes back is enrolled again: never where it is left out; `afterDays`: if it was completed so many days before",
    ),
};

/** An item a target group enrols its members in. */
export const autoEnrolmentShape = z.object({ kind: itemKind, id: z.string(), name: z.string(), ...terms });

/** A training or phishing simulation that there is to choose. */
export const catalogueItemShape = z.object({ kind: itemKind, id: z.string(), name: z.string() });
