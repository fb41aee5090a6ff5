import * as z from "zod";
import { MOST_YEARS } from "./credential-end.ts";

/** A new token: lives until revoked unless `expiresAt` is given (ISO 8601; judged by `judgeEnd`). */
export const tokenInput = z.strictObject({
  expiresAt: z.iso
    .datetime({ offset: true })
    .nullish()
    .describe(`In the future, ${MOST_YEARS.token} years ahead at most`),
});
