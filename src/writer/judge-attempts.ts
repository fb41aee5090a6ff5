import { addRefusal, failingKey, type RefusedWrite } from "../alerts/failing-write.ts";
import { addTraffic } from "../alerts/traffic.ts";
import { foldKey } from "../directory/fold-key.ts";
import { type LogEntry, PART_STATUS, RENEWAL_METHOD } from "../log/log-entry.ts";
import { textDigest } from "../platform/text-digest.ts";
import { isId } from "../platform/uuid.ts";
import { codeTold } from "../scim/refusals.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { WriteResult } from "./operation.ts";
import type { QueuedRequest } from "./run-requests.ts";

/** A request that would have changed something, or have signed in: what came of it, and of whom it was. */
interface Attempt extends Omit<RefusedWrite, "code"> {
  /** Null when it was accepted. */
  code: string | null;
  isSignIn: boolean;
}

/** Rows that a company keeps of failing writes; further ones name nobody. */
const MOST_KEPT = 500;

/** Refusals that nobody has to do anything about: what was to go is gone, or the setting is paused by an admin. */
function isHarmless({ method, status, code }: Pick<LogEntry, "method" | "status" | "code">): boolean {
  return code === "setting_paused" || (method === "DELETE" && status === 404);
}

const CHANGING = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * Keeps how settings are used, and which writes were refused without being made good: of a person by that person's next
 * success, of nobody in particular by the setting's. Reads never count.
 */
export function judgeAttempts(
  unit: UnitOfWork,
  requests: readonly QueuedRequest[],
  results: readonly (WriteResult | null)[],
): void {
  const attempts = [...attemptsOfLog(unit), ...attemptsOfBulk(unit, requests, results)];
  noteTraffic(unit, attempts);
  forgetRemoved(unit);
  for (const attempt of attempts)
    if (attempt.code === null) makeGood(unit, attempt);
    else noteRefusal(unit, { ...attempt, code: attempt.code });
}

function attemptsOfLog({ logEntries, config }: UnitOfWork): Attempt[] {
  return logEntries.flatMap((entry): Attempt[] => {
    const setting = config.settings.get(entry.settingId);
    const path = (entry.path.split("?")[0] ?? "").replace(/\/$/, "").toLowerCase();
    if (setting === undefined || entry.status === PART_STATUS) return [];
    if (!CHANGING.has(entry.method) || path.endsWith("/.search")) return [];
    const { status, resourceType, resourceId, label, id: requestId, time: at } = entry;
    // The operations of a Bulk request are attempts of their own.
    if ((path.endsWith("/bulk") && status < 400) || isHarmless(entry)) return [];
    const name = resourceType === null || label === null || label === "" ? null : digestOf(resourceType, label);
    const subject = resourceType === null ? "" : (resourceId ?? name ?? "");
    const code = status < 400 ? null : (entry.code ?? String(status));
    return [
      { ...{ settingKey: setting.key, code, subject, name, at, requestId }, isSignIn: path.endsWith("/oauth/token") },
    ];
  });
}

function attemptsOfBulk(
  { config, now }: UnitOfWork,
  requests: readonly QueuedRequest[],
  results: readonly (WriteResult | null)[],
): Attempt[] {
  return requests.flatMap(({ operation, cause }, index): Attempt[] => {
    const result = results[index];
    if (operation.kind !== "bulkItem" || !result?.ok || result.outcome.kind !== "bulkItem") return [];
    const setting = config.settings.get(operation.settingId);
    const item = result.outcome.run?.outcome;
    if (setting === undefined || item === undefined) return [];
    const { method = "", status, refusal, resourceType = null, id } = item;
    const code = refusal === undefined ? null : codeTold(refusal.code);
    if (isHarmless({ method, status, code })) return [];
    const label = operation.bulk.nameIn(operation.place);
    const name = resourceType === null || label === null ? null : digestOf(resourceType, label);
    // What stands in a path where an id is due may name somebody.
    const subject = id !== undefined && isId(id) ? id : (name ?? "");
    const about = { settingKey: setting.key, subject, name, at: now, requestId: cause.requestId };
    return [{ ...about, code, isSignIn: false }];
  });
}

/** A name as far as it has to be told from others; it goes with what was refused, or with the person. */
function digestOf(type: "User" | "Group", name: string): string {
  return textDigest(`${type} ${foldKey(name)}`);
}

/** Requests of every kind are heard; writes are counted. */
function noteTraffic(unit: UnitOfWork, attempts: readonly Attempt[]): void {
  const heard = new Map<number, number>();
  for (const { settingId, method } of unit.logEntries) {
    const setting = unit.config.settings.get(settingId);
    if (setting !== undefined && method !== RENEWAL_METHOD) heard.set(setting.key, 0);
  }
  for (const { settingKey, isSignIn } of attempts)
    if (!isSignIn) heard.set(settingKey, (heard.get(settingKey) ?? 0) + 1);
  for (const [key, writes] of heard) unit.traffic.set(key, addTraffic(unit.traffic.get(key), unit.now, writes));
}

/** What is kept of people who are removed goes with them, and what is kept of a setting that is paused or deleted. */
function forgetRemoved(unit: UnitOfWork): void {
  const rows = unit.failingWrites.entries();
  if (rows.size === 0) return;
  const gone = new Set(
    unit.users
      .changes()
      .flatMap(({ before, after }) =>
        before !== undefined && after === undefined ? [before.id, digestOf("User", before.userName)] : [],
      ),
  );
  for (const [key, { settingKey, subject, name }] of rows) {
    const status = unit.settingStates.get(settingKey)?.status;
    const isIdle = status === "paused" || status === "deleted";
    if (isIdle || gone.has(subject) || (name !== null && gone.has(name))) unit.failingWrites.set(key, undefined);
  }
}

/** A sign-in says nothing of people, and every write says that signing in works. */
function makeGood({ failingWrites }: UnitOfWork, { settingKey, subject, name, isSignIn }: Attempt): void {
  for (const [key, row] of failingWrites.entries()) {
    if (row.settingKey !== settingKey) continue;
    const isOfSignIn = row.subject === SIGN_IN;
    const isSame = subject !== "" && (row.subject === subject || (name !== null && name === (row.name ?? row.subject)));
    if (isSignIn ? isOfSignIn : isOfSignIn || row.subject === "" || isSame) failingWrites.set(key, undefined);
  }
}

/** What stands for whom a refused sign-in is of. */
const SIGN_IN = "sign-in";

function noteRefusal({ failingWrites }: UnitOfWork, { isSignIn, ...refused }: Attempt & { code: string }): void {
  const wanted = { ...refused, subject: isSignIn ? SIGN_IN : refused.subject };
  const isFull = failingWrites.entries().size >= MOST_KEPT && !failingWrites.entries().has(failingKey(wanted));
  const row = isFull ? { ...wanted, subject: "", name: null } : wanted;
  failingWrites.set(failingKey(row), addRefusal(failingWrites.get(failingKey(row)), row));
}
