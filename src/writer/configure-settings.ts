import { withoutPause } from "../alerts/setting-traffic.ts";
import { foldKey } from "../directory/fold-key.ts";
import { namesOf, omit, valuesOfRow } from "../platform/columns.ts";
import { sql } from "../platform/sql.ts";
import { quote, ScimError } from "../scim/scim-error.ts";
import { changeDialect, dialectFor } from "../settings/dialect-of-provider.ts";
import { mergeMappings, STANDARD_FIELDS, sameMappings } from "../settings/fields.ts";
import { judgeSetting, type SettingParts } from "../settings/judge-mappings-and-grouping.ts";
import { changeSafeguards, USUAL_SAFEGUARDS } from "../settings/safeguards.ts";
import { sameGroupSettings } from "../settings/same-group-settings.ts";
import type {
  FieldMapping,
  GroupSettings,
  GroupSettingsInput,
  Setting,
  SettingStatus,
  Shadow,
} from "../settings/setting.ts";
import { SETTING, toSettingRow } from "../settings/setting-row.ts";
import { ALL_IN_SHADOW, isSilent } from "../settings/shadow.ts";
import { isManaging, type WriterSetting } from "../unit/company-config.ts";
import { insertRows, updateRows } from "../unit/row-statements.ts";
import { assertHoldsSeen } from "./assert-holds-seen.ts";
import { assertBelow } from "./assert-quota.ts";
import { keepHeld } from "./configure-holds.ts";
import { insertClient } from "./configure-oauth-clients.ts";
import { insertToken, recordRevoked } from "./configure-tokens.ts";
import { ensureTargetGroup, isTargetGroup } from "./make-target-group.ts";
import { dropIndexes } from "./manage-attribute-indexes.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { scheduleLookAtOwnGroup } from "./review-unfed-target-groups.ts";
import { scheduleAddingWork, scheduleFollowUp } from "./schedule-follow-up.ts";

/** What a change of a setting changes of its row. */
const CHANGEABLE = omit(SETTING, "key", "id", "status");

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

/** Makes a SCIM setting with its first credential; the same id again gives the setting that is there. */
export function createSetting(context: OperationContext, operation: Of<"createSetting">): Outcome {
  const { unit } = context;
  const existing = unit.config.settings.get(operation.id);
  if (existing !== undefined) return { kind: "done", id: existing.id, key: existing.key };
  const settings = [...unit.config.settings.values()].filter(isManaging);
  assertBelow(unit, "settings", settings.length);
  assertNameFree(settings, operation.name);
  assertFits(context, operation);
  const key = unit.allocateKey();
  const { id, name, provider } = operation;
  const row = toSettingRow({
    ...{ key, id, name, provider, status: "active" },
    ...resolveGroups(context, operation.groupSettings, operation.mode === "shadow" ? ALL_IN_SHADOW : null),
    dialect: changeDialect(dialectFor(provider), operation.dialect),
    safeguards: changeSafeguards(USUAL_SAFEGUARDS, operation.safeguards),
    ...{ expected: null, heirOf: null },
  });
  const values = [unit.config.companyKey, unit.now, ...valuesOfRow(SETTING, row)];
  unit.executeAll(insertRows("scim_settings", ["company_key", "created_at", ...namesOf(SETTING)], [values]));
  insertMappings(context, key, operation.fieldMappings);
  unit.settingStates.set(key, { status: "active", createdAt: unit.now });
  context.announce({
    type: "setting.created",
    subject: { kind: "setting", id: operation.id },
    userId: null,
    data: {
      ...{ name: operation.name, provider: operation.provider, groupSettings: operation.groupSettings },
      ...(operation.mode === "shadow" && { status: "shadow" }),
    },
  });
  if (operation.token !== undefined) insertToken(context, { key, id }, operation.token);
  if (operation.client !== undefined) insertClient(context, { key, id }, operation.client);
  return { kind: "done", id: operation.id, key };
}

