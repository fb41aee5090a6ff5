import { sql } from "../platform/sql.ts";
import { ScimError } from "../scim/scim-error.ts";
import { STANDARD_FIELDS } from "../settings/fields.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { assertBelow } from "./assert-quota.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { scheduleFollowUp } from "./schedule-follow-up.ts";

/** Defines a field of the company's own; 409 when the key is taken. */
export function createField(
  { unit }: OperationContext,
  { field }: ConfigurationOperation & { kind: "createField" },
): Outcome {
  const taken = [...STANDARD_FIELDS, ...unit.config.customFields].some(({ key }) => key === field.key);
  if (taken) throw new ScimError("field_key_taken", `A field with the key "${field.key}" already exists.`);
  assertBelow(unit, "fields", unit.config.customFields.length);
  unit.execute(
    sql`INSERT INTO custom_fields (company_key, field_key, label, type, created_at)
      VALUES (${unit.config.companyKey}, ${field.key}, ${field.label}, ${field.type}, ${unit.now})`,
  );
  unit.ownFields.set(field.key, true);
  return { kind: "done", id: field.key };
}

/**
 * Removes a field of the company's own with its mappings; 409 while something reads it: a setting that groups by it, or
 * people kept from a deleted setting who have a value in it or are in a target group by it, and shall stay as they are. The
 * values that other users have go in the commits that follow: a new field may take the key.
 */
export function deleteField(
  context: OperationContext,
  { key }: ConfigurationOperation & { kind: "deleteField" },
): Outcome {
  const { config } = context.unit;
  if (STANDARD_FIELDS.some((field) => field.key === key))
    throw new ScimError("standard_field", `"${key}" is a standard field and cannot be deleted.`);
  if (!config.customFields.some((field) => field.key === key))
    throw new ScimError("no_such_field", `The company has no field with the key "${key}".`);
  assertUnread(context, key);
  context.unit.ownFields.set(key, undefined);
  const { companyKey } = config;
  context.unit.execute(sql`DELETE FROM custom_fields WHERE company_key = ${companyKey} AND field_key = ${key}`);
  context.unit.execute(
    sql`DELETE FROM field_mappings WHERE field_key = ${key}
      AND setting_key IN (SELECT setting_key FROM scim_settings WHERE company_key = ${companyKey})`,
  );
  for (const { status, mappings, key: settingKey } of config.settings.values())
    if (status !== "deleted" && mappings.some(({ field }) => field === key))
      scheduleFollowUp(context, "regroupUsers", settingKey);
  return { kind: "done", id: key };
}

function assertUnread({ unit }: OperationContext, key: string): void {
  const grouping = [...unit.config.settings.values()].find(
    ({ status, groupSettings }) => status !== "deleted" && groupSettings.field === key,
  );
  if (grouping !== undefined)
    throw inUse(`The SCIM setting "${grouping.name}" groups its users by "${key}". Change that first.`);
  const kept = unit.unmanagedValues.get(key) ?? [];
  if (kept.length === 0) return;
  const who = kept.map(({ settingName, people }) => {
    const count = people === 1 ? "1 person" : `${people} people`;
    return `${count} kept from the deleted SCIM setting "${settingName}"`;
  });
  throw inUse(
    `The field "${key}" is in use: ${who.join(" and ")} have a value in it or are in a target group by it. Empty it and take them out of these groups, or remove them, first.`,
  );
}

function inUse(detail: string): ScimError {
  return new ScimError("in_use", detail);
}

/** Wants who of the kept people has something by a field that is to be deleted. */
export function foreseeFieldDeletion(unit: UnitOfWork, { key }: { key: string }): void {
  unit.unmanagedValues.want(key);
}
