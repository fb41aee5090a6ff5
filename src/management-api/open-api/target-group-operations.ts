import { pageShape } from "../answer-shapes.ts";
import { autoEnrolmentsInput, itemsQuery } from "../auto-enrolments.ts";
import { catalogueInput } from "../catalogue.ts";
import { enrolmentQuery } from "../enrolments.ts";
import { pageQuery } from "../pagination.ts";
import { enrolmentInFullShape, enrolmentShape } from "../person-shapes.ts";
import { itemsPreviewShape } from "../preview-shapes.ts";
import { MOST_REPORTS, progressInput, reportsInput } from "../progress-input.ts";
import { reportedShape, reportsShape } from "../progress-shapes.ts";
import { autoEnrolmentShape, catalogueItemShape, memberShape, targetGroupShape } from "../target-group-shapes.ts";
import { groupDeletion, targetGroupInput } from "../target-groups.ts";
import { COMPANY_PATH, tagged } from "./described-operation.ts";

const GROUP = `${COMPANY_PATH}/target-groups/{groupId}`;

/** The routes of target groups and their members. */
export const TARGET_GROUP_OPERATIONS = tagged("Target groups", [
  {
    route: `GET ${COMPANY_PATH}/target-groups`,
    summary: "List the target groups by name",
    query: pageQuery,
    answer: pageShape(targetGroupShape),
  },
  {
    route: `POST ${COMPANY_PATH}/target-groups`,
    summary: "Make a target group by hand",
    body: targetGroupInput,
    status: 201,
    answer: targetGroupShape,
  },
  { route: `GET ${GROUP}`, summary: "One target group", answer: targetGroupShape },
  {
    route: `PATCH ${GROUP}`,
    summary: "Rename a target group made by hand; for others 409 `managed`",
    description: "409 `in_use` while a SCIM setting feeds it by its name.",
    body: targetGroupInput,
    answer: targetGroupShape,
  },
  {
    route: `DELETE ${GROUP}`,
    summary: "Remove a target group made by hand; for others 409 `managed`",
    description:
      "409 `in_use` while a SCIM setting feeds it, and, unless `force=true`, while it has members or enrols them in anything; the detail says what and how many.",
    query: groupDeletion,
  },
  {
    route: `GET ${GROUP}/members`,
    summary: "List the members of a target group, and why each is one",
    query: pageQuery,
    answer: pageShape(memberShape),
  },
  { route: `PUT ${GROUP}/members/{userId}`, summary: "Add a member by hand" },
  {
    route: `DELETE ${GROUP}/members/{userId}`,
    summary: "Take back a membership given by hand; of people whom no live setting manages, whatever gave it",
  },
]);

/** The routes of auto-enrolments and enrolments. */
export const ENROLMENT_OPERATIONS = tagged("Enrolment", [
  {
    route: `GET ${GROUP}/auto-enrolments`,
    summary: "What a target group enrols its members in",
    answer: pageShape(autoEnrolmentShape),
  },
  {
    route: `PUT ${GROUP}/auto-enrolments`,
    summary: "Replace what a target group enrols its members in",
    description: "With `preview=true` nothing is replaced: the answer has `enrolments`, how many would start and end.",
    query: itemsQuery,
    body: autoEnrolmentsInput,
    answer: pageShape(autoEnrolmentShape).or(itemsPreviewShape),
  },
  {
    route: `GET ${COMPANY_PATH}/enrolments`,
    summary: "List enrolments by person, group, item and status",
    query: enrolmentQuery,
    answer: pageShape(enrolmentShape),
  },
  {
    route: `GET ${COMPANY_PATH}/enrolments/{enrolmentId}`,
    summary: "One enrolment and why: groups, rules, settings and requests",
    answer: enrolmentInFullShape,
  },
  {
    route: `PUT ${COMPANY_PATH}/enrolments/{enrolmentId}/progress`,
    summary: "Report how far somebody is with what they are enrolled in",
    description:
      "Of a withdrawn enrolment too. It replaces what was reported before, but for `dueAt`, which stays where it is left out. " +
      "What stood so before is `unchanged`, and the feed tells nothing. A completed one can be reported otherwise: it is open " +
      "again, and withdrawn at once where no target group gives it; 409 `newer_enrolment` once the person is enrolled in the item anew.",
    body: progressInput,
    answer: reportedShape,
  },
  {
    route: `POST ${COMPANY_PATH}/enrolments/progress`,
    summary: `Report the same of up to ${MOST_REPORTS} enrolments`,
    description:
      "Each is done or refused by itself, in the order given, and has its own answer at the same place. Repeated with the same Idempotency-Key nothing is done, and the answer shows how they stand.",
    body: reportsInput,
    answer: reportsShape,
  },
  {
    route: `GET ${COMPANY_PATH}/catalogue`,
    summary: "What an admin chooses from in the console when a target group is to enrol its members",
    answer: pageShape(catalogueItemShape),
  },
  {
    route: `PUT ${COMPANY_PATH}/catalogue`,
    summary: "Say what there is to choose from: the whole list, in its order",
    description:
      "An item has one name in a company: a new one goes to every target group that enrols in the item, and to its open enrolments (`auto_enrolments.changed` in the feed). What is left out can be chosen no more and ends for nobody.",
    body: catalogueInput,
    answer: pageShape(catalogueItemShape),
  },
]);