/** Changes a SCIM setting; a new mapping or grouping is applied to its users in the commits that follow. */
export function updateSetting(context: OperationContext, operation: Of<"updateSetting">): Outcome {
  const setting = context.requireSetting(operation.settingId);
  if (operation.name !== undefined && toNameKey(operation.name) !== toNameKey(setting.name))
    assertNameFree([...context.unit.config.settings.values()].filter(isManaging), operation.name);
  const before = setting.groupSettings;
  const { groupSettings: after, shadow } =
    operation.groupSettings === undefined ? setting : resolveGroups(context, operation.groupSettings, setting.shadow);
  if (operation.fieldMappings !== undefined || operation.groupSettings !== undefined)
    assertFits(context, {
      fieldMappings: operation.fieldMappings ?? setting.mappings,
      groupSettings: { criteria: after.criteria, field: after.field ?? undefined },
    });
  const name = operation.name ?? setting.name;
  const provider = operation.provider ?? setting.provider;
  const dialect = changeDialect(setting.dialect, operation.dialect);
  const safeguards = changeSafeguards(setting.safeguards, operation.safeguards);
  const expected = operation.expected === undefined ? setting.expected : operation.expected;
  const row = toSettingRow({ ...setting, name, provider, groupSettings: after, shadow, dialect, safeguards, expected });
  const values = [setting.key, ...valuesOfRow(CHANGEABLE, row)];
  context.unit.executeAll(updateRows("scim_settings", "setting_key", namesOf(CHANGEABLE), [values]));
  const isRemapped =
    operation.fieldMappings !== undefined && !sameMappings(setting.mappings, mergeMappings(operation.fieldMappings));
  if (operation.fieldMappings !== undefined && isRemapped) {
    context.unit.execute(sql`DELETE FROM field_mappings WHERE setting_key = ${setting.key}`);
    insertMappings(context, setting.key, operation.fieldMappings);
  }
  const isRegrouped = !sameGroupSettings(before, after) || JSON.stringify(setting.shadow) !== JSON.stringify(shadow);
  if (isRemapped || isRegrouped) assertHoldsSeen(context, setting, operation.holds);
  if (isRemapped || isRegrouped) scheduleRegrouping(context, setting, before, after);
  if (before.targetGroupKey !== after.targetGroupKey) scheduleLookAtOwnGroup(context, setting);
  const changed = [
    ...(name === setting.name ? [] : ["name"]),
    ...(provider === setting.provider ? [] : ["provider"]),
    ...(isRemapped ? ["fieldMappings"] : []),
    ...(isRegrouped ? ["groupSettings"] : []),
    ...(JSON.stringify(dialect) === JSON.stringify(setting.dialect) ? [] : ["dialect"]),
    ...(JSON.stringify(safeguards) === JSON.stringify(setting.safeguards) ? [] : ["safeguards"]),
    ...(JSON.stringify(expected) === JSON.stringify(setting.expected) ? [] : ["expected"]),
  ];
  if (changed.length > 0) announce(context, "setting.changed", setting, { name, changed });
  return { kind: "done", id: setting.id, key: setting.key };
}

/** Two settings that are called alike are mixed up; those that were before this was refused stay. */
function assertNameFree(settings: readonly WriterSetting[], name: string): void {
  if (settings.some((other) => toNameKey(other.name) === toNameKey(name)))
    throw new ScimError("setting_name_taken", `Another SCIM setting of this company is named ${quote(name.trim())}.`);
}

function toNameKey(name: string): string {
  return foldKey(name.trim());
}

/** The doors judge this for their forms; here it holds against what others changed in between too. */
function assertFits({ unit }: OperationContext, parts: SettingParts): void {
  const [problem] = judgeSetting(parts, [...STANDARD_FIELDS, ...unit.config.customFields]);
  if (problem !== undefined) throw new ScimError("fields_changed", problem.detail);
}

function scheduleRegrouping(
  context: OperationContext,
  setting: WriterSetting,
  before: GroupSettings,
  after: GroupSettings,
): void {
  if (after.criteria === "idp" && before.criteria !== "idp") scheduleAddingWork(context, "mirrorGroups", setting.key);
  scheduleAddingWork(context, "regroupUsers", setting.key);
  if (before.criteria === "idp" && after.criteria !== "idp") scheduleFollowUp(context, "releaseMirrors", setting.key);
}

/** Stores only what differs from the standard fields' own paths. */
function insertMappings({ unit }: OperationContext, settingKey: number, mappings: readonly FieldMapping[]): void {
  const own = new Map<string, string>(STANDARD_FIELDS.map((field) => [field.key, field.path]));
  for (const { field, path } of mappings)
    if (own.get(field) !== path)
      unit.execute(
        sql`INSERT INTO field_mappings (setting_key, field_key, path) VALUES (${settingKey}, ${field}, ${path})`,
      );
}

