import { pageShape } from "./answer-shapes.ts";
import { changesQuery } from "./changes.ts";
import { COMPANY, SETTING, tagged } from "./described-operation.ts";
import { feedShape, logEntryInFullShape, logEntryShape } from "./history-shapes.ts";
import { logQuery } from "./log.ts";

/** The routes of the change feed and the provisioning log. */
export const HISTORY_OPERATIONS = tagged("History", [
  {
    route: `GET ${COMPANY}/changes`,
    summary: "The change feed in commit order; 410 when the cursor is older than what is kept",
    query: changesQuery,
    answer: feedShape,
  },
  {
    route: `GET ${SETTING}/log`,
    summary: "A setting's provisioning log, newest first",
    query: logQuery,
    answer: pageShape(logEntryShape),
  },
  {
    route: `GET ${COMPANY}/log/{requestId}`,
    summary: "One logged request with its redacted bodies",
    answer: logEntryInFullShape,
  },
]);
