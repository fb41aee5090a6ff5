import {
  addRefusal,
  failingKey,
  isMadeGoodByLookUp,
  isNobodysTrouble,
  type RefusedAttempt,
  SIGN_IN,
  saysNameTaken,
} from "../alerts/failing-write.ts";
import { NameDigests } from "../alerts/name-digests.ts";
import { addTraffic } from "../alerts/setting-traffic.ts";
import { foldKey } from "../directory/fold-key.ts";
import { foundIn } from "../log/explain-request.ts";
import { PART_STATUS, RENEWAL_METHOD } from "../log/log-entry.ts";
import type { SessionSecrets } from "../platform/derived-keys.ts";
import { isId } from "../platform/uuid.ts";
import { withoutErased } from "../unit/erase-person-traces.ts";
import { namesOfRemoved } from "../unit/names-of-removed.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { TriedPart, WriteResult } from "./operation.ts";
import { recordOf } from "./operation-table.ts";
import type { QueuedRequest } from "./run-requests.ts";

/** A request that would have changed something, or have signed in: what came of it, and of whom it was. */
interface Attempt extends Omit<RefusedAttempt, "code" | "subject" | "name"> {
  /** Null when it was accepted. */
  code: string | null;
  /** The id of whom it is about, as far as there is one. */
  id: string | null;
  /** What it calls whom it is about, as `nameKey`. */
  named: string | null;
  isSignIn: boolean;
}

/** Where rows about refused writes come from: what else is known of people, and what tells names apart. */
export interface NameSource {
  d1: D1Database;
  secrets: SessionSecrets;
}

/** Rows that a company keeps of failing writes; further ones name nobody. */
const MOST_KEPT = 500;

const CHANGING = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * Keeps how settings are used, and which writes were refused without being made good: of a person by that person's next
 * success, of nobody in particular by the setting's. Reads never count, but that one who asks for a name that was taken, and
 * gets who bears it, goes on from there: that makes its refusal good.
 */
export async function countTrafficAndRefusedWrites(
  unit: UnitOfWork,
  requests: readonly QueuedRequest[],
  results: readonly (WriteResult | null)[],
  { d1, secrets }: NameSource,
): Promise<void> {
  const attempts = [...attemptsOfLog(unit), ...attemptsOfParts(unit, requests, results)];
  countTraffic(unit, attempts);
  const isNew = attempts.some(({ code }) => code !== null);
  if (!isNew && unit.failingWrites.entries().size === 0) return;
  const asksNames = isNew || hasNames(unit);
  const removed = asksNames ? [...(await namesOfRemoved(unit, d1))] : [];
  const keysOfRemoved = removed.flatMap((name) => [nameKey("User", name), nameKey("Group", name)]);
  const asked = asksNames ? attempts.flatMap(({ named }) => named ?? []) : [];
  const found = mayBeLookedUp(unit, attempts) ? lookUpsOfLog(unit) : [];
  const names = [...keysOfRemoved, ...asked, ...found.map(({ named }) => named)];
  const digests = await NameDigests.of(secrets, unit.config.companyId, names);
  for (const attempt of attempts)
    if (attempt.code === null) makeGood(unit, attempt, digests);
    else countRefusal(unit, { ...attempt, code: attempt.code }, digests);
  for (const lookUp of found) goOnFrom(unit, lookUp, digests);
  forgetRemoved(unit, new Set([...idsOfRemoved(unit), ...keysOfRemoved.flatMap((key) => digests.all(key))]), digests);
}

/** Whether any row says by a name whom it is about. */
function hasNames({ failingWrites }: UnitOfWork): boolean {
  return [...failingWrites.entries().values()].some(({ subject, name }) => name !== null || isDigest(subject));
}

/** A question for somebody by a name or an id, whose answer was one that bears the name. */
interface LookUp {
  settingKey: number;
  named: string;
  at: number;
}

/** Whether any create was refused by a name that is taken. */
function mayBeLookedUp({ failingWrites }: UnitOfWork, attempts: readonly Attempt[]): boolean {
  const codes = [...failingWrites.entries().values(), ...attempts].map(({ code }) => code);
  return codes.some((code) => code !== null && saysNameTaken(code));
}

function lookUpsOfLog(unit: UnitOfWork): LookUp[] {
  return unit.logEntries.flatMap((logged): LookUp[] => {
    const entry = withoutErased(logged, unit);
    const { method, path, status, resourceType, resourceId, label, responseBody, time: at } = entry;
    const setting = unit.config.settings.get(entry.settingId);
    const isQuestion = method === "GET" || (method === "POST" && barePath(path).endsWith("/.search"));
    if (setting === undefined || !isQuestion || status >= 400 || resourceType === null || !label) return [];
    // Of a list of one group only the name that was asked for is kept.
    if (resourceId === null && foundIn(responseBody) !== 1) return [];
    return [{ settingKey: setting.key, named: nameKey(resourceType, label), at }];
  });
}

/** A path in lower case, without its query and a slash at its end. */
function barePath(path: string): string {
  return (path.split("?")[0] ?? "").replace(/\/$/, "").toLowerCase();
}

/** The client has whom it wanted to make. */
function goOnFrom({ failingWrites }: UnitOfWork, { settingKey, named, at }: LookUp, digests: NameDigests): void {
  const names = digests.all(named);
  for (const [key, row] of failingWrites.entries())
    if (row.settingKey === settingKey && isMadeGoodByLookUp(row, { names, at })) failingWrites.set(key, undefined);
}

