import type { SafeguardKind } from "../settings/safeguards.ts";

/** Why effects of a hold wait: in words without names of people, how many effects, and the latest requests that had them. */
export interface HoldCause {
  detail: string;
  requestIds: string[];
  people: number;
}

/** Who decided about a hold. */
export type DecidedBy = "operator" | "console" | "api" | "system";

/** Effects of one kind in one setting that wait for a decision; counts are of people, times in milliseconds. */
export interface Hold {
  key: number;
  settingKey: number;
  id: string;
  kind: SafeguardKind;
  status: "open" | "closed";
  /** The number of the latest effect recorded. */
  version: number;
  /** Those who wait now. */
  people: number;
  released: number;
  kept: number;
  dissolved: number;
  causes: HoldCause[];
  openedAt: number;
  closedAt: number | null;
  decidedAt: number | null;
  decidedBy: DecidedBy | null;
}

/** What waits, or was kept: a mark on a membership's reason or on a user. A hold without a version: it was kept. */
export interface Mark {
  heldBy: number | null;
  heldVersion: number | null;
}

/** The mark of what does not wait. */
export const NO_MARK: Mark = { heldBy: null, heldVersion: null };

/** Requests that a cause names, and causes that a hold names. */
const MOST_REQUESTS = 20;
const MOST_CAUSES = 50;
const OTHERS = "other causes";

/** Whether the mark waits for a decision. */
export function isWaiting({ heldBy, heldVersion }: Mark): boolean {
  return heldBy !== null && heldVersion !== null;
}

/** Whether an admin kept what has the mark. */
export function isKept({ heldBy, heldVersion }: Mark): boolean {
  return heldBy !== null && heldVersion === null;
}

/** Whether a decision about a hold up to a version is about a mark. */
export function isMeant(mark: Mark, { holdKey, version }: { holdKey: number; version: number }): boolean {
  return mark.heldBy === holdKey && mark.heldVersion !== null && mark.heldVersion <= version;
}

/** The hold with one more effect. */
export function recordEffect(hold: Hold, detail: string, requestId: string): Hold {
  return { ...hold, version: hold.version + 1, causes: addCause(hold.causes, detail, requestId) };
}

function addCause(causes: readonly HoldCause[], detail: string, requestId: string): HoldCause[] {
  const isKnown = causes.some((cause) => cause.detail === detail);
  const name = isKnown || causes.length < MOST_CAUSES - 1 ? detail : OTHERS;
  const before = causes.find((cause) => cause.detail === name) ?? { detail: name, requestIds: [], people: 0 };
  const requestIds = before.requestIds.includes(requestId)
    ? before.requestIds
    : [...before.requestIds, requestId].slice(-MOST_REQUESTS);
  const cause = { detail: name, requestIds, people: before.people + 1 };
  return [...causes.filter((other) => other.detail !== name), cause];
}
