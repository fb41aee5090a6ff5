import { bytesOfText } from "./text-bytes.ts";

/** D1 takes no more bound parameters in one statement. */
export const MAX_PARAMETERS = 100;

/** The limits of D1 for one statement, which the local D1 does not all enforce. */
const D1_LIMITS = { parameters: MAX_PARAMETERS, sqlBytes: 100_000, valueBytes: 2_000_000 } as const;

/** Throws RangeError for a statement that D1 would refuse, so that it fails on a laptop as it would in the world. */
export function assertWithinLimits(sql: string, parameters: readonly unknown[]): void {
  if (parameters.length > D1_LIMITS.parameters)
    throw new RangeError(`a statement with ${parameters.length} parameters is more than D1 takes`);
  if (isLonger(sql, D1_LIMITS.sqlBytes)) throw new RangeError("a statement's text is longer than D1 takes");
  for (const value of parameters)
    if (typeof value === "string" && isLonger(value, D1_LIMITS.valueBytes))
      throw new RangeError("a bound value is larger than D1 takes");
}

/** Whether a text takes more bytes than this; only of those that might they are counted. */
function isLonger(text: string, bytes: number): boolean {
  // A UTF-16 unit takes three bytes at most.
  return text.length * 3 > bytes && bytesOfText(text) > bytes;
}
