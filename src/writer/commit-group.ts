import { type Clock, pause } from "../platform/clock.ts";
import { newId } from "../platform/ids.ts";
import { isConstraint, isPassingFault } from "../platform/passing-fault.ts";
import { planFence, planRows } from "./commit.ts";
import { findDone, isForgotten, type OpenCommit } from "./commit-evidence.ts";
import type { CompanyConfig, WebhookRow } from "./company-config.ts";
import { isFence, runBatch, unfenced } from "./d1-batch.ts";
import { planLoad } from "./load.ts";
import { loadConfig } from "./load-config.ts";
import { takeDeactivations } from "./mass-change.ts";
import { Needs } from "./needs.ts";
import type { WriteRequest, WriteResult } from "./operation.ts";
import { prefetch } from "./prefetch.ts";
import { bug, busy, isTooLarge, noCompany, tooLarge, toRefusal, undecided } from "./refuse.ts";
import { report, runRequest } from "./run-request.ts";
import { planSlices } from "./slices.ts";
import type { Missing } from "./tracked.ts";
import { type Query, type Statement, WorkingSet } from "./working-set.ts";

/** Points at which a test can pause or break a commit group. */
export interface CommitHooks {
  afterLoad?: () => Promise<void>;
  beforeCommit?: () => Promise<void>;
  afterCommit?: () => Promise<void>;
}

/** What a committer needs; `isFenced` is false only in the test that shows what the fence is for. */
export interface CommitterOptions {
  d1: D1Database;
  companyId: string;
  clock: Clock;
  hooks?: CommitHooks;
  isFenced?: boolean;
  /** The first pause after a passing fault of D1 (ms); it doubles with every further one. */
  patience?: number;
  /**
   * Told of enabled webhooks that may have changes to deliver: after each commit that wrote some, and of those that were
   * behind when the configuration was read; must not throw or take time.
   */
  onChanges?: (webhookKeys: number[]) => void;
  /** Told before each commit that leaves work to later ones: whatever becomes of this writer, somebody has to do it. */
  onWork?: () => Promise<void>;
}

const MAX_ATTEMPTS = 8;
const MAX_LOADS = 40;

/** The last commit is not the one the configuration was read at: another writer committed, or D1 was restored. */
class Stale extends Error {}

