import type { JsonObject } from "../../src/scim/json.ts";

const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const FIRST = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Radia", "Linus", "Margaret", "Niklaus"];
const LAST = ["Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Perlman", "Torvalds", "Hamilton"];
const DEPARTMENTS = 40;

/** The n-th department's name. */
export function departmentOf(n: number): string {
  return `Department ${n % DEPARTMENTS}`;
}

/** The userName of the n-th person, which is its work e-mail too. */
export function userNameOf(n: number): string {
  return `person${n}@bench.example`;
}

/** The n-th person as an identity provider sends it. */
export function person(n: number): JsonObject {
  const givenName = FIRST[n % FIRST.length] ?? "";
  const familyName = LAST[n % LAST.length] ?? "";
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
    userName: userNameOf(n),
    externalId: `external-${n}`,
    active: true,
    displayName: `${givenName} ${familyName}`,
    name: { givenName, familyName, formatted: `${givenName} ${familyName}` },
    emails: [{ value: userNameOf(n), type: "work", primary: true }],
    phoneNumbers: [{ value: `+44 20 ${1_000_000 + n}`, type: "work" }],
    title: "Engineer",
    [ENTERPRISE]: { department: departmentOf(n), employeeNumber: String(n) },
  };
}
