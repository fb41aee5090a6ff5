import type { SignInWay } from "../../providers/guide.ts";
import { guideOf } from "../../providers/guides.ts";
import { type TailoredGuide, tailorGuide } from "../../providers/tailor-guide.ts";
import type { Field } from "../../settings/fields.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";

/** The guide of a setting's provider with nothing in it but what this setting needs. */
export function guideOfSetting(setting: SettingRecord, fields: readonly Field[], signIn: SignInWay): TailoredGuide {
  const { criteria, field } = setting.groupSettings;
  return tailorGuide(guideOf(setting.provider), {
    signIn,
    grouping: criteria,
    groupField: fields.find(({ key }) => key === field)?.label ?? field ?? "",
    hasCustomFields: fields.some(
      ({ key, standard }) => !standard && setting.mappings.some((each) => each.field === key),
    ),
    groupPath: setting.mappings.find((mapping) => mapping.field === field)?.path ?? "",
  });
}
