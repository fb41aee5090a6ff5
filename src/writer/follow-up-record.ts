import { sendAsWritten } from "../platform/read-batch.ts";
import { KEY_SPAN } from "../platform/row-keys.ts";
import type { FollowUp } from "../unit/company-config.ts";
import { runEach } from "../unit/loaded-and-changed-rows.ts";
import { type Ref, refOf } from "../unit/resource-references.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { FollowUpStep } from "./follow-up.ts";
import type { OperationContext } from "./operation-context.ts";

/** What a look-up of the next step finds. */
export type NextStep = Omit<FollowUpStep, "leftOut">;

/** What the work of one kind does: each of its commits does one step and keeps its place. */
export interface FollowUpWork {
  /** Looks up what the next step is about. */
  readStep(d1: D1Database, followUp: FollowUp): Promise<NextStep>;
  /** Wants what the step will read. */
  foresee(unit: UnitOfWork, step: FollowUpStep): void;
  /** Does the step: what the rules now in force say of these users or groups. */
  run(context: OperationContext, followUp: FollowUp, step: FollowUpStep): void;
}

/** What holds of all work of one kind. */
export interface FollowUpRules {
  /** It takes away what was deleted, which nothing that comes before it can change: it goes ahead of work that rests. */
  isRemoving: boolean;
  /** Nobody can be left out to be tried again later: it rests at whom a step is refused for. */
  isInOrder: boolean;
  /** It may still add to a hold: as long as some is left, no hold is closed. */
  addsToHolds: boolean;
  /** How long to wait before its next step (ms). */
  breath: number;
}

/** All there is to know of one kind of follow-up. */
export type FollowUpRecord = FollowUpRules & FollowUpWork;

/** A kind that goes through users or groups in the order of their keys. */
interface Walk {
  /**
   * The users or groups after a place, in order, as rows `k`, `setting_key` and `id`: `?1` is the subject's key, `?2` the
   * place, `?3` the size of a step. A row without an id is that of the last place that was looked at, where more follow.
   */
  sql: string;
  size: number;
  foresee(unit: UnitOfWork, ref: Ref): void;
  runOne(context: OperationContext, ref: Ref): void;
}

/** The work of a walk. */
export function walk({ sql, size, foresee, runOne }: Walk): FollowUpWork {
  const read = async (d1: D1Database, subjectKey: number, after: number): Promise<NextStep> => {
    const [answer] = await sendAsWritten(d1, [{ sql, params: [subjectKey, after, size] }]);
    const results = answer?.results ?? [];
    const found = results.filter(({ id }) => id !== null);
    const last = found.length === size ? found.at(-1) : results.find(({ id }) => id === null);
    const nextAfter = last === undefined ? null : Number(last.k);
    if (found.length === 0 && nextAfter !== null) return read(d1, subjectKey, nextAfter);
    return { refs: found.map((row) => refOf(Number(row.setting_key), String(row.id))), nextAfter };
  };
  return {
    readStep: (d1, { subjectKey, after }) => read(d1, subjectKey, after),
    foresee(unit, { refs }) {
      for (const ref of refs) foresee(unit, ref);
    },
    run(context, _followUp, { refs }) {
      runEach(refs, (ref) => runOne(context, ref));
    },
  };
}

/** Rows of a setting in the order of their company's keys, of which `more` may ask more; the plus keeps SQLite from reading and sorting all of them. */
export function ofSetting(table: string, key: string, setting = "?1", more = ""): string {
  const first = `CAST(?1 / ${KEY_SPAN} AS INTEGER) * ${KEY_SPAN}`;
  return `SELECT ${key} AS k, setting_key, id FROM ${table}
    WHERE ${key} > max(?2, ${first}) AND ${key} < ${first} + ${KEY_SPAN} AND +setting_key = ${setting} ${more} ORDER BY ${key} LIMIT ?3`;
}

/** Memberships that one look-up goes through: few of them may be what is looked for. */
const WINDOW = 10_000;

/** Of the users that `keys` gives in their order (as `k`), those that a condition holds for, in windows. */
export function among(keys: string, condition: string): string {
  const end = `(SELECT k FROM (${keys}) LIMIT 1 OFFSET ${WINDOW - 1})`;
  return `SELECT * FROM (SELECT w.k, u.setting_key, u.id FROM (${keys}) w CROSS JOIN users u ON u.user_key = w.k
      WHERE (w.k <= ${end} OR ${end} IS NULL) AND ${condition} LIMIT ?3)
    UNION ALL SELECT e.k, NULL, NULL FROM (SELECT ${end} AS k) e WHERE e.k IS NOT NULL`;
}
