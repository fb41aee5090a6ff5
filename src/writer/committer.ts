import { type Clock, type Pause, pause } from "../platform/clock.ts";
import type { SessionSecrets } from "../platform/derived-keys.ts";
import { runRead, sendAsWritten, timeOf } from "../platform/read-batch.ts";
import { isConstraint, isTransientFault } from "../platform/transient-fault.ts";
import { isFence, planFence, Stale } from "../unit/commit-fence.ts";
import { findDone, isForgotten, type OpenCommit } from "../unit/commit-outcome.ts";
import type { CompanyConfig, WebhookRow } from "../unit/company-config.ts";
import { planReads } from "../unit/plan-reads.ts";
import { planRows } from "../unit/plan-writes.ts";
import { isPresuming, planPresumed } from "../unit/presume-names-are-free.ts";
import { readConfig } from "../unit/read-company-config.ts";
import { namesOfEarlierCommits, UnitOfWork } from "../unit/unit-of-work.ts";
import { foreseeAll, type Hopes, mustLoad } from "./foresee-requests.ts";
import type { WriteResult } from "./operation.ts";
import { recordOf } from "./operation-table.ts";
import { readMembersForAnswers } from "./read-members-for-answers.ts";
import { bug, busy, isTooLarge, noCompany, tooLarge, toRefusal, undecided } from "./refuse-write.ts";
import type { RenewalStep } from "./renewal.ts";
import { inHalves, mustRenewFirst, readRenewal, renewalRequest } from "./renewal-table.ts";
import { logFault, type QueuedRequest, runRequests } from "./run-requests.ts";
import { updateAlerts } from "./update-alerts.ts";
import { advance } from "./update-cached-configuration.ts";

/** What a committer needs. */
export interface CommitterOptions {
  d1: D1Database;
  companyId: string;
  clock: Clock;
  /** What tells apart the names that refused writes gave. */
  secrets: SessionSecrets;
  /** How it waits after a passing fault of D1. */
  pause?: Pause;
  /**
   * Called with the enabled webhooks that may have changes to deliver: after each commit that wrote some, and with those
   * that were behind when the configuration was read; must not throw or take time.
   */
  onChanges: (webhookKeys: number[]) => void;
  /** Called after each commit that changes webhooks, with their keys; must not throw or take time. */
  onWebhooks: (webhookKeys: readonly number[]) => void;
  /** Called after each commit that makes messages to people; must not throw or take time. */
  onMessages: () => void;
  /** Called before each commit that schedules work for later ones, or begins a term: whatever becomes of this writer, somebody has to do it. */
  onWork: () => Promise<void>;
}

/** The first pause after a passing fault of D1 (ms); it doubles with every further one. */
const FIRST_PAUSE = 20;
const MAX_ATTEMPTS = 8;
const MAX_LOADS = 40;
/** For so long (ms) after somebody who was presumed to be new was not, names are looked up again. */
const LOOKS_FOR = 60_000;

/** What came of requests, in their order; null for those that are put off to the next commit. */
export type Results = (WriteResult | null)[];

/** Commits operations together to D1: one read batch, one commit batch, which gets through wholly or not at all. */
export class Committer {
  readonly #options: CommitterOptions & { pause: Pause };
  #config: CompanyConfig | null = null;
  /** Nobody is presumed to be new before this time (ms): somebody was found not to be. */
  #presumesFrom = 0;
  readonly #names = namesOfEarlierCommits();

  constructor(options: CommitterOptions) {
    this.#options = { pause, ...options };
  }

  /** The company's directory database. */
  get d1(): D1Database {
    return this.#options.d1;
  }

