import type { AlertRecord } from "../../alerts/alert-store.ts";
import type { HoldRecord } from "../../holds/hold-store.ts";
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
  tone: Tone;
  word: string;
  sentence: string;
  /** The id of the alert, or of the hold, that says more; else the page of the setting where something is done about it. */
  alertId?: string;
  holdId?: string;
  page?: "setting" | "setup" | "shadow";
}

/** What an alert makes of its setting. */
const OF_ALERTS: Partial<Record<AlertRecord["kind"], { tone: Tone; word: string }>> = {
  no_credential: { tone: "bad", word: "No credential" },
  silent: { tone: "warn", word: "Silent" },
  credential_ended: { tone: "warn", word: "Credential ended" },
  credential_ending: { tone: "warn", word: "Credential ends soon" },
};

/** Refused writes of at most this part of a setting's people leave it working: somebody has to look, and most arrive. */
const FEW = 0.05;

/** What refused writes make of their setting, and the status of the alerts that say so. */
interface Refusals {
  tone: Tone;
  word: string;
  status: AlertRecord["status"];
}

/** Judges the alerts of refused writes; null where there is none, or only few writes that somebody has put aside. */
export function judgeRefusals(
  { users }: Pick<SettingRecord, "users">,
  alerts: readonly Pick<AlertRecord, "kind" | "status" | "count">[],
): Refusals | null {
  const failing = alerts.filter(({ kind, status }) => kind === "failing" && status !== "closed");
  const status = failing.some((alert) => alert.status === "open") ? "open" : "dismissed";
  const refused = failing.reduce((sum, alert) => sum + (alert.status === status ? alert.count : 0), 0);
  const isFew = refused <= (users.active + users.inactive) * FEW;
  if (failing.length === 0 || (isFew && status === "dismissed")) return null;
  if (isFew || status === "dismissed") return { tone: "warn", word: "Some refused", status };
  return { tone: "bad", word: "Failing", status };
}

/** Judges a setting by its alerts, the holds that are open and what it was set to; of others' alerts and holds it takes none. */
export function judgeHealth(
  setting: SettingRecord,
  alerts: readonly AlertRecord[],
  holds: readonly HoldRecord[],
): Health {
  const own = alerts.filter(({ settingId }) => settingId === setting.id);
  const refusals = judgeRefusals(setting, own);
  const reasons = [
    ...own.flatMap((alert) => reasonOfAlert(alert, refusals)),
    ...holds.filter(({ settingId }) => settingId === setting.id).map(reasonOfHold),
    ...reasonsOfState(setting),
  ].sort((left, right) => rankOf(left) - rankOf(right));
  const [worst = { tone: "good", word: "Active" } as const] = reasons;
  return { tone: worst.tone, word: worst.word, reasons };
}

function rankOf({ tone }: Reason): number {
  return tone === "bad" ? 0 : 1;
}

function reasonOfAlert({ id, kind, status, title, detail }: AlertRecord, refusals: Refusals | null): Reason[] {
  const known = kind === "failing" ? refusals : OF_ALERTS[kind];
  if (!known || status === "closed" || (kind === "failing" && status !== refusals?.status)) return [];
  return [{ ...known, sentence: kind === "failing" ? `${title}.` : detail, alertId: id }];
}

function reasonOfHold({ id, people }: HoldRecord): Reason {
  const sentence = `${countOf(people, "person waits", "people wait")} for your decision.`;
  return { tone: "warn", word: "Waits for you", sentence, holdId: id };
}

/** What an admin has left it at. */
function reasonsOfState(setting: SettingRecord): Reason[] {
  const { status, shadow, firstRequestAt } = setting;
  const found: Reason[] = [];
  const add = (word: string, page: Reason["page"], sentence: string) =>
    found.push({ tone: "warn", word, sentence, page });
  if (status === "paused") add("Paused", "setting", "It refuses all requests until somebody resumes it.");
  if (isSilent(setting)) add("In shadow", "shadow", "Nothing of it shows or enrols anybody until it goes live.");
  else if (shadow !== null) add("Going live", undefined, "Its people come out of shadow, step by step.");
  if (status !== "paused" && firstRequestAt === null)
    add("Waiting", "setup", "Nothing has come in yet. The set-up guide says what is left to do.");
  return found;
}
