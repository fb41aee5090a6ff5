import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  diffReasons,
  groupNameOf,
  type HasGroup,
  type Mirror,
  planGroups,
  type ResolvedReason,
} from "../../src/grouping/plan-groups.ts";
import type { Reason } from "../../src/grouping/target-group.ts";
import type { GroupSettings } from "../../src/settings/setting.ts";
import { draw } from "../generated-cases.ts";

const byDepartment: GroupSettings = {
  targetGroupKey: 1,
  targetGroupScope: "everyone",
  criteria: "field",
  field: "department",
};
const mirrors: Mirror[] = [{ groupKey: 10, groupName: "Sales", targetGroupKey: 20 }];
const none = () => false;
const kinds = (settings: GroupSettings, department: string | null, active = true, hasGroup: HasGroup = none) =>
  planGroups({ active, fields: { department } }, settings, mirrors, hasGroup).map(({ kind }) => kind);

describe("planGroups", () => {
  it("puts a user into the group of its field's value and into the setting's own group", () => {
    expect(planGroups({ active: true, fields: { department: " Sales " } }, byDepartment, [], none)).toEqual([
      { target: { name: "Sales" }, kind: "field", sourceKey: 0, detail: "department" },
      { target: { key: 1 }, kind: "everyone", sourceKey: 0, detail: "" },
    ]);
  });

  it("gives an inactive user nothing", () => {
    expect(kinds(byDepartment, "Sales", false)).toEqual([]);
    expect(kinds({ ...byDepartment, criteria: "idp", field: null }, null, false)).toEqual([]);
  });

  it("uses the own group as a fallback only when asked to", () => {
    const fallback: GroupSettings = { ...byDepartment, targetGroupScope: "ungrouped" };
    expect(kinds(fallback, "Sales")).toEqual(["field"]);
    expect(kinds(fallback, null)).toEqual(["ungrouped"]);
    expect(kinds(fallback, "   ")).toEqual(["ungrouped"]);
    expect(kinds({ ...fallback, criteria: "idp", field: null }, "Sales")).toEqual(["idp"]);
  });

  it("mirrors the provider's groups one to one", () => {
    expect(
      planGroups({ active: true, fields: {} }, { ...byDepartment, criteria: "idp", field: null }, mirrors, none),
    ).toEqual([
      { target: { key: 20 }, kind: "idp", sourceKey: 10, detail: "Sales" },
      { target: { key: 1 }, kind: "everyone", sourceKey: 0, detail: "" },
    ]);
  });

  it("takes a value of over 256 characters for none, unless a group has that name from before", () => {
    const fallback: GroupSettings = { ...byDepartment, targetGroupScope: "ungrouped" };
    const astral = "\u{1f388}";
    for (const [value, kind] of [
      ["d".repeat(256), "field"],
      [`  ${"d".repeat(256)}\t`, "field"],
      [astral.repeat(256), "field"],
      ["d".repeat(257), "ungrouped"],
      [astral.repeat(257), "ungrouped"],
      ["d".repeat(5_000), "ungrouped"],
    ] as const)
      expect(kinds(fallback, value), `${value.slice(0, 4)} ${value.length}`).toEqual([kind]);
    const old = "d".repeat(1_600);
    expect(kinds(fallback, old, true, (name) => name === old)).toEqual(["field"]);
    expect(kinds(fallback, `${old}e`, true, (name) => name === old)).toEqual(["ungrouped"]);
  });

  it("names groups after numbers and booleans too, and after nothing else", () => {
    expect([groupNameOf(7), groupNameOf(false), groupNameOf({ a: 1 }), groupNameOf(undefined)]).toEqual([
      "7",
      "false",
      "",
      "",
    ]);
  });
});

describe("diffReasons", () => {
  const reason = fc.record({
    targetGroupKey: fc.integer({ min: 1, max: 4 }),
    kind: fc.constantFrom("everyone" as const, "field" as const, "idp" as const),
    sourceKey: fc.integer({ min: 0, max: 2 }),
  });
  const identity = (one: { targetGroupKey: number; kind: string; sourceKey: number }) =>
    `${one.targetGroupKey} ${one.kind} ${one.sourceKey}`;

  it("applied to what is held gives what is planned, and a second time nothing", () => {
    fc.assert(
      fc.property(fc.uniqueArray(reason, { selector: identity }), fc.array(reason), (held, planned) => {
        const full = (part: ResolvedReason | (typeof held)[number]): Reason => ({
          detail: "",
          ...part,
          settingKey: 1,
          requestId: null,
          heldBy: null,
          heldVersion: null,
          addedAt: 0,
        });
        const current = held.map(full);
        const { join, leave } = diffReasons(current, planned.map(full));
        const after = [...current.filter((one) => !leave.includes(one)), ...join.map(full)];
        expect(new Set(after.map(identity))).toEqual(new Set(planned.map(identity)));
        expect(after.length).toBe(new Set(after.map(identity)).size);
        expect(diffReasons(after, planned.map(full))).toEqual({ join: [], leave: [] });
      }),
      draw(500),
    );
  });
});
