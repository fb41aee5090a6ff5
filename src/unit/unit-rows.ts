import type { Group } from "../directory/group.ts";
import { personKeyOf } from "../directory/person-key.ts";
import type { User } from "../directory/user.ts";
import type { AutoEnrolment } from "../enrolment/plan-enrolments.ts";
import type { Reason, TargetGroup } from "../grouping/target-group.ts";
import type { Hold } from "../holds/hold.ts";
import type { AttributeIndex } from "./attribute-index.ts";
import { type CompanyConfig, isInOldForm, type WriterSetting } from "./company-config.ts";
import type { Brake, Enrolment } from "./enrolment-and-brake-rows.ts";
import { type KnownRows, Rows } from "./loaded-and-changed-rows.ts";
import { type Comparison, type MemberChange, nobodyIn } from "./member-change.ts";
import { pairOf, type Ref } from "./resource-references.ts";
import { RowsOfAlerts } from "./rows-of-alerts.ts";

/** One that is named by its id, whether its user is still there, and the person that this is today. */
export interface NamedEnrolment extends Enrolment {
  hasUser: boolean;
  presentPersonKey: string;
}

/** How many people kept from a deleted setting have a value in a field, or are in a target group by it. */
interface UnmanagedValues {
  settingName: string;
  people: number;
}

/** What of a setting's people its count of active users says otherwise than the target side has it, before this commit. */
interface Uncounted {
  /** Those whose deletion waits: they are there, and not counted. */
  waitingDeletions: number;
  /** The active ones in shadow: they are counted, and not there. */
  inShadow: number;
}

/** A group whose mirror may be in question, and the name it gets: while it has that already, nothing is. */
interface MirrorFacts {
  group: Ref;
  newName: string | null;
}

/** The rows that a commit reads and writes, table by table, and the look-ups that are kept in step with them. */
export class UnitRows extends RowsOfAlerts {
  readonly users: Rows<Ref, User> = new Rows("users", this.journal, {
    cached: this.#cachedUsers(),
  });
  readonly documents = new Rows<Ref, string>("documents", this.journal, { cached: this.config.cache.documents });
  readonly userNames = new Rows<string, Ref>("userNames", this.journal, { cached: this.config.cache.userNames });
  readonly persons = new Rows<string, Ref[]>("persons", this.journal, {
    absent: [],
    cached: this.config.cache.persons,
  });
  readonly groups = new Rows<Ref, Group>("groups", this.journal, { cached: this.config.cache.groups });
  readonly groupNames = new Rows<string, Ref>("groupNames", this.journal, { cached: this.config.cache.groupNames });
  readonly memberships = new Rows<string, true>("memberships", this.journal, { cached: this.config.cache.memberships });
  readonly groupsOf = new Rows<Ref, Ref[]>("groupsOf", this.journal, {
    absent: [],
    cached: this.config.cache.groupsOf,
  });
  readonly subgroups = new Rows<Ref, Ref[]>("subgroups", this.journal, {
    absent: [],
    cached: this.config.cache.subgroups,
  });
  readonly comparisons = new Rows<MemberChange, Comparison>("comparisons", this.journal);
  readonly targetGroups: Rows<number, TargetGroup>;
  readonly targetGroupNames: Rows<string, number>;
  readonly targetGroupIds: Rows<string, number>;
  readonly autoEnrolments: Rows<number, AutoEnrolment[]>;
  readonly attributeIndexes: Rows<string, AttributeIndex>;
  /** Groups of which it will matter what else feeds their mirrors: read along, and asked for by nobody. */
  readonly mirrorFacts = new Rows<MirrorFacts, true>("mirrorFacts", this.journal);
  readonly mirrorsOf = new Rows<number, Ref[]>("mirrorsOf", this.journal, { absent: [] });
  readonly reasonCounts = new Rows<number, Map<string, number>>("reasonCounts", this.journal, { absent: new Map() });
  readonly reasons = new Rows<Ref, Reason[]>("reasons", this.journal, {
    ...{ absent: [], readWith: this.users },
    cached: this.config.cache.reasons,
  });
  readonly unmanagedValues = new Rows<string, UnmanagedValues[]>("unmanagedValues", this.journal);
  /** By person, those that are open, and those that it completed. */
  readonly enrolments = new Rows<string, Enrolment[]>("enrolments", this.journal, {
    ...{ absent: [], readWith: this.persons },
    cached: this.config.cache.enrolments,
  });
  /** By id, those whose progress is reported or comes to its end. */
  readonly namedEnrolments = new Rows<string, NamedEnrolment>("namedEnrolments", this.journal);
  readonly lostNames = new Rows<string, string>("lostNames", this.journal);
  readonly withdrawnByRename = new Rows<string, Map<string, number>>("withdrawnByRename", this.journal);
  readonly brakes = new Rows<number, Brake>("brakes", this.journal, { cached: this.config.cache.brakes });
  readonly uncounted = new Rows<number, Uncounted>("uncounted", this.journal);
  /** The open holds; one that is closed in this commit is still here. */
  readonly holds: Rows<number, Hold>;
  /** By the key of a setting the deleted one that takes its people whose deletion waits. */
  readonly heirs: Rows<number, WriterSetting>;
  /** How many people the company has, active or not. */
  readonly people = new Rows<"all", number>("people", this.journal, { cached: this.config.cache.people });
  /** By their keys the hashes of requests that were to be carried out once, and were within the last day. */
  readonly idempotencyKeys = new Rows<string, string>("idempotencyKeys", this.journal);
  /** The names, by setting, that logged requests asked by and that somebody here bears. */
  readonly bearers = new Rows<Ref, true>("bearers", this.journal);
  readonly #nobody = new Map<Ref, MemberChange>();

