import * as z from "zod";
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

/** An item a target group enrols its members in. */
export const autoEnrolmentShape = z.object({ kind: itemKind, id: z.string(), name: z.string() });

/** A training or phishing simulation that there is to choose. */
export const catalogueItemShape = z.object({ kind: itemKind, id: z.string(), name: z.string() });
