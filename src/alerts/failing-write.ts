import { DAY } from "../platform/clock.ts";
import type { RowOf } from "../platform/columns.ts";
import { timeOfId } from "../platform/uuid.ts";
import { type Alert, earliest, type Finding, type Verdict } from "./alert.ts";
import type { failingWrites } from "./tables.ts";

const HOUR = DAY / 24;
/** Requests that a row, and an alert, name. */
const MOST_REQUESTS = 20;
const MOST_SHOWN = 50;
/** What has not happened again for so long is over (ms). */
export const FORGOTTEN = 7 * DAY;
/** The rule: of at least so many writes in an hour more than this part, or somebody so many times. */
const LEAST_WRITES = 20;
const PART = 0.05;
const TIMES = 3;

/** Writes that were refused for one reason and of one person (or of nobody in particular), and that nothing made good. */
export type FailingWrite = RowOf<(typeof failingWrites)["_"]["columns"]>;

/** The subject of refused sign-ins: nobody in particular. */
export const SIGN_IN = "sign-in";

/** Names a row of these. */
export function failingKey({ settingKey, code, subject }: Pick<FailingWrite, "settingKey" | "code" | "subject">) {
  return `${settingKey} ${code} ${subject}`;
}

/** A write that was refused. */
export interface RefusedAttempt {
  settingKey: number;
  code: string;
  subject: string;
  name: string | null;
  at: number;
  requestId: string;
}

/** Refusals that nobody has to do anything about, and that do not count: what was to go is gone, or the setting is paused by an admin. */
export function isNobodysTrouble(refused: { method: string; status: number; code: string | null }): boolean {
  const { method, status, code } = refused;
  return code === "setting_paused" || (method === "DELETE" && status === 404);
}

/** Refusals of a name that somebody bears: a client that lost the answer to its create is told so when it sends it again. */
const NAME_TAKEN = new Set(["user_name_taken", "group_name_taken"]);

/** Whether a code refuses a name that somebody bears. */
export function saysNameTaken(code: string): boolean {
  return NAME_TAKEN.has(code);
}

/** Whether a refused create is made good by a later look-up that found who bears the name: the client has whom it wanted to make. */
export function isMadeGoodByLookUp(
  { code, subject, lastAt }: FailingWrite,
  { names, at }: { names: readonly string[]; at: number },
): boolean {
  return saysNameTaken(code) && names.includes(subject) && lastAt <= at;
}

/** The row after one more refusal. */
export function addRefusal(before: FailingWrite | undefined, refused: RefusedAttempt): FailingWrite {
  const { settingKey, code, subject, name, at, requestId } = refused;
  return {
    ...{ settingKey, code, subject, name: name ?? before?.name ?? null },
    count: (before?.count ?? 0) + 1,
    firstAt: before?.firstAt ?? at,
    lastAt: at,
    requestIds: [...(before?.requestIds ?? []).filter((id) => id !== requestId), requestId].slice(-MOST_REQUESTS),
  };
}

/** What is known of one setting's failing writes. */
interface FailingFacts {
  settingKey: number;
  rows: readonly FailingWrite[];
  /** Writes of the last hour, refused ones included. */
  writes: number;
  /** The codes of which an alert is open or dismissed: one stays while anything of its code is not made good. */
  alerted: ReadonlySet<string>;
}

/** Of which codes a setting's refused writes are worth telling, and until when the oldest is remembered. */
export function judgeFailing({ settingKey, rows, writes, alerted }: FailingFacts, now: number): Verdict {
  const failures = rows.reduce((sum, row) => sum + countRecent(row, now), 0);
  const isOften = writes >= LEAST_WRITES && failures > writes * PART;
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  const stubborn = new Set(
    [...bySubject.values()].filter(isStubborn).flatMap((ofOne) => ofOne.map(({ code }) => code)),
  );
  const isDue = (code: string, ofCode: readonly FailingWrite[]) =>
    alerted.has(code) || stubborn.has(code) || (isOften && ofCode.some((row) => countRecent(row, now) > 0));
  const found = [...Map.groupBy(rows, ({ code }) => code)]
    .filter(([code, ofCode]) => isDue(code, ofCode))
    .map(([code, ofCode]) => toFinding(settingKey, code, ofCode));
  return { found, nextAt: earliest(rows.map(({ lastAt }) => lastAt + FORGOTTEN)) };
}

/** Whether somebody was refused three times; what names nobody is the setting's own, and counts alike. */
function isStubborn(rows: readonly FailingWrite[]): boolean {
  return rows.reduce((sum, { count }) => sum + count, 0) >= TIMES;
}

/** How many of a row's refusals fell within the last hour, as far as it knows. */
function countRecent({ count, firstAt, requestIds }: FailingWrite, now: number): number {
  if (firstAt > now - HOUR) return count;
  return requestIds.filter((id) => timeOfId(id) > now - HOUR).length;
}

function toFinding(settingKey: number, code: string, rows: readonly FailingWrite[]): Finding {
  return {
    ...{ kind: "failing", settingKey, subject: code },
    since: Math.min(...rows.map(({ firstAt }) => firstAt)),
    lastSeenAt: Math.max(...rows.map(({ lastAt }) => lastAt)),
    count: rows.reduce((sum, row) => sum + row.count, 0),
    facts: {
      ...{ code, requestIds: newest(rows.flatMap(({ requestIds }) => requestIds)) },
      ...(rows.every(({ subject }) => subject !== "" && subject !== SIGN_IN) && { refused: rows.length }),
    },
  };
}

/** The newest requests, in their order: ids sort by time. */
function newest(requestIds: readonly string[]): string[] {
  return [...new Set(requestIds)].sort().slice(-MOST_SHOWN);
}

/** The codes of a setting that an alert tells of already. */
export function codesAlerted(alerts: Iterable<Pick<Alert, "kind" | "settingKey" | "subject">>, settingKey: number) {
  const ofSetting = [...alerts].filter((alert) => alert.kind === "failing" && alert.settingKey === settingKey);
  return new Set(ofSetting.map(({ subject }) => subject));
}
