import { ScimError } from "../scim/errors.ts";
import { STANDARD_FIELDS } from "../settings/fields.ts";
import { leaveFollowUp } from "./leave-follow-up.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { Scope } from "./scope.ts";

/** Gives the company another name. */
export function renameCompany(
  { workingSet }: Scope,
  { name }: ConfigurationOperation & { kind: "renameCompany" },
): Outcome {
  workingSet.execute("UPDATE companies SET name = ? WHERE company_key = ?", [name, workingSet.config.companyKey]);
  return { kind: "done", id: workingSet.config.companyId };
}

/**
 * Ends a company: from this commit on nobody finds it, and its tokens are dead. Its rows go in the commits that follow;
 * its own row stays without a name, so that an old writer stays fenced out.
 */
export function deleteCompany(scope: Scope): Outcome {
  const { workingSet } = scope;
  const { companyKey } = workingSet.config;
  workingSet.execute("UPDATE companies SET name = '', deleted_at = ? WHERE company_key = ?", [
    workingSet.now,
    companyKey,
  ]);
  workingSet.execute("UPDATE webhooks SET enabled = 0 WHERE company_key = ?", [companyKey]);
  workingSet.execute("DELETE FROM replans WHERE company_key = ?", [companyKey]);
  leaveFollowUp(scope, "eraseCompany", companyKey);
  return { kind: "done", id: workingSet.config.companyId };
}

/** Defines a field of the company's own; 409 when the key is taken. */
export function createField(
  { workingSet }: Scope,
  { field }: ConfigurationOperation & { kind: "createField" },
): Outcome {
  const taken = [...STANDARD_FIELDS, ...workingSet.config.customFields].some(({ key }) => key === field.key);
  if (taken) throw new ScimError("field_key_taken", `A field with the key "${field.key}" already exists.`);
  workingSet.execute(
    "INSERT INTO custom_fields (company_key, field_key, label, type, created_at) VALUES (?, ?, ?, ?, ?)",
    [workingSet.config.companyKey, field.key, field.label, field.type, workingSet.now],
  );
  return { kind: "done", id: field.key };
}

/**
 * Removes a field of the company's own with its mappings; 409 while something reads it: a setting that groups by it, or
 * people kept from a deleted setting who have a value in it or are in a target group by it, and shall stay as they are. The
 * values that other users have go in the commits that follow: a new field may take the key.
 */
export function deleteField(scope: Scope, { key }: ConfigurationOperation & { kind: "deleteField" }): Outcome {
  const { config } = scope.workingSet;
  if (STANDARD_FIELDS.some((field) => field.key === key))
    throw new ScimError("standard_field", `"${key}" is a standard field and cannot be deleted.`);
  if (!config.customFields.some((field) => field.key === key))
    throw new ScimError("no_such_field", `The company has no field with the key "${key}".`);
  assertUnread(scope, key);
  scope.workingSet.execute("DELETE FROM custom_fields WHERE company_key = ? AND field_key = ?", [
    config.companyKey,
    key,
  ]);
  scope.workingSet.execute(
    "DELETE FROM field_mappings WHERE field_key = ? AND setting_key IN (SELECT setting_key FROM scim_settings WHERE company_key = ?)",
    [key, config.companyKey],
  );
  for (const { status, mappings, key: settingKey } of config.settings.values())
    if (status !== "deleted" && mappings.some(({ field }) => field === key))
      leaveFollowUp(scope, "regroupUsers", settingKey);
  return { kind: "done", id: key };
}

function assertUnread({ workingSet }: Scope, key: string): void {
  const grouping = [...workingSet.config.settings.values()].find(
    ({ status, groupSettings }) => status !== "deleted" && groupSettings.field === key,
  );
  if (grouping !== undefined)
    throw inUse(`The SCIM setting "${grouping.name}" groups its users by "${key}". Change that first.`);
  const kept = workingSet.keptValues.get(key) ?? [];
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
