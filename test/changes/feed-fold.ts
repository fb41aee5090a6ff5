/** An entry of the change feed as `GET /changes` gives it. */
export interface FeedEntry {
  id: string;
  cursor: string;
  type: string;
  time: string;
  subject: { kind: string; id: string };
  data: Record<string, unknown>;
}

/** A target user as the feed tells of it; fields without a value are left out. */
interface FoldedUser {
  id: string;
  userName: unknown;
  externalId: unknown;
  displayName: unknown;
  settingId: unknown;
  personId: unknown;
  status: unknown;
  createdAt: string;
  fields: Record<string, unknown>;
  /** The feed holds no more what it was called: only a deletion can follow. */
  isErased: boolean;
}

/** A target group with the ids of its members and what it enrols them in, by kind and id. */
interface FoldedGroup {
  id: string;
  name: unknown;
  source: unknown;
  createdAt: string;
  members: Set<string>;
  items: Map<string, FoldedItem>;
}

/** An item that a target group enrols its members in, and on which terms. */
export interface FoldedItem {
  kind: unknown;
  id: unknown;
  name: unknown;
  reenrol?: unknown;
}

/** How far an enrolment is. */
interface FoldedProgress {
  status: unknown;
  completedAt: string | null;
}

/** An enrolment that is not withdrawn, or, among those of the past, one that was. */
export interface FoldedEnrolment {
  id: string;
  userId: string;
  kind: unknown;
  itemId: unknown;
  name: unknown;
  startedAt: string;
  progress: FoldedProgress | null;
  overdue: boolean;
}

const DAY = 24 * 3_600_000;

/** Members of `changed` that are not fields. */
const OWN = ["userName", "externalId", "displayName", "settingId", "personId"] as const;

/**
 * What a consumer makes of the change feed alone: the present users, groups, members and enrolments. It knows nothing of
 * the product but the documented meaning of the entries, and notes each that does not fit what came before it.
 */
export class FeedFold {
  readonly users = new Map<string, FoldedUser>();
  readonly groups = new Map<string, FoldedGroup>();
  readonly enrolments = new Map<string, FoldedEnrolment>();
  readonly withdrawn = new Map<string, FoldedEnrolment>();
  /** Completed ones that were withdrawn, by whose: only because that user, the last of its person, is about to be deleted. */
  readonly #ending = new Map<string, string>();
  /** Entries that do not fit, in words. */
  readonly misfits: string[] = [];
  /** The place of the last entry; null before the first. */
  cursor: string | null = null;
  readonly #seen = new Set<string>();

  /** How many entries were applied. */
  get size(): number {
    return this.#seen.size;
  }

  /** Applies the next entry. Types that say nothing of users, groups and enrolments change nothing. */
  apply(entry: FeedEntry): void {
    if (this.#seen.has(entry.id)) this.#misfit(entry, "came before");
    this.#seen.add(entry.id);
    this.cursor = entry.cursor;
    const [about] = entry.type.split(".");
    if (about === "user") this.#applyToUser(entry);
    else if (about === "group") this.#applyToGroup(entry);
    else if (about === "member") this.#applyToMember(entry);
    else if (about === "enrolment") this.#applyToEnrolment(entry);
    else if (entry.type === "auto_enrolments.changed") this.#setItems(entry);
    else if (entry.type === "setting.deleted") this.#leave(entry.subject.id);
  }

  /** Whom a setting leaves, or has yet to take along, no setting manages. */
  #leave(settingId: string): void {
    for (const user of this.users.values()) if (user.settingId === settingId) user.settingId = null;
  }

  /** What does not fit as long as nothing follows it. */
  get pending(): string[] {
    return [...this.#ending].map(
      ([id, userId]) => `enrolment.withdrawn of ${id}: is completed, and ${userId} is there`,
    );
  }

