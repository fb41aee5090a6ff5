import * as z from "zod";
import { ALERT_KINDS } from "../alerts/alert.ts";
import { CHANGE_TYPES, type ChangeType } from "../changes/change.ts";
import { SAFEGUARD_KINDS } from "../settings/safeguards.ts";
import { PROVIDERS } from "../settings/setting.ts";
import { itemKind, overdueShape, progressShape, time } from "./answer-shapes.ts";
import { autoEnrolmentShape } from "./target-group-shapes.ts";

const id = z.string();
const name = z.string();
const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const source = z.enum(["manual", "everyone", "field", "idp"]);
const status = z.enum(["active", "inactive"]);
const personId = z.string().optional().describe("Not in changes that Rollcall made before it had `personId`");
const erased = z.literal(true).describe("The user was deleted since: what it was called and known by is left out");

/** Data about a person: whole, or as it is kept once the user was deleted, without what says who it was. */
function ofPerson<Personal extends z.ZodRawShape, Rest extends z.ZodRawShape>(personal: Personal, rest: Rest) {
  return z.union([z.object({ ...rest, ...personal }), z.object({ ...rest, erased })]);
}

const item = { kind: itemKind, itemId: z.string(), name };
const holding = {
  userId: id,
  ...item,
  groups: z.array(z.object({ id, name })).describe("The target groups that give it"),
};
const holder = { personId, email: z.string().nullable(), externalId: z.string().nullable() };
const inGroup = { groupId: id.nullable(), groupName: name.nullable() };
const ofSetting = { settingId: id };
const ofClient = { settingId: id, clientId: z.string() };
const alert = z.object({
  kind: z.enum(ALERT_KINDS),
  settingId: id.nullable(),
  title: z.string(),
  detail: z.string(),
  count: z.int(),
  link: z.string().describe("Its page in the console, from the root of the deployment's address"),
});
const outcome = z.object({ released: z.int(), kept: z.int(), dissolved: z.int() });