function attemptsOfLog(unit: UnitOfWork): Attempt[] {
  return unit.logEntries.flatMap((logged): Attempt[] => {
    const entry = withoutErased(logged, unit);
    const path = barePath(entry.path);
    const { status, method, id: requestId, time: at } = entry;
    if (status === PART_STATUS || !CHANGING.has(method) || path.endsWith("/.search")) return [];
    // The operations of a Bulk request are attempts of their own.
    if (path.endsWith("/bulk") && status < 400) return [];
    return attemptsOf(unit, entry, { at, requestId, isSignIn: path.endsWith("/oauth/token") });
  });
}

/** Of requests of many operations: what each of those tried. */
function attemptsOfParts(
  unit: UnitOfWork,
  requests: readonly QueuedRequest[],
  results: readonly (WriteResult | null)[],
): Attempt[] {
  return requests.flatMap(({ operation, cause: { requestId } }, index): Attempt[] => {
    const result = results[index];
    const part = result?.ok ? recordOf(operation).tried(operation, result.outcome) : null;
    return part === null ? [] : attemptsOf(unit, part, { at: unit.now, requestId, isSignIn: false });
  });
}

/** What a row of the log, or a part that has none, says as an attempt; nothing where it is nobody's trouble. */
function attemptsOf(
  { config }: UnitOfWork,
  tried: TriedPart,
  how: Pick<Attempt, "at" | "requestId" | "isSignIn">,
): Attempt[] {
  const { status, resourceType, resourceId, label } = tried;
  const setting = config.settings.get(tried.settingId);
  if (setting === undefined || isNobodysTrouble(tried)) return [];
  const named = resourceType === null || label === null || label === "" ? null : nameKey(resourceType, label);
  const id = resourceType === null ? null : resourceId;
  const code = status < 400 ? null : (tried.code ?? String(status));
  return [{ ...how, settingKey: setting.key, code, id, named }];
}

/** A name as far as it has to be told from others. */
function nameKey(type: "User" | "Group", name: string): string {
  return `${type} ${foldKey(name)}`;
}

/** Requests of every kind are heard; writes are counted. */
function countTraffic(unit: UnitOfWork, attempts: readonly Attempt[]): void {
  const heard = new Map<number, { writes: number; isAccepted: boolean }>();
  for (const { settingId, method } of unit.logEntries) {
    const setting = unit.config.settings.get(settingId);
    if (setting !== undefined && method !== RENEWAL_METHOD) heard.set(setting.key, { writes: 0, isAccepted: false });
  }
  for (const { settingKey, isSignIn, code } of attempts) {
    const { writes, isAccepted } = heard.get(settingKey) ?? { writes: 0, isAccepted: false };
    if (!isSignIn) heard.set(settingKey, { writes: writes + 1, isAccepted: isAccepted || code === null });
  }
  for (const [key, used] of heard) unit.traffic.set(key, addTraffic(unit.traffic.get(key), unit.now, used));
}

function idsOfRemoved({ users }: UnitOfWork): string[] {
  return users
    .differences()
    .flatMap(({ before, after }) => (before !== undefined && after === undefined ? [before.id] : []));
}

/**
 * What is kept of people who are removed goes with them, what is kept of a setting that is paused or deleted, and what no
 * key that is left can tell whom it is about.
 */
function forgetRemoved(unit: UnitOfWork, gone: ReadonlySet<string>, digests: NameDigests): void {
  for (const [key, row] of unit.failingWrites.entries()) {
    const { settingKey, subject, name } = row;
    const status = unit.settingStates.get(settingKey)?.status;
    const isIdle = status === "paused" || status === "deleted";
    const isUnknown = isDigest(subject) && !digests.isReadable(subject);
    if (isIdle || isUnknown || gone.has(subject) || (name !== null && gone.has(name)))
      unit.failingWrites.set(key, undefined);
    else if (name !== null && !digests.isReadable(name)) unit.failingWrites.set(key, { ...row, name: null });
  }
}

/** Whether the subject of a row is a name's digest, rather than an id or nobody. */
function isDigest(subject: string): boolean {
  return subject !== "" && subject !== SIGN_IN && !isId(subject);
}

/** A sign-in says nothing of people, and every write says that signing in works. */
function makeGood(
  { failingWrites }: UnitOfWork,
  { settingKey, id, named, isSignIn }: Attempt,
  digests: NameDigests,
): void {
  const names = digests.all(named);
  for (const [key, row] of failingWrites.entries()) {
    if (row.settingKey !== settingKey) continue;
    const isOfSignIn = row.subject === SIGN_IN;
    const isSame = row.subject === id || names.includes(row.name ?? row.subject);
    if (isSignIn ? isOfSignIn : isOfSignIn || row.subject === "" || isSame) failingWrites.set(key, undefined);
  }
}

/** A row that knows the name under the secret before is kept on under the present one. */
function countRefusal(
  { failingWrites }: UnitOfWork,
  { isSignIn, id, named, ...refused }: Attempt & { code: string },
  digests: NameDigests,
): void {
  const name = digests.present(named);
  const proposed = { ...refused, name, subject: isSignIn ? SIGN_IN : (id ?? name ?? "") };
  const rows = failingWrites.entries();
  const older = id === null && !isSignIn ? digests.all(named).slice(1) : [];
  const olderKey = older.map((subject) => failingKey({ ...proposed, subject })).find((key) => rows.has(key));
  const isFull = rows.size >= MOST_KEPT && !rows.has(failingKey(proposed)) && olderKey === undefined;
  const row = isFull ? { ...proposed, subject: "", name: null } : proposed;
  const before =
    failingWrites.get(failingKey(row)) ?? (olderKey === undefined ? undefined : failingWrites.get(olderKey));
  failingWrites.set(failingKey(row), addRefusal(before, row));
  if (olderKey !== undefined) failingWrites.set(olderKey, undefined);
}
