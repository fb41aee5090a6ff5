import { fieldInput } from "../settings/field-input.ts";
import { settingChange, settingInput } from "../settings/setting-input.ts";
import { tokenInput } from "../settings/token-input.ts";
import * as shape from "./answer-shapes.ts";
import { autoEnrolmentsInput, itemsQuery } from "./auto-enrolments.ts";
import { changesQuery } from "./changes.ts";
import { CLIENT_OPERATIONS } from "./client-operations.ts";
import { companyChange, companyInput, companyQuery } from "./companies.ts";
import { quotaChange } from "./company-quotas.ts";
import { consoleLinkInput } from "./console-links.ts";
import { type DescribedOperation, tagged } from "./described-operation.ts";
import { enrolmentQuery } from "./enrolments.ts";
import { effectQuery, holdDecisionInput, holdQuery, holdUndoInput } from "./holds.ts";
import { logQuery } from "./log.ts";
import { pageQuery } from "./pagination.ts";
import { deletionInput } from "./scim-settings.ts";
import { groupDeletion, targetGroupInput } from "./target-groups.ts";
import { targetUserChange, targetUserQuery } from "./target-users.ts";
import { WEBHOOK_OPERATIONS } from "./webhook-operations.ts";

const COMPANY = "/companies/{companyId}";
const SETTING = `${COMPANY}/scim-settings/{settingId}`;
const HOLD = `${COMPANY}/holds/{holdId}`;
const UP_TO = "It is about what was recorded up to `version`; what came later goes on waiting.";
const GROUP = `${COMPANY}/target-groups/{groupId}`;

const ofCompanies = tagged("Companies", [
  {
    route: "GET /companies",
    summary: "List the companies",
    query: companyQuery,
    answer: shape.pageShape(shape.companyShape),
  },
  {
    route: "POST /companies",
    summary: "Make a company",
    body: companyInput,
    status: 201,
    answer: shape.companyShape,
  },
  { route: `GET ${COMPANY}`, summary: "One company", answer: shape.companyInFullShape },
  { route: `PATCH ${COMPANY}`, summary: "Change a company", body: companyChange, answer: shape.companyShape },
  { route: `DELETE ${COMPANY}`, summary: "Delete a company with all it has" },
  {
    route: `GET ${COMPANY}/quotas`,
    summary: "What the company may have, and how much of it is used",
    answer: shape.pageShape(shape.quotaShape),
  },
  {
    route: `PATCH ${COMPANY}/quotas`,
    summary: "Set quotas of the company; null gives one back to what all companies have",
    description:
      "What goes beyond a quota is refused with the code `quota`: a size with 413, a number with 403. A company that has more " +
      "than a new quota keeps it: its people and settings go on being updated and removed, and only adding is refused.",
    body: quotaChange,
    answer: shape.pageShape(shape.quotaShape),
  },
  {
    route: `POST ${COMPANY}/console-links`,
    summary: "Make a one-time sign-in link to the company's console",
    body: consoleLinkInput,
    status: 201,
    answer: shape.consoleLinkShape,
  },
]);

const ofFields = tagged("Fields", [
  {
    route: `GET ${COMPANY}/fields`,
    summary: "List the standard and custom fields",
    answer: shape.pageShape(shape.fieldShape),
  },
  {
    route: `POST ${COMPANY}/fields`,
    summary: "Define a custom field",
    body: fieldInput,
    status: 201,
    answer: shape.fieldShape,
  },
  {
    route: `DELETE ${COMPANY}/fields/{fieldKey}`,
    summary: "Delete a custom field, with its mappings and values",
    description:
      "409 `in_use` while a SCIM setting groups by it, or people kept from a deleted setting have a value in it or are in a target group by it; " +
      "the detail says which and how many.",
  },
]);

