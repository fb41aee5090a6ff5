import { pageShape } from "../answer-shapes.ts";
import { personExportShape, targetUserInFullShape, targetUserShape } from "../person-shapes.ts";
import { targetUserChange, targetUserQuery } from "../target-users.ts";
import { COMPANY_PATH, tagged } from "./described-operation.ts";

/** The routes of target users. */
export const PERSON_OPERATIONS = tagged("People", [
  {
    route: `GET ${COMPANY_PATH}/target-users`,
    summary: "List the target users: all, those a SCIM filter matches, those that no live setting manages",
    query: targetUserQuery,
    answer: pageShape(targetUserShape),
  },
  {
    route: `GET ${COMPANY_PATH}/target-users/{userId}`,
    summary: "One target user with groups, enrolments and why",
    answer: targetUserInFullShape,
  },
  {
    route: `PATCH ${COMPANY_PATH}/target-users/{userId}`,
    summary:
      "Change somebody whom no live SCIM setting manages; for others 409 `managed`, or `being_removed` where they go with their setting",
    description:
      "People stay unmanaged when their SCIM setting is deleted and its users are kept. Fields left out stay as they are, null empties one. " +
      "Their target groups do not follow their fields any more. Made inactive they leave all target groups but those given by hand, and are " +
      "withdrawn from what these enrolled them in; made active again they come back to no other, since the rules that gave them are gone: " +
      "put them back by hand.",
    body: targetUserChange,
    answer: targetUserInFullShape,
  },
  {
    route: `DELETE ${COMPANY_PATH}/target-users/{userId}`,
    summary:
      "Remove and erase somebody whom no live SCIM setting manages; for others 409 `managed`, or `being_removed` where they go with their setting",
    description:
      "What hangs on them goes as when the identity provider deletes a user: target groups, enrolments (handed over where another target user " +
      "of the same person is enrolled in the item), and what the feed and the log hold of them. The feed keeps the fact.",
  },
  {
    route: `GET ${COMPANY_PATH}/target-users/{userId}/export`,
    summary: "Everything that is held on one person",
    answer: personExportShape,
  },
]);
