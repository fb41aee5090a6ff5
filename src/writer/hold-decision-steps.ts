import { type Read, runRead, selectRows } from "../platform/read-batch.ts";
import { sql } from "../platform/sql.ts";
import type { Decision, FollowUp } from "../unit/company-config.ts";
import { runEach } from "../unit/loaded-and-changed-rows.ts";
import { type Ref, refOf, splitRef } from "../unit/resource-references.ts";
import type { Row, UnitOfWork } from "../unit/unit-of-work.ts";
import { undo } from "./carry-out-hold-decision.ts";
import type { AppliedLoss, FollowUpStep } from "./follow-up.ts";
import { type FollowUpWork, type FoundStep, type SelectStep, walk } from "./follow-up-record.ts";
import type { OperationContext } from "./operation-context.ts";

/** Users that one step takes. */
const SIZE = 300;

/** Users of whom something waits that a decision is about. */
export const HELD: SelectStep = ({ subjectKey, after }, size) => sql`
  SELECT w.k, u.setting_key, u.id FROM (
    SELECT m.user_key AS k FROM hold_decisions d CROSS JOIN target_group_members m
      ON m.held_by = d.hold_key AND m.held_version <= d.version
      WHERE d.decision_key = ${subjectKey} AND m.user_key > ${after}
    UNION SELECT h.user_key FROM hold_decisions d CROSS JOIN users h
      ON h.held_by = d.hold_key AND h.held_version <= d.version
      WHERE d.decision_key = ${subjectKey} AND h.user_key > ${after}) w
  CROSS JOIN users u ON u.user_key = w.k CROSS JOIN hold_decisions d ON d.decision_key = ${subjectKey}
  WHERE d.user_ids IS NULL OR u.id IN (SELECT value FROM json_each(d.user_ids)) ORDER BY w.k LIMIT ${size}`;
/** Those whose deletion has waited for too long. */
export const EXPIRED: SelectStep = ({ subjectKey, after }, size) => sql`
  SELECT u.user_key AS k, u.setting_key, u.id FROM hold_decisions d
  CROSS JOIN holds h ON h.company_key = d.company_key CROSS JOIN users u ON u.held_by = h.hold_key
  WHERE d.decision_key = ${subjectKey} AND u.user_key > ${after} AND u.held_as = 'deleted' AND u.held_at < d.version
  ORDER BY u.user_key LIMIT ${size}`;
/** Users who lost something in the hour before a hold opened. */
function selectApplied({ subjectKey, after }: FollowUp): Read<Row[]> {
  return selectRows(sql`SELECT DISTINCT a.user_key AS k, u.setting_key, u.id FROM hold_decisions d
  CROSS JOIN hold_applied a ON a.hold_key = d.hold_key CROSS JOIN users u ON u.user_key = a.user_key
  WHERE d.decision_key = ${subjectKey} AND a.user_key > ${after} AND a.undone_at IS NULL
    AND (d.user_ids IS NULL OR u.id IN (SELECT value FROM json_each(d.user_ids))) ORDER BY a.user_key LIMIT ${SIZE}`);
}
/** What those up to the key `last` lost. */
function selectLosses({ subjectKey, after }: FollowUp, last: number): Read<Row[]> {
  return selectRows(sql`SELECT u.setting_key, u.id, a.target_group_key, a.kind, a.source_key, a.detail FROM hold_decisions d
  CROSS JOIN hold_applied a ON a.hold_key = d.hold_key CROSS JOIN users u ON u.user_key = a.user_key
  WHERE d.decision_key = ${subjectKey} AND a.user_key > ${after} AND a.user_key <= ${last} AND a.undone_at IS NULL`);
}

/** Wants all that a change of a user reads, and what its setting lost. */
export const wantUser = (unit: UnitOfWork, ref: Ref) => {
  unit.wantUser(ref);
  unit.brakes.want(splitRef(ref)[0]);
};
/** Runs a part of a decision about a hold; its last step takes the decision away. */
function byDecision(
  context: OperationContext,
  { subjectKey }: FollowUp,
  { refs, nextAfter, leftOut }: FollowUpStep,
  runOne: (decision: Decision, ref: Ref) => void,
): void {
  const decision = context.unit.config.decisions.get(subjectKey);
  if (decision !== undefined) runEach(refs, (ref) => runOne(decision, ref));
  if (nextAfter !== null || leftOut.length > 0) return;
  context.unit.execute(sql`DELETE FROM hold_decisions WHERE decision_key = ${subjectKey}`);
}

/** The work of a decision about those that a look-up finds. */
export function deciding(
  select: SelectStep,
  runOne: (context: OperationContext, decision: Decision, ref: Ref) => void,
): FollowUpWork {
  return {
    ...walk({ select, size: SIZE, foresee: wantUser }),
    run: (context, followUp, step) =>
      byDecision(context, followUp, step, (decision, ref) => runOne(context, decision, ref)),
  };
}

async function readApplied(d1: D1Database, followUp: FollowUp): Promise<FoundStep> {
  const results = await runRead({ d1 }, selectApplied(followUp));
  const refs = results.map((row) => refOf(Number(row.setting_key), String(row.id)));
  const last = Number(results.at(-1)?.k ?? followUp.after);
  const rows = await runRead({ d1 }, selectLosses(followUp, last));
  const losses = rows.map(
    (row): AppliedLoss => ({
      ref: refOf(Number(row.setting_key), String(row.id)),
      targetGroupKey: Number(row.target_group_key),
      kind: String(row.kind) as AppliedLoss["kind"], // the column holds nothing else: only the writer fills it
      sourceKey: Number(row.source_key),
      detail: String(row.detail),
    }),
  );
  return { refs, nextAfter: results.length < SIZE ? null : last, losses };
}

/** The undoing of what was carried out in the hour before a hold opened. */
export const UNDO: FollowUpWork = {
  readStep: readApplied,
  foresee: (unit, { refs }) => {
    for (const ref of refs) wantUser(unit, ref);
  },
  run: (context, followUp, step) =>
    byDecision(context, followUp, step, (decision, ref) => {
      const losses = step.losses?.filter((loss) => loss.ref === ref) ?? [];
      undo(context, decision, ref, losses);
    }),
};
