/** What there is in each part of the API. */
export const TAGS: Record<string, string> = {
  Companies:
    "A company is a tenant: its people, settings and groups are seen by no other. Its quotas, and the way into its console.",
  Fields: "What is kept of people: the standard fields, and those that the company defines for itself.",
  "SCIM settings":
    "A SCIM setting connects one identity provider: it says how fields are mapped and how people are grouped.",
  Tokens:
    "Bearer tokens with which an identity provider comes in. Several can live at once, so that one can replace another.",
  OAuth:
    "The other credentials of a SCIM setting: OAuth clients with their secrets, and trust in what another issuer signs.",
  People: "Target users: what the platform sees of the people that came through SCIM settings.",
  Holds: "What is large and harmful waits in a hold until somebody decides about it.",
  Alerts: "What wants an admin, opened and closed by facts, and who is told of it by which ways.",
  "Target groups": "Target groups and their members, each with the reasons for it.",
  Enrolment: "What target groups enrol their members in, and who is enrolled in what, and why.",
  History: "The change feed with the place where to begin, and the requests that came in by SCIM.",
  Reports: "What a dashboard needs, counted from what is kept.",
  Webhooks: "The same changes as the feed has, sent to you in its order, signed as Standard Webhooks says.",
  Description: "This description, and what the codes of problems mean.",
};

/** What is named in paths. */
export const PATH_PARAMETERS: Record<string, string> = {
  companyId: "The company's id",
  settingId: "The SCIM setting's id",
  tokenId: "The token's id",
  clientId: "The OAuth client's id",
  secretId: "The id of a client's secret",
  trustId: "The trust's id",
  userId: "The target user's id, which is its SCIM id",
  groupId: "The target group's id",
  enrolmentId: "The enrolment's id",
  fieldKey: "The field's key",
  holdId: "The hold's id",
  webhookId: "The webhook's id",
  deliveryId: "The delivery's id, which is that of its change",
  requestId: "The X-Request-Id of the request",
  alertId: "The alert's id",
  channelId: "The id of where messages go, as its list shows it",
  code: "The code of a problem",
};

/** What queries have, where the route does not say it of its own. */
export const QUERY_PARAMETERS: Record<string, string> = {
  after: "The cursor of the change after which to go on; without it the feed begins at the oldest change kept",
  limit: "How many items to answer at most",
  wait: "How long to wait for a change where there is none yet (seconds)",
  userId: "Only those of this target user",
  groupId: "Only those that this target group gives",
  itemId: "Only those in this training or phishing simulation",
  kind: "Only those of this kind",
  status: "Only those of this status",
  search: "Only people whose user name has this text in it",
  filter:
    "A SCIM filter on the SCIM user (RFC 7644 section 3.4.2.2), such as `active eq true`: by the names of SCIM, not by those of the answer",
  managed: "`true`: only people whom a live SCIM setting keeps up to date; `false`: only those whom none does",
  outcome: "Only requests that came to this",
  method: "Only requests of this method",
  resourceId: "Only requests about this SCIM resource",
  user: "Only requests about people whom this text names",
  from: "Only from this time on",
  to: "Only before this time",
  preview: "`true`: nothing is changed, and the answer says how many enrolments would start and end",
  holds: "`leave`: do it although people wait in a hold; they stay as they are",
};

/** The header that every POST takes. */
export const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "Any text that you choose for this request alone, such as a UUID. Sent again within a day, with the same key and body, it is not done again: the answer shows what the first one made, as it is now, without a secret. Another body under the same key is 422, the same request at the same time 409.",
  schema: { type: "string", minLength: 1, maxLength: 255 },
  example: "3f6c1f0e-2b9d-4a57-9f38-6f1d6f0b7c11",
};

/** What there is to know of the whole API. */
export const ABOUT = `Companies, SCIM settings, target users, target groups, enrolments, the change feed and webhooks.

Send the operator key as \`Authorization: Bearer <OPERATOR_KEY>\`. Bodies are JSON, members are camelCase, times are ISO 8601 in UTC. Lists take \`limit\` and \`cursor\` and answer \`items\` with \`nextCursor\`, null on the last page; a cursor belongs to its list and its filter. Unknown members and parameters are refused with 400.

Refusals are problem details (RFC 9457): decide by \`code\`, which never changes its meaning, and take one that you do not know for the status. \`type\` is an address that explains it.

Answers and changes may get more members, and members that are texts of a list may get more words, without notice; none is taken away or renamed under \`/api/v1\`, and under the same \`schemaVersion\` of changes.`;
