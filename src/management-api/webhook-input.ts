import * as z from "zod";
import { CHANGE_TYPES } from "../changes/change.ts";
import { pageQuery } from "./pagination.ts";

const url = z.string().trim().min(1).max(2000);
const types = z
  .array(z.enum(CHANGE_TYPES))
  .min(1, "Name at least one type, or give null for all.")
  .transform((given) => [...new Set(given)])
  .nullable();

/** The body that makes a webhook; without `types` it is told of all. */
export const webhookInput = z.strictObject({ url, types: types.default(null) });

/** The body that changes a webhook: members left out stay as they are. */
export const webhookChange = z.strictObject({
  url: url.optional(),
  types: types.optional(),
  enabled: z.boolean().optional(),
});

/** For how long the secret so far goes on signing beside the new one. */
export const rotationInput = z.strictObject({ overlapHours: z.number().min(0).max(168).default(24) });

/** From where a webhook goes on: after its cursor (nothing is left out), from the oldest change kept, or from now. */
export const resumeInput = z.strictObject({ from: z.enum(["cursor", "oldest", "now"]).default("cursor") });

/** The query of a webhook's deliveries. */
export const deliveryQuery = pageQuery.extend({ status: z.enum(["delivered", "retrying", "failed"]).optional() });
