import { pageShape } from "../answer-shapes.ts";
import { appliedShape, effectShape, holdShape } from "../hold-shapes.ts";
import { effectQuery, holdDecisionInput, holdQuery, holdUndoInput } from "../holds.ts";
import { pageQuery } from "../pagination.ts";
import { COMPANY_PATH, tagged } from "./described-operation.ts";

const HOLD = `${COMPANY_PATH}/holds/{holdId}`;
const UP_TO = "It is about what was recorded up to `version`; what came later goes on waiting.";

/** The routes of what the brake holds. */
export const HOLD_OPERATIONS = tagged("Holds", [
  {
    route: `GET ${COMPANY_PATH}/holds`,
    summary: "List what the brake holds, or held",
    query: holdQuery,
    answer: pageShape(holdShape),
  },
  { route: `GET ${HOLD}`, summary: "One hold, with its causes", answer: holdShape },
  {
    route: `GET ${HOLD}/effects`,
    summary: "Who would lose what",
    query: effectQuery,
    answer: pageShape(effectShape),
  },
  {
    route: `GET ${HOLD}/applied`,
    summary: "What was carried out in the hour before the hold opened",
    query: pageQuery,
    answer: pageShape(appliedShape),
  },
  {
    route: `POST ${HOLD}/release`,
    summary: "Carry out what waits, of all people or of those named",
    description: `${UP_TO} What has dissolved since is passed over. 409 \`hold_closed\` when nothing waits any more, \`not_held\` when nothing waits of those who are meant, \`version_not_shown\` for a version that the hold has not come to.`,
    body: holdDecisionInput,
    answer: holdShape,
  },
  {
    route: `POST ${HOLD}/keep`,
    summary: "Keep people as they are, all or those named",
    description:
      `${UP_TO} They stay until the difference itself has gone and come again: active at the identity provider and then inactive, in the group ` +
      "and then out of it; what is really new, as another value, is followed. Somebody whose deletion is kept is managed by no setting from then on.",
    body: holdDecisionInput,
    answer: holdShape,
  },
  {
    route: `POST ${HOLD}/undo`,
    summary: "Undo what was carried out in the hour before the hold opened, but for what was erased",
    description:
      "While the hold is open and after. They stay from then on as if they had been held and kept. Of whom it cannot be undone, `…/applied` says " +
      "why; 409 `nothing_to_undo` when that is so of all who are meant.",
    body: holdUndoInput,
    answer: holdShape,
  },
  {
    route: `POST ${COMPANY_PATH}/target-users/{userId}/erase`,
    summary: "Remove and erase somebody whose deletion waits in a hold; for others 409 `not_held`",
  },
]);
