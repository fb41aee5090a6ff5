import { pageShape } from "../answer-shapes.ts";
import { changesQuery } from "../changes.ts";
import { feedShape, headShape, logEntryInFullShape, logEntryShape } from "../history-shapes.ts";
import { logQuery } from "../log.ts";
import { snapshotLineShape } from "../snapshot-shapes.ts";
import { COMPANY_PATH, SETTING_PATH, tagged } from "./described-operation.ts";

/** The routes of the change feed and the provisioning log. */
export const HISTORY_OPERATIONS = tagged("History", [
  {
    route: `GET ${COMPANY_PATH}/changes`,
    summary: "The change feed in commit order",
    description:
      "Go on with `after=` the `nextCursor` of a page, or, on the last one, where that is null, its `readTo`. 410 `gone` when changes after the cursor are no longer kept, `epoch_changed` when the database was restored to a moment before it: begin again with the snapshot. 404 `no_such_company` once the company is deleted.",
    query: changesQuery,
    answer: feedShape,
  },
  {
    route: `GET ${COMPANY_PATH}/changes/head`,
    summary: "The cursor of the newest change: from it on the feed tells what is new",
    answer: headShape,
  },
  {
    route: `GET ${COMPANY_PATH}/snapshot`,
    summary: "All there is of the company, and the cursor from which the feed goes on",
    description:
      "Lines of JSON: first the cursor, which is taken before the rest is read, then users, groups, what groups enrol in, members and enrolments, then a line of type `end` with their numbers. Without that last line it broke off. Skip types of lines that you do not know. What it lists may be newer than the cursor: the feed tells some of it again, and since each entry carries values, applying it twice does no harm.",
    answer: snapshotLineShape,
    mediaType: "application/x-ndjson",
  },
  {
    route: `GET ${SETTING_PATH}/log`,
    summary: "A setting's provisioning log, newest first",
    query: logQuery,
    answer: pageShape(logEntryShape),
  },
  {
    route: `GET ${COMPANY_PATH}/log/{requestId}`,
    summary: "One logged request with its redacted bodies",
    answer: logEntryInFullShape,
  },
]);
