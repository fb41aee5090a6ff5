import { describe, expect, it } from "vitest";
import { groupFailures } from "../../../src/console/setting/failures-by-cause.ts";

const taken = { status: 409, code: "user_name_taken", scimType: "uniqueness", detail: null };
const failure = { id: "1", time: 10, resourceType: "User", label: "ada@example.com", ...taken } as const;

describe("failures of a setting", () => {
  it("are gathered by what is to be done, the most frequent first, with the newest to look at", () => {
    const groups = groupFailures([
      { ...failure, id: "3", time: 30, status: 404, code: "no_such_user", scimType: null },
      { ...failure, id: "2", time: 20 },
      { ...failure, label: "bob@example.com" },
    ]);
    expect(groups.map(({ count, lastId, labels }) => ({ count, lastId, labels }))).toEqual([
      { count: 2, lastId: "2", labels: ["ada@example.com", "bob@example.com"] },
      { count: 1, lastId: "3", labels: ["ada@example.com"] },
    ]);
  });

  it("of one kind are one group, with a code and from before there were codes", () => {
    expect(groupFailures([failure, { ...failure, code: null }])).toHaveLength(1);
  });

  it("of users and of groups are told apart where what is to be done differs, and only there", () => {
    const group = { ...failure, resourceType: "Group", code: "group_name_taken" } as const;
    expect(groupFailures([failure, group])).toHaveLength(2);
    const paused = { status: 403, code: "setting_paused", scimType: null };
    expect(
      groupFailures([
        { ...failure, ...paused },
        { ...group, ...paused },
      ]),
    ).toHaveLength(1);
  });
});
