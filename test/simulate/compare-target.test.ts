import { describe, expect, it } from "vitest";
import { type Belief, believe, createBelief } from "./belief.ts";
import { createCompany } from "./company.ts";
import { compareTarget } from "./compare-target.ts";
import type { JsonObject } from "./document.ts";
import { planLife } from "./life-plan.ts";
import type { GroupSettings, Management } from "./management.ts";
import { createOkta } from "./providers/okta.ts";
import { createRandom } from "./random.ts";
import type { Session } from "./session.ts";

/** Four people, one of them inactive and one without a department, in one group of three. */
function makeBelief(): Belief {
  const random = createRandom("target");
  const company = createCompany(random, { provider: "okta", seed: 1, users: 4, groups: 1 });
  const belief = createBelief(company, planLife(company, random));
  for (const user of belief.users) {
    user.id = `u${user.person.index}`;
    user.person.attributes.department = [" Sales", "SALES ", null, "Finance"][user.person.index] ?? null;
    believe(belief, user, user.person.index === 3 ? "inactive" : "active");
  }
  for (const group of belief.groups) {
    group.state = "present";
    group.members = new Set(belief.users.slice(1));
  }
  return belief;
}

/** The hold that a person's inactivity or deletion waits in; null for none. */
type HeldBy = string | null;

interface Target {
  name: string;
  kind: string;
  members: string[];
}

/** The management API of a company whose target groups are as listed. */
function fakeManagement(belief: Belief, targets: Target[], heldBy: HeldBy): Management {
  const reasons = (kind: string) => [
    { kind, settingId: "s1" },
    { kind: "manual", settingId: null },
  ];
  const users = belief.users.map(({ id, state, person: { attributes } }) => ({
    id,
    settingId: "s1",
    userName: attributes.userName,
    externalId: attributes.externalId,
    status: heldBy === null ? state : "active",
    heldBy,
    fields: {
      email: attributes.email,
      firstName: attributes.givenName,
      lastName: attributes.familyName,
      department: attributes.department,
      phoneNumber: attributes.phone,
    },
  }));
  const list = async (path: string): Promise<JsonObject[]> => {
    if (path.endsWith("/target-users")) return users;
    if (path.endsWith("/target-groups"))
      return targets.map(({ name, kind, members }, id) => ({ id, name, source: kind, memberCount: members.length }));
    const target = targets[Number(path.split("/").at(-2))];
    return (target?.members ?? []).map((userId) => ({ userId, userName: "", reasons: reasons(target?.kind ?? "") }));
  };
  const get = async (path: string) => {
    const mine = targets.filter(({ members }) => members.includes(path.split("/").at(-1) ?? ""));
    return { groups: mine.map(({ name, kind }) => ({ name, reasons: reasons(kind) })) };
  };
  return { get, list, patch: async () => {} };
}

async function compare(
  groupSettings: GroupSettings,
  targets: Target[],
  change?: (belief: Belief) => void,
  heldBy: HeldBy = null,
) {
  const belief = makeBelief();
  const management = fakeManagement(belief, targets, heldBy);
  change?.(belief);
  const differences: string[] = [];
  const session: Session = {
    wire: { send: () => Promise.reject(new Error("no wire")), close: () => {} },
    belief,
    random: createRandom("sample"),
    chaos: false,
    connections: 1,
    creates: 0,
    nonce: "",
    report: (difference) => void differences.push(difference),
  };
  const setting = { id: "s1", companyId: "c1", fieldMappings: [], groupSettings, alone: true };
  await compareTarget(session, createOkta(session, "patch"), management, setting);
  return differences;
}

const BY_DEPARTMENT: GroupSettings = {
  criteria: "field",
  field: "department",
  targetGroupName: "Others",
  targetGroupScope: "ungrouped",
};
const RIGHT: Target[] = [
  { name: "sales", kind: "field", members: ["u0", "u1"] },
  { name: "Others", kind: "ungrouped", members: ["u2"] },
];

describe("the comparison of the target side", () => {
  it("finds nothing where values and the fallback give what the rules say", async () => {
    expect(await compare(BY_DEPARTMENT, RIGHT)).toEqual([]);
  });

  it("finds nothing where everyone is in one group and the provider's groups are mirrored", async () => {
    const settings: GroupSettings = { criteria: "idp", targetGroupName: "Company", targetGroupScope: "everyone" };
    const targets = [
      { name: "All Staff (okta 1 4x1)", kind: "idp", members: ["u1", "u2"] },
      { name: "company", kind: "everyone", members: ["u0", "u1", "u2"] },
    ];
    expect(await compare(settings, targets)).toEqual([]);
  });

  it("reports who is missing, who stayed, and a group that is gone", async () => {
    const targets = [
      { name: "Sales", kind: "field", members: ["u0"] },
      { name: "Finance", kind: "field", members: ["u3"] },
    ];
    const differences = await compare(BY_DEPARTMENT, targets);
    expect(differences.some((text) => /target group sales: .* is missing \(field\)/.test(text))).toBe(true);
    expect(differences.some((text) => /target group Finance: .* should not be in it \(field\)/.test(text))).toBe(true);
    expect(differences.some((text) => /target group others: .* is missing \(ungrouped\)/.test(text))).toBe(true);
    const empty = await compare(BY_DEPARTMENT, RIGHT.slice(1));
    expect(empty).toContain('the target group of the value " Sales" is gone');
  });

  it("finds nothing in people who wait in a hold: they are as they were, active and in their groups", async () => {
    const targets = [...RIGHT, { name: "Finance", kind: "field", members: ["u3", "u2"] }];
    const leave = ({ goneUsers }: Belief) => void goneUsers.push("gone", "u3");
    expect(await compare(BY_DEPARTMENT, targets, leave)).not.toEqual([]);
    expect(await compare(BY_DEPARTMENT, targets, leave, "h1")).toEqual([]);
  });

  it("reports a field, a status and a deleted user that differ", async () => {
    const differences = await compare(BY_DEPARTMENT, RIGHT, ({ users, goneUsers }) => {
      const [first, second] = users;
      if (first !== undefined) first.person.attributes.phone = "other";
      if (second !== undefined) second.state = "inactive";
      goneUsers.push("u2");
    });
    expect(differences.some((text) => text.includes("phoneNumber is"))).toBe(true);
    expect(differences.some((text) => text.includes('status is "active", should be "inactive"'))).toBe(true);
    expect(differences).toContain("target user u2 is there although its user was deleted");
  });
});
