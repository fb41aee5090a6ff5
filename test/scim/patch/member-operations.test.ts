import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/scim/json.ts";
import { type MemberOperation, sumMemberOperations } from "../../../src/scim/patch/member-operations.ts";
import { applyPatch, memberOperationsOf, parsePatch } from "../../../src/scim/patch/patch.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";
import { draw } from "../../generated-cases.ts";

const { Group } = resourceTypes();
const plan = (...Operations: Json[]) => memberOperationsOf(parsePatch(Group, { Operations }));
const ADD_U = [{ kind: "add", members: [{ value: "u" }] }];
const REMOVE_U = [{ kind: "remove", values: ["u"] }];

describe("members in a PATCH become set operations", () => {
  it.each<[Json, unknown]>([
    [{ op: "Add", path: "members", value: [{ $ref: null, value: "u" }] }, ADD_U],
    [{ op: "add", path: "MEMBERS", value: { Value: "u" } }, ADD_U],
    [{ op: "add", path: "members", value: "u" }, ADD_U],
    [{ op: "add", path: "members", value: ["u", { value: "u" }] }, ADD_U],
    [{ op: "add", value: { members: [{ value: "u" }] } }, ADD_U],
    [{ op: "add", path: 'members[value eq "u"]', value: null }, ADD_U],
    [{ op: "add", path: "urn:ietf:params:scim:schemas:core:2.0:Group:members", value: [{ value: "u" }] }, ADD_U],
    [
      { op: "add", path: "members", value: [{ value: "u", display: "U" }] },
      [{ kind: "add", members: [{ value: "u", display: "U" }] }],
    ],
    [
      { op: "add", path: "members", value: [{ $ref: "https://x/v2/Groups/g" }] },
      [{ kind: "add", members: [{ value: "g", type: "Group" }] }],
    ],
    [{ op: "add", path: "members", value: [] }, []],
    [{ op: "Remove", path: "members", value: [{ $ref: null, value: "u" }] }, REMOVE_U],
    [{ op: "remove", path: 'members[value eq "u"]' }, REMOVE_U],
    [{ op: "remove", path: "members", value: "u" }, REMOVE_U],
    [{ op: "remove", value: { members: [{ value: "u" }] } }, REMOVE_U],
    [{ op: "remove", path: 'members[value eq "u" or value eq "v"]' }, [{ kind: "remove", values: ["v", "u"] }]],
    [{ op: "remove", path: 'members[not (value ne "u")]' }, REMOVE_U],
    [{ op: "remove", path: 'members[value eq "u" and value eq "v"]' }, []],
    [{ op: "remove", path: "members[value pr]" }, [{ kind: "replace", members: [] }]],
    [{ op: "remove", path: "members" }, [{ kind: "replace", members: [] }]],
    [{ op: "remove", path: "members", value: [] }, []],
    [{ op: "replace", path: "members", value: [] }, [{ kind: "replace", members: [] }]],
    [{ op: "replace", path: "members", value: null }, [{ kind: "replace", members: [] }]],
    [{ op: "replace", value: { members: [], id: "g", displayName: "n" } }, [{ kind: "replace", members: [] }]],
    [{ op: "replace", value: { id: "g", displayName: "n" } }, []],
    [
      { op: "replace", path: 'members[value eq "u"]', value: { value: "v" } },
      [
        { kind: "remove", values: ["u"] },
        { kind: "add", members: [{ value: "v" }] },
      ],
    ],
  ])("%j", (operation, expected) => {
    const got = plan(operation);
    const sorted = (steps: unknown) =>
      JSON.stringify(steps, (key, value) => (key === "values" ? [...value].sort() : value));
    expect(sorted(got)).toBe(sorted(expected));
  });

  it("lets the last of several operations on one id win", () => {
    const remove = { op: "remove", path: 'members[value eq "u"]' };
    const add = { op: "add", path: "members", value: [{ value: "u" }] };
    expect(plan(remove, add)).toEqual(ADD_U);
    expect(plan(add, remove)).toEqual(REMOVE_U);
  });

  it("reads the SCIM 1.1 form without Operations", () => {
    const body: JsonObject = {
      schemas: ["urn:scim:schemas:core:1.0"],
      displayName: "n",
      members: [{ value: "u", operation: "add" }, { value: "v", operation: "delete" }, { value: "w" }],
      meta: { attributes: ["externalId"] },
    };
    const outcome = applyPatch(Group, { displayName: "old", externalId: "e" }, parsePatch(Group, body));
    expect(outcome).toMatchObject({
      document: { displayName: "n" },
      memberOperations: [
        { kind: "remove", values: ["v"] },
        { kind: "add", members: [{ value: "u" }, { value: "w" }] },
      ],
    });
    expect(outcome.document.externalId).toBeUndefined();
  });

  it.each([
    [{ op: "remove", path: 'members[display eq "x"]' }, "invalidFilter"],
    [{ op: "remove", path: 'members[value ne "u"]' }, "invalidFilter"],
    [{ op: "remove", path: 'members[value co "u"]' }, "invalidFilter"],
    [{ op: "remove", path: 'members[type eq "User"]' }, "invalidFilter"],
    [{ op: "add", path: "members", value: [{ display: "x" }] }, "invalidValue"],
    [{ op: "add", path: "members", value: [{ value: "" }] }, "invalidValue"],
    [{ op: "add", path: "members", value: [{ value: {} }] }, "invalidValue"],
    [{ op: "add", path: "members", value: [null] }, "invalidValue"],
    [{ op: "add", path: "members" }, "invalidValue"],
    [{ op: "replace", path: "members.value", value: "u" }, "mutability"],
    [{ op: "replace", path: 'members[value eq "u"].display', value: "u" }, "mutability"],
    [{ op: "remove", path: "displayName" }, "mutability"],
  ])("refuses %j with %s", (operation, scimType) => {
    const run = () => applyPatch(Group, { displayName: "n" }, parsePatch(Group, { Operations: [operation as Json] }));
    expect(run).toThrow(expect.objectContaining({ status: 400, scimType }));
  });
});

describe("several set operations in sum", () => {
  const id = fc.constantFrom("a", "b", "c", "d");
  const ids = fc.array(id, { maxLength: 3 });
  const operation = fc.oneof(
    fc.record({ kind: fc.constant("add" as const), members: ids.map((list) => list.map((value) => ({ value }))) }),
    fc.record({ kind: fc.constant("remove" as const), values: ids }),
    fc.record({ kind: fc.constant("replace" as const), members: ids.map((list) => list.map((value) => ({ value }))) }),
  );

  function apply(group: ReadonlySet<string>, operations: readonly MemberOperation[]): string[] {
    let members = new Set(group);
    for (const operation of operations) {
      if (operation.kind === "replace") members = new Set();
      if (operation.kind === "remove") for (const value of operation.values) members.delete(value);
      else for (const { value } of operation.members) members.add(value);
    }
    return [...members].sort();
  }

  it("do to any group what they do one after another, and name no id twice", () => {
    fc.assert(
      fc.property(ids, fc.array(operation, { minLength: 2, maxLength: 6 }), (group, operations) => {
        const sum = sumMemberOperations(operations);
        expect(apply(new Set(group), sum)).toEqual(apply(new Set(group), operations));
        const named = sum.flatMap((part) => (part.kind === "remove" ? part.values : part.members.map((m) => m.value)));
        expect(new Set(named).size).toBe(named.length);
      }),
      draw(500),
    );
  });
});
