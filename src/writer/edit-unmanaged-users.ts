import { readFieldValues, withFields, writeFields } from "../directory/edited-field-values.ts";
import { parseDocument } from "../directory/parse-document.ts";
import { emailKeyOf } from "../directory/person-key.ts";
import { ScimError } from "../scim/scim-error.ts";
import { STANDARD_FIELDS } from "../settings/fields.ts";
import { isManaging, type WriterSetting } from "../unit/company-config.ts";
import type { Ref } from "../unit/resource-references.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { type FoundUser, requireTargetUser, userRefs } from "./require-target-user.ts";
import { editUser, rederiveUser } from "./save-user.ts";
import { removeUser } from "./user-operations.ts";

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

/**
 * Changes fields and status of somebody whom no live setting manages; fields left out stay. No rule moves them between target
 * groups: one made inactive leaves all but those given by hand and is withdrawn, as an inactive user of a live setting is,
 * but made active again comes back to no other, since the rules that gave them are gone.
 */
export function editTargetUser(context: OperationContext, { userId, status, fields }: Of<"editTargetUser">): Outcome {
  const { ref, user, setting } = requireUnmanaged(context, userId);
  const { config, documents } = context.unit;
  const { values, problems } = readFieldValues(fields, [...STANDARD_FIELDS, ...config.customFields]);
  const [problem] = problems;
  // The doors judge this too; here it holds against what others changed in between.
  if (problem !== undefined) throw new ScimError("fields_changed", problem.detail);
  const active = status === undefined ? user.active : status === "active";
  const written = writeFields(parseDocument(documents.get(ref) ?? "{}"), setting.compiledMappings, values);
  const document = { ...written, active };
  editUser(context, setting, { ref, user }, { user: { ...withFields(user, values), active }, document });
  return { kind: "done", id: userId };
}

/** Removes and erases somebody whom no live setting manages, as a deletion by SCIM would. */
export function removeTargetUser(context: OperationContext, { userId }: Of<"removeTargetUser">): Outcome {
  removeUser(context, requireUnmanaged(context, userId));
  return { kind: "done", id: userId };
}

/**
 * Takes the values of fields that are no more from somebody whose setting was deleted before a deletion of a field that was
 * decided earlier had come to them.
 */
export function forgetFields(context: OperationContext, setting: WriterSetting, ref: Ref): void {
  const { config, users } = context.unit;
  const user = users.get(ref);
  if (user === undefined) return;
  const known = new Set(config.customFields.map(({ key }) => key));
  const customFields = Object.fromEntries(Object.entries(user.customFields).filter(([key]) => known.has(key)));
  rederiveUser(context, setting, { ref, user }, { ...user, customFields });
}

function requireUnmanaged(context: OperationContext, userId: string): FoundUser {
  const found = requireTargetUser(context, userId);
  if (found.user.heldAs === "deleted")
    throw new ScimError(
      "hold_open",
      `The deletion of "${found.user.userName}" waits in a hold: decide about it, or erase this person.`,
    );
  if (!isManaging(found.setting)) return found;
  throw new ScimError(
    "managed",
    `"${found.user.userName}" is kept up to date by the SCIM setting "${found.setting.name}": make this change at the identity provider.`,
  );
}

/** Wants what an edit or a removal of somebody whom no live setting manages will read. */
export function foreseeTargetUser(
  unit: UnitOfWork,
  operation: ConfigurationOperation & { kind: "editTargetUser" | "removeTargetUser" },
): void {
  for (const ref of userRefs(unit.config, operation.userId)) unit.wantUser(ref);
  const email = operation.kind === "editTargetUser" ? operation.fields.email : null;
  const person = typeof email === "string" ? emailKeyOf(email) : null;
  if (person !== null) unit.persons.want(person);
}
