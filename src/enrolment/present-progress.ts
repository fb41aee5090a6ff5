import type { ProgressStatus, Reenrol } from "../directory/enrolment-column-values.ts";
import { isoTime } from "../platform/clock.ts";
import type { AutoEnrolment } from "./plan-enrolments.ts";

/** How far an enrolment is, as its row has it; times in milliseconds. */
export interface StoredProgress {
  progressStatus: ProgressStatus | null;
  score: number | null;
  completedAt: number | null;
  dueAt: number | null;
}

/** The same as answers and the feed tell it. */
export interface PresentedProgress {
  status: ProgressStatus;
  score: number | null;
  completedAt: string | null;
  dueAt: string | null;
}

/** How far an enrolment is; null of one that nothing was reported of and that has no end. */
export function presentProgress(enrolment: StoredProgress): PresentedProgress | null {
  const { progressStatus, score, completedAt, dueAt } = enrolment;
  if (progressStatus === null && dueAt === null) return null;
  return {
    status: progressStatus ?? "assigned",
    score,
    completedAt: isoTime(completedAt),
    dueAt: isoTime(dueAt),
  };
}

/** On which terms a target group enrols its members in an item, as answers and the feed tell it: only those that are set. */
export function presentTerms({ dueInDays, reenrol }: Pick<AutoEnrolment, "dueInDays" | "reenrol">): {
  dueInDays?: number;
  reenrol?: Reenrol;
} {
  return {
    ...(dueInDays !== null && dueInDays !== undefined && { dueInDays }),
    ...(reenrol !== null && reenrol !== undefined && { reenrol }),
  };
}
