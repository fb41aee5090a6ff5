import { readFieldValues, withFields, writeFields } from "../directory/field-values.ts";
import { parseDocument } from "../directory/stored-document.ts";
import { ScimError } from "../scim/errors.ts";
import { STANDARD_FIELDS } from "../settings/fields.ts";
import type { WriterSetting } from "./company-config.ts";
import { removeUser } from "./delete-user.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { Ref } from "./references.ts";
import { editUser, rederiveUser } from "./save-user.ts";
import type { Scope } from "./scope.ts";
import { isManaging, requireTargetUser, type TargetUser } from "./target-user.ts";

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

/**
 * Changes fields and status of somebody whom no live setting manages; fields left out stay. No rule moves them between target
 * groups: one made inactive leaves all but those given by hand and is withdrawn, as an inactive user of a live setting is,
 * but made active again comes back to no other, since the rules that gave them are gone.
 */
export function editTargetUser(scope: Scope, { userId, status, fields }: Of<"editTargetUser">): Outcome {
  const { ref, user, setting } = requireUnmanaged(scope, userId);
  const { config, documents } = scope.workingSet;
  const { values, problems } = readFieldValues(fields, [...STANDARD_FIELDS, ...config.customFields]);
  const [problem] = problems;
  // The doors judge this too; here it holds against what others changed in between.
  if (problem !== undefined) throw new ScimError("fields_changed", problem.detail);
  const active = status === undefined ? user.active : status === "active";
  const written = writeFields(parseDocument(documents.get(ref) ?? "{}"), setting.compiledMappings, values);
  const document = { ...written, active };
  editUser(scope, setting, { ref, user }, { user: { ...withFields(user, values), active }, document });
  return { kind: "done", id: userId };
}

/** Removes and erases somebody whom no live setting manages, as a deletion by SCIM would. */
export function removeTargetUser(scope: Scope, { userId }: Of<"removeTargetUser">): Outcome {
  removeUser(scope, requireUnmanaged(scope, userId));
  return { kind: "done", id: userId };
}

/**
 * Takes the values of fields that are no more from somebody whose setting was deleted before a deletion of a field that was
 * decided earlier had come to them.
 */
export function forgetFields(scope: Scope, setting: WriterSetting, ref: Ref): void {
  const { config, users } = scope.workingSet;
  const user = users.get(ref);
  if (user === undefined) return;
  const known = new Set(config.customFields.map(({ key }) => key));
  const customFields = Object.fromEntries(Object.entries(user.customFields).filter(([key]) => known.has(key)));
  rederiveUser(scope, setting, { ref, user }, { ...user, customFields });
}

function requireUnmanaged(scope: Scope, userId: string): TargetUser {
  const found = requireTargetUser(scope, userId);
  if (!isManaging(found.setting)) return found;
  throw new ScimError(
    "managed",
    `"${found.user.userName}" is kept up to date by the SCIM setting "${found.setting.name}": make this change at the identity provider.`,
  );
}
