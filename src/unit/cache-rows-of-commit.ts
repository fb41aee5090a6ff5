import { packCounts } from "../holds/pack-loss-counts.ts";
import { peopleDaysAfter } from "./count-people-joined-and-left.ts";
import type { Rows } from "./loaded-and-changed-rows.ts";
import { splitPair } from "./resource-references.ts";
import { type CachedTable, RowCache } from "./row-cache.ts";
import type { UnitOfWork } from "./unit-of-work.ts";
import { countMemberships } from "./write-users-and-groups.ts";

/**
 * What is cached once a commit got through: what it read and wrote, as D1 has it then, beside what was cached before. Nothing is
 * left of it where rows were changed otherwise than row by row, or somebody was removed, with all that hangs on them.
 */
export function cacheRowsOfCommit(unit: UnitOfWork): RowCache {
  const { cache } = unit.config;
  if (!isRowByRow(unit)) return new RowCache();
  const put = <K extends string | number, V>(
    table: CachedTable<K, V>,
    rows: Rows<K, V>,
    after = (_: K, value: V): V => value,
  ) => rows.eachKnown((key, value) => cache.put(table, key, value === undefined ? undefined : after(key, value)));
  const members = countMemberships(unit);
  const active = countActive(unit);
  pinCounted(unit, active);
  put(cache.users, unit.users);
  put(cache.documents, unit.documents);
  put(cache.userNames, unit.userNames);
  // Whoever enrols nobody does not read who is somebody.
  if (unit.isEnrolling) {
    put(cache.persons, unit.persons);
    put(cache.enrolments, unit.enrolments);
  }
  put(cache.groups, unit.groups, (_, group) => {
    const by = members.get(group.key) ?? 0;
    return by === 0 ? group : { ...group, memberCount: group.memberCount + by };
  });
  put(cache.groupNames, unit.groupNames);
  put(cache.memberships, unit.memberships);
  put(cache.groupsOf, unit.groupsOf);
  put(cache.subgroups, unit.subgroups);
  put(cache.reasons, unit.reasons);
  const changed = new Set(unit.brakes.differences().map(({ key }) => key));
  put(cache.brakes, unit.brakes, (key, brake) => {
    const by = active.get(key) ?? 0;
    // Of very many losses the row has the number alone, and so has what is cached of it.
    const counts = changed.has(key) ? packCounts(brake.counts, unit.now).counts : brake.counts;
    return by === 0 && counts === brake.counts ? brake : { counts, activeUsers: brake.activeUsers + by };
  });
  const people = unit.people.before("all");
  if (people !== undefined) cache.put(cache.people, "all", people + countMade(unit));
  cache.counters = {
    nextKey: unit.nextKey,
    changeSeq: unit.changeSeq + unit.changes.length,
    peopleDays: peopleDaysAfter(unit) ?? unit.peopleDays,
  };
  return cache;
}

/** Whether all that a commit changes of these tables stands in the unit's own rows, and they are all that is to be read. */
function isRowByRow(unit: UnitOfWork): boolean {
  const { statements, users, namedEnrolments, config } = unit;
  const isRemoved = ({ before, after }: { before: unknown; after: unknown }) =>
    before !== undefined && after === undefined;
  return (
    statements.length === 0 &&
    // Otherwise those in play are read with the users.
    config.targetGroups !== null &&
    !users.differences().some(isRemoved) &&
    namedEnrolments.differences().length === 0
  );
}

/** What is cached and counted, and was not asked for, is counted on all the same. */
function pinCounted({ memberships, groups, brakes, people }: UnitOfWork, active: ReadonlyMap<number, number>): void {
  for (const { key } of memberships.differences()) groups.knows(splitPair(key)[0]);
  for (const settingKey of active.keys()) brakes.knows(settingKey);
  people.knows("all");
}

/** By how many active users a commit changes each setting. */
function countActive({ users }: UnitOfWork): Map<number, number> {
  const counts = new Map<number, number>();
  const add = (settingKey: number, by: number) => counts.set(settingKey, (counts.get(settingKey) ?? 0) + by);
  for (const { before, after } of users.differences()) {
    if (before?.active) add(before.settingKey, -1);
    if (after?.active) add(after.settingKey, 1);
  }
  return counts;
}

function countMade({ users }: UnitOfWork): number {
  return users.differences().filter(({ before, after }) => before === undefined && after !== undefined).length;
}
