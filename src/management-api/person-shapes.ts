import * as z from "zod";
import { itemKind, overdueShape, progressShape, time } from "./answer-shapes.ts";
import { changeShape, logEntryInFullShape } from "./history-shapes.ts";
import { reasonShape } from "./target-group-shapes.ts";

/** A person's enrolment in a training or phishing simulation. */
export const enrolmentShape = z.object({
  id: z.string(),
  personId: z
    .string()
    .describe(
      "The `personId` that its target user has now, also after another e-mail; once that user is deleted, one that names nobody",
    ),
  userId: z.string(),
  kind: itemKind,
  itemId: z.string(),
  name: z.string(),
  status: z.enum(["active", "withdrawn"]),
  progress: progressShape
    .nullable()
    .describe(
      "Null while nothing was reported of it and it has no end; what is completed stays so, also when withdrawn",
    ),
  overdue: overdueShape,
  startedAt: time,
  withdrawnAt: time.nullable(),
  groupIds: z.array(z.string()),
  requestId: z.string().nullable(),
});

/** A target user as lists show it; one that no live SCIM setting manages has no `settingId`. */
export const targetUserShape = z.object({
  id: z.string(),
  personId: z
    .string()
    .describe(
      "The same for all target users with one e-mail, whatever its case; says nothing of the e-mail, and changes with it",
    ),
  userName: z.string(),
  externalId: z.string().nullable(),
  displayName: z.string().nullable(),
  status: z.enum(["active", "inactive"]),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  managed: z.boolean(),
  heldBy: z.string().nullable().describe("The hold by which it stays active, or stays at all"),
  settingId: z
    .string()
    .nullable()
    .describe("Null of one that no setting manages: its setting was deleted, or its deletion kept"),
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
  history: z.array(changeShape),
});

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
