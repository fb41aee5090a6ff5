/** How far somebody is with what they are enrolled in, as the training platform reports it. */
export const PROGRESS_STATUSES = ["assigned", "inProgress", "completed", "failed"] as const;
export type ProgressStatus = (typeof PROGRESS_STATUSES)[number];

/** Whether somebody who completed an item and comes back to a target group that enrols in it is enrolled again. */
export type Reenrol = "always" | "never" | { afterDays: number };

/** The longest that somebody may have for an item, and have completed it before they are enrolled again (days). */
export const MOST_DAYS = 3_650;

/** An enrolment `e` that is withdrawn when nothing gives it any more, as a piece of SQL: what is completed stays. */
export const OPEN_ENROLMENT = "e.status = 'active' AND (e.progress_status IS NULL OR e.progress_status <> 'completed')";
