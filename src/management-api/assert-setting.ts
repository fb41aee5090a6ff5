import type { Context } from "hono";
import { findTargetGroup } from "../grouping/target-group-store.ts";
import { runRead, together } from "../platform/read-batch.ts";
import { selectFields } from "../settings/field-store.ts";
import type { Field } from "../settings/fields.ts";
import { type InputProblem, judgeSetting, type SettingParts } from "../settings/judge-mappings-and-grouping.ts";
import type { FieldMapping, GroupSettingsInput } from "../settings/setting.ts";
import type { SettingChange } from "../settings/setting-input.ts";
import { groupSettingsInputOf, type SettingRecord, selectSetting } from "../settings/setting-store.ts";
import type { ApiEnv } from "./api-env.ts";
import { invalidInput, notFound } from "./problem.ts";

/** The company's setting of an id, or 404, and what it can be mapped to. */
export async function requireSettingToChange(
  c: Context<ApiEnv>,
  id: string,
): Promise<{ setting: SettingRecord; fields: Field[] }> {
  const { database, company } = c.var;
  const { setting, fields } = await runRead(
    database,
    together({ setting: selectSetting(company.key, id), fields: selectFields(company.key) }),
  );
  if (setting === null) throw notFound("no_such_setting", id);
  return { setting, fields };
}

/** Throws a 400 that names what of a setting does not fit the company: its fields, paths and target group. */
export async function assertSettingFits(
  c: Context<ApiEnv>,
  parts: SettingParts & { groupSettings: Pick<GroupSettingsInput, "targetGroupId"> },
  fields: readonly Field[],
): Promise<void> {
  const problems = judgeSetting(parts, fields);
  problems.push(...(await judgeTargetGroup(c, parts.groupSettings.targetGroupId)));
  if (problems.length > 0) throw invalidInput(problems);
}

/** The mappings and group settings a setting has once a change is applied. */
export function applyChange(
  setting: SettingRecord,
  change: SettingChange,
): { fieldMappings: FieldMapping[]; groupSettings: GroupSettingsInput } {
  return {
    fieldMappings: change.fieldMappings ?? setting.mappings,
    groupSettings: change.groupSettings ?? groupSettingsInputOf(setting),
  };
}

async function judgeTargetGroup(c: Context<ApiEnv>, id: string | undefined): Promise<InputProblem[]> {
  if (id === undefined || (await findTargetGroup(c.var.database, c.var.company.key, id)) !== null) return [];
  return [{ pointer: "/groupSettings/targetGroupId", detail: `This company has no target group "${id}".` }];
}
