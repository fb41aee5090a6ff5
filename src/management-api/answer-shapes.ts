import { z } from "zod";
import { CHANGE_TYPES } from "../changes/change.ts";
import { QUOTA_NAMES } from "../companies/quotas.ts";
import { NOTE_KINDS } from "../scim/note.ts";
import { PUT_WITHOUT_MEMBERS } from "../settings/dialect.ts";
import { FIELD_TYPES } from "../settings/fields.ts";
import { SAFEGUARD_KINDS } from "../settings/safeguards.ts";
import { PROVIDERS } from "../settings/setting.ts";
import { safeguardsInput } from "../settings/setting-input.ts";

const time = z.iso.datetime();
const itemKind = z.enum(["training", "phishing"]);

/** A company. */
export const companyShape = z.object({
  id: z.string(),
  name: z.string(),
  externalId: z.string().nullable(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  createdAt: time,
});

/** What a company may have of something, and how much of it is used; sizes are judged for each request, so none is used up. */
export const quotaShape = z.object({
  name: z.string().meta({ examples: QUOTA_NAMES }),
  limit: z.int(),
  usual: z.int().describe("What companies have for which nothing else was set"),
  used: z.int().nullable(),
  state: z.enum(["free", "near", "reached"]).describe("`near` from 80 % on"),
});

/** A company with the work that its changes left and that was refused. */
export const companyInFullShape = companyShape.extend({
  heldUpWork: z
    .array(
      z.object({
        kind: z.string(),
        code: z.string().describe("Why it was refused, as the code of a problem"),
        leftOut: z
          .int()
          .nullable()
          .describe("People or groups that it has not come to; null: it could not go on at all"),
        decidedAt: time,
      }),
    )
    .describe("What earlier changes left to be done in steps and was refused; it is tried again every ten minutes"),
});

/** A standard or custom field. */
export const fieldShape = z.object({
  key: z.string(),
  label: z.string(),
  type: z.enum(FIELD_TYPES),
  standard: z.boolean(),
  path: z.string().nullable(),
});

/** A token without its secret. */
export const tokenShape = z.object({
  id: z.string(),
  lastFour: z.string(),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
});

/** A token in the one answer that carries its secret. */
export const newTokenShape = tokenShape.extend({
  secret: z.string().optional().describe("Left out of the answer to a repeated request"),
});

/** A SCIM setting; `fieldMappings` are those in force, defaults included. */
export const settingShape = z.object({
  id: z.string(),
  name: z.string(),
  provider: z.enum(PROVIDERS),
  status: z.enum(["active", "paused"]),
  tenantUrl: z.url(),
  fieldMappings: z.array(z.object({ field: z.string(), path: z.string() })),
  groupSettings: z.object({
    targetGroupId: z.string().nullable(),
    targetGroupName: z.string().nullable(),
    targetGroupScope: z.enum(["everyone", "ungrouped"]),
    criteria: z.enum(["none", "field", "idp"]),
    field: z.string().nullable(),
  }),
  safeguards: safeguardsInput.required(),
  expected: z.object({ people: z.int(), until: time }).nullable(),
  dialect: z.object({ putWithoutMembers: z.enum(PUT_WITHOUT_MEMBERS), showPagination: z.boolean() }),
  users: z.object({ active: z.int(), inactive: z.int() }),
  groups: z.int(),
  firstRequestAt: time.nullable(),
  firstUserAt: time.nullable(),
  firstGroupAt: time.nullable(),
  lastRequestAt: time.nullable(),
  createdAt: time,
});

/** A SCIM setting in the one answer that carries its first secret. */
export const newSettingShape = settingShape.extend({ token: newTokenShape });

/** An item, and how many persons would be enrolled in it and withdrawn from it. */
const enrolmentChangeShape = z.object({
  kind: z.enum(["training", "phishing"]),
  itemId: z.string(),
  name: z.string(),
  starts: z.int(),
  ends: z.int(),
});

/** Which enrolments would start and end. */
export const itemsPreviewShape = z.object({ enrolments: z.array(enrolmentChangeShape) });

/** Who would join and leave what. */
export const previewShape = z.object({
  joins: z.int(),
  leaves: z.int(),
  groups: z.object({ new: z.int(), emptied: z.int() }),
  enrolments: z
    .array(enrolmentChangeShape)
    .nullable()
    .describe("Null where they cannot be told: persons would be known by another e-mail"),
  changes: z.array(
    z.object({
      userId: z.string(),
      userName: z.string(),
      groupName: z.string(),
      action: z.enum(["join", "leave"]),
    }),
  ),
  nextCursor: z.string().nullable(),
});

/** Why a person is in a target group. */
const reasonShape = z.object({
  kind: z.enum(["manual", "everyone", "ungrouped", "field", "idp"]),
  settingId: z.string().nullable(),
  detail: z.string(),
  requestId: z.string().nullable(),
  heldBy: z.string().nullable().describe("The hold by which it stays though its rule gives it no more"),
});

/** Effects that wait for a decision. */
export const holdShape = z.object({
  id: z.string(),
  settingId: z.string(),
  kind: z.enum(SAFEGUARD_KINDS),
  status: z.enum(["open", "closed"]),
  version: z.int().describe("Goes with a decision, which is about what was recorded up to it"),
  people: z.int().describe("Those who wait now"),
  outcome: z.object({ released: z.int(), kept: z.int(), dissolved: z.int() }),
  causes: z.array(z.object({ detail: z.string(), requestIds: z.array(z.string()), people: z.int() })),
  openedAt: time,
  closedAt: time.nullable(),
  decidedAt: time.nullable(),
  decidedBy: z.object({ kind: z.enum(["operator", "console", "api", "system"]) }).nullable(),
});

/** What would be taken from one person, or was kept. */
export const effectShape = z.object({
  userId: z.string(),
  userName: z.string(),
  state: z.enum(["waiting", "kept"]),
  version: z.int(),
  action: z.enum(["deactivate", "delete", "leaveGroups"]),
  groups: z.array(z.object({ id: z.string(), name: z.string(), requestId: z.string().nullable() })),
  enrolments: z.array(z.object({ kind: itemKind, itemId: z.string(), name: z.string() })),
});

/** What was carried out of one person in the hour before a hold opened. */
export const appliedShape = z.object({
  userId: z.string().nullable().describe("Null for somebody who was deleted and erased, which cannot be undone"),
  userName: z.string().nullable(),
  group: z.object({ id: z.string(), name: z.string() }).nullable().describe("Null: set inactive, or deleted"),
  lostAt: time,
  undoneAt: time.nullable(),
  canBeUndone: z.boolean(),
});

/** A person's enrolment in a training or phishing simulation. */
export const enrolmentShape = z.object({
  id: z.string(),
  userId: z.string(),
  kind: itemKind,
  itemId: z.string(),
  name: z.string(),
  status: z.enum(["active", "withdrawn"]),
  startedAt: time,
  withdrawnAt: time.nullable(),
  groupIds: z.array(z.string()),
  requestId: z.string().nullable(),
});

/** A target user as lists show it; one that no live SCIM setting manages has no `settingId`. */
export const targetUserShape = z.object({
  id: z.string(),
  userName: z.string(),
  externalId: z.string().nullable(),
  displayName: z.string().nullable(),
  status: z.enum(["active", "inactive"]),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  managed: z.boolean(),
  heldBy: z.string().nullable().describe("The hold by which it stays active, or stays at all"),
  settingId: z.string().nullable(),
  beingRemoved: z
    .boolean()
    .describe(
      "The SCIM setting was deleted with its users: this one goes in the steps under way, each told of by user.deleted, and cannot be changed any more",
    ),
  createdAt: time,
  updatedAt: time,
});

/** A target user with groups, enrolments and why. */
export const targetUserInFullShape = targetUserShape.extend({
  groups: z.array(z.object({ id: z.string(), name: z.string(), reasons: z.array(reasonShape) })),
  enrolments: z.array(enrolmentShape),
});

/** An enrolment, the target groups that hold it up with their reasons, and the changes that began and ended it. */
export const enrolmentInFullShape = enrolmentShape.extend({
  why: z.array(z.object({ id: z.string(), name: z.string(), reasons: z.array(reasonShape) })),
  history: z.array(z.lazy(() => changeShape)),
});

/** A target group. */
export const targetGroupShape = z.object({
  id: z.string(),
  name: z.string(),
  source: z.enum(["manual", "everyone", "field", "idp"]),
  memberCount: z.int(),
  createdAt: time,
});

/** A member of a target group and why it is one. */
export const memberShape = z.object({
  userId: z.string(),
  userName: z.string(),
  status: z.enum(["active", "inactive"]),
  reasons: z.array(reasonShape),
});

/** An item a target group enrols its members in. */
export const autoEnrolmentShape = z.object({ kind: itemKind, id: z.string(), name: z.string() });

/** What whoever keeps a mirror has to know of `data`, type by type where it is not plain from its members. */
const DATA = [
  "`user.created` and `user.updated` (`changed`: old and new value by name) carry all that GET shows of a target user.",
  "`enrolment.reassigned`: from `oldUserId` to `userId`, another user of the same person.",
  "`auto_enrolments.changed`: all `items` of the group; open enrolments of these items have the names given here from now on.",
  "`erased: true`: the user was deleted since, and what it was called is left out.",
].join(" ");

/** An entry of the change feed. */
export const changeShape = z.object({
  id: z.string(),
  cursor: z.string(),
  type: z.string().meta({ examples: [...CHANGE_TYPES] }),
  schemaVersion: z.literal(1),
  time,
  companyId: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }),
  data: z.record(z.string(), z.unknown()).describe(DATA),
  cause: z.record(z.string(), z.unknown()),
});

