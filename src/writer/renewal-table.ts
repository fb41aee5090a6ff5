import { sql } from "../platform/sql.ts";
import { type FormPlace, PRESENT_FORM, STORED_FORMS, type StoredForm } from "../platform/stored-row-forms.ts";
import { newId } from "../platform/uuid.ts";
import type { Cause } from "../unit/change-cause.ts";
import { type CompanyConfig, isInOldForm } from "../unit/company-config.ts";
import type { Enrolment } from "../unit/enrolment-and-brake-rows.ts";
import { runEach } from "../unit/loaded-and-changed-rows.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { enrolPersons } from "./enrol-persons.ts";
import { logRenewal, noteWithdrawn, type RenewalNote } from "./log-what-renewal-changed.ts";
import type { Outcome, RenewalOperation } from "./operation.ts";
import type { OperationContext } from "./operation-context.ts";
import { renewGroupDocuments, renewUserDocuments, renewUserFields } from "./renew-documents.ts";
import { renewGroupNames, renewTargetGroupNames, renewUserNames } from "./renew-names.ts";
import { renewEmailLookups, renewPersons } from "./renew-persons.ts";
import type { Renewal, RenewalStep } from "./renewal.ts";

/** What each step of STORED_FORMS does: a change of what is stored is one more name there, and its record here. */
const RENEWALS: Record<StoredForm, Renewal> = {
  targetGroupNames: renewTargetGroupNames,
  groupNames: renewGroupNames,
  userNames: renewUserNames,
  persons: renewPersons,
  emailLookups: renewEmailLookups,
  groupDocuments: renewGroupDocuments,
  userDocuments: renewUserDocuments,
  userFields: renewUserFields,
};

/** Whether the writer has yet to renew rows by which it would decide. */
export function mustRenewFirst(config: CompanyConfig): boolean {
  const next = isInOldForm(config) ? STORED_FORMS.slice(config.storedForm.done) : [];
  return next.some((form) => RENEWALS[form].isFirst);
}

/**
 * Looks for the next rows of a company that are to be renewed. Where nothing else may be done before, it looks until it has
 * some; else one look must do, so that the place is kept. What has nothing to be renewed costs no commit of its own.
 */
export async function readRenewal(d1: D1Database, config: CompanyConfig): Promise<RenewalStep | null> {
  const from = config.storedForm;
  for (let place = from; ; ) {
    const form = STORED_FORMS[place.done];
    if (form === undefined || !isInOldForm(config)) return null;
    const { rows, after } = await RENEWALS[form].read(d1, config, place.after);
    const to: FormPlace = after === null ? { done: place.done + 1, after: "" } : { done: place.done, after };
    const isBreak = after === null ? isBoundary(to.done) : !RENEWALS[form].isFirst;
    if (rows.length > 0 || isBreak) return { form, from, rows, to };
    place = to;
  }
}

/** Whether what comes next is of another kind, or nothing. */
function isBoundary(done: number): boolean {
  const [last, next] = [STORED_FORMS[done - 1], STORED_FORMS[done]];
  return next === undefined || (last !== undefined && RENEWALS[last].isFirst !== RENEWALS[next].isFirst);
}

/** A step as the writer asks it of itself. */
export function renewalRequest(step: RenewalStep, now: number): { operation: RenewalOperation; cause: Cause } {
  const cause = { requestId: newId(now), actor: "system" as const, settingId: null, provider: null };
  return { operation: { kind: "renewRows", step }, cause };
}

/**
 * Does a step; one that is refused is done in halves, down to the row that it is refused for, which stays as it is: it must not
 * keep the others, and all that comes after them, waiting for ever.
 */
export async function inHalves(step: RenewalStep, attempt: (part: RenewalStep) => Promise<boolean>): Promise<void> {
  if (await attempt(step)) return;
  const { rows } = step;
  if (rows.length === 0) throw new Error(`the renewal of ${step.form} was refused`);
  const middle = rows.length >> 1;
  if (middle === 0) {
    const message = `a row was left out of the renewal of ${step.form}`;
    console.error(JSON.stringify({ level: "error", room: "writer", message }));
  }
  // Only the last part moves the place: one cut off here begins the whole step again, and does nothing twice.
  if (middle > 0) await inHalves({ ...step, rows: rows.slice(0, middle), to: step.from }, attempt);
  await inHalves({ ...step, rows: middle === 0 ? [] : rows.slice(middle) }, attempt);
}

/** Wants what a step will read. */
export function foreseeRenewal(unit: UnitOfWork, { step: { form, rows } }: RenewalOperation): void {
  for (const row of rows) RENEWALS[form].foresee(unit, row);
}

/** Renews the rows of a step, keeps how far the company is, and logs what became of them. */
export function renewRows(context: OperationContext, { step }: RenewalOperation): Outcome {
  const { unit } = context;
  const { storedForm, companyKey } = unit.config;
  const { form, from, rows, to } = step;
  // Another writer, or the steps that had to come first, may have got further meanwhile.
  if (storedForm.done !== from.done || storedForm.after !== from.after) return { kind: "done" };
  const notes: RenewalNote[] = [];
  runEach(rows, (row) => notes.push(...RENEWALS[form].renew(context, row)));
  const keepPlace = sql`UPDATE companies SET stored_form = ${to.done}, stored_form_after = ${to.after}
    WHERE company_key = ${companyKey}`;
  if (to.done < PRESENT_FORM) unit.scheduleWork(keepPlace);
  else unit.execute(keepPlace);
  notes.push(...noteWithdrawn(enrolPersons(context), (enrolment) => sourceOf(unit, enrolment)));
  logRenewal(context, notes);
  return { kind: "done" };
}

/** The setting of an enrolment's user, and the attribute by which it groups. */
function sourceOf({ users, config }: UnitOfWork, { userKey }: Enrolment) {
  const settingKey = users.differences().find(({ before }) => before?.key === userKey)?.before?.settingKey;
  const setting = config.settingsByKey.get(settingKey ?? 0);
  if (setting === undefined) return undefined;
  const { field } = setting.groupSettings;
  return { settingKey: setting.key, path: setting.mappings.find((one) => one.field === field)?.path ?? field ?? "" };
}
