import { findDue } from "../companies/companies-due-store.ts";
import { findOverdue } from "../enrolment/overdue-store.ts";
import { findOldestDeletion, LONGEST_WAIT } from "../holds/held-deletion-term.ts";
import { BREATH, pause } from "../platform/clock.ts";
import { STORED_FORMS } from "../platform/stored-row-forms.ts";
import { isTransientFault } from "../platform/transient-fault.ts";
import { newId } from "../platform/uuid.ts";
import type { Note } from "../scim/note.ts";
import type { Refusal } from "../scim/scim-error.ts";
import type { Cause } from "../unit/change-cause.ts";
import type { CompanyConfig, FollowUp } from "../unit/company-config.ts";
import { Bulk } from "./bulk.ts";
import { Committer, type CommitterOptions } from "./committer.ts";
import type { FollowUpStep } from "./follow-up.ts";
import { readFollowUpStep, rulesOf } from "./follow-up-table.ts";
import { describeBulk } from "./log-written-request.ts";
import type { GroupOperation, WriteRequest, WriteResult } from "./operation.ts";
import { recordOf } from "./operation-table.ts";
import { inHalves, mustRenewFirst, readRenewal, renewalRequest } from "./renewal-table.ts";
import { isVeryLong, resolveMembers } from "./resolve-long-member-list.ts";
import { MOST_LEFT_OUT, nextFollowUp } from "./retry-refused-follow-ups.ts";
import { type Patience, runFollowUps } from "./run-follow-ups.ts";
import { logFault, type QueuedRequest } from "./run-requests.ts";
import { WriteQueue } from "./write-queue.ts";

/** Enrolments that one commit sets overdue. */
const OVERDUE_AT_ONCE = 500;

