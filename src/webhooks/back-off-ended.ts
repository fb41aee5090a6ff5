import { sql } from "../platform/sql.ts";

/** What an UPDATE sets in the row of a webhook whose back-off is over. */
export const BACK_OFF_ENDED = sql`failed_attempts = 0, first_failed_at = NULL, failure_code = NULL, failure = NULL, next_attempt_at = NULL`;
