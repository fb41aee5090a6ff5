import { isId } from "../platform/uuid.ts";
import { quote, ScimError } from "../scim/scim-error.ts";
import type { GroupOperation } from "./operation.ts";
import { memberListsOf } from "./requested-member-change.ts";

/** Of a longer list the ids are looked at before anything else. */
const LONGEST_UNCHECKED = 1_000;

/** Operations that may name members. */
type Naming = Exclude<GroupOperation, { kind: "deleteGroup" }>;

const NAMING: Record<Naming["kind"], true> = { createGroup: true, replaceGroup: true, patchGroup: true };

/** Whether an operation on a group may name members. */
export function mayNameMembers(operation: { kind: string }): operation is Naming {
  return operation.kind in NAMING;
}

/**
 * Refuses a very long list that names what cannot be there: our ids are UUIDs. Whatever else it is, it is not carried on in
 * thousands.
 */
export function assertLongListOfIds(operation: { kind: string }): void {
  if (!mayNameMembers(operation)) return;
  const { added = [] } = memberListsOf(operation) ?? {};
  if (added.length <= LONGEST_UNCHECKED) return;
  const unknown = added.filter(({ value }) => !isId(value));
  if (unknown.length > 0) throw unknownMembers(unknown.map(({ value }) => value));
}

/** The refusal of members that are not there (400). */
export function unknownMembers(ids: readonly string[]): ScimError {
  const shown = ids.slice(0, 5).map((id) => (isId(id) ? id : quote(id)));
  const more = ids.length > shown.length ? ` and ${ids.length - shown.length} more` : "";
  return new ScimError(
    "no_such_member",
    `No user or group of this SCIM setting has the id ${shown.join(", ")}${more}. Nothing was changed. Provision the users before adding them to a group.`,
  );
}
