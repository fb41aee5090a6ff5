import { DEPARTMENTS, LOCATIONS, NAMES, TITLES } from "./names.ts";
import type { Random } from "./random.ts";

/** What an IdP knows of a person in words; `null` is an attribute that is not set. */
export type Attribute =
  | "userName"
  | "externalId"
  | "displayName"
  | "givenName"
  | "familyName"
  | "title"
  | "email"
  | "phone"
  | "locality"
  | "country"
  | "language"
  | "department"
  | "costCenter"
  | "employeeNumber";

/** A person as the IdP's own directory holds them now. */
export interface Person {
  index: number;
  attributes: Record<Attribute, string | null>;
  managerIndex: number | null;
}

/** A group as the IdP's own directory holds it at the start. */
export interface CompanyGroup {
  index: number;
  externalId: string;
  name: string;
  members: number[];
}

/** A synthetic company: its people form a tree of managers, its groups overlap. */
export interface Company {
  /** The domain of every userName: it names provider, seed and size, so that no run meets what another one left. */
  domain: string;
  people: Person[];
  groups: CompanyGroup[];
}

/** How many reports a manager has. */
const SPAN = 7;

/** Makes the company of a provider and seed. */
export function createCompany(
  random: Random,
  { provider, seed, users, groups }: { provider: string; seed: number; users: number; groups: number },
): Company {
  const domain = `${provider}-s${seed}-${users}x${groups}.example`;
  const people = Array.from({ length: users }, (_, index) => createPerson(random, index, domain));
  return {
    domain,
    people,
    groups: Array.from({ length: groups }, (_, index) =>
      createGroup(random, index, users, `${provider} ${seed} ${users}x${groups}`),
    ),
  };
}

/** A person's attribute as text; empty when it is not set. */
export function textOf(person: Person, attribute: Attribute): string {
  return person.attributes[attribute] ?? "";
}

/** Whether anyone reports to a person of a company of `users` people. */
export function isManager(index: number, users: number): boolean {
  return index * SPAN + 1 < users;
}

function createPerson(random: Random, index: number, domain: string): Person {
  const { language, given, family } = random.pick(NAMES);
  const [givenName, givenAscii] = random.pick(given);
  const [familyName, familyAscii] = random.pick(family);
  const { locality, country, dial } = random.pick(LOCATIONS);
  const login = `${givenAscii}.${familyAscii}${index}`;
  return {
    index,
    managerIndex: index === 0 ? null : Math.floor((index - 1) / SPAN),
    attributes: {
      // Mixed case now and then: it is to be kept as sent and found in any case.
      userName: `${random.chance(0.1) ? capitalise(login) : login}@${domain}`,
      externalId: random.uuid(),
      displayName: `${givenName} ${familyName}`,
      givenName,
      familyName,
      title: random.pick(TITLES),
      email: `${login}@mail.${domain}`,
      phone: random.chance(0.2) ? null : `${dial} ${1_000_000 + random.int(9_000_000)}`,
      locality,
      country,
      language,
      department: random.chance(0.04) ? null : spellDepartment(random, random.pick(DEPARTMENTS)),
      costCenter: `CC-${100 + random.int(40)}`,
      employeeNumber: String(10_000 + index),
    },
  };
}

/** The same department is spelt differently here and there, as in real directories. */
export function spellDepartment(random: Random, department: string): string {
  if (random.chance(0.04)) return department.toUpperCase();
  return random.chance(0.02) ? `${department} ` : department;
}

function capitalise(text: string): string {
  return text.replace(/(^|[.-])[a-z]/g, (letter) => letter.toUpperCase());
}

/** The first two groups have names that every provider's company has; the others name provider and seed. */
function createGroup(random: Random, index: number, users: number, owner: string): CompanyGroup {
  const kind =
    index === 0
      ? "All Staff"
      : index === 1
        ? "Security Champions"
        : `${random.pick(DEPARTMENTS)} ${random.pick(LOCATIONS).locality} ${index}`;
  const everyone = Array.from({ length: users }, (_, person) => person);
  const share = index === 0 ? 1 : index === 2 ? 0 : 0.05 + random.next() * 0.25;
  return {
    index,
    externalId: random.uuid(),
    name: `${kind} (${owner})`,
    members: random.sample(everyone, Math.round(users * share)),
  };
}
