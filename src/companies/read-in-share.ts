import { type Pause, pause, systemClock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { Env } from "../platform/env.ts";
import { openPlaced } from "../platform/place-durable-object.ts";
import { describeError } from "../platform/transient-fault.ts";
import { LEASE, type SlotAnswer } from "./share-of-database-time.ts";
import { type Reads, SplitReads } from "./split-long-reads.ts";

/** What the object of a company's share answers to. */
interface ShareObject {
  take(id: string): Promise<SlotAnswer>;
  spend(id: string, used: number, isDone: boolean): Promise<boolean>;
  charge(used: number): Promise<void>;
  owes(): Promise<number>;
}

/** What is done within the share: what was asked, as a sentence for an admin, and what would make it quick. */
export interface Unindexed {
  what: string;
  quick: string;
}

/** Does a read that no index answers, or refuses it. */
export type ReadInShare = <T>(about: Unindexed, read: (reads: Reads) => Promise<T>) => Promise<T>;

/** A company has used up its share of the database; each door answers 429 in its own shape. */
export class ShareUsedUp extends Error {
  /** Seconds. */
  readonly retryAfter: number;
  readonly detail: string;
  /** The share was not asked again: it said the same a moment ago. */
  readonly isRepeated: boolean;

  constructor({ what, quick }: Unindexed, retryAfter: number, isRepeated = false) {
    const detail = `${what}, and this company's share of the database for that is used up. Ask again in ${retryAfter} s. ${quick}`;
    super(detail);
    this.name = "ShareUsedUp";
    this.retryAfter = retryAfter;
    this.detail = detail;
    this.isRepeated = isRepeated;
  }
}

/** How long (ms) an isolate repeats a refusal before the share is asked again: who is refused asks all the more. */
const REPEATED = 1_000;
/** A repeated refusal comes after this (ms): whoever does not stay away is slowed down. */
const DELAY = 500;
const MOST_REMEMBERED = 1_000;
/** When there will be something again of shares that were refused (ms), and until when that is not asked again. */
const refusals = new Map<string, { again: number; until: number }>();

async function assertNotRefused(name: string, about: Unindexed, wait: Pause): Promise<void> {
  const now = systemClock();
  const known = refusals.get(name);
  if (known === undefined || known.until <= now) return;
  await wait(DELAY);
  throw new ShareUsedUp(about, Math.max(1, Math.ceil((known.again - now) / 1_000)), true);
}

function refuse(name: string, about: Unindexed, retryAfter: number): ShareUsedUp {
  const now = systemClock();
  if (refusals.size >= MOST_REMEMBERED) refusals.clear();
  refusals.set(name, { again: now + retryAfter * 1_000, until: now + REPEATED });
  return new ShareUsedUp(about, retryAfter);
}

/** Whose database it is, and what keeps the Worker at a work whose client has gone away. */
interface Asking {
  env: Env;
  companyId: string;
  database: Database;
  keep(work: Promise<unknown>): void;
  pause?: Pause;
}

function openShare(env: Env, companyId: string): ShareObject {
  return openPlaced(env, env.SHARE, companyId);
}

/**
 * Does a read that no index answers: alone among those of its company, in bounded statements, each charged by D1's own
 * duration. One call takes the slot and asks for the budget; throws ShareUsedUp where there is none.
 */
export async function readInShare<T>(asking: Asking, about: Unindexed, read: (reads: Reads) => Promise<T>): Promise<T> {
  const work = readOnce(asking, about, read);
  asking.keep(work.catch(() => {}));
  return work;
}

async function readOnce<T>(
  { env, companyId, database, keep, pause: wait = pause }: Asking,
  about: Unindexed,
  read: (reads: Reads) => Promise<T>,
): Promise<T> {
  await assertNotRefused(companyId, about, wait);
  const share = openShare(env, companyId);
  const id = crypto.randomUUID();
  const verdict = await share.take(id);
  if (!verdict.isGiven) throw refuse(companyId, about, verdict.retryAfter);
  let used = 0;
  let toldAt = systemClock();
  const onSpent = async (duration: number) => {
    used += duration;
    if (systemClock() - toldAt < LEASE / 2) return;
    const told = used;
    used = 0;
    toldAt = systemClock();
    if (!(await share.spend(id, told, false))) throw new ShareUsedUp(about, 1);
  };
  try {
    return await read(new SplitReads(database, onSpent, wait));
  } finally {
    keep(sayOrLog(() => share.spend(id, used, true)));
  }
}

/** Refuses what may not go on while the company owes. */
export async function assertNothingOwed(env: Env, companyId: string, about: Unindexed): Promise<void> {
  // That many wait for the slot is nothing to those who need none.
  const name = `${companyId} without the slot`;
  await assertNotRefused(name, about, pause);
  const retryAfter = await openShare(env, companyId).owes();
  if (retryAfter > 0) throw refuse(name, about, retryAfter);
}

/** Charges a company for what it took of the database's time (ms) outside the slot. */
export function chargeShare(env: Env, companyId: string, used: number): Promise<void> {
  return sayOrLog(() => openShare(env, companyId).charge(used));
}

/** What is said to the object after the work: should it fail, the lease ends by itself. */
async function sayOrLog(say: () => Promise<unknown>): Promise<void> {
  try {
    await say();
  } catch (error) {
    const message = "a company's share could not be told what was used";
    console.error(JSON.stringify({ level: "error", room: "companies", message, error: describeError(error) }));
  }
}
