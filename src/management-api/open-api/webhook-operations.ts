import { pageShape } from "../answer-shapes.ts";
import { pageQuery } from "../pagination.ts";
import { deliveryQuery, resumeInput, rotationInput, webhookChange, webhookInput } from "../webhook-input.ts";
import { deliveryShape, newWebhookShape, webhookShape } from "../webhook-shapes.ts";
import { COMPANY_PATH, tagged } from "./described-operation.ts";

const WEBHOOK = `${COMPANY_PATH}/webhooks/{webhookId}`;

/** The routes of webhooks and their deliveries. */
export const WEBHOOK_OPERATIONS = tagged("Webhooks", [
  {
    route: `GET ${COMPANY_PATH}/webhooks`,
    summary: "List the webhooks and how far each is",
    query: pageQuery,
    answer: pageShape(webhookShape),
  },
  {
    route: `POST ${COMPANY_PATH}/webhooks`,
    summary: "Make a webhook for every change from now on; only this answer carries its signing secret",
    body: webhookInput,
    status: 201,
    answer: newWebhookShape,
  },
  { route: `GET ${WEBHOOK}`, summary: "One webhook", answer: webhookShape },
  {
    route: `PATCH ${WEBHOOK}`,
    summary: "Change its URL or types, or switch it off and on; it goes on from its cursor",
    body: webhookChange,
    answer: webhookShape,
  },
  { route: `DELETE ${WEBHOOK}`, summary: "Delete a webhook" },
  {
    route: `POST ${WEBHOOK}/rotate-secret`,
    summary: "Make a new signing secret; the one before signs beside it for overlapHours",
    body: rotationInput,
    answer: newWebhookShape,
  },
  {
    route: `POST ${WEBHOOK}/resume`,
    summary: "Try a failing webhook again at once; 410 when changes it lacks are no longer kept",
    body: resumeInput,
    answer: webhookShape,
  },
  {
    route: `GET ${WEBHOOK}/deliveries`,
    summary: "What came of each change's delivery, newest first",
    query: deliveryQuery,
    answer: pageShape(deliveryShape),
  },
  {
    route: `POST ${WEBHOOK}/deliveries/{deliveryId}/resend`,
    summary: "Send a change once more, under the same webhook-id",
    status: 202,
    answer: deliveryShape,
  },
]);
