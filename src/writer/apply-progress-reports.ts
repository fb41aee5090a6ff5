import { personIdOf } from "../directory/person-key.ts";
import { nextDue } from "../enrolment/overdue-store.ts";
import { isOpen, itemKeyOf } from "../enrolment/plan-enrolments.ts";
import { presentProgress } from "../enrolment/present-progress.ts";
import { sql } from "../platform/sql.ts";
import { quote, ScimError } from "../scim/scim-error.ts";
import { itemNamesOf } from "../unit/enrolment-item-names.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import type { NamedEnrolment } from "../unit/unit-rows.ts";
import type { CarriedProgress } from "./follow-up.ts";
import type { ConfigurationOperation, Outcome } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import type { ProgressReport, ReportOutcome } from "./progress-report.ts";
import { toRefusal } from "./refuse-write.ts";

type Of<K extends ConfigurationOperation["kind"]> = ConfigurationOperation & { kind: K };

/**
 * Keeps what the training platform reports of enrolments, withdrawn ones too. Each report is done or refused by itself; one
 * that says what is known already changes nothing and is told to nobody.
 */
export function reportProgress(context: OperationContext, { reports }: Of<"reportProgress">): Outcome {
  const { namedEnrolments, persons } = context.unit;
  namedEnrolments.require(reports.map(({ enrolmentId }) => enrolmentId));
  persons.require(personsOfReopened(context.unit, reports));
  return { kind: "progress", reports: reports.map((report) => tryReport(context, report)) };
}

/** The persons of what is not to be completed any more, whom that is planned for: all are read at once. */
function personsOfReopened({ namedEnrolments }: UnitOfWork, reports: readonly ProgressReport[]): string[] {
  const completed = new Set<string>();
  return reports.flatMap(({ enrolmentId, status }) => {
    const before = namedEnrolments.get(enrolmentId);
    if (before?.progressStatus === "completed" || status === "completed") completed.add(enrolmentId);
    const isReopened = status !== "completed" && completed.has(enrolmentId);
    return isReopened && before !== undefined ? [before.personKey, before.presentPersonKey] : [];
  });
}

function tryReport(context: OperationContext, report: ProgressReport): ReportOutcome {
  const { journal } = context.unit;
  const place = journal.savepoint();
  try {
    return reportOne(context, report);
  } catch (error) {
    const refusal = toRefusal(error);
    if (refusal === null) throw error;
    journal.rollback(place);
    return { enrolmentId: report.enrolmentId, refusal };
  }
}

function reportOne(context: OperationContext, report: ProgressReport): ReportOutcome {
  const { unit } = context;
  const { enrolmentId } = report;
  const before = unit.namedEnrolments.get(enrolmentId);
  if (before === undefined)
    throw new ScimError("no_such_enrolment", `There is no enrolment ${quote(enrolmentId)} here.`);
  const after = withPresentName(unit, before, advance(before, report, unit.now));
  const isChanged = JSON.stringify(standingOf(after)) !== JSON.stringify(standingOf(before));
  if (isChanged) {
    if (before.progressStatus === "completed" && after.progressStatus !== "completed") reopen(context, after);
    unit.namedEnrolments.set(enrolmentId, after);
    keepInStep(unit, after);
    if (isOpen(after) && after.dueAt !== null && !after.isOverdue) unit.expectDue(after.dueAt);
    announceProgress(context, after);
  }
  return { enrolmentId, isChanged, ...standingOf(after) };
}

/** How an enrolment stands as everybody is told it. */
function standingOf(enrolment: NamedEnrolment) {
  return { progress: presentProgress(enrolment), isOverdue: enrolment.isOverdue };
}

/** How an enrolment stands after a report. */
function advance(before: NamedEnrolment, report: ProgressReport, now: number): NamedEnrolment {
  const { status: progressStatus, score } = report;
  const isCompleted = progressStatus === "completed";
  const wasCompleted = before.progressStatus === "completed";
  const dueAt = report.dueAt === undefined ? before.dueAt : report.dueAt;
  return {
    ...before,
    // What is over stays with the person that it was of, until it counts as what its user has completed.
    ...(before.status === "withdrawn" && isCompleted && { personKey: before.presentPersonKey }),
    ...{ progressStatus, score, dueAt },
    completedAt: isCompleted ? (report.completedAt ?? before.completedAt ?? now) : null,
    isOverdue: before.isOverdue && !isCompleted && dueAt !== null && dueAt <= now,
    given: givenAfter(before, isCompleted !== wasCompleted, isCompleted),
  };
}

