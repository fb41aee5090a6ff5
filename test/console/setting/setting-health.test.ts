import { describe, expect, it } from "vitest";
import { type Evidence, judgeHealth, lacksCredential, type Tone } from "../../../src/console/setting/setting-health.ts";

type Setting = Parameters<typeof judgeHealth>[0];
type Alert = Evidence["alerts"][number];

const SINCE = 1_000;
const setting: Setting = {
  ...{ id: "s", key: 7, status: "active", shadow: null, firstRequestAt: 1 },
  users: { active: 180, inactive: 20 },
};
const alert = (more: Partial<Alert> = {}): Alert => ({
  ...{ id: "a", settingId: "s", kind: "failing", status: "open", detail: "Why.", count: 30, since: SINCE },
  facts: { title: "An address has no @", refused: 3 },
  ...more,
});
const hold = { id: "h", settingId: "s", people: 40 };

interface Case {
  what: string;
  setting?: Partial<Setting>;
  /** When a write was accepted last. */
  accepted?: number | null;
  hasCredential?: boolean;
  /** Refused writes that no alert tells of. */
  refused?: number;
  alerts?: Alert[];
  holds?: Evidence["holds"][number][];
  is: [Tone, string, string[]];
}

const FEW = "3 were refused, and the rest works. An address has no @.";
const ALL = "What it sends is refused. An address has no @.";
const NO_CREDENTIAL = "Nothing can sign in to it: it has no credential that works.";
const many = alert({ facts: { title: "An address has no @", refused: 30 } });
const nobody = (count: number) => alert({ count, facts: { title: "An address has no @" } });

const CASES: Case[] = [
  { what: "nothing at all", is: ["good", "Active", []] },
  { what: "some refused and writes accepted since", alerts: [alert()], is: ["warn", "Needs a look", [FEW]] },
  {
    what: "many of a large setting refused and writes accepted since",
    alerts: [many],
    is: ["warn", "Needs a look", ["30 were refused, and the rest works. An address has no @."]],
  },
  {
    what: "more refused than there are people, whatever is accepted",
    alerts: [many],
    setting: { users: { active: 20, inactive: 9 } },
    is: ["bad", "Failing", [ALL]],
  },
  {
    what: "some refused, too few for an alert",
    refused: 2,
    is: ["warn", "Needs a look", ["2 writes were refused and not made good."]],
  },
  { what: "few refused, and nothing sent since", alerts: [alert()], accepted: 1, is: ["warn", "Needs a look", [FEW]] },
  { what: "many refused, and nothing accepted since", alerts: [many], accepted: 1, is: ["bad", "Failing", [ALL]] },
  {
    what: "few in each of several alerts, and many together",
    alerts: Array.from({ length: 4 }, () => alert()),
    accepted: 1,
    is: ["bad", "Failing", [ALL, ALL, ALL, ALL]],
  },
  {
    what: "one of five refused, and nothing sent since",
    alerts: [alert({ facts: { title: "An address has no @", refused: 1 } })],
    setting: { users: { active: 5, inactive: 0 } },
    accepted: 1,
    is: ["warn", "Needs a look", ["1 was refused, and the rest works. An address has no @."]],
  },
  {
    what: "all refused where nobody has arrived",
    alerts: [alert()],
    setting: { users: { active: 0, inactive: 0 } },
    accepted: null,
    is: ["bad", "Failing", [ALL]],
  },
  { what: "nobody in particular, again and again", alerts: [nobody(25)], accepted: 1, is: ["bad", "Failing", [ALL]] },
  { what: "nobody in particular, thrice", alerts: [nobody(3)], accepted: 1, is: ["warn", "Needs a look", [FEW]] },
  {
    what: "everything of a setting so large that a part of it is many",
    alerts: [many],
    setting: { users: { active: 100_000, inactive: 0 } },
    accepted: 1,
    is: ["bad", "Failing", [ALL]],
  },
  {
    what: "alerts that were put aside, are over, or are another's",
    alerts: [alert({ status: "dismissed" }), alert({ status: "closed" }), { ...many, settingId: "t" }],
    accepted: 1,
    is: ["good", "Active", []],
  },
  {
    what: "no credential, told or not, the alert put aside or not",
    hasCredential: false,
    setting: { firstRequestAt: null },
    alerts: [alert({ kind: "no_credential", status: "dismissed" })],
    is: ["bad", "No credential", [NO_CREDENTIAL]],
  },
  {
    what: "no credential of one that is paused",
    hasCredential: false,
    setting: { status: "paused" },
    is: ["warn", "Paused", ["It refuses all requests until somebody resumes it."]],
  },
  {
    what: "silence and a hold, behind what is worse",
    alerts: [alert({ kind: "silent" }), many],
    accepted: 1,
    holds: [hold, { ...hold, settingId: "t" }],
    is: ["bad", "Failing", [ALL, "Why.", "40 people wait for your decision."]],
  },
  {
    what: "nothing that has come yet",
    setting: { firstRequestAt: null },
    is: ["warn", "Waiting", ["Nothing has come in yet. The set-up guide says what is left to do."]],
  },
];

describe("how a setting is", () => {
  for (const { what, accepted = SINCE, hasCredential = true, refused = 0, alerts = [], holds = [], ...rest } of CASES)
    it(`is ${rest.is[1]} with ${what}`, () => {
      const standings = new Map([[setting.key, { hasCredential, lastAcceptedAt: accepted, refused }]]);
      const health = judgeHealth({ ...setting, ...rest.setting }, { standings, alerts, holds });
      expect([health.tone, health.word, health.reasons.map(({ sentence }) => sentence)]).toEqual(rest.is);
      expect(lacksCredential(health)).toBe(rest.is[1] === "No credential");
    });

  it("leads to what says more: of each alert to that, and without one to where a credential is made", () => {
    const standings = new Map([[setting.key, { hasCredential: false, lastAcceptedAt: SINCE, refused: 0 }]]);
    const alerts = [alert({ id: "b" })];
    const { reasons } = judgeHealth(setting, { standings, alerts, holds: [hold] });
    expect(reasons).toMatchObject([{ page: "tokens" }, { alertId: "b" }, { holdId: "h" }]);
    const told = [...alerts, alert({ id: "c", kind: "no_credential" })];
    expect(judgeHealth(setting, { standings, alerts: told, holds: [] }).reasons).toMatchObject([
      { alertId: "c" },
      { alertId: "b" },
    ]);
  });
});
