import * as z from "zod";
import { PUT_WITHOUT_MEMBERS } from "../settings/dialect.ts";
import { PROVIDERS } from "../settings/setting.ts";
import { safeguardsInput } from "../settings/setting-input.ts";
import { time } from "./answer-shapes.ts";

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
export const newTokenShape = tokenShape.extend({ secret: z.string() });

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
