import type { User } from "../directory/user.ts";
import type { Ref } from "../unit/resource-references.ts";
import type { Turn } from "./operation-context.ts";

/** A group of over this size that loses more than half of its members in one request is worth a warning. */
const LARGE_GROUP = 20;
/** So many leavers of a setting in one window are worth a warning when both numbers are exceeded (percent of its active users). */
const LEAVERS = { people: 20, percent: 10 };
/** The same for a setting of fewer than `SMALL` active users. */
const LEAVERS_OF_FEW = { people: 10, percent: 30 };
const SMALL = 50;

/** Warns when one request, with all its parts, takes more than half of the members of a large group. */
export function countRemovedMembers(turn: Turn, group: Ref, removed: number): void {
  const { removedMembers, unit } = turn;
  const size = unit.groups.get(group)?.memberCount ?? 0;
  const before = removedMembers.get(group) ?? 0;
  const after = before + removed;
  removedMembers.set(group, after);
  unit.journal.note(() => removedMembers.set(group, before));
  if (size > LARGE_GROUP && before <= size / 2 && after > size / 2)
    turn.notes.push({ kind: "mass_removal", path: "members", value: `${after} of the ${size}` });
}

/**
 * Counts a user that an identity provider deactivates or deletes, and takes it off again when it comes back within the
 * window; warns when one more has left than usual. Gives when the user was counted, for its row to keep; null when it is not.
 */
export function countStatus(turn: Turn, before: User, isActive: boolean): number | null {
  if (before.active === isActive) return before.leftAt;
  if (!isActive) return countLeaver(turn, before) ? turn.unit.now : null;
  takeBack(turn, before);
  return null;
}

function countLeaver(turn: Turn, { settingKey }: User): boolean {
  const { deactivations } = turn.unit;
  const window = turn.cause.actor === "scim" ? deactivations.get(settingKey) : undefined;
  if (window === undefined) return false;
  const count = window.count + 1;
  deactivations.set(settingKey, { ...window, count });
  if (isMass(count, window.users) && !isMass(window.count, window.users))
    turn.notes.push({ kind: "mass_change", path: null, value: `${count} of the ${window.users}` });
  return true;
}

/** One that left before the present window is not among those it counts. */
function takeBack({ unit: { deactivations } }: Turn, { settingKey, leftAt }: User): void {
  const window = leftAt === null ? undefined : deactivations.get(settingKey);
  if (leftAt !== null && window !== undefined && leftAt >= window.since && window.count > 0)
    deactivations.set(settingKey, { ...window, count: window.count - 1 });
}

function isMass(left: number, users: number): boolean {
  const { people, percent } = users < SMALL ? LEAVERS_OF_FEW : LEAVERS;
  return left > people && left * 100 > users * percent;
}
