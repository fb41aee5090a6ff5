import { runRead, selectRows } from "../platform/read-batch.ts";
import { KEY_SPAN } from "../platform/row-keys.ts";
import { literal, type Sql, sql } from "../platform/sql.ts";
import type { FollowUp } from "../unit/company-config.ts";
import { runEach } from "../unit/loaded-and-changed-rows.ts";
import { type Ref, refOf } from "../unit/resource-references.ts";
import type { Row, UnitOfWork } from "../unit/unit-of-work.ts";
import type { FollowUpStep } from "./follow-up.ts";
import type { OperationContext } from "./operation-context.ts";

/** What a look-up of the next step finds. */
export type FoundStep = Omit<FollowUpStep, "leftOut">;

/** What the work of one kind does: each of its commits does one step and keeps its place. */
export interface FollowUpWork {
  /** Looks up what the next step is about. */
  readStep(d1: D1Database, followUp: FollowUp): Promise<FoundStep>;
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

/** What a follow-up is about, and how far it is. */
type Place = Pick<FollowUp, "subjectKey" | "after">;

/**
 * Selects the users or groups after a place, in order, as rows `k`, `setting_key` and `id`: as many as a step takes. A row
 * without an id is that of the last place that was looked at, where more follow.
 */
export type SelectStep = (place: Place, size: number) => Sql;

/** A kind that goes through users or groups in the order of their keys. */
interface Walk {
  select: SelectStep;
  size: number;
  foresee(unit: UnitOfWork, ref: Ref): void;
}

/** How a walk finds and foresees its steps; what one does with those it found each kind says itself. */
export function walk({ select, size, foresee }: Walk): Omit<FollowUpWork, "run"> {
  const readStep = async (d1: D1Database, place: Place): Promise<FoundStep> => {
    const results = await runRead({ d1 }, selectRows<Row>(select(place, size)));
    const found = results.filter(({ id }) => id !== null);
    const last = found.length === size ? found.at(-1) : results.find(({ id }) => id === null);
    const nextAfter = last === undefined ? null : Number(last.k);
    if (found.length === 0 && nextAfter !== null) return readStep(d1, { ...place, after: nextAfter });
    return { refs: found.map((row) => refOf(Number(row.setting_key), String(row.id))), nextAfter };
  };
  return {
    readStep,
    foresee(unit, { refs }) {
      for (const ref of refs) foresee(unit, ref);
    },
  };
}

/** A step that does the same with each of its users or groups. */
export function withEach(runOne: (context: OperationContext, ref: Ref) => void): FollowUpWork["run"] {
  return (context, _followUp, { refs }) => runEach(refs, (ref) => runOne(context, ref));
}

/** Rows of the setting that is the subject: the plus keeps SQLite from reading and sorting all of them. */
const ofSubject = (subjectKey: number) => sql`+setting_key = ${subjectKey}`;

/** Rows of a setting in the order of their company's keys; `isOf` says which, by the key of the subject. */
export function ofSetting(table: Sql, key: Sql, isOf: (subjectKey: number) => Sql = ofSubject): SelectStep {
  const span = literal(KEY_SPAN);
  return ({ subjectKey, after }, size) => {
    const first = sql`CAST(${subjectKey} / ${span} AS INTEGER) * ${span}`;
    return sql`SELECT ${key} AS k, setting_key, id FROM ${table}
      WHERE ${key} > max(${after}, ${first}) AND ${key} < ${first} + ${span} AND ${isOf(subjectKey)}
      ORDER BY ${key} LIMIT ${size}`;
  };
}

/** Memberships that one look-up goes through: few of them may be what is looked for. */
const WINDOW = 10_000;

/** Of the users that `keys` gives in their order (as `k`), those that a condition holds for, in windows. */
export function among(keys: (place: Place) => Sql, condition: (subjectKey: number) => Sql): SelectStep {
  return (place, size) => {
    const end = sql`(SELECT k FROM (${keys(place)}) LIMIT 1 OFFSET ${literal(WINDOW - 1)})`;
    return sql`SELECT * FROM (SELECT w.k, u.setting_key, u.id FROM (${keys(place)}) w CROSS JOIN users u ON u.user_key = w.k
        WHERE (w.k <= ${end} OR ${end} IS NULL) AND ${condition(place.subjectKey)} LIMIT ${size})
      UNION ALL SELECT e.k, NULL, NULL FROM (SELECT ${end} AS k) e WHERE e.k IS NOT NULL`;
  };
}
