import type { ENROLMENT } from "../directory/tables.ts";
import type { LossCounts } from "../holds/count-losses-against-limit.ts";
import type { RowOf } from "../platform/columns.ts";

/** An enrolment as read, or as this commit makes it. */
export type Enrolment = RowOf<typeof ENROLMENT>;

/** What a setting lost within the last hour, and how many active users it had before this commit. */
export interface Brake {
  counts: LossCounts;
  activeUsers: number;
}
