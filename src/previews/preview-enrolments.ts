import type { Reads } from "../companies/split-long-reads.ts";
import { type AutoEnrolment, type Item, itemKeyOf, planEnrolments } from "../enrolment/plan-enrolments.ts";
import type { EnrolmentChange } from "../grouping/preview-regrouping.ts";
import type { UserMoves } from "../grouping/tally-moves.ts";
import { systemClock } from "../platform/clock.ts";
import { type EnrolledPerson, type KeyedPersonUser, selectItems, selectPersonsOf } from "./previewed-persons-store.ts";

/** Users whose persons are read at a time. */
const CHUNK = 500;

/** What is to change: what users join and leave, who is to go, and what one target group enrols in instead. */
interface Changes {
  moves?: ReadonlyMap<number, UserMoves>;
  /** The key of the setting whose people come out of shadow. */
  goingLive?: number;
  /** Whether a user, by its key, is removed. */
  isGone?: (userKey: number) => boolean;
  items?: { targetGroupKey: number; items: readonly AutoEnrolment[] };
}

/** Which enrolments of the persons of users, by their keys, start and end by a change; planned as the writer would plan them `now` (ms). */
export async function previewEnrolments(
  reads: Reads,
  companyKey: number,
  userKeys: Iterable<number>,
  changes: Changes,
  now: number = systemClock(),
): Promise<EnrolmentChange[]> {
  const keys = [...userKeys];
  if (keys.length === 0) return [];
  const present = await reads.once(selectItems(companyKey));
  const given = changes.items;
  const itemsOf = (key: number) => (key === given?.targetGroupKey ? given.items : (present.get(key) ?? []));
  const counts = new Map<string, EnrolmentChange>();
  const done = new Set<number>();
  for (let start = 0; start < keys.length; start += CHUNK) {
    const persons = await reads.once(selectPersonsOf(keys.slice(start, start + CHUNK), changes.goingLive));
    for (const person of persons) {
      // A person of several users comes with each of them.
      const isNew = person.users.every(({ userKey }) => !done.has(userKey));
      for (const { userKey } of person.users) done.add(userKey);
      if (isNew) count(counts, person, changes, itemsOf, now);
    }
  }
  return [...counts.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function count(
  counts: Map<string, EnrolmentChange>,
  { users, present }: EnrolledPerson,
  changes: Changes,
  itemsOf: (targetGroupKey: number) => readonly AutoEnrolment[],
  now: number,
): void {
  const after = users.filter(({ userKey }) => changes.isGone?.(userKey) !== true).map((user) => moved(user, changes));
  const { start, withdraw } = planEnrolments(after, itemsOf, present, now);
  const add = ({ kind, itemId, name }: Item, which: "starts" | "ends") => {
    const key = itemKeyOf({ kind, itemId });
    const change = counts.get(key) ?? { kind, itemId, name, starts: 0, ends: 0 };
    counts.set(key, { ...change, [which]: change[which] + 1 });
  };
  for (const item of start) add(item, "starts");
  for (const item of withdraw) add(item, "ends");
}

function moved(user: KeyedPersonUser, { moves }: Changes): KeyedPersonUser {
  const { joins, leaves } = moves?.get(user.userKey) ?? { joins: [], leaves: [] };
  const stays = user.targetGroupKeys.filter((key) => !leaves.includes(key));
  return { ...user, targetGroupKeys: [...stays, ...joins] };
}
