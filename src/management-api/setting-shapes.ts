import * as z from "zod";
import { MOST_FAILURES, SYNC_STATES } from "../log/sync-state-store.ts";
import { PUT_WITHOUT_MEMBERS } from "../settings/dialect-of-provider.ts";
import { PROVIDERS } from "../settings/setting.ts";
import { safeguardsInput } from "../settings/setting-input.ts";
import { time } from "./answer-shapes.ts";
import { enrolmentChangeShape } from "./preview-shapes.ts";

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

/** What going live would do. */
export const shadowShape = z.object({
  version: z.string().describe("Of the configuration that it would be done by; goes with go-live"),
  people: z
    .object({ new: z.int(), known: z.int(), skipped: z.int() })
    .nullable()
    .describe("Those who would be in a target group, new or with the e-mail of a target user, and those in none"),
  groups: z
    .object({ new: z.int(), fed: z.int() })
    .nullable()
    .describe("Target groups that would be made, and those that are there and would get people"),
  enrolments: z
    .array(enrolmentChangeShape)
    .nullable()
    .describe(
      "Null as `people` and `groups` are, where there are more than 1,000 people and the company's share of the database is used up: ask again later",
    ),
});

/** A SCIM setting; `fieldMappings` are those in force, defaults included. */
export const settingShape = z.object({
  id: z.string(),
  name: z.string(),
  provider: z.enum(PROVIDERS),
  status: z.enum(["active", "paused", "shadow"]),
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
  sync: z.object({
    state: z
      .enum(SYNC_STATES)
      .describe(
        "`waiting`: no request has come yet. `failing`: the last one was refused. `quiet`: none was carried out for a day.",
      ),
    lastSuccessAt: time.nullable().describe("When a request was last carried out; null where none of the last was"),
    failures24h: z.int().describe(`Requests refused within the last 24 hours, counted up to ${MOST_FAILURES}`),
  }),
  createdAt: time,
  shadow: shadowShape.nullable().describe("Null for a setting that is live; a paused one may be in shadow too"),
});

/** A SCIM setting in the one answer that carries its first secret. */
export const newSettingShape = settingShape.extend({ token: newTokenShape });
