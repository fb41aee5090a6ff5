import * as z from "zod";

/** A new token: lives until revoked unless `expiresAt` is given (ISO 8601, in the future; judged by `readExpiry`). */
export const tokenInput = z.strictObject({
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
});

/** The expiry in milliseconds, null for none; undefined when it is not in the future of `now`. */
export function readExpiry(expiresAt: string | null | undefined, now: number): number | null | undefined {
  if (expiresAt === null || expiresAt === undefined) return null;
  const time = Date.parse(expiresAt);
  return time > now ? time : undefined;
}
