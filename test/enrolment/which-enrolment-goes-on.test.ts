import { describe, expect, it } from "vitest";
import { whichGivesWay } from "../../src/enrolment/which-enrolment-goes-on.ts";

const enrolment = (key: number, progressStatus: "completed" | null = null) => ({
  ...{ key, userId: `u${key}`, kind: "training" as const, itemId: "t", name: "T" },
  ...{ status: "active" as const, progressStatus, completedAt: progressStatus === null ? null : 1, given: true },
});

describe("of two enrolments of what turns out to be one person", () => {
  it("the one that began later gives way, whichever is met first", () => {
    for (const progress of [null, "completed"] as const) {
      const [older, younger] = [enrolment(1, progress), enrolment(2, progress)];
      expect(whichGivesWay(older, younger)).toBe(younger);
      expect(whichGivesWay(younger, older)).toBe(younger);
    }
  });

  it("an open one gives way to one that was completed, however old it is", () => {
    for (const [open, completed] of [
      [enrolment(1), enrolment(2, "completed")],
      [enrolment(2), enrolment(1, "completed")],
    ] as const) {
      expect(whichGivesWay(open, completed)).toBe(open);
      expect(whichGivesWay(completed, open)).toBe(open);
    }
  });
});
