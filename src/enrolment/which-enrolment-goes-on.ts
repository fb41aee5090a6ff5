import { isOpen, type PresentEnrolment } from "./plan-enrolments.ts";

/**
 * Which of two enrolments in one item gives way, where two persons turn out to be one: of two that are alike the one that began
 * later, since row keys grow; else the one that is still open, since what is completed is not done again.
 */
export function whichGivesWay<Present extends PresentEnrolment & { key: number }>(
  one: Present,
  other: Present,
): Present {
  if (isOpen(one) !== isOpen(other)) return isOpen(one) ? one : other;
  return one.key < other.key ? other : one;
}