/** Group settings as they are stored; while nothing of the setting shows, a target group of its own is not made yet. */
function resolveGroups(
  context: OperationContext,
  input: GroupSettingsInput,
  shadow: Shadow | null,
): Pick<Setting, "groupSettings" | "shadow"> {
  const name = input.targetGroupName;
  const isLater = isSilent({ shadow }) && name !== undefined && !isTargetGroup(context, name);
  const groupSettings: GroupSettings = {
    targetGroupKey: isLater ? null : resolveTargetGroup(context, input),
    targetGroupScope: input.targetGroupScope ?? "everyone",
    criteria: input.criteria,
    field: input.criteria === "field" ? (input.field ?? null) : null,
  };
  return { groupSettings, shadow: shadow === null ? null : { ...shadow, groupName: isLater ? name.trim() : null } };
}

function resolveTargetGroup(
  context: OperationContext,
  { targetGroupId, targetGroupName }: GroupSettingsInput,
): number | null {
  if (targetGroupId !== undefined) {
    const key = context.unit.targetGroupIds.get(targetGroupId);
    if (key === undefined)
      throw new ScimError("no_such_target_group", `Target group ${targetGroupId} does not exist in this company.`);
    return key;
  }
  return targetGroupName === undefined ? null : ensureTargetGroup(context, targetGroupName, "everyone").key;
}

/** Pauses or resumes a setting: its tokens answer 403 while it is paused. */
export function setStatus(context: OperationContext, operation: Of<"pauseSetting"> | Of<"resumeSetting">): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const status: SettingStatus = operation.kind === "pauseSetting" ? "paused" : "active";
  if (setting.status === status) return { kind: "done", id: setting.id };
  if (operation.kind === "pauseSetting") assertHoldsSeen(context, setting, operation.holds);
  context.unit.execute(sql`UPDATE scim_settings SET status = ${status} WHERE setting_key = ${setting.key}`);
  recordStatus(context, setting, status);
  const { traffic, now } = context.unit;
  const before = traffic.get(setting.key);
  if (status === "active" && before !== undefined) traffic.set(setting.key, withoutPause(before, now));
  announce(context, status === "paused" ? "setting.paused" : "setting.resumed", setting, { name: setting.name });
  return { kind: "done", id: setting.id };
}

/**
 * Deletes a setting: its tokens die at once; its users stay as they are, or are removed in the commits that follow. Those in
 * shadow are no target users yet that could stay: they are removed in any case.
 */
export function deleteSetting(context: OperationContext, operation: Of<"deleteSetting">): Outcome {
  const setting = context.requireSetting(operation.settingId);
  const { unit } = context;
  // Those who wait stay: nobody removes them before the hold is decided.
  assertHoldsSeen(context, setting, operation.users === "remove" ? "never" : operation.holds);
  keepHeld(context, setting);
  const { now } = unit;
  unit.execute(
    sql`UPDATE scim_settings SET status = 'deleted', deleted_at = ${now} WHERE setting_key = ${setting.key}`,
  );
  for (const table of [sql`tokens`, sql`oauth_clients`])
    unit.execute(
      sql`UPDATE ${table} SET revoked_at = ${now} WHERE setting_key = ${setting.key} AND revoked_at IS NULL`,
    );
  recordStatus(context, setting, "deleted");
  recordRevoked(context, ({ settingKey }) => settingKey === setting.key);
  if (operation.users === "remove") {
    scheduleFollowUp(context, "removeUsers", setting.key);
    scheduleFollowUp(context, "removeGroups", setting.key);
  } else {
    if (setting.shadow !== null) scheduleFollowUp(context, "removeShadow", setting.key);
    scheduleFollowUp(context, isSilent(setting) ? "removeGroups" : "releaseMirrors", setting.key);
  }
  scheduleLookAtOwnGroup(context, setting);
  dropIndexes(context, setting.key);
  announce(context, "setting.deleted", setting, { name: setting.name, users: operation.users });
  return { kind: "done", id: setting.id };
}

/** Says of a setting that it has another status from this commit on. */
function recordStatus({ unit }: OperationContext, { key }: WriterSetting, status: SettingStatus): void {
  unit.settingStates.set(key, { createdAt: unit.now, ...unit.settingStates.get(key), status });
}

function announce(
  context: OperationContext,
  type: "setting.changed" | "setting.paused" | "setting.resumed" | "setting.deleted",
  setting: WriterSetting,
  data: Record<string, unknown>,
): void {
  context.announce({ type, subject: { kind: "setting", id: setting.id }, userId: null, data });
}
