import type { Member } from "../belief.ts";
import type { Attribute, Person } from "../company.ts";
import { ENTERPRISE } from "../document.ts";
import type { Random } from "../random.ts";
import type { EntraDialect } from "./entra-requests.ts";

/** Entra's paths for what it sends. */
export const PATHS: Record<Attribute, string> = {
  userName: "userName",
  externalId: "externalId",
  displayName: "displayName",
  givenName: "name.givenName",
  familyName: "name.familyName",
  title: "title",
  email: 'emails[type eq "work"].value',
  phone: 'phoneNumbers[type eq "work"].value',
  locality: 'addresses[type eq "work"].locality',
  country: 'addresses[type eq "work"].country',
  language: "preferredLanguage",
  department: `${ENTERPRISE}:department`,
  costCenter: `${ENTERPRISE}:costCenter`,
  employeeNumber: `${ENTERPRISE}:employeeNumber`,
};

/** The operations that bring these attributes to the person's values. */
export function entraOperations(
  person: Person,
  changed: readonly Attribute[],
  dialect: EntraDialect,
  random: Random,
): object[] {
  const cleared = changed.filter((name) => person.attributes[name] === null);
  const set = changed.filter((name) => person.attributes[name] !== null);
  const removals = cleared.map((name) => clear(PATHS[name], dialect, random));
  if (dialect === "legacy")
    return [
      ...removals,
      // Add and Replace are used without system (Microsoft Q&A 1373350).
      ...set.map((name) => {
        return { op: random.chance(0.3) ? "Add" : "Replace", path: PATHS[name], value: person.attributes[name] };
      }),
    ];
  const filtered = set.filter((name) => PATHS[name].includes("["));
  const plain = set.filter((name) => !PATHS[name].includes("["));
  const value = Object.fromEntries(plain.map((name) => [PATHS[name], person.attributes[name]]));
  return [
    ...removals,
    ...filtered.map((name) => ({ op: "replace", path: PATHS[name], value: person.attributes[name] })),
    ...(plain.length > 0 ? [{ op: "replace", value }] : []),
  ];
}

function clear(path: string, dialect: EntraDialect, random: Random): object {
  if (dialect === "optscim") return { op: "remove", path };
  return random.pick([
    { op: "Remove", path },
    { op: "Replace", path, value: "" },
  ]);
}

/** The bodies of a membership change: one operation with many values, many with one, or removal by filter. */
export function memberOperations(
  op: "Add" | "Remove",
  users: readonly Member[],
  size: number,
  dialect: EntraDialect,
  random: Random,
): object[][] {
  const bodies: object[][] = [];
  const single = random.chance(0.5);
  for (let start = 0; start < users.length; start += size) {
    const values = users.slice(start, start + size).map(({ id }) => ({ $ref: null, value: id }));
    if (dialect === "optscim")
      bodies.push(
        op === "Remove"
          ? values.map(({ value }) => ({ op: "remove", path: `members[value eq "${value}"]` }))
          : [{ op: "add", path: "members", value: values.map(({ value }) => ({ value })) }],
      );
    else if (single) bodies.push(values.map((value) => ({ op, path: "members", value: [value] })));
    else bodies.push([{ op, path: "members", value: values }]);
  }
  return bodies;
}
