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
  if (taken) throw new ScimError(409, "uniqueness", `A field with the key "${field.key}" already exists.`);
  workingSet.execute(
    "INSERT INTO custom_fields (company_key, field_key, label, type, created_at) VALUES (?, ?, ?, ?, ?)",
    [workingSet.config.companyKey, field.key, field.label, field.type, workingSet.now],
  );
  return { kind: "done", id: field.key };
}

/**
 * Removes a field of the company's own with its mappings; 409 while a setting groups by it. The users' values of it go in
 * the commits that follow: a new field may take the key.
 */
export function deleteField(scope: Scope, { key }: ConfigurationOperation & { kind: "deleteField" }): Outcome {
  const { config } = scope.workingSet;
  if (STANDARD_FIELDS.some((field) => field.key === key))
    throw new ScimError(409, undefined, `"${key}" is a standard field and cannot be deleted.`);
  if (!config.customFields.some((field) => field.key === key))
    throw new ScimError(404, undefined, `The company has no field with the key "${key}".`);
  const user = [...config.settings.values()].find(
    ({ status, groupSettings }) => status !== "deleted" && groupSettings.field === key,
  );
  if (user !== undefined)
    throw new ScimError(
      409,
      undefined,
      `The SCIM setting "${user.name}" groups its users by "${key}". Change that first.`,
    );
  scope.workingSet.execute("DELETE FROM custom_fields WHERE company_key = ? AND field_key = ?", [
    config.companyKey,
    key,
  ]);
  scope.workingSet.execute(
    "DELETE FROM field_mappings WHERE field_key = ? AND setting_key IN (SELECT setting_key FROM scim_settings WHERE company_key = ?)",
    [key, config.companyKey],
  );
  for (const setting of config.settings.values())
    if (setting.mappings.some(({ field }) => field === key)) leaveFollowUp(scope, "regroupUsers", setting.key);
  return { kind: "done", id: key };
}
