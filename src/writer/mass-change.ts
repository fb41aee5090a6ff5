import type { User } from "../directory/user.ts";
import type { Ref } from "./references.ts";
import type { Scope } from "./scope.ts";
import type { Row, WorkingSet } from "./working-set.ts";

/** A group of over this size that loses more than half of its members in one request is worth a warning. */
const LARGE_GROUP = 20;
/** How long deactivations are counted together (ms). */
const WINDOW = 3_600_000;
/** The share of a setting's active users that may be deactivated in one window without a warning. */
const USUAL_SHARE = 0.2;

/** The deactivations of a setting's present window. */
export interface Deactivations {
  since: number;
  count: number;
  /** Active users, those that the window took included. */
  users: number;
}

/** Warns when one request, with all its parts, takes more than half of the members of a large group. */
export function countRemovedMembers(scope: Scope, group: Ref, removed: number): void {
  const { removedMembers, workingSet } = scope;
  const size = workingSet.groups.get(group)?.memberCount ?? 0;
  const before = removedMembers.get(group) ?? 0;
  const after = before + removed;
  removedMembers.set(group, after);
  workingSet.journal.note(() => removedMembers.set(group, before));
  if (size > LARGE_GROUP && before <= size / 2 && after > size / 2)
    scope.notes.push(`Mass change: this request removed ${after} of the ${size} members of the group.`);
}

/** Counts a user that an identity provider deactivated or deleted; warns when that is one too many for the window. */
export function countDeactivation(scope: Scope, { settingKey }: User): void {
  if (scope.cause.actor !== "scim") return;
  const { deactivations } = scope.workingSet;
  const before = deactivations.get(settingKey);
  if (before === undefined) return;
  const count = before.count + 1;
  deactivations.set(settingKey, { ...before, count });
  // One leaver is no mass, however small the setting.
  const usual = Math.max(1, before.users * USUAL_SHARE);
  if (before.count <= usual && count > usual)
    scope.notes.push(
      `Mass change: ${count} of the ${before.users} active users of this SCIM setting were deactivated or deleted within an hour.`,
    );
}

/** Takes the present windows of the settings whose users may be deactivated from rows that hold their columns. */
export function takeDeactivations(workingSet: WorkingSet, rows: readonly Row[]): void {
  for (const row of rows) {
    const since = Number(row.deactivations_since);
    const active = Number(row.active_users);
    const count = workingSet.now - since < WINDOW ? Number(row.deactivations) : 0;
    const window = { since: count === 0 ? workingSet.now : since, count, users: active + count };
    if (row.setting_key !== null) workingSet.deactivations.load(Number(row.setting_key), window);
  }
  workingSet.deactivations.endLoad();
}
