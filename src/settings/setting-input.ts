import * as z from "zod";
import { PUT_WITHOUT_MEMBERS } from "./dialect-of-provider.ts";
import { groupName } from "./group-name-input.ts";
import { PROVIDERS } from "./setting.ts";

const absentWhenNull = (value: string | null | undefined) => value ?? undefined;

/** A name that a person gives: 1 to 200 characters after trimming. */
export const givenName = z.string().trim().min(1).max(200);

/** Which SCIM path fills which field; whether both exist is judged by `judgeSetting`. */
const fieldMappingInput = z.strictObject({
  field: z.string().min(1).max(64),
  path: z.string().trim().min(1).max(500),
});

/** Group settings as an admin gives them, with the rules that need no look-up. */
export const groupSettingsInput = z
  .strictObject({
    targetGroupId: z.string().nullish().transform(absentWhenNull),
    targetGroupName: groupName.nullish().transform(absentWhenNull),
    targetGroupScope: z.enum(["everyone", "ungrouped"]).default("everyone"),
    criteria: z.enum(["none", "field", "idp"]),
    field: z.string().nullish().transform(absentWhenNull),
  })
  .superRefine((input, context) => {
    const refuse = (member: string, message: string) =>
      context.addIssue({ code: "custom", path: [member], message, input });
    const hasGroup = input.targetGroupId !== undefined || input.targetGroupName !== undefined;
    if (input.targetGroupId !== undefined && input.targetGroupName !== undefined)
      refuse("targetGroupName", "Give targetGroupId or targetGroupName, not both.");
    if (input.criteria === "field" && input.field === undefined)
      refuse("field", 'Criteria "field" needs the field whose values name the target groups.');
    if (input.criteria !== "field" && input.field !== undefined)
      refuse("field", `A field is only taken with criteria "field", not with "${input.criteria}".`);
    if (input.criteria === "none" && !hasGroup)
      refuse(
        "criteria",
        'Criteria "none" needs a target group that takes the users (targetGroupName or targetGroupId).',
      );
    if (input.targetGroupScope === "ungrouped" && !hasGroup)
      refuse("targetGroupScope", 'Scope "ungrouped" needs a target group that takes the ungrouped users.');
    if (input.targetGroupScope === "ungrouped" && input.criteria === "none")
      refuse("targetGroupScope", 'Scope "ungrouped" needs criteria "field" or "idp": with "none" nobody is grouped.');
  });

/** Switches of a dialect; those left out stay as they are, or as the provider's clients need them. */
const dialectInput = z.strictObject({
  putWithoutMembers: z.enum(PUT_WITHOUT_MEMBERS).optional(),
  showPagination: z.boolean().optional(),
});

const limit = z.strictObject({ people: z.int().min(0).max(1_000_000), percent: z.int().min(0).max(100) }).nullable();

/** Limits of the brake: null switches one off, one left out stays as it is, or as usual. */
export const safeguardsInput = z.strictObject({ leavers: limit, emptied: limit, moves: limit, group: limit }).partial();

/** Losses that an admin announces: nothing trips until so many people are gone, or the time has come. */
const expectedInput = z.strictObject({
  people: z.int().min(1).max(1_000_000),
  until: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
});

/** A new SCIM setting. */
export const settingInput = z.strictObject({
  name: givenName,
  provider: z.enum(PROVIDERS),
  fieldMappings: z.array(fieldMappingInput).max(200).default([]),
  groupSettings: groupSettingsInput,
  mode: z
    .enum(["live", "shadow"])
    .optional()
    .describe("In shadow SCIM works in full, and nothing of it shows until the setting goes live; live when left out"),
  dialect: dialectInput.optional(),
  safeguards: safeguardsInput.optional(),
});

/** The configuration that somebody has seen the effects of, by the version that they were told with. */
export const goLiveInput = z.strictObject({ version: z.string().min(1).max(100) });

/** A new SCIM setting as read: names trimmed, defaults filled in. */
export type SettingInput = z.output<typeof settingInput>;

/** A change of a SCIM setting: members left out stay as they are, members given replace the old ones whole, but for `dialect` and `safeguards`. */
export const settingChange = z.strictObject({
  name: givenName.optional(),
  provider: z.enum(PROVIDERS).optional(),
  fieldMappings: z.array(fieldMappingInput).max(200).optional(),
  groupSettings: groupSettingsInput.optional(),
  dialect: dialectInput.optional(),
  safeguards: safeguardsInput.optional(),
  expected: expectedInput.nullable().optional(),
  holds: z.literal("leave").optional().describe("Leave people who wait in a hold as they are"),
});
/** A change of a SCIM setting as read, names trimmed. */
export type SettingChange = z.output<typeof settingChange>;
