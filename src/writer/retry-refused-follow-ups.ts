import { type Read, rowsOf } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import type { FollowUp, FollowUpKind } from "../unit/company-config.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { FollowUpStep } from "./follow-up.ts";

/** The place of work that has been through everybody and has left somebody out. */
export const AT_END = Number.MAX_SAFE_INTEGER;
/** How long work that was refused rests before it is tried again (ms). */
export const REST = 10 * 60_000;
/** Work that leaves out more than this is not refused for the sake of single ones: it rests where it stands. */
export const MOST_LEFT_OUT = 1_000;

/**
 * The work to go on with. What rests is passed over; where it rests before its end, what was decided after it waits for it,
 * since it builds upon it, and only what takes away deleted things goes ahead.
 */
export function nextFollowUp(
  followUps: readonly FollowUp[],
  now: number,
  isRemoving: (followUp: FollowUp) => boolean,
): FollowUp | undefined {
  let isHeldUp = false;
  for (const followUp of followUps) {
    if (isHeldUp && !isRemoving(followUp)) continue;
    if (followUp.refusedAt === null || now - followUp.refusedAt >= REST) return followUp;
    isHeldUp ||= followUp.after !== AT_END;
  }
  return undefined;
}

/**
 * Keeps the place that a step leads to. Who was left out when all others are done is tried again later; of the same work
 * decided earlier nothing is left then, since this one has been to everybody.
 */
export function keepPlace(unit: UnitOfWork, followUp: FollowUp, step: FollowUpStep): void {
  const { nextAfter, leftOut, rests } = step;
  const { key, kind, subjectKey, after } = followUp;
  const drop = (done: number) => unit.execute(sql`DELETE FROM replans WHERE replan_key = ${done}`);
  if (nextAfter === null && after !== AT_END)
    for (const other of unit.config.followUps)
      if (other.after === AT_END && other.kind === kind && other.subjectKey === subjectKey) drop(other.key);
  if (nextAfter === null && leftOut.length === 0) {
    drop(key);
    return;
  }
  const isResting = rests === true || nextAfter === null;
  const refusal = isResting || leftOut.length > 0 ? (step.refusal ?? followUp.refusal) : null;
  unit.execute(
    sql`UPDATE replans SET after_user_key = ${nextAfter ?? AT_END}, left_out = ${JSON.stringify(leftOut)},
      refusal = ${refusal}, refused_at = ${isResting ? unit.now : null} WHERE replan_key = ${key}`,
  );
}

/** Work of a company that was refused: why, how many it leaves out so far, and when it was decided (ms). */
export interface HeldUpWork {
  kind: FollowUpKind;
  refusal: string;
  /** Null where it could not go on at all. */
  leftOut: number | null;
  decidedAt: number;
}

/** Reads the work of a company that was refused and is tried again from time to time. */
export function selectHeldUpWork(companyKey: number): Read<HeldUpWork[]> {
  const statement = sql`SELECT kind, refusal, created_at AS decidedAt,
      iif(refused_at IS NOT NULL AND after_user_key < ${AT_END}, NULL, json_array_length(left_out)) AS leftOut
    FROM replans WHERE company_key = ${companyKey} AND refusal IS NOT NULL ORDER BY replan_key`;
  return { statements: [statement], decode: ([rows]) => rowsOf<HeldUpWork>(rows) };
}
