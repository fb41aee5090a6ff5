import type { ProgressStatus } from "../directory/enrolment-column-values.ts";
import type { PresentedProgress } from "../enrolment/present-progress.ts";
import type { Refusal } from "../scim/scim-error.ts";

/** What the training platform reports of an enrolment; a time left out stays what it was (ms). */
export interface ProgressReport {
  enrolmentId: string;
  status: ProgressStatus;
  score: number | null;
  completedAt?: number;
  dueAt?: number | null;
}

/** What came of a report: how the enrolment stands, and whether that is new, or why it was refused. */
export type ReportOutcome =
  | { enrolmentId: string; isChanged: boolean; progress: PresentedProgress | null; isOverdue: boolean }
  | { enrolmentId: string; refusal: Refusal };
