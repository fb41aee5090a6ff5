import type { Reenrol } from "../directory/enrolment-column-values.ts";
import { DAY } from "../platform/clock.ts";

/**
 * Whether somebody who completed an item at `completedAt` (ms) and comes back into groups that give it does it again, as the
 * most willing of these says.
 */
export function isStartedAgain(rules: readonly Reenrol[], completedAt: number, now: number): boolean {
  return rules.some((rule) => {
    if (typeof rule === "string") return rule === "always";
    return completedAt + rule.afterDays * DAY <= now;
  });
}
