import { judgeEnd } from "../settings/credential-end.ts";
import { invalidInput } from "./problem.ts";

/** The end of a new credential (ms) of what a request says, null for none said; 400 for one that it cannot have. */
export function requireEnd(
  kind: Parameters<typeof judgeEnd>[0],
  expiresAt: string | null | undefined,
  now: number,
): number | null {
  if (expiresAt === null || expiresAt === undefined) return null;
  const end = Date.parse(expiresAt);
  const fault = judgeEnd(kind, end, now);
  if (fault !== null) throw invalidInput([{ pointer: "/expiresAt", detail: `Give a time ${fault}.` }]);
  return end;
}
