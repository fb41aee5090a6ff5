import { addMovement, type Movement, type PeopleDays } from "../companies/people-days.ts";
import { DAY } from "../platform/clock.ts";
import type { UnitOfWork } from "./unit-of-work.ts";

/** What a commit makes of its company's people by day; null where they stay as they were read. */
export function peopleDaysAfter(unit: UnitOfWork): PeopleDays | null {
  const movement = movementOf(unit);
  if (movement.joined + movement.left === 0 && unit.peopleDays !== null) return null;
  return addMovement(unit.peopleDays, Math.floor(unit.now / DAY), movement);
}

/**
 * Who became active and who stopped to be, as the feed tells it: somebody in shadow comes when going live, somebody who waits
 * in a hold has not left, and somebody who is set inactive and deleted later leaves once.
 */
function movementOf({ changes, users }: UnitOfWork): Movement {
  const movement = { joined: 0, left: 0 };
  const told = changes.filter(({ subject }) => subject.kind === "user");
  if (told.length === 0) return movement;
  const active = new Set(users.differences().flatMap(({ before }) => (before?.active ? before.id : [])));
  for (const { type, subject, data } of told)
    if (type === "user.reactivated" || (type === "user.created" && data.status === "active")) {
      movement.joined += 1;
      active.add(subject.id);
    } else if (type === "user.deactivated" || (type === "user.deleted" && active.has(subject.id))) {
      movement.left += 1;
      active.delete(subject.id);
    }
  return movement;
}