  /** The company's configuration as the last commit left it; null when there is no such company. */
  async configuration(): Promise<CompanyConfig | null> {
    if (this.#config === null) {
      this.#config = await readConfig(this.#options.d1, this.#options.companyId, this.#options.clock());
      // A writer that died after a commit told nobody of its changes: whoever has not got them hears of them now.
      if (this.#config !== null) this.#notifyOfChanges(this.#config, ({ isBehind }) => isBehind);
    }
    return this.#config;
  }

  /** Drops everything cached between commits. */
  forget(): void {
    this.#config = null;
  }

  /**
   * Runs requests in order and commits their sum; each succeeds wholly or is refused alone. Where one of them wants a commit
   * of its own, it and those after it may be put off; the first never is. Unless they are due, rows of the log may be that
   * would have others wait for a load.
   */
  run(requests: readonly QueuedRequest[], areLogsDue = true): Promise<Results> {
    return this.#run(requests, [], areLogsDue);
  }

  /** `open` are earlier commits of the same requests whose outcome is open, and takes those that come to be so. */
  async #run(requests: readonly QueuedRequest[], open: OpenCommit<WriteResult>[], areLogsDue = true): Promise<Results> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const isFirst = attempt === 0;
      const presumes = isFirst && this.#options.clock() >= this.#presumesFrom;
      try {
        return await this.#attempt(requests, open, { presumes, defersLogs: isFirst && !areLogsDue });
      } catch (error) {
        this.forget();
        if (error instanceof Stale || isFence(error)) continue;
        if (isTransientFault(error)) {
          await this.#options.pause(FIRST_PAUSE * 2 ** attempt);
          continue;
        }
        return requests.length > 1 ? this.#isolate(requests, open) : [await this.#giveUp(requests[0], open, error)];
      }
    }
    return requests.map(() => ({ ok: false, ...(open.length === 0 ? busy() : undecided()) }));
  }

  /** One operation that D1 refuses must not fail its neighbours: they run in halves, down to the one. */
  async #isolate(requests: readonly QueuedRequest[], open: readonly OpenCommit<WriteResult>[]): Promise<Results> {
    const middle = requests.length >> 1;
    const part = (from: number, to?: number) =>
      open.map((commit) => ({ ...commit, results: commit.results.slice(from, to) }));
    const early = part(0, middle);
    const results = await this.#run(requests.slice(0, middle), early);
    // Once one of the first half got through, none that was open can pass the fence any more.
    const late = early.length === 0 ? [] : part(middle);
    const rest = requests.slice(middle);
    const isOver = late.length === 0 && results.includes(null);
    return [...results, ...(isOver ? rest.map(() => null) : await this.#run(rest, late))];
  }

  /** What a request comes to that no further attempt would help. */
  async #giveUp(
    request: QueuedRequest | undefined,
    open: OpenCommit<WriteResult>[],
    error: unknown,
  ): Promise<WriteResult | null> {
    const config = open.length === 0 ? null : await this.configuration();
    const done = config === null ? null : findDone(open, config);
    if (config !== null && done !== null) return this.#conclude(config, done)[0] ?? null;
    if (isTooLarge(error)) return { ok: false, ...tooLarge() };
    const refusal = toRefusal(error);
    if (refusal === null) logFault(request, error);
    return { ok: false, ...(refusal ?? bug()) };
  }

  async #attempt(requests: readonly QueuedRequest[], open: OpenCommit<WriteResult>[], hopes: Hopes): Promise<Results> {
    const config = await this.configuration();
    if (config === null) return requests.map((request) => ({ ok: false, ...noCompany(request) }));
    const done = findDone(open, config);
    if (done !== null) return this.#conclude(config, done);
    if (isForgotten(open, config)) return requests.map(() => ({ ok: false, ...undecided() }));
    const unit = new UnitOfWork(await this.#renewFirst(config), this.#options.clock(), this.#names);
    try {
      return await this.#commit(unit, requests, open, hopes);
    } catch (error) {
      if (isPresuming(unit) && isFence(error)) this.#presumesFrom = unit.now + LOOKS_FOR;
      // Requests keep what came of them where it is journaled: of this attempt nothing came.
      unit.journal.rollback(0);
      throw error;
    }
  }

  /**
   * Whatever decides by the rules of today waits until the rows that it decides by have the form of today. Each step is a commit
   * of its own: one that dies in between goes on where it was. Gives the configuration after them.
   */
  async #renewFirst(config: CompanyConfig): Promise<CompanyConfig> {
    let present = config;
    while (mustRenewFirst(present)) {
      const step = await readRenewal(this.#options.d1, present);
      if (step === null) break;
      await inHalves(step, (part) => this.#renew(part));
      present = (await this.configuration()) ?? present;
    }
    return present;
  }

  /** Does a step; a row that it fails for is told of, unless it is one of several. */
  async #renew(step: RenewalStep): Promise<boolean> {
    const config = await this.configuration();
    if (config === null) return true;
    const unit = new UnitOfWork(config, this.#options.clock(), this.#names);
    const request = renewalRequest(step, unit.now);
    try {
      const [result] = await this.#commit(unit, [request], []);
      return result?.ok === true;
    } catch (error) {
      this.forget();
      if (error instanceof Stale || isFence(error) || isTransientFault(error) || step.rows.length === 0) throw error;
      if (step.rows.length === 1) logFault(request, error);
      return false;
    }
  }

  async #commit(
    unit: UnitOfWork,
    requests: readonly QueuedRequest[],
    open: OpenCommit<WriteResult>[],
    hopes: Hopes = { presumes: false, defersLogs: false },
  ): Promise<Results> {
    const { d1, onWork } = this.#options;
    const { config } = unit;
    const putOff = foreseeAll(unit, requests, hopes);
    const results = await this.#runLoaded(unit, requests, putOff);
    const rows = planRows(unit);
    const shown = readMembersForAnswers(unit, requests, results);
    if (rows.length === 0) {
      await this.#prove(unit);
      if (shown.statements.length > 0) await runRead({ d1 }, shown);
      return results;
    }
    const isChanging = unit.changes.length > 0;
    const commit = {
      ...{ id: unit.commitId, plannedOn: config.commitNo, results, isChanging },
      ...{ makesMessages: unit.makesMessages, webhooksToWake: [...unit.webhooksToWake] },
    };
    if (unit.schedulesWork || unit.startsTerm) await onWork();
    try {
      const answers = await sendAsWritten(d1, [
        planFence(unit, commit.id),
        ...planPresumed(unit),
        ...rows,
        ...shown.statements,
      ]);
      shown.decode(answers.slice(answers.length - shown.statements.length).map((answer) => answer.results));
    } catch (error) {
      // A violated constraint has rolled the batch back; after any other error it may have got through.
      if (!isConstraint(error)) open.push(commit);
      throw error;
    }
    // What was open before can pass the fence no more.
    open.length = 0;
    for (const line of unit.logLines.values()) console.warn(line);
    this.#names.erased.remember(unit.namesErased, unit.now);
    this.#names.former.remember(unit.formerNamesOfCommit, unit.now);
    this.#conclude(config, commit);
    this.#config = isLasting(unit, requests) ? advance(config, unit, commit.id) : null;
    return results;
  }

  /** What follows a commit that got through; gives its results. */
  #conclude(config: CompanyConfig, commit: OpenCommit<WriteResult>): Results {
    if (commit.isChanging) this.#notifyOfChanges(config);
    if (commit.makesMessages) this.#options.onMessages();
    if (commit.webhooksToWake.length > 0) this.#options.onWebhooks(commit.webhooksToWake);
    return commit.results;
  }

  /**
   * Loads what is wanted and not cached, runs, and loads more for as long as operations ask for what was not foreseen. Those that
   * are `putOff` to another commit have null.
   */
  async #runLoaded(
    unit: UnitOfWork,
    requests: readonly QueuedRequest[],
    putOff: ReadonlySet<QueuedRequest>,
  ): Promise<Results> {
    const taken = requests.filter((request) => !putOff.has(request));
    for (let load = 0; load < MAX_LOADS; load += 1) {
      if (mustLoad(unit, taken)) unit.readTimeOfEach += (await this.#load(unit)) / taken.length;
      const results = runRequests(unit, taken);
      if (!unit.journal.isWanting) {
        await updateAlerts(unit, taken, results, this.#options);
        const byRequest = new Map(taken.map((request, index) => [request, results[index] ?? null]));
        return requests.map((request) => byRequest.get(request) ?? null);
      }
      unit.journal.rollback(0);
    }
    throw new Error(`operations still miss rows after ${MAX_LOADS} loads`);
  }

  /** What was decided without a commit holds only where D1 still stands where it was decided. */
  async #prove(unit: UnitOfWork): Promise<void> {
    if (isPresuming(unit)) throw new Stale();
    if (!unit.isProven) await this.#load(unit);
  }

  /** Gives how long it took the database (ms). */
  async #load(unit: UnitOfWork): Promise<number> {
    const queries = planReads(unit);
    const answers = await sendAsWritten(this.#options.d1, queries);
    for (const [index, query] of queries.entries()) query.receive(answers[index]?.results ?? []);
    return timeOf(answers);
  }

  #notifyOfChanges({ webhooks }: CompanyConfig, concerns: (webhook: WebhookRow) => boolean = () => true): void {
    const keys = [...webhooks.values()]
      .filter((webhook) => webhook.isEnabled && concerns(webhook))
      .map(({ key }) => key);
    if (keys.length > 0) this.#options.onChanges(keys);
  }
}

/** Whether the configuration is after a commit what it was before. */
function isLasting(unit: UnitOfWork, requests: readonly QueuedRequest[]): boolean {
  const keepsConfiguration = requests.every(({ operation }) => !recordOf(operation).changesConfiguration);
  return keepsConfiguration && !unit.schedulesWork && !unit.journal.outdatesConfiguration;
}
