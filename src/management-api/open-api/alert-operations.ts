import { alertShape, channelShape, channelTestShape, plannedWorkShape } from "../alert-shapes.ts";
import { alertQuery, channelsInput, plannedWorkInput } from "../alerts.ts";
import { pageShape } from "../answer-shapes.ts";
import { COMPANY_PATH, tagged } from "./described-operation.ts";

const ALERT = `${COMPANY_PATH}/alerts/{alertId}`;
const CHANNELS = `${COMPANY_PATH}/alert-channels`;
const CHANNEL = `${CHANNELS}/{channelId}`;

/** The routes of alerts, and of how people are told of them. */
export const ALERT_OPERATIONS = tagged("Alerts", [
  {
    route: `GET ${COMPANY_PATH}/alerts`,
    summary: "List what wants an admin, the newest first",
    description: "Alerts are opened and closed by facts. Each opening and closing is in the feed too.",
    query: alertQuery,
    answer: pageShape(alertShape),
  },
  {
    route: `POST ${ALERT}/dismiss`,
    summary: "Put an alert aside: it is told no more, and stays so until what it is about is over",
    description: "409 `alert_closed` for one that is over.",
    answer: alertShape,
  },
  { route: `GET ${CHANNELS}`, summary: "Where messages about alerts go", answer: pageShape(channelShape) },
  {
    route: `PUT ${CHANNELS}`,
    summary: "Say where messages about alerts go: the whole list",
    description:
      'Those that are there already stay as they are. A chat is an https address that takes `{"text": …}`; a new e-mail address gets a link first, and no message before somebody confirmed it there. 409 `link_sent`, and nothing changed, where as many links were sent there of late as may be.',
    body: channelsInput,
    answer: pageShape(channelShape),
  },
  { route: `POST ${CHANNEL}/test`, summary: "Send a test message now", answer: channelTestShape },
  {
    route: `POST ${COMPANY_PATH}/planned-work`,
    summary: "Announce work until a time: no message is sent until then; null ends it",
    description:
      "Alerts open and close as ever, and the brake works. What is still open when the work is over is told then. `until` is within the next 31 days.",
    body: plannedWorkInput,
    answer: plannedWorkShape,
  },
]);
