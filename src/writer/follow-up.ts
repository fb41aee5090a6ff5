import type { AutoEnrolment } from "../enrolment/plan-enrolments.ts";
import type { StoredProgress } from "../enrolment/present-progress.ts";
import type { ReasonKind } from "../grouping/target-group.ts";
import type { RefusalCode } from "../scim/refusal-causes.ts";
import type { FollowUp } from "../unit/company-config.ts";

/** The next step of a follow-up; only the writer itself asks for it. */
export interface FollowUpOperation {
  kind: "followUp";
  followUp: FollowUp;
  /** What the step is about, looked up just before it runs. */
  step: FollowUpStep;
}

/** Something that was carried out in the hour before a hold opened; of somebody set inactive without a target group (0). */
export interface AppliedLoss {
  ref: string;
  targetGroupKey: number;
  kind: ReasonKind | "leaver";
  sourceKey: number;
  detail: string;
}

/** An item that a target group enrols in again, and how far its members' enrolments were that were withdrawn when it stopped. */
interface RestoredItem extends Pick<AutoEnrolment, "kind" | "itemId"> {
  /** When the undo was asked for (ms). */
  undoneAt: number | null;
  progress: ({ ref: string } & CarriedProgress)[];
}

/** What an enrolment that is taken up again keeps of the one that was withdrawn. */
export type CarriedProgress = StoredProgress & { isOverdue: boolean };

/** The users or groups of one step, and where the next one begins; null after the last. */
export interface FollowUpStep {
  refs: string[];
  nextAfter: number | null;
  /** Whom the work leaves out so far, to try them again once it has rested. */
  leftOut: string[];
  /** Why somebody is left out by this step, or, of one that only puts the work to rest, why it cannot go on. */
  refusal?: RefusalCode;
  /** The work is to rest where it stands: nothing of it is done. */
  rests?: true;
  /** What an undo is about. */
  losses?: AppliedLoss[];
  /** What an undo of a stopped item takes up again. */
  restored?: RestoredItem;
  /** Rows that the tables still hold of a company that is being erased. */
  counts?: number[];
}
