import { type Company, isManager, type Person, spellDepartment, textOf } from "./company.ts";
import { DEPARTMENTS, LOCATIONS } from "./names.ts";
import type { Random } from "./random.ts";

/** What changes about a person; absent members stay. */
export interface PersonChange {
  attributes: Partial<Person["attributes"]>;
  /** Null takes the manager away. */
  managerIndex?: number | null;
}

/** Who joins and leaves a group. */
export interface MembershipChange {
  join: number[];
  leave: number[];
}

/** What happens to a company after it was first provisioned; people and groups by index. */
export interface LifePlan {
  /** Not there at first; `inactiveAtFirst` of them are created inactive. */
  lateJoiners: Set<number>;
  inactiveAtFirst: Set<number>;
  changes: Map<number, PersonChange>;
  newUserNames: Map<number, string>;
  deactivated: number[];
  /** Some of the deactivated. */
  reactivated: number[];
  deleted: number[];
  /** Some of the deleted. */
  recreated: number[];
  newGroupNames: Map<number, string>;
  membershipChanges: Map<number, MembershipChange>;
  deletedGroups: number[];
  /** Some of the deleted groups. */
  recreatedGroups: number[];
}

/** Draws a life; whoever has reports is neither late nor deleted, so that every manager exists. */
export function planLife(company: Company, random: Random): LifePlan {
  const { people, groups } = company;
  const share = (part: number) => Math.ceil(people.length * part);
  const all = people.map(({ index }) => index);
  const leaves = random.sample(all, all.length).filter((index) => !isManager(index, people.length));
  const late = leaves.splice(0, Math.min(leaves.length, share(0.05)));
  const deleted = leaves.splice(0, Math.min(leaves.length, share(0.05)));
  const staying = all.filter((index) => !late.includes(index) && !deleted.includes(index));
  const deactivated = random.sample(staying, share(0.12));
  const renamed = random.sample(staying, share(0.03));
  const ownGroups = groups.slice(2).map(({ index }) => index);
  const doomed = random.sample(ownGroups.slice(1), Math.min(2, Math.floor(groups.length / 4)));
  return {
    lateJoiners: new Set(late),
    inactiveAtFirst: new Set(late.slice(0, Math.ceil(late.length / 3))),
    changes: new Map(random.sample(staying, share(0.35)).map((index) => [index, draftChange(company, index, random)])),
    newUserNames: new Map(renamed.map((index) => [index, renameLogin(company, index)])),
    deactivated,
    reactivated: deactivated.slice(0, Math.ceil(deactivated.length / 2)),
    deleted,
    recreated: deleted.slice(0, Math.ceil(deleted.length / 4)),
    newGroupNames: planGroupNames(company, random, doomed),
    membershipChanges: new Map(groups.map(({ index, members }) => [index, planMembers(members, staying, random)])),
    deletedGroups: doomed,
    recreatedGroups: doomed.slice(0, Math.floor(doomed.length / 2)),
  };
}

function renameLogin({ people, domain }: Company, index: number): string {
  const person = people[index];
  const login = person === undefined ? "" : textOf(person, "userName").split("@")[0];
  return `renamed-${login}@${domain}`;
}

function draftChange(company: Company, index: number, random: Random): PersonChange {
  const person = company.people[index];
  const attributes: PersonChange["attributes"] = {};
  if (person === undefined) return { attributes };
  if (random.chance(0.4)) attributes.department = spellDepartment(random, random.pick(DEPARTMENTS));
  else if (random.chance(0.08)) attributes.department = null;
  if (random.chance(0.3)) {
    attributes.familyName = `${textOf(person, "familyName")}-Ñandú`;
    attributes.displayName = `${textOf(person, "givenName")} ${attributes.familyName}`;
  }
  if (random.chance(0.3)) attributes.phone = `+90 (555) ${1_000_000 + random.int(9_000_000)}`;
  if (random.chance(0.2)) attributes.email = `New.${textOf(person, "email")}`;
  if (random.chance(0.2)) attributes.locality = random.pick(LOCATIONS).locality;
  if (random.chance(0.2)) attributes.costCenter = `CC-${200 + random.int(40)}`;
  if (random.chance(0.2) || Object.keys(attributes).length === 0) attributes.title = "Principal";
  const managers = company.people.filter(
    (other) => other.index < index && isManager(other.index, company.people.length),
  );
  if (random.chance(0.05)) return { attributes, managerIndex: null };
  return managers.length > 0 && random.chance(0.2)
    ? { attributes, managerIndex: random.pick(managers).index }
    : { attributes };
}

/** A fifth of the groups is renamed, one of them in case only, and one that shares its name with other providers'. */
function planGroupNames({ groups, domain }: Company, random: Random, doomed: number[]): Map<number, string> {
  const candidates = groups.slice(2).filter(({ index }) => !doomed.includes(index));
  const chosen = random.sample(candidates, Math.ceil(groups.length / 5));
  const names = new Map(
    chosen.map(({ index, name }, order) => [index, order === 0 ? name.toUpperCase() : `Renamed ${name}`]),
  );
  if (groups[1] !== undefined) names.set(1, `Security Champions of ${domain}`);
  return names;
}

function planMembers(members: readonly number[], staying: readonly number[], random: Random): MembershipChange {
  const present = new Set(members);
  const there = new Set(staying);
  const outside = staying.filter((index) => !present.has(index));
  return {
    join: random.sample(outside, Math.max(2, Math.ceil(staying.length * 0.03))),
    leave: random.sample(
      members.filter((index) => there.has(index)),
      Math.ceil(members.length * 0.1),
    ),
  };
}
