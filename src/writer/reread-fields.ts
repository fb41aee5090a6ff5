import { deriveUser } from "../directory/derive-user-fields.ts";
import { foldKey } from "../directory/fold-key.ts";
import { fieldsOf, type User } from "../directory/user.ts";
import { groupNameOf } from "../grouping/plan-groups.ts";
import type { JsonObject } from "../scim/json.ts";
import { noteOf } from "../scim/note.ts";
import { printPath } from "../scim/schema/attribute-name.ts";
import type { WriterSetting } from "../unit/company-config.ts";
import type { Ref } from "../unit/resource-references.ts";
import { setItems } from "./enrol-persons.ts";
import type { RenewalNote } from "./log-what-renewal-changed.ts";
import type { OperationContext } from "./operation-context.ts";
import { rederiveUser } from "./save-user.ts";

/**
 * Reads a user's fields anew from its document, by the rules of today; target groups and enrolments follow. Told is which
 * fields a value that does not fit them has left empty.
 */
export function rereadFields(
  context: OperationContext,
  setting: WriterSetting,
  { ref, user }: { ref: Ref; user: User },
  document: JsonObject,
): RenewalNote[] {
  const before = fieldsOf(user);
  const derived = deriveUser(document, setting.compiledMappings, user);
  const after = fieldsOf({ ...user, ...derived });
  const carry = carryItemsToFreshGroup(context, setting, before, after);
  rederiveUser(context, setting, { ref, user }, derived);
  carry();
  return setting.compiledMappings.flatMap(({ field, path }) => {
    const isEmptied = (before[field] ?? null) !== null && (after[field] ?? null) === null;
    if (!isEmptied) return [];
    return { settingKey: setting.key, about: null, note: noteOf("emptied", printPath(path)) };
  });
}

/**
 * One value in another spelling names another target group. One that is made for it has what the group of the old spelling
 * enrols in, as the mirror of a renamed group has; gives what does so once the user is regrouped.
 */
function carryItemsToFreshGroup(
  context: OperationContext,
  setting: WriterSetting,
  before: JsonObject,
  after: JsonObject,
): () => void {
  const { unit } = context;
  const { criteria, field } = setting.groupSettings;
  const [old, fresh] = [before, after].map((fields) => groupNameOf(field === null ? null : fields[field]));
  if (criteria !== "field" || !old || !fresh || foldKey(old) === foldKey(fresh)) return () => {};
  const from = unit.targetGroupNames.get(foldKey(old));
  if (from === undefined || unit.targetGroupNames.get(foldKey(fresh)) !== undefined) return () => {};
  return () => {
    const key = unit.targetGroupNames.get(foldKey(fresh));
    const made = key === undefined ? undefined : unit.targetGroups.get(key);
    const items = unit.autoEnrolments.get(from) ?? [];
    if (made !== undefined && items.length > 0) setItems(context, made, items);
  };
}