  #misfit({ type, subject }: FeedEntry, why: string): void {
    this.misfits.push(`${type} of ${subject.id}: ${why}`);
  }

  #applyToUser(entry: FeedEntry): void {
    const { type, subject, data, time } = entry;
    const user = this.users.get(subject.id);
    if (type === "user.created") {
      if (user !== undefined) this.#misfit(entry, "is there already");
      const { userName, externalId, displayName, settingId, personId, status } = data;
      const fields = withoutNulls(data.fields);
      const isErased = data.erased === true;
      const createdAt = typeof data.createdAt === "string" ? data.createdAt : time;
      this.users.set(subject.id, {
        ...{ id: subject.id, userName, externalId, displayName, settingId, personId, status },
        ...{ fields, createdAt, isErased },
      });
      return;
    }
    if (user === undefined) {
      this.#misfit(entry, "is not there");
      return;
    }
    if (data.erased === true) user.isErased = true;
    if (type === "user.updated") this.#update(entry, user);
    else if (type === "user.deactivated") this.#setStatus(entry, user, "active", "inactive");
    else if (type === "user.reactivated") this.#setStatus(entry, user, "inactive", "active");
    else if (type === "user.deleted") this.#delete(entry);
    else this.#misfit(entry, "is of no known type");
  }

  #setStatus(entry: FeedEntry, user: FoldedUser, from: string, to: string): void {
    if (user.status !== from) this.#misfit(entry, `was ${String(user.status)}`);
    user.status = to;
  }

  #update(entry: FeedEntry, user: FoldedUser): void {
    const { changed } = entry.data;
    if (!isObject(changed)) {
      if (!user.isErased) this.#misfit(entry, "says nothing");
      return;
    }
    for (const [name, difference] of Object.entries(changed)) {
      if (!isObject(difference)) continue;
      const own = OWN.find((member) => member === name);
      const before = (own === undefined ? user.fields[name] : user[own]) ?? null;
      // Older entries do not tell what a person is called outside.
      const isKnown = own !== "personId" || user.personId !== undefined;
      if (isKnown && !user.isErased && before !== difference.old)
        this.#misfit(entry, `${name} was ${String(before)}, not ${String(difference.old)}`);
      if (own !== undefined) user[own] = difference.new;
      else user.fields = withoutNulls({ ...user.fields, [name]: difference.new });
    }
  }

  #delete(entry: FeedEntry): void {
    const { id } = entry.subject;
    for (const { name, members } of this.groups.values())
      if (members.has(id)) this.#misfit(entry, `is a member of ${String(name)}`);
    for (const { userId, itemId } of this.enrolments.values())
      if (userId === id) this.#misfit(entry, `is enrolled in ${String(itemId)}`);
    this.users.delete(id);
    for (const [ending, userId] of this.#ending) if (userId === id) this.#ending.delete(ending);
  }

  #applyToGroup(entry: FeedEntry): void {
    const { type, subject, data, time } = entry;
    const group = this.groups.get(subject.id);
    if (type === "group.created") {
      if (group !== undefined) this.#misfit(entry, "is there already");
      const { name, source } = data;
      const [members, items] = [new Set<string>(), new Map()];
      this.groups.set(subject.id, { id: subject.id, name, source, createdAt: time, members, items });
    } else if (group === undefined) this.#misfit(entry, "is not there");
    else if (type === "group.renamed") {
      if (group.name !== data.oldName) this.#misfit(entry, `was ${String(group.name)}, not ${String(data.oldName)}`);
      group.name = data.name;
      if (data.source !== undefined) group.source = data.source;
    } else if (type === "group.deleted") {
      if (group.members.size > 0) this.#misfit(entry, "has members");
      this.groups.delete(subject.id);
    } else this.#misfit(entry, "is of no known type");
  }

  #applyToMember(entry: FeedEntry): void {
    const { type, subject, data } = entry;
    const group = this.groups.get(String(data.groupId));
    if (!this.users.has(subject.id)) this.#misfit(entry, "is not there");
    if (group === undefined) this.#misfit(entry, `group ${String(data.groupId)} is not there`);
    else if (type === "member.added") {
      if (group.members.has(subject.id)) this.#misfit(entry, `is a member of ${String(group.name)}`);
      group.members.add(subject.id);
    } else if (!group.members.delete(subject.id)) this.#misfit(entry, `is no member of ${String(group.name)}`);
  }

  #applyToEnrolment(entry: FeedEntry): void {
    const { type, subject, data, time } = entry;
    const { id } = subject;
    const userId = String(data.userId);
    const enrolment = this.enrolments.get(id) ?? this.withdrawn.get(id);
    if (!this.users.has(userId) && data.erased !== true) this.#misfit(entry, `user ${userId} is not there`);
    if (type === "enrolment.started") {
      if (enrolment !== undefined) this.#misfit(entry, "is there already");
      const { kind, itemId, name } = data;
      this.#checkStart(entry);
      const progress = toProgress(data.progress);
      this.enrolments.set(id, { id, userId, kind, itemId, name, startedAt: time, progress, overdue: false });
      this.#checkHolder(entry);
    } else if (enrolment === undefined) this.#misfit(entry, "is not there");
    else if (type === "enrolment.reassigned") {
      if (enrolment.userId !== data.oldUserId) this.#misfit(entry, `was ${enrolment.userId}'s`);
      enrolment.userId = userId;
      // What is completed is somebody's history, whatever gives it today.
      if (!isCompleted(enrolment)) this.#checkHolder(entry);
    } else if (type === "enrolment.progressed") {
      if (enrolment.userId !== userId) this.#misfit(entry, `is ${enrolment.userId}'s`);
      const progress = toProgress(data.progress);
      const isOverdue = data.overdue === true;
      if (JSON.stringify([progress, isOverdue]) === JSON.stringify([enrolment.progress, enrolment.overdue]))
        this.#misfit(entry, "says nothing new");
      Object.assign(enrolment, { progress, overdue: isOverdue, name: data.name });
      if (isCompleted(enrolment) && isOverdue) this.#misfit(entry, "is completed and overdue");
    } else if (type === "enrolment.withdrawn") {
      if (enrolment.userId !== userId) this.#misfit(entry, `is ${enrolment.userId}'s`);
      if (!this.enrolments.delete(id)) this.#misfit(entry, "was withdrawn before");
      this.withdrawn.set(id, enrolment);
      if (isCompleted(enrolment)) this.#ending.set(id, userId);
    } else this.#misfit(entry, "is of no known type");
  }

  /** What somebody has completed is started again only where a group that gives it to the person says so. */
  #checkStart(entry: FeedEntry): void {
    const { personId, kind, itemId } = entry.data;
    if (personId === undefined) return;
    const isOfPerson = (userId: string) => this.users.get(userId)?.personId === personId;
    const completed = [...this.enrolments.values(), ...this.withdrawn.values()].filter(
      (each) => each.kind === kind && each.itemId === itemId && isCompleted(each) && isOfPerson(each.userId),
    );
    if (completed.length === 0) return;
    const last = Math.max(...completed.map(({ progress }) => Date.parse(progress?.completedAt ?? "")));
    const rules = [...this.groups.values()]
      .filter(({ members }) => [...members].some(isOfPerson))
      .map(({ items }) => items.get(`${String(kind)} ${String(itemId)}`)?.reenrol);
    const isAllowed = rules.some(
      (rule) => rule === "always" || (isObject(rule) && last + Number(rule.afterDays) * DAY <= Date.parse(entry.time)),
    );
    if (!isAllowed) this.#misfit(entry, `is completed, and to be started again by ${JSON.stringify(rules)}`);
  }

  /** What an entry says of the holder of an enrolment is what is known already; the groups are those that enrol it. */
  #checkHolder(entry: FeedEntry): void {
    const { userId, personId, kind, itemId, email, externalId, groups, erased } = entry.data;
    const user = this.users.get(String(userId));
    const isKnown = user !== undefined && !user.isErased && erased !== true;
    if (isKnown && (user.fields.email ?? null) !== email) this.#misfit(entry, `is ${String(user.fields.email)}'s`);
    if (isKnown && user.personId !== undefined && personId !== undefined && user.personId !== personId)
      this.#misfit(entry, `is person ${String(user.personId)}'s`);
    if (isKnown && user.externalId !== externalId) this.#misfit(entry, `is ${String(user.externalId)}'s`);
    const giving = Array.isArray(groups) ? groups.map(({ id }) => this.groups.get(id)) : [];
    const isGiven = giving.every(
      (group) => group?.members.has(String(userId)) && group.items.has(`${String(kind)} ${String(itemId)}`),
    );
    if (giving.length === 0 || !isGiven) this.#misfit(entry, "is given by none of its groups");
  }

  /** An item has one name in a company: a new one is that of its open enrolments, too, which are not completed. */
  #setItems(entry: FeedEntry): void {
    const group = this.groups.get(String(entry.data.groupId));
    const { items } = entry.data;
    if (group === undefined || !Array.isArray(items)) {
      this.#misfit(entry, "says nothing of a group that is there");
      return;
    }
    group.items.clear();
    for (const item of items) {
      const { kind, id, name } = item;
      group.items.set(`${kind} ${id}`, item);
      for (const enrolment of this.enrolments.values())
        if (enrolment.kind === kind && enrolment.itemId === id && !isCompleted(enrolment)) enrolment.name = name;
    }
  }
}

/** Whether somebody has completed it. */
export function isCompleted({ progress }: Pick<FoldedEnrolment, "progress">): boolean {
  return progress?.status === "completed";
}

function toProgress(told: unknown): FoldedProgress | null {
  if (!isObject(told)) return null;
  const { status, completedAt } = told;
  return { ...told, status, completedAt: typeof completedAt === "string" ? completedAt : null };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withoutNulls(fields: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== null && value !== undefined));
}
