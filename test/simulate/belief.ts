import { type Attribute, type Company, type Person, textOf } from "./company.ts";
import type { LifePlan } from "./life-plan.ts";

/** What the IdP believes of one person at the server. */
export interface BelievedUser {
  person: Person;
  /** The SCIM id, once the server gave one. */
  id: string | null;
  state: "absent" | "active" | "inactive" | "deleted";
  /** Whom to change it to, in the course of life. */
  nextUserName: string | null;
}

/** A user that is at the server. */
export type PresentUser = BelievedUser & { id: string };

/** A member as a group's requests name it. */
export interface Member {
  id: string;
  userName: string;
}

/** What the IdP believes of one group at the server. */
export interface BelievedGroup {
  externalId: string;
  name: string;
  nextName: string | null;
  /** Names it had before, or had when it was deleted. */
  formerNames: string[];
  id: string | null;
  state: "absent" | "present" | "deleted";
  /** Whom the IdP has in it; those at the server are sent. */
  members: Set<BelievedUser>;
  /** The externalId it was created with, when the provider sends one. */
  sentExternalId: string | null;
}

/** Everything the IdP believes the server holds. */
export interface Belief {
  domain: string;
  users: BelievedUser[];
  groups: BelievedGroup[];
  /** Ids that were deleted and must stay gone. */
  goneUsers: string[];
  goneGroups: string[];
  /** Every value an attribute had on an active user, for target groups that stay when they are empty. */
  valuesEver: Map<Attribute, Set<string>>;
}

/** The belief before the first request: nobody is there yet. */
export function createBelief(company: Company, plan: LifePlan): Belief {
  const users = company.people.map((person): BelievedUser => {
    return { person, id: null, state: "absent", nextUserName: plan.newUserNames.get(person.index) ?? null };
  });
  const groups = company.groups.map(({ externalId, name, index, members }): BelievedGroup => {
    const people = members.map((member) => users[member]).filter((user) => user !== undefined);
    return {
      externalId,
      name,
      nextName: plan.newGroupNames.get(index) ?? null,
      formerNames: [],
      id: null,
      state: "absent",
      members: new Set(people),
      sentExternalId: null,
    };
  });
  return { domain: company.domain, users, groups, goneUsers: [], goneGroups: [], valuesEver: new Map() };
}

/** Sets a user's state, and keeps the values that an active user has shown. */
export function believe(belief: Belief, user: BelievedUser, state: BelievedUser["state"]): void {
  user.state = state;
  if (state !== "active") return;
  for (const [attribute, value] of Object.entries(user.person.attributes)) {
    if (value === null) continue;
    // Object.entries loses the key type of a Record.
    const key = attribute as Attribute;
    const values = belief.valuesEver.get(key) ?? new Set();
    belief.valuesEver.set(key, values.add(value));
  }
}

/** Notes that a user is deleted: gone from every group too. */
export function believeUserDeleted(belief: Belief, user: BelievedUser): void {
  if (user.id !== null) belief.goneUsers.push(user.id);
  user.id = null;
  user.state = "deleted";
  for (const group of belief.groups) group.members.delete(user);
}

/** Notes that a group is deleted; its users stay. */
export function believeGroupDeleted(belief: Belief, group: BelievedGroup): void {
  if (group.id !== null) belief.goneGroups.push(group.id);
  group.id = null;
  group.sentExternalId = null;
  group.state = "deleted";
  group.formerNames.push(group.name);
}

/** Notes a group's new name. */
export function believeGroupRenamed(group: BelievedGroup, name: string): void {
  group.formerNames.push(group.name);
  group.name = name;
}

/** Whether a user is at the server. */
export function isThere(user: BelievedUser): user is PresentUser {
  return user.id !== null && (user.state === "active" || user.state === "inactive");
}

/** The members of a group that are at the server. */
export function membersOf(group: BelievedGroup): Member[] {
  return [...group.members].filter(isThere).map(memberOf);
}

/** A user as a member. */
export function memberOf(user: PresentUser): Member {
  return { id: user.id, userName: textOf(user.person, "userName") };
}

/** How names of target groups compare: trimmed, NFKC, lower case. */
export function foldName(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
}
