import { isPassingFault } from "../platform/passing-fault.ts";
import type { FollowUp } from "../unit/company-config.ts";
import { Bulk } from "./bulk.ts";
import { Committer, type CommitterOptions } from "./committer.ts";
import { readFollowUpStep } from "./follow-ups.ts";
import { describeRequest } from "./log-write.ts";
import type { FollowUpStep, GroupOperation, WriteRequest, WriteResult } from "./operation.ts";
import { isVeryLong, resolveMembers } from "./resolve-members.ts";
import { type QueuedRequest, report } from "./run-requests.ts";
import { WriteQueue } from "./write-queue.ts";

/** What orders and carries out the writes of one company, and the work that follows them. */
export class CompanyWriter {
  readonly #options: CommitterOptions;
  readonly #committer: Committer;
  readonly #queue: WriteQueue;
  #followingUp: Promise<boolean> | null = null;

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
    if (request.log !== undefined && results.at(-1)?.ok === false) this.#log(request, result);
    return result;
  }

  #log({ log, cause }: Omit<WriteRequest, "operation">, result: WriteResult): void {
    if (log === undefined) return;
    const entries = [describeRequest(log, result, [], this.#options.clock())];
    void this.#queue.write({ operation: { kind: "log", entries }, cause });
  }

  /** The operation with the keys of those whom it names; should they not be found out now, its commit will. */
  async #resolve(operation: GroupOperation): Promise<GroupOperation> {
    try {
      return await resolveMembers(this.#options, operation);
    } catch (error) {
      if (isPassingFault(error)) return operation;
      throw error;
    }
  }

  /**
   * Does what earlier commits left over, one step a commit, letting waiting requests in between; false when none is left.
   * Callers at the same time share a step.
   */
  followUp(): Promise<boolean> {
    this.#followingUp ??= this.#followUpOnce().finally(() => {
      this.#followingUp = null;
    });
    return this.#followingUp;
  }

  async #followUpOnce(): Promise<boolean> {
    // The commit under way may be the one that leaves work.
    await this.#queue.pause();
    const config = await this.#committer.configuration();
    const [next] = config?.followUps ?? [];
    if (next === undefined) return false;
    await this.#doStep(next, await readFollowUpStep(this.#options.d1, next));
    return true;
  }

  /**
   * Does a step; one that is refused is halved, down to the user or group that it is refused for. That one is reported and
   * stays as it is: it must not keep the others, and all work after this one, waiting for ever.
   */
  async #doStep(followUp: FollowUp, { refs, ...step }: FollowUpStep): Promise<void> {
    const operation = { kind: "followUp" as const, followUp, step: { refs, ...step } };
    const request: QueuedRequest = { operation, cause: JSON.parse(followUp.cause) };
    const result = await this.#queue.write(request);
    if (result.ok) return;
    const isPassing = result.status === 429 || result.status >= 500;
    if (isPassing || refs.length === 0) throw new Error(`follow-up refused: ${result.detail}`);
    const middle = refs.length >> 1;
    if (middle === 0) report(request, new Error(`${followUp.kind} leaves out ${refs[0]}: ${result.detail}`));
    // Only the last part moves the place: one cut off here begins the whole step again, and does nothing twice.
    else await this.#doStep(followUp, { refs: refs.slice(0, middle), nextAfter: followUp.after });
    await this.#doStep(followUp, { ...step, refs: middle === 0 ? [] : refs.slice(middle) });
  }
}