/** What was or is open has the name that its item has by now, which the feed has told of. */
function withPresentName({ config }: UnitOfWork, before: NamedEnrolment, after: NamedEnrolment): NamedEnrolment {
  if (!isOpen(before) && !isOpen(after)) return after;
  return { ...after, name: itemNamesOf(config).get(itemKeyOf(after)) ?? after.name };
}

/** What is completed after it was withdrawn no target group gives; what is open again is the person's present one. */
function givenAfter({ status, given }: NamedEnrolment, isTurned: boolean, isCompleted: boolean): boolean | null {
  if (!isTurned) return given;
  return status === "withdrawn" && isCompleted ? null : true;
}

/**
 * What is completed no more is planned for again: it is withdrawn where no target group gives it, and what the person was not
 * enrolled in again because of it starts.
 */
function reopen(context: OperationContext, enrolment: NamedEnrolment): void {
  const { personKey, key, status } = enrolment;
  const others = (context.unit.enrolments.get(personKey) ?? []).filter((other) => other.key !== key);
  if (status === "active" && others.some((other) => other.given && itemKeyOf(other) === itemKeyOf(enrolment)))
    throw new ScimError(
      "newer_enrolment",
      "The person has a newer enrolment in this item: the one that was completed before it stays completed.",
    );
  context.touchPersonKey(personKey);
}

/** Where a person is planned for in the same commit, it is by what was reported last. */
function keepInStep({ enrolments }: UnitOfWork, enrolment: NamedEnrolment): void {
  const { personKey, status, progressStatus } = enrolment;
  if (!enrolments.knows(personKey)) return;
  const others = (enrolments.get(personKey) ?? []).filter(({ key }) => key !== enrolment.key);
  const { hasUser: _, presentPersonKey: __, ...row } = enrolment;
  const isPresent = status === "active" || progressStatus === "completed";
  enrolments.set(personKey, isPresent ? [...others, row] : others);
}

/** Sets enrolments overdue that were not completed by the time they were due, once each; then the next is waited for. */
export function setOverdue(context: OperationContext, { enrolmentIds }: Of<"setOverdue">): Outcome {
  const { unit } = context;
  unit.namedEnrolments.require(enrolmentIds);
  for (const id of enrolmentIds) {
    const enrolment = unit.namedEnrolments.get(id);
    if (enrolment === undefined || !isOpen(enrolment) || enrolment.isOverdue) continue;
    if (enrolment.dueAt === null || enrolment.dueAt > unit.now) continue;
    const overdue = withPresentName(unit, enrolment, { ...enrolment, isOverdue: true });
    unit.namedEnrolments.set(id, overdue);
    announceProgress(context, overdue);
  }
  const { companyKey } = unit.config;
  unit.execute(sql`UPDATE companies SET enrolments_due_at = ${nextDue(companyKey)} WHERE company_key = ${companyKey}`);
  return { kind: "done" };
}

/** Gives enrolments, by their ids, the progress of others that they turn out to go on with. */
export function carryOverProgress(context: OperationContext, carried: ReadonlyMap<string, CarriedProgress>): void {
  const { unit } = context;
  unit.namedEnrolments.require([...carried.keys()]);
  for (const [id, progress] of carried) {
    const enrolment = unit.namedEnrolments.get(id);
    if (enrolment === undefined) continue;
    const after = { ...enrolment, ...progress };
    unit.namedEnrolments.set(id, after);
    keepInStep(unit, after);
    if (after.dueAt !== null && !after.isOverdue) unit.expectDue(after.dueAt);
    announceProgress(context, after);
  }
}

function announceProgress(context: OperationContext, enrolment: NamedEnrolment): void {
  const { id, userId, personKey, kind, itemId, name, isOverdue, hasUser } = enrolment;
  const about = { userId, kind, itemId, name, progress: presentProgress(enrolment), overdue: isOverdue };
  const whose = hasUser ? { personId: personIdOf(context.unit.config.companyId, personKey) } : { erased: true };
  context.announce({
    type: "enrolment.progressed",
    subject: { kind: "enrolment", id },
    userId,
    data: { ...about, ...whose },
  });
}

/** Wants the enrolments that reports are about. */
export function foreseeReports(unit: UnitOfWork, { reports }: Of<"reportProgress">): void {
  unit.namedEnrolments.wantAll(reports.map(({ enrolmentId }) => enrolmentId));
}

/** Wants the enrolments whose time is over. */
export function foreseeOverdue(unit: UnitOfWork, { enrolmentIds }: Of<"setOverdue">): void {
  unit.namedEnrolments.wantAll(enrolmentIds);
}