/** What a change says beyond its subject, by its type: no type is without, and each entry of the feed fits its own. */
const CHANGE_DATA = {
  "company.created": z.object({ name, externalId: z.string().nullable() }),
  "company.renamed": z.object({ name, oldName: name }),
  "company.deleted": z.object({ name }),
  "user.created": ofPerson(
    {
      userName: z.string(),
      externalId: z.string().nullable(),
      displayName: z.string().nullable(),
      personId,
      fields: z.record(z.string(), value).describe("By the keys of fields; those without a value may be left out"),
    },
    {
      settingId: id,
      status,
      createdAt: time
        .optional()
        .describe("When its SCIM user was made, where that was earlier: its setting was in shadow then"),
    },
  ),
  "user.updated": ofPerson(
    {
      userName: z.string().optional(),
      changed: z
        .record(z.string(), z.object({ old: value, new: value }))
        .describe(
          "By name, what a GET of the target user shows otherwise than before: `userName`, `externalId`, `displayName`, `personId`, `settingId`, and the keys of fields (`fields.` before a key that is one of these names)",
        ),
    },
    {},
  ),
  "user.deactivated": ofPerson({ userName: z.string() }, {}),
  "user.reactivated": ofPerson({ userName: z.string() }, {}),
  "user.deleted": z.object({ erased }),
  "group.created": z.object({ name, source }),
  "group.renamed": z.object({ name, oldName: name, source: source.optional() }),
  "group.deleted": z.object({ name }),
  "member.added": ofPerson({ userName: z.string() }, inGroup),
  "member.removed": ofPerson({ userName: z.string() }, inGroup),
  "enrolment.started": ofPerson(holder, {
    ...holding,
    progress: progressShape.optional().describe("Only of one that has an end"),
  }),
  "enrolment.reassigned": ofPerson(holder, {
    ...holding,
    oldUserId: id.describe("Whose it was: another target user of the same person"),
  }),
  "enrolment.progressed": ofPerson(
    { personId },
    {
      ...{ userId: id, ...item },
      progress: progressShape.nullable(),
      overdue: overdueShape,
    },
  ),
  "enrolment.withdrawn": ofPerson({ personId }, { userId: id, ...item }),
  "auto_enrolments.changed": z.object({
    groupId: id,
    groupName: name,
    items: z
      .array(autoEnrolmentShape)
      .describe(
        "All items of the group, in no order; open enrolments of these items, which are not completed, have the names given here from now on",
      ),
  }),
  "setting.created": z.object({
    name,
    provider: z.enum(PROVIDERS),
    groupSettings: z.object({
      targetGroupId: id.optional(),
      targetGroupName: name.optional(),
      targetGroupScope: z.enum(["everyone", "ungrouped"]).optional(),
      criteria: z.enum(["none", "field", "idp"]),
      field: z.string().optional(),
    }),
    status: z.literal("shadow").optional().describe("Only of one that starts in shadow"),
  }),
  "setting.changed": z.object({
    name,
    changed: z.array(z.string()).describe("Names of members that are others now; `status` when it goes live"),
  }),
  "setting.paused": z.object({ name }),
  "setting.resumed": z.object({ name }),
  "setting.deleted": z.object({
    name,
    users: z
      .enum(["keep", "remove"])
      .describe("`keep`: the `settingId` of its users is null from now on; no `user.updated` says so of each"),
  }),
  "token.created": z.object({ ...ofSetting, lastFour: z.string(), expiresAt: time.nullable() }),
  "token.revoked": z.object(ofSetting),
  "client.created": z.object({ ...ofClient, name }),
  "client.revoked": z.object(ofClient),
  "client_secret.created": z.object({ ...ofClient, lastFour: z.string(), expiresAt: time.nullable() }),
  "client_secret.revoked": z.object(ofClient),
  "trust.created": z.object({ ...ofClient, issuer: z.string(), subject: z.string(), audience: z.string() }),
  "trust.revoked": z.object(ofClient),
  "hold.opened": z.object({ ...ofSetting, kind: z.enum(SAFEGUARD_KINDS) }),
  "hold.closed": z.object({ settingId: id.nullable(), kind: z.enum(SAFEGUARD_KINDS), outcome }),
  "alert.opened": alert,
  "alert.closed": alert,
} satisfies Record<ChangeType, z.ZodType>;

/** What made a change. */
export const changeCauseShape = z.object({
  requestId: z.string().describe("The `X-Request-Id` of the request; `GET …/log/{requestId}` shows one by SCIM"),
  actor: z.enum(["scim", "operator", "admin", "system"]).describe("`operator`: this API. `admin`: the console."),
  settingId: id.nullable().describe("The SCIM setting it came through"),
  provider: z.enum(PROVIDERS).nullable(),
  rule: z
    .enum(["manual", "everyone", "ungrouped", "field", "idp"])
    .nullable()
    .describe("Of a membership and an enrolment: the rule that asked for it"),
});

/** What an entry of the feed is about. */
export const subjectShape = z.object({
  kind: z
    .string()
    .describe(
      "`company`, `user`, `group`, `enrolment`, `setting`, `token`, `client`, `client_secret`, `trust`, `hold` or `alert`",
    ),
  id,
});

/** The members that all entries of the feed have. */
export const changeHead = {
  id: id.describe(
    "Of this change alone, also after a restore of the database: what a webhook sends twice has it twice",
  ),
  cursor: z.string().describe("Its place in the feed: `after` it comes the next one"),
  schemaVersion: z
    .literal(1)
    .describe(
      "Under the same number members and types may be added, and none is taken away or means something else. Skip types that you do not know.",
    ),
  time,
  companyId: id,
  subject: subjectShape,
};

/** The changes of each type as they are documented. */
export const CHANGE_SHAPES = mapTypes((type) =>
  z.object({ type: z.literal(type), ...changeHead, data: CHANGE_DATA[type], cause: changeCauseShape }),
);

function mapTypes<Shape>(shapeOf: (type: ChangeType) => Shape): Record<ChangeType, Shape> {
  // Each type with its shape.
  return Object.fromEntries(CHANGE_TYPES.map((type) => [type, shapeOf(type)])) as Record<ChangeType, Shape>;
}