const ofSettings = tagged("SCIM settings", [
  {
    route: `GET ${COMPANY}/scim-settings`,
    summary: "List the SCIM settings",
    query: pageQuery,
    answer: shape.pageShape(shape.settingShape),
  },
  {
    route: `POST ${COMPANY}/scim-settings`,
    summary: "Make a SCIM setting; the answer carries its first token's secret, and no other does",
    body: settingInput,
    status: 201,
    answer: shape.newSettingShape,
  },
  { route: `GET ${SETTING}`, summary: "One SCIM setting", answer: shape.settingShape },
  {
    route: `PATCH ${SETTING}`,
    summary: "Change a SCIM setting; members given replace the old ones whole",
    description:
      "`dialect` is merged: switches left out stay. Another `provider` changes the set-up guide and nothing else.",
    body: settingChange,
    answer: shape.settingShape,
  },
  {
    route: `DELETE ${SETTING}`,
    summary: "Delete a SCIM setting, keeping its users (the default) or removing them",
    query: deletionInput,
    body: deletionInput,
  },
  { route: `POST ${SETTING}/pause`, summary: "Pause: its tokens answer 403", answer: shape.settingShape },
  { route: `POST ${SETTING}/resume`, summary: "Resume a paused setting", answer: shape.settingShape },
  {
    route: `POST ${SETTING}/preview`,
    summary: "Who would join and leave what, were the change applied",
    query: pageQuery,
    body: settingChange,
    answer: shape.previewShape,
  },
]);

const ofTokens = tagged("Tokens", [
  {
    route: `GET ${SETTING}/tokens`,
    summary: "List a setting's tokens, live and revoked",
    query: pageQuery,
    answer: shape.pageShape(shape.tokenShape),
  },
  {
    route: `POST ${SETTING}/tokens`,
    summary: "Make a further token; only this answer carries its secret",
    body: tokenInput,
    status: 201,
    answer: shape.newTokenShape,
  },
  { route: `DELETE ${SETTING}/tokens/{tokenId}`, summary: "Revoke a token, from the next request on" },
]);

const ofPeople = tagged("People", [
  {
    route: `GET ${COMPANY}/target-users`,
    summary: "List the target users: all, those a SCIM filter matches, those that no live setting manages",
    query: targetUserQuery,
    answer: shape.pageShape(shape.targetUserShape),
  },
  {
    route: `GET ${COMPANY}/target-users/{userId}`,
    summary: "One target user with groups, enrolments and why",
    answer: shape.targetUserInFullShape,
  },
  {
    route: `PATCH ${COMPANY}/target-users/{userId}`,
    summary:
      "Change somebody whom no live SCIM setting manages; for others 409 `managed`, or `being_removed` where they go with their setting",
    description:
      "People stay unmanaged when their SCIM setting is deleted and its users are kept. Fields left out stay as they are, null empties one. " +
      "Their target groups do not follow their fields any more. Made inactive they leave all target groups but those given by hand, and are " +
      "withdrawn from what these enrolled them in; made active again they come back to no other, since the rules that gave them are gone: " +
      "put them back by hand.",
    body: targetUserChange,
    answer: shape.targetUserInFullShape,
  },
  {
    route: `DELETE ${COMPANY}/target-users/{userId}`,
    summary:
      "Remove and erase somebody whom no live SCIM setting manages; for others 409 `managed`, or `being_removed` where they go with their setting",
    description:
      "What hangs on them goes as when the identity provider deletes a user: target groups, enrolments (handed over where another target user " +
      "of the same person is enrolled in the item), and what the feed and the log hold of them. The feed keeps the fact.",
  },
  {
    route: `GET ${COMPANY}/target-users/{userId}/export`,
    summary: "Everything that is held on one person",
    answer: shape.personExportShape,
  },
]);

const ofHolds = tagged("Holds", [
  {
    route: `GET ${COMPANY}/holds`,
    summary: "List what the brake holds, or held",
    query: holdQuery,
    answer: shape.pageShape(shape.holdShape),
  },
  { route: `GET ${HOLD}`, summary: "One hold, with its causes", answer: shape.holdShape },
  {
    route: `GET ${HOLD}/effects`,
    summary: "Who would lose what",
    query: effectQuery,
    answer: shape.pageShape(shape.effectShape),
  },
  {
    route: `GET ${HOLD}/applied`,
    summary: "What was carried out in the hour before the hold opened",
    query: pageQuery,
    answer: shape.pageShape(shape.appliedShape),
  },
  {
    route: `POST ${HOLD}/release`,
    summary: "Carry out what waits, of all people or of those named",
    description: `${UP_TO} What has dissolved since is passed over. 409 \`hold_closed\` when nothing waits any more.`,
    body: holdDecisionInput,
    answer: shape.holdShape,
  },
  {
    route: `POST ${HOLD}/keep`,
    summary: "Keep people as they are, all or those named",
    description:
      `${UP_TO} They stay until the difference itself has gone and come again: active at the identity provider and then inactive, in the group ` +
      "and then out of it. Somebody whose deletion is kept is managed by no setting from then on.",
    body: holdDecisionInput,
    answer: shape.holdShape,
  },
  {
    route: `POST ${HOLD}/undo`,
    summary: "Undo what was carried out in the hour before the hold opened, but for what was erased",
    description: "They stay from then on as if they had been held and kept.",
    body: holdUndoInput,
    answer: shape.holdShape,
  },
  {
    route: `POST ${COMPANY}/target-users/{userId}/erase`,
    summary: "Remove and erase somebody whose deletion waits in a hold; for others 409 `not_held`",
  },
]);