/** What orders and carries out the writes of one company, and the work that follows them. */
export class CompanyWriter {
  readonly #options: CommitterOptions;
  readonly #committer: Committer;
  readonly #queue: WriteQueue;
  #followingUp: Promise<boolean> | null = null;
  #breath = BREATH;
  /** How many users and groups the work that follows has been about so far. */
  followed = 0;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#committer = new Committer(options);
    this.#queue = new WriteQueue(this.#committer, options.clock);
  }

  /** Runs a request in its place in the company's order; answers only after its commit, or with a refusal. */
  async write({ operation, ...request }: WriteRequest): Promise<WriteResult> {
    if (operation.kind !== "bulk")
      return this.#queue.write({
        operation: isVeryLong(operation) ? await this.#resolve(operation) : operation,
        ...request,
      });
    const bulk = new Bulk(operation);
    await bulk.resolveLists((inner) => this.#resolve(inner));
    const parts = bulk.split(request);
    const answers = this.#queue.writeAll(parts).map(async (answer, index) => {
      const part = parts[index];
      return part === undefined ? answer : bulk.hear(part.operation.place, await answer);
    });
    const results = await Promise.all(answers);
    const result = bulk.answer(results);
    // The row of the log goes with the last operation, which may not have come to a commit.
    if (request.log !== undefined && results.at(-1)?.ok === false) this.#log(request, result, bulk.notes);
    return result;
  }

  #log({ log, cause }: Omit<WriteRequest, "operation">, result: WriteResult, notes: readonly Note[]): void {
    if (log === undefined) return;
    const entries = [describeBulk(log, result, notes, this.#options.clock())];
    void this.#queue.write({ operation: { kind: "log", entries }, cause });
  }

  /** The operation with the keys of those whom it names; should they not be found out now, its commit will. */
  async #resolve(operation: GroupOperation): Promise<GroupOperation> {
    try {
      return await resolveMembers(this.#options, operation);
    } catch (error) {
      if (isTransientFault(error)) return operation;
      throw error;
    }
  }

  /** Whether the answer to a request waits for the work that follows it. */
  isFollowed({ operation }: WriteRequest): boolean {
    return operation.kind !== "bulk" && recordOf(operation).waitsForFollowUps;
  }

  /** Does the work that follows as far as patience lets it; whether none is left. */
  runFollowUps(patience: Patience, which: { renews: boolean }): Promise<boolean> {
    return runFollowUps(this, patience, which, { clock: this.#options.clock, pause });
  }

  /** How long (ms) to wait before the next step of that. */
  get breath(): number {
    return this.#breath;
  }

  /**
   * Does what earlier commits scheduled, one step a commit, letting waiting requests in between; false when none is left.
   * Callers at the same time share a step. With `renews` false it leaves rows in an older form to those who have the time.
   */
  followUp({ renews } = { renews: true }): Promise<boolean> {
    this.#followingUp ??= this.#followUpOnce(renews).finally(() => {
      this.#followingUp = null;
    });
    return this.#followingUp;
  }

  /** Has it look in D1 for work that another writer may have scheduled. */
  forget(): void {
    this.#committer.forget();
  }

  /** Has deletions released that have waited for too long; gives when the next one will have (ms), or null for none. */
  async expireHeld(): Promise<number | null> {
    const { d1, companyId, clock } = this.#options;
    const oldest = await findOldestDeletion({ d1 }, companyId);
    if (oldest === null) return null;
    const before = clock() - LONGEST_WAIT;
    if (oldest > before) return oldest + LONGEST_WAIT;
    const cause: Cause = { requestId: newId(clock()), actor: "system", settingId: null, provider: null };
    const result = await this.#queue.write({ operation: { kind: "expireHeld", before: before + 1 }, cause });
    if (!result.ok) throw new Error(`deletions past their term not released: ${result.detail}`);
    return clock();
  }

  /** Has the rules of alerts look at the company when they are due; gives when they are next (ms), or null. */
  async reviewAlerts(): Promise<number | null> {
    const { d1, companyId, clock } = this.#options;
    const dueAt = await findDue({ d1 }, "alerts_due_at", companyId);
    if (dueAt === null || dueAt > clock()) return dueAt;
    const cause: Cause = { requestId: newId(clock()), actor: "system", settingId: null, provider: null };
    const result = await this.#queue.write({ operation: { kind: "reviewAlerts" }, cause });
    if (!result.ok) throw new Error(`alerts not looked at: ${result.detail}`);
    return findDue({ d1 }, "alerts_due_at", companyId);
  }

  /** Has enrolments that were not completed in time set overdue; gives when the next is due (ms), or null. */
  async setOverdue(): Promise<number | null> {
    const { d1, companyId, clock } = this.#options;
    const dueAt = await findDue({ d1 }, "enrolments_due_at", companyId);
    if (dueAt === null || dueAt > clock()) return dueAt;
    const enrolmentIds = await findOverdue({ d1 }, companyId, { time: clock(), take: OVERDUE_AT_ONCE });
    const cause: Cause = { requestId: newId(clock()), actor: "system", settingId: null, provider: null };
    const result = await this.#queue.write({ operation: { kind: "setOverdue", enrolmentIds }, cause });
    if (!result.ok) throw new Error(`enrolments not set overdue: ${result.detail}`);
    return findDue({ d1 }, "enrolments_due_at", companyId);
  }

  async #followUpOnce(renews: boolean): Promise<boolean> {
    // The commit under way may be the one that schedules work.
    await this.#queue.pause();
    const config = await this.#committer.configuration();
    if (config === null) return false;
    const next = nextFollowUp(config.followUps, this.#options.clock(), (work) => rulesOf(work).isRemoving);
    if (next === undefined) return renews && this.#renewSome(config);
    this.#breath = rulesOf(next).breath;
    const step = await readFollowUpStep(this.#options.d1, next);
    this.followed += step.refs.length;
    await this.#doStep(next, step);
    return true;
  }

  /** Does a step of bringing rows into the present form, when there is nothing else to do; false when all are. */
  async #renewSome(config: CompanyConfig): Promise<boolean> {
    // What has to come first the commit does before it looks at anything.
    const nothing = { form: STORED_FORMS[0], from: config.storedForm, rows: [], to: config.storedForm };
    const step = mustRenewFirst(config) ? nothing : await readRenewal(this.#options.d1, config);
    if (step === null) return false;
    await inHalves(step, async (part) => {
      const result = await this.#queue.write(renewalRequest(part, this.#options.clock()));
      if (!result.ok && result.status !== 500) throw new Error(`renewal refused: ${result.detail}`);
      return result.ok;
    });
    return true;
  }

  /**
   * Does a step. Of one that is refused the users or groups that it is refused for are found by halves: they are reported and
   * left out, for the follow-up to try them again, since they must not keep the others, and all work after this one, waiting.
   * Where it is no matter of single ones, it rests where it stands.
   */
  async #doStep(followUp: FollowUp, step: FollowUpStep): Promise<void> {
    const refusal = await this.#tryStep(followUp, step);
    if (refusal === null) return;
    const refused: Refused = { refs: [], refusal };
    // Only the last part moves the place: one cut off here begins the whole step again, and does nothing twice.
    const isOfSome =
      step.refs.length > 0 && !rulesOf(followUp).isInOrder && (await this.#doParts(followUp, step.refs, refused));
    const leftOut = [...step.leftOut, ...refused.refs];
    const isOver = isOfSome && leftOut.length <= MOST_LEFT_OUT;
    const { code } = refused.refusal;
    const last: FollowUpStep = isOver
      ? { ...step, refs: [], leftOut, refusal: code }
      : { refs: [], nextAfter: followUp.after, leftOut: followUp.leftOut, refusal: code, rests: true };
    if (!isOver) logFault(requestOf(followUp, last), new Error(`${followUp.kind} rests: ${refused.refusal.detail}`));
    const again = await this.#tryStep(followUp, last);
    if (again !== null) throw new Error(`follow-up refused: ${again.detail}`);
  }

  /** Does a refused step in halves, without moving the place; false when it is refused for more than single ones. */
  async #doParts(followUp: FollowUp, refs: readonly string[], refused: Refused): Promise<boolean> {
    if (refused.refusal.code === "keys_used_up") return false;
    const [only = ""] = refs;
    if (refs.length === 1) {
      const step = { refs: [], nextAfter: followUp.after, leftOut: followUp.leftOut };
      logFault(
        requestOf(followUp, step),
        new Error(`${followUp.kind} leaves out ${only} for now: ${refused.refusal.detail}`),
      );
      refused.refs.push(only);
      return true;
    }
    const middle = refs.length >> 1;
    for (const part of [refs.slice(0, middle), refs.slice(middle)]) {
      const refusal = await this.#tryStep(followUp, {
        refs: part,
        nextAfter: followUp.after,
        leftOut: followUp.leftOut,
      });
      if (refusal === null) continue;
      refused.refusal = refusal;
      if (!(await this.#doParts(followUp, part, refused))) return false;
    }
    return true;
  }

  /** Does a step, or gives why it is refused; throws what may go another time. */
  async #tryStep(followUp: FollowUp, step: FollowUpStep): Promise<Refusal | null> {
    const result = await this.#queue.write(requestOf(followUp, step));
    if (result.ok) return null;
    if (result.status === 429 || result.status >= 500) throw new Error(`follow-up not done: ${result.detail}`);
    return result;
  }
}

/** Whom a step is refused for, as far as it is known, and why. */
interface Refused {
  refs: string[];
  refusal: Refusal;
}

function requestOf(followUp: FollowUp, step: FollowUpStep): QueuedRequest {
  return { operation: { kind: "followUp", followUp, step }, cause: JSON.parse(followUp.cause) };
}
