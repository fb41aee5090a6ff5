import { describe, expect, it } from "vitest";
import type { Alert, AlertKind } from "../../src/alerts/alert.ts";
import { planMessages } from "../../src/alerts/plan-messages.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 1_000 * DAY;

/** Whose alerts were opened so long ago (ms). */
interface Told extends Partial<Alert> {
  kind: AlertKind;
  age?: number;
}

function plan(alerts: Told[], quietUntil: number | null = null) {
  const all = alerts.map(({ age = 0, ...more }, index): Alert & { age: number } => ({
    ...{ id: `a${index}`, status: "open", settingKey: 1, subject: `s${index}`, facts: {}, since: 0, lastSeenAt: 0 },
    ...{ count: 1, toldAt: null, dismissedAt: null, closedAt: null, age },
    ...more,
  }));
  const ageOf = new Map<Alert, number>(all.map((alert) => [alert, alert.age]));
  const { due, nextAt } = planMessages({
    ...{ alerts: all, quietUntil, now: NOW },
    openedAt: (alert) => NOW - (ageOf.get(alert) ?? 0),
  });
  const told = due.map((message) => `${message.topic} ${message.isReminder ? "again " : ""}${message.alerts.length}`);
  return { told, nextAt };
}

describe("messages", () => {
  it.each([
    ["nothing", [], [], null],
    ["a hold", [{ kind: "hold" }], ["holds 1"], null],
    ["failures before ten minutes", [{ kind: "failing", age: MINUTE }], [], NOW + 9 * MINUTE],
    [
      "failures after ten minutes, with those that came meanwhile",
      [{ kind: "failing", age: 10 * MINUTE }, { kind: "failing" }],
      ["failures 2"],
      NOW + 10 * MINUTE,
    ],
    [
      "failures that follow others within the hour",
      [
        { kind: "failing", age: DAY, toldAt: NOW - 10 * MINUTE },
        { kind: "failing", age: 20 * MINUTE },
      ],
      [],
      NOW + 50 * MINUTE,
    ],
    [
      "many credentials at once",
      [
        { kind: "credential_ended", age: MINUTE },
        { kind: "no_credential", age: MINUTE },
        { kind: "credential_ending", age: 0 },
      ],
      ["credentials 3"],
      NOW + MINUTE,
    ],
    ["what was told a moment ago", [{ kind: "silent", age: HOUR, toldAt: NOW - HOUR }], [], NOW + 23 * HOUR],
    ["what was told a day ago", [{ kind: "silent", age: DAY, toldAt: NOW - DAY }], ["silence again 1"], null],
    ["what was dismissed", [{ kind: "silent", age: DAY, status: "dismissed" }], [], null],
    ["what is over", [{ kind: "silent", age: DAY, status: "closed", closedAt: NOW }], [], null],
    [
      "a credential with 15 days left",
      [{ kind: "credential_ending", age: 15 * DAY, toldAt: NOW - 15 * DAY, facts: { expiresAt: NOW + 15 * DAY } }],
      [],
      NOW + DAY,
    ],
    [
      "a credential with 14 days left",
      [{ kind: "credential_ending", age: 16 * DAY, toldAt: NOW - 16 * DAY, facts: { expiresAt: NOW + 14 * DAY } }],
      ["credentials again 1"],
      null,
    ],
    [
      "a credential that has ended, told then",
      [{ kind: "credential_ended", age: 9 * DAY, toldAt: NOW - 9 * DAY }],
      [],
      null,
    ],
  ] as [string, Told[], string[], number | null][])("%s", (_, alerts, told, nextAt) => {
    expect(plan(alerts)).toEqual({ told, nextAt });
  });

  /** One that was told at 30 days and since at each of the days that were due. */
  function endingIn(left: number) {
    const toldLeft = [30 * DAY, 14 * DAY, 7 * DAY, DAY].filter((each) => each > left).at(-1) ?? 30 * DAY;
    const facts = { expiresAt: NOW + left };
    return plan([{ kind: "credential_ending", age: 40 * DAY, toldAt: NOW + left - toldLeft, facts }]);
  }

  it.each([
    [14 * DAY + 1, [], NOW + 1],
    [14 * DAY, ["credentials again 1"], null],
    [14 * DAY - 1, [], NOW + 7 * DAY - 1],
    [7 * DAY + 1, [], NOW + 1],
    [7 * DAY, ["credentials again 1"], null],
    [7 * DAY - 1, [], NOW + 6 * DAY - 1],
    [DAY + 1, [], NOW + 1],
    [DAY, ["credentials again 1"], null],
    [DAY - 1, [], null],
  ])("of a credential that ends in %i ms", (left, told, nextAt) => {
    expect(endingIn(left)).toEqual({ told, nextAt });
  });

  it("of a credential that nobody could be told of for weeks come once, not once for each day", () => {
    const facts = { expiresAt: NOW + DAY / 2 };
    const alert = { kind: "credential_ending", age: 30 * DAY, toldAt: NOW - 29 * DAY, facts } as const;
    expect(plan([alert])).toEqual({ told: ["credentials again 1"], nextAt: null });
    expect(plan([{ ...alert, toldAt: NOW }])).toEqual({ told: [], nextAt: null });
  });

  it.each([
    [DAY - 1, [], NOW + 1],
    [DAY, ["silence again 1"], null],
  ])("again come a day after the one before: %i ms", (since, told, nextAt) => {
    expect(plan([{ kind: "silent", age: 2 * DAY, toldAt: NOW - since }])).toEqual({ told, nextAt });
  });

  it.each([
    ["hold", 0, "holds"],
    ["silent", MINUTE, "silence"],
    ["failing", 10 * MINUTE, "failures"],
    ["no_credential", MINUTE, "credentials"],
    ["credential_ended", MINUTE, "credentials"],
    ["quota", MINUTE, "quotas"],
    ["webhook", 10 * MINUTE, "webhooks"],
  ] as const)("of an alert of kind %s come %i ms after its opening, and not before", (kind, after, topic) => {
    expect(plan([{ kind, age: after }])).toEqual({ told: [`${topic} 1`], nextAt: null });
    if (after > 0) expect(plan([{ kind, age: after - 1 }])).toEqual({ told: [], nextAt: NOW + 1 });
  });

  it("are none while work is announced, and what is open then comes after it", () => {
    const alerts: Told[] = [
      { kind: "hold", age: HOUR },
      { kind: "silent", age: DAY, toldAt: NOW - DAY },
    ];
    expect(plan(alerts, NOW + HOUR)).toEqual({ told: [], nextAt: NOW + HOUR });
    expect(plan(alerts, NOW).told).toEqual(["holds 1", "silence again 1"]);
  });
});