const ofGroups = tagged("Target groups", [
  {
    route: `GET ${COMPANY}/target-groups`,
    summary: "List the target groups by name",
    query: pageQuery,
    answer: shape.pageShape(shape.targetGroupShape),
  },
  {
    route: `POST ${COMPANY}/target-groups`,
    summary: "Make a target group by hand",
    body: targetGroupInput,
    status: 201,
    answer: shape.targetGroupShape,
  },
  { route: `GET ${GROUP}`, summary: "One target group", answer: shape.targetGroupShape },
  {
    route: `PATCH ${GROUP}`,
    summary: "Rename a target group made by hand; for others 409 `managed`",
    description: "409 `in_use` while a SCIM setting feeds it by its name.",
    body: targetGroupInput,
    answer: shape.targetGroupShape,
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
    answer: shape.pageShape(shape.memberShape),
  },
  { route: `PUT ${GROUP}/members/{userId}`, summary: "Add a member by hand" },
  {
    route: `DELETE ${GROUP}/members/{userId}`,
    summary: "Take back a membership given by hand; of people whom no live setting manages, whatever gave it",
  },
]);

const ofEnrolment = tagged("Enrolment", [
  {
    route: `GET ${GROUP}/auto-enrolments`,
    summary: "What a target group enrols its members in",
    answer: shape.pageShape(shape.autoEnrolmentShape),
  },
  {
    route: `PUT ${GROUP}/auto-enrolments`,
    summary: "Replace what a target group enrols its members in",
    description: "With `preview=true` nothing is replaced: the answer has `enrolments`, how many would start and end.",
    query: itemsQuery,
    body: autoEnrolmentsInput,
    answer: shape.pageShape(shape.autoEnrolmentShape).or(shape.itemsPreviewShape),
  },
  {
    route: `GET ${COMPANY}/enrolments`,
    summary: "List enrolments by person, group, item and status",
    query: enrolmentQuery,
    answer: shape.pageShape(shape.enrolmentShape),
  },
  {
    route: `GET ${COMPANY}/enrolments/{enrolmentId}`,
    summary: "One enrolment and why: groups, rules, settings and requests",
    answer: shape.enrolmentInFullShape,
  },
]);

const ofHistory = tagged("History", [
  {
    route: `GET ${COMPANY}/changes`,
    summary: "The change feed in commit order; 410 when the cursor is older than what is kept",
    query: changesQuery,
    answer: shape.feedShape,
  },
  {
    route: `GET ${COMPANY}/changes/head`,
    summary: "The cursor of the newest change: from it on the feed tells what is new",
    answer: shape.headShape,
  },
  {
    route: `GET ${SETTING}/log`,
    summary: "A setting's provisioning log, newest first",
    query: logQuery,
    answer: shape.pageShape(shape.logEntryShape),
  },
  {
    route: `GET ${COMPANY}/log/{requestId}`,
    summary: "One logged request with its redacted bodies",
    answer: shape.logEntryInFullShape,
  },
]);

/** Every route of the management API that needs the operator key. */
export const OPERATIONS: readonly DescribedOperation[] = [
  ...ofCompanies,
  ...ofFields,
  ...ofSettings,
  ...ofTokens,
  ...CLIENT_OPERATIONS,
  ...ofPeople,
  ...ofHolds,
  ...ofGroups,
  ...ofEnrolment,
  ...ofHistory,
  ...WEBHOOK_OPERATIONS,
];
