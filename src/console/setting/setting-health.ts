import type { AlertRecord } from "../../alerts/alert-store.ts";
import type { HoldRecord } from "../../holds/hold-store.ts";
import type { HealthFacts } from "../../settings/setting-health-store.ts";
import type { SettingRecord } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import { countOf } from "../views/moments-and-counts.tsx";

/** Whether a setting does its work: well, not wholly or not as it is left to, or not at all. */
export type Tone = "good" | "warn" | "bad";

/** How a setting is: in a word, and why in sentences, the worst first. */
export interface Health {
  tone: Tone;
  word: string;
  reasons: readonly Reason[];
}

interface Reason {
  state: "noCredential" | "refusals" | "alert" | "hold" | "paused" | "inShadow" | "goingLive" | "waiting";
  tone: Tone;
  word: string;
  sentence: string;
  /** The id of the alert, or of the hold, that says more; else the page of the setting where something is done about it. */
  alertId?: string;
  holdId?: string;
  page?: "setting" | "setup" | "shadow" | "tokens";
}

type JudgedAlert = Pick<AlertRecord, "id" | "settingId" | "kind" | "status" | "detail" | "count" | "since" | "facts">;
type JudgedSetting = Pick<SettingRecord, "id" | "key" | "status" | "shadow" | "firstRequestAt" | "users">;

/** What a company's settings are judged by: those of the others are left out of account. */
export interface Evidence {
  /** By the settings' keys. */
  standings: ReadonlyMap<number, HealthFacts>;
  alerts: readonly JudgedAlert[];
  /** The open ones. */
  holds: readonly Pick<HoldRecord, "id" | "settingId" | "people">[];
}

/** What an alert makes of its setting. */
const OF_ALERTS: Partial<Record<AlertRecord["kind"], { tone: Tone; word: string }>> = {
  silent: { tone: "warn", word: "Silent" },
  credential_ended: { tone: "warn", word: "Credential ended" },
  credential_ending: { tone: "warn", word: "Credential ends soon" },
};

const UNKNOWN: HealthFacts = { hasCredential: true, lastAcceptedAt: null, refused: 0 };

/**
 * Judges a setting by what it stands on, its alerts that nobody put aside, the holds that are open and what it was set to: the
 * one judgement of all pages.
 */
export function judgeHealth(setting: JudgedSetting, { standings, alerts, holds }: Evidence): Health {
  const standing = standings.get(setting.key) ?? UNKNOWN;
  const own = alerts.filter(({ settingId, status }) => settingId === setting.id && status === "open");
  const reasons = [
    ...reasonOfSignIn(setting, standing, own),
    ...reasonsOfRefusals(setting, standing, own),
    ...reasonOfFew(standing),
    ...own.flatMap(reasonOfAlert),
    ...holds.filter(({ settingId }) => settingId === setting.id).map(reasonOfHold),
    ...reasonsOfState(setting, standing),
  ].sort((left, right) => rankOf(left) - rankOf(right));
  const [worst = { tone: "good", word: "Active" } as const] = reasons;
  return { tone: worst.tone, word: worst.word, reasons };
}

/** Whether nothing can sign in to a setting, though it should. */
export function lacksCredential({ reasons }: Health): boolean {
  return reasons.some(({ state }) => state === "noCredential");
}

function rankOf({ tone }: Reason): number {
  return tone === "bad" ? 0 : 1;
}

/** Without a credential nothing works, whoever has put the alert aside, and whether there is one yet. */
function reasonOfSignIn({ status }: JudgedSetting, standing: HealthFacts, own: readonly JudgedAlert[]): Reason[] {
  if (status === "paused" || standing.hasCredential) return [];
  const alert = own.find(({ kind }) => kind === "no_credential");
  const sentence = "Nothing can sign in to it: it has no credential that works.";
  const where = alert === undefined ? { page: "tokens" as const } : { alertId: alert.id };
  return [{ state: "noCredential", tone: "bad", word: "No credential", sentence, ...where }];
}

/** So many refused, of this part of a setting's people at most, are some; they may well be all that it had to send of late. */
const FEW = 20;
const PART = 0.05;

/** Refusals are the setting's own where nothing comes through, and otherwise those of whom they met. */
function reasonsOfRefusals({ users }: JudgedSetting, standing: HealthFacts, own: readonly JudgedAlert[]): Reason[] {
  const failing = own.filter(({ kind }) => kind === "failing");
  const people = users.active + users.inactive;
  const refused = failing.reduce((sum, alert) => sum + refusedBy(alert), 0);
  const since = Math.min(...failing.map((alert) => alert.since));
  const isGoing = standing.lastAcceptedAt !== null && standing.lastAcceptedAt >= since;
  const some = isGoing ? people : Math.min(FEW, Math.max(1, people * PART), people);
  return failing.map((alert) => {
    const why = `${alert.facts.title ?? "Writes are refused"}.`;
    const many = countOf(refusedBy(alert), "was", "were");
    return refused > some
      ? {
          state: "refusals",
          tone: "bad",
          word: "Failing",
          sentence: `What it sends is refused. ${why}`,
          alertId: alert.id,
        }
      : {
          state: "refusals",
          tone: "warn",
          word: "Needs a look",
          sentence: `${many} refused, and the rest works. ${why}`,
          alertId: alert.id,
        };
  });
}

/** Too few for an alert may be somebody all the same who did not arrive. */
function reasonOfFew({ refused }: HealthFacts): Reason[] {
  if (refused === 0) return [];
  const sentence = `${countOf(refused, "write was", "writes were")} refused and not made good.`;
  return [{ state: "refusals", tone: "warn", word: "Needs a look", sentence, page: "setting" }];
}

/** How many somebodies an alert tells of, or how many requests where they are of nobody in particular. */
function refusedBy({ facts, count }: JudgedAlert): number {
  return facts.refused ?? count;
}

function reasonOfAlert({ id, kind, detail }: JudgedAlert): Reason[] {
  const known = OF_ALERTS[kind];
  return known === undefined ? [] : [{ state: "alert", ...known, sentence: detail, alertId: id }];
}

function reasonOfHold({ id, people }: Evidence["holds"][number]): Reason {
  const sentence = `${countOf(people, "person waits", "people wait")} for your decision.`;
  return { state: "hold", tone: "warn", word: "Waits for you", sentence, holdId: id };
}

/** What an admin has left it at. */
function reasonsOfState(setting: JudgedSetting, { hasCredential }: HealthFacts): Reason[] {
  const { status, shadow, firstRequestAt } = setting;
  const found: Reason[] = [];
  const add = (state: Reason["state"], word: string, page: Reason["page"], sentence: string) =>
    found.push({ state, tone: "warn", word, sentence, page });
  if (status === "paused")
    add(
      "paused",
      isSilent(setting) ? "Paused, in shadow" : "Paused",
      "setting",
      "It refuses all requests until somebody resumes it.",
    );
  if (isSilent(setting))
    add("inShadow", "In shadow", "shadow", "Nothing of it shows or enrols anybody until it goes live.");
  else if (shadow !== null) add("goingLive", "Going live", undefined, "Its people come out of shadow, step by step.");
  if (status !== "paused" && hasCredential && firstRequestAt === null)
    add("waiting", "Waiting", "setup", "Nothing has come in yet. The set-up guide says what is left to do.");
  return found;
}
