import type { User } from "../directory/user.ts";
import type { Needs } from "./needs.ts";
import type { Scope } from "./scope.ts";
import type { Ref, Row, WorkingSet } from "./working-set.ts";

/** A group of over this size that loses more than half of its members in one request is worth a warning. */
const LARGE_GROUP = 20;
/** How long deactivations are counted together (ms). */
const WINDOW = 3_600_000;
/** So many leavers of a setting in one window are worth a warning when both numbers are exceeded (percent of its active users). */
const LEAVERS = { people: 20, percent: 10 };
/** The same for a setting of fewer than `SMALL` active users. */
const LEAVERS_OF_FEW = { people: 10, percent: 30 };
const SMALL = 50;

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
    scope.notes.push({ kind: "mass_removal", path: "members", value: `${after} of the ${size}` });
}

/**
 * Counts a user that an identity provider deactivates or deletes, and takes it off again when it comes back within the
 * window; warns when one more has left than usual. Gives when the user was counted, for its row to keep; null when it is not.
 */
export function countStatus(scope: Scope, before: User, isActive: boolean): number | null {
  if (before.active === isActive) return before.leftAt;
  if (!isActive) return countLeaver(scope, before) ? scope.workingSet.now : null;
  takeBack(scope, before);
  return null;
}

function countLeaver(scope: Scope, { settingKey }: User): boolean {
  const { deactivations } = scope.workingSet;
  const window = scope.cause.actor === "scim" ? deactivations.get(settingKey) : undefined;
  if (window === undefined) return false;
  const count = window.count + 1;
  deactivations.set(settingKey, { ...window, count });
  if (isMass(count, window.users) && !isMass(window.count, window.users))
    scope.notes.push({ kind: "mass_change", path: null, value: `${count} of the ${window.users}` });
  return true;
}

/** One that left before the present window is not among those it counts. */
function takeBack({ workingSet: { deactivations } }: Scope, { settingKey, leftAt }: User): void {
  const window = leftAt === null ? undefined : deactivations.get(settingKey);
  if (leftAt !== null && window !== undefined && leftAt >= window.since && window.count > 0)
    deactivations.set(settingKey, { ...window, count: window.count - 1 });
}

function isMass(left: number, users: number): boolean {
  const { people, percent } = users < SMALL ? LEAVERS_OF_FEW : LEAVERS;
  return left > people && left * 100 > users * percent;
}

/** Takes the present windows of the settings whose users may be deactivated from rows that hold their columns. */
export function takeDeactivations(workingSet: WorkingSet, needs: Needs, rows: readonly Row[]): void {
  for (const row of rows) {
    const since = Number(row.deactivations_since);
    const active = Number(row.active_users);
    const count = workingSet.now - since < WINDOW ? Number(row.deactivations) : 0;
    const window = { since: count === 0 ? workingSet.now : since, count, users: active + count };
    if (row.setting_key !== null) workingSet.deactivations.load(Number(row.setting_key), window);
  }
  for (const key of needs.deactivations) workingSet.deactivations.load(key, undefined);
}