/** A stretch of the feed; `readTo` is the cursor up to which it was looked through, whatever the types asked for. */
export const feedShape = z.object({
  items: z.array(changeShape),
  nextCursor: z.string().nullable(),
  readTo: z.string(),
});

/** Where a feed ends. */
export const headShape = z.object({ cursor: z.string() });

/** What was accepted of a request but deserves a word. */
export const noteShape = z.object({
  kind: z.string().describe(`What it is, one of: ${Object.keys(NOTE_KINDS).join(", ")}. More may follow.`),
  path: z.string().nullable().describe("The attribute it is about, as it was sent"),
  value: z.string().nullable().describe("What was sent there, cut; null once the person is erased"),
});

/** A SCIM request in the provisioning log. */
export const logEntryShape = z.object({
  id: z.string(),
  settingId: z.string(),
  time,
  method: z.string(),
  path: z.string(),
  resourceType: z.string().nullable(),
  resourceId: z.string().nullable(),
  label: z.string().nullable(),
  outcome: z.enum(["success", "failure"]),
  status: z.int(),
  code: z.string().nullable(),
  scimType: z.string().nullable(),
  detail: z.string().nullable(),
  durationMs: z.number(),
  notes: z.array(noteShape),
});

/** A SCIM request with its redacted bodies, as JSON texts. */
export const logEntryInFullShape = logEntryShape.extend({
  requestBody: z.string().nullable(),
  responseBody: z.string().nullable(),
});

/** A one-time sign-in link to a company's console. */
export const consoleLinkShape = z.object({
  url: z.url().optional().describe("Left out of the answer to a repeated request"),
  expiresAt: time,
});

/** A refusal (RFC 9457). */
export const problemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z
    .string()
    .describe("Why, as a word: a client decides by it, and takes one that it does not know for the status."),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});

/** The shape of one page of a list. */
export function pageShape<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Everything that is held on one person. */
export const personExportShape = z.object({
  exportedAt: time,
  company: z.object({ id: z.string(), name: z.string() }),
  user: targetUserInFullShape,
  scimUser: z.record(z.string(), z.unknown()),
  scimGroups: z.array(z.object({ id: z.string(), displayName: z.string() })),
  formerNames: z.array(z.string()),
  changes: z.array(changeShape),
  requests: z.array(logEntryInFullShape),
});