/** Runs groups of operations against D1: one read batch, one commit batch, each group wholly or not at all. */
export class Committer {
  readonly #options: CommitterOptions;
  #config: CompanyConfig | null = null;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  get #patience(): number {
    return this.#options.patience ?? 20;
  }

  /** The company's directory database. */
  get d1(): D1Database {
    return this.#options.d1;
  }

  /** The company's configuration as the last commit left it; null when there is no such company. */
  async configuration(): Promise<CompanyConfig | null> {
    if (this.#config === null) {
      this.#config = await loadConfig(this.#options.d1, this.#options.companyId);
      // A writer that died after a commit told nobody of its changes: whoever has not got them hears of them now.
      if (this.#config !== null) this.#tellOfChanges(this.#config, ({ isBehind }) => isBehind);
    }
    return this.#config;
  }

  /** Drops everything kept between commits. */
  forget(): void {
    this.#config = null;
  }

  /** Runs requests in order and commits their sum; each succeeds wholly or is refused alone. */
  run(requests: readonly WriteRequest[]): Promise<WriteResult[]> {
    return this.#run(requests, []);
  }

  /** `open` are earlier commits of the same requests whose outcome is open, and takes those that come to be so. */
  async #run(requests: readonly WriteRequest[], open: OpenCommit[]): Promise<WriteResult[]> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      try {
        return await this.#attempt(requests, open);
      } catch (error) {
        this.forget();
        if (error instanceof Stale || isFence(error)) continue;
        if (isPassingFault(error)) {
          await pause(this.#patience * 2 ** attempt);
          continue;
        }
        return requests.length > 1 ? this.#isolate(requests, open) : [await this.#giveUp(requests[0], open, error)];
      }
    }
    return requests.map(() => ({ ok: false, ...(open.length === 0 ? busy() : undecided()) }));
  }

  /** One operation that D1 refuses must not fail its neighbours: each runs alone. */
  async #isolate(requests: readonly WriteRequest[], open: readonly OpenCommit[]): Promise<WriteResult[]> {
    const results: WriteResult[] = [];
    let earlier = open;
    for (const [index, request] of requests.entries()) {
      const own = earlier.map((commit) => ({ ...commit, results: commit.results.slice(index, index + 1) }));
      results.push(...(await this.#run([request], own)));
      if (own.length === 0) earlier = [];
    }
    return results;
  }

  /** What a request comes to that no further attempt would help. */
  async #giveUp(request: WriteRequest | undefined, open: OpenCommit[], error: unknown): Promise<WriteResult> {
    const config = open.length === 0 ? null : await this.configuration();
    const [result] = config === null ? [] : (findDone(open, config)?.results ?? []);
    if (result !== undefined) return result;
    if (isTooLarge(error)) return { ok: false, ...tooLarge() };
    const refusal = toRefusal(error);
    if (refusal === null) report(request, error);
    return { ok: false, ...(refusal ?? bug()) };
  }

  async #attempt(requests: readonly WriteRequest[], open: OpenCommit[]): Promise<WriteResult[]> {
    const { d1, clock, hooks } = this.#options;
    const config = await this.configuration();
    if (config === null) return requests.map((request) => ({ ok: false, ...noCompany(request) }));
    const done = findDone(open, config);
    if (done !== null) return this.#conclude(config, done);
    if (isForgotten(open, config)) return requests.map(() => ({ ok: false, ...undecided() }));
    const { results, rows, first, last } = await this.#plan(config, requests);
    if (rows.length === 0) return results;
    const commit = { id: newId(clock()), plannedOn: config.commitNo, results, isChanging: last.isChanging };
    const statements = [planFence(last, commit.id), ...rows];
    if (first.leavesWork) await this.#options.onWork?.();
    await hooks?.beforeCommit?.();
    try {
      await runBatch(d1, (this.#options.isFenced ?? true) ? statements : unfenced(statements));
    } catch (error) {
      // A violated constraint has rolled the batch back; after any other error it may have got through.
      if (!isConstraint(error)) open.push(commit);
      throw error;
    }
    // What was open before can pass the fence no more.
    open.length = 0;
    await this.#conclude(config, commit);
    const leavesConfig = !first.leavesWork && first.autoEnrolments.changes().length === 0;
    const isLasting = leavesConfig && requests.every(({ operation: { kind } }) => DATA_OPERATIONS.has(kind));
    this.#config = isLasting && first === last ? advance(config, first, commit.id) : null;
    return results;
  }

  /** What follows a commit that got through; gives its results. */
  async #conclude(config: CompanyConfig, { results, isChanging }: OpenCommit): Promise<WriteResult[]> {
    await this.#options.hooks?.afterCommit?.();
    if (isChanging) this.#tellOfChanges(config);
    return results;
  }

  /** Runs requests and plans what they change; with the first and the last working set of the commit. */
  async #plan(
    config: CompanyConfig,
    requests: readonly WriteRequest[],
  ): Promise<{ results: WriteResult[]; rows: Statement[]; first: WorkingSet; last: WorkingSet }> {
    const workingSet = new WorkingSet(config, this.#options.clock());
    const needs = new Needs();
    for (const { operation } of requests) prefetch(needs, operation, config);
    const isAlone = requests.filter(({ operation }) => operation.kind !== "log").length === 1;
    const results = await this.#runLoaded(workingSet, needs, (missing) =>
      requests.map((request) => runRequest(workingSet, request, isAlone, missing)),
    );
    const rows = planRows(workingSet);
    const last = await planSlices(workingSet, rows, (...slice) => this.#runLoaded(...slice));
    return { results, rows, first: workingSet, last };
  }

  /** Loads, runs, and loads more for as long as operations ask for what was not foreseen. */
  async #runLoaded<T>(workingSet: WorkingSet, first: Needs, run: (missing: Missing[]) => T): Promise<T> {
    let needs = first;
    for (let load = 0; load < MAX_LOADS; load += 1) {
      await this.#load(workingSet, needs);
      if (load === 0) await this.#options.hooks?.afterLoad?.();
      needs = new Needs();
      const missing: Missing[] = [];
      const result = run(missing);
      if (missing.length === 0) return result;
      workingSet.journal.rollback(0);
      for (const miss of missing) needs.add(miss);
    }
    throw new Error(`operations still miss rows after ${MAX_LOADS} loads`);
  }

  async #load(workingSet: WorkingSet, needs: Needs): Promise<void> {
    const { companyKey, commitNo, commitId } = workingSet.config;
    const company: Query = {
      sql: `SELECT c.commit_no, c.commit_id, c.next_key, c.change_seq,
          s.setting_key, s.active_users, s.deactivations_since, s.deactivations
        FROM companies c LEFT JOIN scim_settings s ON s.setting_key IN (SELECT value FROM json_each(?)) WHERE c.company_key = ?`,
      parameters: [JSON.stringify([...needs.deactivations]), companyKey],
      take: (rows) => {
        const [row] = rows;
        if (row?.commit_no !== commitNo || row.commit_id !== commitId) throw new Stale();
        takeDeactivations(workingSet, needs, rows);
        if (workingSet.isSlice) return;
        workingSet.nextKey = Number(row.next_key);
        workingSet.changeSeq = Number(row.change_seq);
      },
    };
    const queries = [company, ...planLoad(workingSet, needs, workingSet.isEnrolling)];
    const answers = await runBatch(this.#options.d1, queries);
    for (const [index, query] of queries.entries()) query.take(answers[index]?.results ?? []);
  }

  #tellOfChanges({ webhooks }: CompanyConfig, concerns: (webhook: WebhookRow) => boolean = () => true): void {
    const keys = [...webhooks.values()]
      .filter((webhook) => webhook.isEnabled && concerns(webhook))
      .map(({ key }) => key);
    if (keys.length > 0) this.#options.onChanges?.(keys);
  }
}

/** The configuration after a commit of data. */
function advance(config: CompanyConfig, workingSet: WorkingSet, commitId: string): CompanyConfig {
  config.lastUses.note(config.lastUses.dueIn(workingSet), workingSet.now);
  config.sightings.note(workingSet);
  config.targetGroups?.apply(workingSet.targetGroups.changes());
  return { ...config, commitNo: config.commitNo + 1, commitId };
}

/** The operations that leave the configuration as it is. */
const DATA_OPERATIONS = new Set<WriteRequest["operation"]["kind"]>([
  "createUser",
  "replaceUser",
  "patchUser",
  "deleteUser",
  "createGroup",
  "replaceGroup",
  "patchGroup",
  "deleteGroup",
  "bulk",
  "log",
]);