  constructor(config: CompanyConfig) {
    super(config);
    const { targetGroups } = config;
    this.targetGroups = new Rows("targetGroups", this.journal, { carriedOn: targetGroups?.byKey });
    this.targetGroupNames = new Rows("targetGroupNames", this.journal, { carriedOn: targetGroups?.byName });
    this.targetGroupIds = new Rows("targetGroupIds", this.journal, { carriedOn: targetGroups?.byId });
    this.autoEnrolments = new Rows("autoEnrolments", this.journal, { configured: config.autoEnrolments });
    this.holds = new Rows("holds", this.journal, { carriedOn: config.openHolds });
    this.heirs = new Rows("heirs", this.journal, { configured: config.heirs });
    this.attributeIndexes = new Rows("attributeIndexes", this.journal, { configured: config.attributeIndexes });
  }

  /** Whether any target group enrols anybody, or has just stopped to, or somebody has something that was completed. */
  get isEnrolling(): boolean {
    const { autoEnrolments, followUps, hasEnrolments } = this.config;
    return autoEnrolments.size > 0 || followUps.length > 0 || hasEnrolments || isInOldForm(this.config);
  }

  /** The users cached, but for those whose person is not, where it matters: it is read along with them. */
  #cachedUsers(): KnownRows<Ref, User> {
    const { users } = this.config.cache;
    const isKnown = (person: string) => this.persons.knows(person) && this.enrolments.knows(person);
    return {
      has: (ref) => {
        const user = users.get(ref);
        return user === undefined ? users.has(ref) : !this.isEnrolling || isKnown(personKeyOf(user));
      },
      get: (ref) => users.get(ref),
    };
  }

  /** Foresees all that a change of a user reads: its row, document and groups. */
  wantUser(user: Ref): void {
    this.users.want(user);
    this.documents.want(user);
    this.groupsOf.want(user);
    if (this.groupsOf.knows(user)) this.groups.wantAll(this.groupsOf.get(user) ?? []);
  }

  /** Foresees that it matters whether a user is in a group; of one whose groups are known that is known. */
  wantMembership(group: Ref, user: Ref): void {
    const pair = pairOf(group, user);
    if (this.groupsOf.knows(user))
      this.memberships.load(pair, this.groupsOf.get(user)?.includes(group) === true ? true : undefined);
    else this.memberships.want(pair);
  }

  /** Foresees that it matters who a person is. */
  wantPerson(person: string): void {
    if (this.isEnrolling) this.persons.want(person);
  }

  /** The change that takes all members from a group: how it differs from D1 says who they are. */
  nobodyIn(group: Ref): MemberChange {
    const change = this.#nobody.get(group) ?? nobodyIn(group);
    this.#nobody.set(group, change);
    return change;
  }

  /** Sets a user's row and keeps the look-ups by name and person in step; undefined removes it. */
  setUser(ref: Ref, after: User | undefined): void {
    const before = this.users.get(ref);
    if (before !== undefined && before.userNameKey !== after?.userNameKey)
      this.userNames.set(`${before.settingKey}/${before.userNameKey}`, undefined);
    if (after !== undefined && before?.userNameKey !== after.userNameKey)
      this.userNames.set(`${after.settingKey}/${after.userNameKey}`, ref);
    this.#movePerson(ref, before, after);
    this.users.set(ref, after);
  }

  #movePerson(ref: Ref, before: User | undefined, after: User | undefined): void {
    const from = before === undefined ? null : personKeyOf(before);
    const to = after === undefined ? null : personKeyOf(after);
    if (from === to) return;
    if (from !== null && this.persons.knows(from))
      this.persons.set(
        from,
        this.persons.get(from)?.filter((other) => other !== ref),
      );
    if (to !== null && this.persons.knows(to)) this.persons.set(to, [...(this.persons.get(to) ?? []), ref]);
  }

  /** Sets a group's row and keeps the look-ups by name and mirror in step; undefined removes it. */
  setGroup(ref: Ref, after: Group | undefined): void {
    const before = this.groups.get(ref);
    if (before !== undefined && before.displayNameKey !== after?.displayNameKey)
      this.groupNames.set(`${before.settingKey}/${before.displayNameKey}`, undefined);
    if (after !== undefined && before?.displayNameKey !== after.displayNameKey)
      this.groupNames.set(`${after.settingKey}/${after.displayNameKey}`, ref);
    const from = before?.targetGroupKey ?? null;
    const to = after?.targetGroupKey ?? null;
    if (from !== to) {
      if (from !== null && this.mirrorsOf.knows(from))
        this.mirrorsOf.set(
          from,
          this.mirrorsOf.get(from)?.filter((other) => other !== ref),
        );
      if (to !== null && this.mirrorsOf.knows(to)) this.mirrorsOf.set(to, [...(this.mirrorsOf.get(to) ?? []), ref]);
    }
    this.groups.set(ref, after);
  }

  /** Makes a user a member of a group, or not. */
  setMembership(group: Ref, user: Ref, member: boolean): void {
    this.memberships.set(pairOf(group, user), member ? true : undefined);
    if (!this.groupsOf.knows(user)) return;
    const others = (this.groupsOf.get(user) ?? []).filter((other) => other !== group);
    this.groupsOf.set(user, member ? [...others, group] : others);
  }

  /** Sets a target group's row and keeps its look-ups in step; undefined removes it. */
  setTargetGroup(key: number, after: TargetGroup | undefined): void {
    const before = this.targetGroups.get(key);
    if (before !== undefined && before.nameKey !== after?.nameKey) this.targetGroupNames.set(before.nameKey, undefined);
    if (after !== undefined && before?.nameKey !== after.nameKey) this.targetGroupNames.set(after.nameKey, key);
    if (after === undefined && before !== undefined) this.targetGroupIds.set(before.id, undefined);
    if (after !== undefined) this.targetGroupIds.set(after.id, key);
    this.targetGroups.set(key, after);
  }

  /** Sets all reasons of a user and keeps the counts by source in step. */
  setReasons(user: Ref, after: Reason[]): void {
    const before = this.reasons.get(user) ?? [];
    for (const reason of before) if (!after.includes(reason)) this.#count(reason, -1);
    for (const reason of after) if (!before.includes(reason)) this.#count(reason, 1);
    this.reasons.set(user, after);
  }

  #count(reason: Reason, by: 1 | -1): void {
    if (!this.reasonCounts.knows(reason.targetGroupKey)) return;
    const counts = new Map(this.reasonCounts.get(reason.targetGroupKey));
    const source = reasonSource(reason);
    counts.set(source, (counts.get(source) ?? 0) + by);
    this.reasonCounts.set(reason.targetGroupKey, counts);
  }
}

/** By how many members this commit changes each target group so far. */
export function memberDifferences({ reasons }: UnitRows): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { before = [], after = [] } of reasons.differences()) {
    const groupsBefore = new Set(before.map(({ targetGroupKey }) => targetGroupKey));
    const groupsAfter = new Set(after.map(({ targetGroupKey }) => targetGroupKey));
    for (const group of groupsAfter) if (!groupsBefore.has(group)) counts.set(group, (counts.get(group) ?? 0) + 1);
    for (const group of groupsBefore) if (!groupsAfter.has(group)) counts.set(group, (counts.get(group) ?? 0) - 1);
  }
  return counts;
}

/** Names where a reason comes from, for counting. */
export function reasonSource(reason: Pick<Reason, "kind" | "settingKey" | "sourceKey">): string {
  return `${reason.kind} ${reason.settingKey} ${reason.sourceKey}`;
}
