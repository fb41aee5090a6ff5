import type * as z from "zod";
import { foldKey } from "../../directory/fold-key.ts";
import type { Field } from "../../settings/fields.ts";
import { judgeSetting } from "../../settings/judge-mappings-and-grouping.ts";
import type { FieldMapping, GroupSettings, GroupSettingsInput } from "../../settings/setting.ts";
import { groupSettingsInput, settingInput } from "../../settings/setting-input.ts";
import { ownGroupNameOf, type SettingRecord } from "../../settings/setting-store.ts";
import type { Errors, Values } from "../read-form.ts";

/** How the forms name a field's path: `path.department`. */
export const PATH_PREFIX = "path.";

/** The paths of a form, by field; those left empty or at the field's own path are not overrides and left out. */
export function readMappings(values: Values, fields: readonly Field[]): FieldMapping[] {
  return fields.flatMap((field) => {
    const path = (values[PATH_PREFIX + field.key] ?? "").trim();
    return path === "" || path === field.path ? [] : [{ field: field.key, path }];
  });
}

/** The company's own fields that a form gives no path: its setting fills them for nobody. */
export function fieldsWithoutPath(values: Values, fields: readonly Field[]): Field[] {
  return fields.filter(({ standard, key }) => !standard && (values[PATH_PREFIX + key] ?? "").trim() === "");
}

/** The group settings of a form; choices that the others make meaningless are dropped, not refused. */
function readGrouping(values: Values): Record<string, unknown> {
  const group = (values.group ?? "").trim();
  const { criteria = "" } = values;
  const isScoped = group !== "" && (criteria === "field" || criteria === "idp");
  return {
    targetGroupName: group === "" ? undefined : group,
    targetGroupScope: isScoped && values.scope === "ungrouped" ? "ungrouped" : "everyone",
    criteria: criteria === "" ? undefined : criteria,
    field: criteria === "field" ? values.field || undefined : undefined,
  };
}

/** What is wrong with a form's mapping, by the fields of the form; a setting's own grouping must stay possible. */
export function judgeMapping(
  values: Values,
  fields: readonly Field[],
  grouping: Pick<GroupSettings, "criteria" | "field"> = { criteria: "none", field: null },
): Errors {
  const fieldMappings = readMappings(values, fields);
  const groupSettings = { criteria: grouping.criteria, field: grouping.field ?? undefined };
  const { field, ...errors } = toErrors(judgeSetting({ fieldMappings, groupSettings }, fields), fieldMappings);
  if (field === undefined) return errors;
  return {
    ...errors,
    [PATH_PREFIX + grouping.field]: "People are grouped by this field: map it, or regroup them first.",
  };
}

/** Group settings that may be saved, or what is wrong with them. */
export function judgeGrouping(
  values: Values,
  fields: readonly Field[],
): { input: GroupSettingsInput; errors: Errors } | { input: null; errors: Errors } {
  const read = groupSettingsInput.safeParse(readGrouping(values));
  if (!read.success) return { input: null, errors: explainGrouping(read.error.issues) };
  const fieldMappings = readMappings(values, fields);
  const errors = toErrors(judgeSetting({ fieldMappings, groupSettings: read.data }, fields), fieldMappings);
  if (errors.field === undefined) return { input: read.data, errors: {} };
  return { input: null, errors: { field: "Map this field first, or choose another." } };
}

/** What is wrong with a form's name and provider. */
export function judgeIdentity(values: Values): Errors {
  const read = settingInput
    .pick({ name: true, provider: true })
    .safeParse({ name: values.name ?? "", provider: values.provider });
  if (read.success) return {};
  const named = new Set(read.error.issues.map((issue) => issue.path[0]));
  return {
    ...(named.has("name") && { name: "Give the setting a name of 1 to 200 characters." }),
    ...(named.has("provider") && { provider: "Choose your identity provider." }),
  };
}

/** What is said of a name that another setting has. */
export const NAME_TAKEN = "Another SCIM setting of this company has this name. Choose one that tells them apart.";

/** Whether another setting of the company is called so, compared without case and spaces around it. */
export function isNameTaken(
  settings: readonly { id: string; name: string }[],
  { id, name }: { id: string; name: string },
): boolean {
  const key = foldKey(name.trim());
  return settings.some((other) => other.id !== id && foldKey(other.name.trim()) === key);
}

/** A stored setting as the values of its forms. */
export function toValues(setting: SettingRecord): Values {
  const { groupSettings } = setting;
  const values: Values = {
    name: setting.name,
    provider: setting.provider,
    group: ownGroupNameOf(setting) ?? "",
    scope: groupSettings.targetGroupScope,
    criteria: groupSettings.criteria,
    field: groupSettings.field ?? "",
  };
  for (const { field, path } of setting.mappings) values[PATH_PREFIX + field] = path;
  return values;
}

const GROUPING_WORDS: Record<string, string> = {
  criteria: "Choose how people are sorted. “No criteria” needs a group name that takes everybody.",
  field: "Choose the field whose values become target groups.",
  targetGroupName: "A group name has 1 to 256 characters.",
  targetGroupScope: "Choose whom the group takes.",
};
const GROUPING_FIELDS: Record<string, string> = { targetGroupName: "group", targetGroupScope: "scope" };

function explainGrouping(issues: readonly z.core.$ZodIssue[]): Errors {
  return Object.fromEntries(
    issues.map((issue) => {
      const member = String(issue.path[0] ?? "criteria");
      return [GROUPING_FIELDS[member] ?? member, GROUPING_WORDS[member] ?? issue.message];
    }),
  );
}

function toErrors(problems: ReturnType<typeof judgeSetting>, mappings: readonly FieldMapping[]): Errors {
  return Object.fromEntries(
    problems.map(({ pointer, detail }) => {
      const index = /^\/fieldMappings\/(\d+)/.exec(pointer)?.[1];
      const mapping = index === undefined ? undefined : mappings[Number(index)];
      return [mapping === undefined ? "field" : PATH_PREFIX + mapping.field, detail];
    }),
  );
}
