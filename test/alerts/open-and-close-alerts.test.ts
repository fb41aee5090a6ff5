import { describe, expect, it } from "vitest";
import type { Alert, AlertKind, Finding } from "../../src/alerts/alert.ts";
import { describeAlert, writeMessage } from "../../src/alerts/alert-words.ts";
import { openAndCloseAlerts } from "../../src/alerts/open-and-close-alerts.ts";

const DAY = 86_400_000;
const NOW = 1_000 * DAY;

const finding = (more: Partial<Finding> = {}): Finding => ({
  ...{ kind: "silent", settingKey: 1, subject: "", since: NOW, lastSeenAt: NOW, count: 1, facts: {} },
  ...more,
});
const alert = (more: Partial<Alert> = {}): Alert => ({
  ...finding(),
  ...{ id: "old", status: "open", toldAt: NOW - 1, dismissedAt: null, closedAt: null },
  ...more,
});

function openAndClose(
  known: Alert[],
  findings: Finding[],
  kinds: AlertKind[] = ["silent", "failing", "quota", "hold"],
) {
  const isJudged = ({ kind }: Alert) => kinds.includes(kind);
  return openAndCloseAlerts({ known, findings, isJudged, now: NOW, makeId: () => "new" });
}

describe("findings", () => {
  it("that are new open an alert, and those that are known go on under their id", () => {
    expect(openAndClose([], [finding()]).opened).toMatchObject([
      { id: "new", status: "open", toldAt: null, closedAt: null },
    ]);
    expect(openAndClose([alert()], [finding()])).toEqual({ opened: [], changed: [], closed: [] });
  });

  it("that are no more close theirs, whatever its status, and no alert that was not judged", () => {
    for (const status of ["open", "dismissed"] as const)
      expect(openAndClose([alert({ status })], []).closed).toMatchObject([
        { id: "old", status: "closed", closedAt: NOW },
      ]);
    expect(openAndClose([alert()], [], ["hold"]).closed).toEqual([]);
    expect(openAndClose([alert({ status: "closed", closedAt: NOW - 1 })], []).closed).toEqual([]);
  });

  it("that say more bring an alert up to date, with all its requests, and leave it dismissed", () => {
    const known = alert({
      kind: "failing",
      subject: "x",
      status: "dismissed",
      count: 3,
      facts: { requestIds: ["1", "2"] },
    });
    const more = finding({ kind: "failing", subject: "x", count: 4, facts: { requestIds: ["2", "3"] } });
    expect(openAndClose([known], [more]).changed).toMatchObject([
      { id: "old", status: "dismissed", count: 4, lastSeenAt: NOW, facts: { requestIds: ["1", "2", "3"] } },
    ]);
    // Some were made good: that is no news.
    expect(openAndClose([known], [finding({ kind: "failing", subject: "x", count: 2 })]).changed).toEqual([]);
  });

  it("about how much of a quota is used write no row for each person", () => {
    const known = alert({ kind: "quota", subject: "people", facts: { quota: "people", used: 80, most: 100 } });
    const at = (used: number, most: number) =>
      openAndClose(
        [known],
        [finding({ kind: "quota", settingKey: 1, subject: "people", facts: { quota: "people", used, most } })],
      );
    expect(at(81, 100).changed).toEqual([]);
    expect(at(81, 101).changed).toHaveLength(1);
  });

  it("that come again within a day are told no more when they may flicker, and are told when they may not", () => {
    const closed = { status: "closed", closedAt: NOW - 1, toldAt: NOW - 5 } as const;
    const again = (kind: AlertKind) =>
      openAndClose([alert({ ...closed, kind })], [finding({ kind })]).opened[0]?.toldAt;
    expect(again("failing")).toBe(NOW - 5);
    expect(again("quota")).toBe(NOW - 5);
    expect(again("silent")).toBeNull();
    const longAgo = openAndClose(
      [alert({ kind: "failing", ...closed, toldAt: NOW - DAY })],
      [finding({ kind: "failing" })],
    );
    expect(longAgo.opened[0]?.toldAt).toBeNull();
  });
});

describe("the words of an alert", () => {
  const words = (kind: AlertKind, facts: Alert["facts"] = {}, count = 1) =>
    describeAlert({ kind, count, facts, subject: "x", settingName: "Entra" }).title;

  it.each([
    ["hold", {}, 7, "7 people wait for a decision in Entra"],
    ["silent", { lastAt: NOW }, 1, "Entra has gone silent"],
    ["failing", { title: "A value was bad" }, 3, "Entra: a value was bad"],
    [
      "credential_ending",
      { credential: "secret", lastFour: "abcd", expiresAt: DAY },
      1,
      "A client secret ending in abcd of Entra ends on 2 Jan 1970",
    ],
    [
      "credential_ended",
      { credential: "token", lastFour: "abcd", expiresAt: DAY },
      1,
      "A token ending in abcd of Entra has ended",
    ],
    ["no_credential", {}, 1, "Entra has no credential"],
    ["quota", { quota: "people", used: 80, most: 100 }, 1, "80 of 100 people are used"],
    ["webhook", {}, 1, "A webhook has stopped"],
    ["webhook", { host: "hooks.example.com" }, 1, "The webhook to hooks.example.com has stopped"],
  ] as [AlertKind, Alert["facts"], number, string][])("%s", (kind, facts, count, title) => {
    expect(words(kind, facts, count)).toBe(title);
  });

  it("stand in one message, with the way to the console", () => {
    const about = { companyId: "c", companyName: "Acme", nameOf: () => "Entra" };
    const one = writeMessage({ isReminder: false, alerts: [alert({ kind: "no_credential" })] }, about);
    expect(one.subject).toBe("Entra has no credential (Acme)");
    expect(one.text.split("\n").at(0)).toBe(one.subject);
    expect(one.text.split("\n").at(-1)).toBe("{origin}/console/companies/c/alerts/old");
    const many = writeMessage({ isReminder: true, alerts: Array.from({ length: 12 }, () => alert()) }, about);
    expect(many.subject).toBe("Still so: Entra has gone silent, and 11 more (Acme)");
    expect(many.text.match(/Entra has gone silent\n/g)).toHaveLength(10);
    expect(many.text).toContain("and 2 more of the kind");
    expect(many.text.split("\n").at(-1)).toBe("{origin}/console/companies/c/alerts");
  });
});
