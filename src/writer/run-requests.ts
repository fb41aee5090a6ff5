import { saveIdempotencyKey } from "../companies/idempotency-store.ts";
import { describeError } from "../platform/transient-fault.ts";
import { ScimError } from "../scim/scim-error.ts";
import { judgeLiveness } from "../settings/judge-token-liveness.ts";
import type { Cause } from "../unit/change-cause.ts";
import { NotLoaded } from "../unit/loaded-and-changed-rows.ts";
import type { UnitOfWork } from "../unit/unit-of-work.ts";
import { assertValues } from "./assert-quota.ts";
import { describeRequest } from "./log-written-request.ts";
import type { Outcome, WriteRequest, WriteResult } from "./operation.ts";
import { CommitShared, OperationContext } from "./operation-context.ts";
import { type QueuedOperation, recordOf, runOperation } from "./operation-table.ts";
import { bug, keyTaken, noCompany, toRefusal } from "./refuse-write.ts";

/** A request as it stands in the queue. */
export type QueuedRequest = WriteRequest<QueuedOperation>;

/**
 * Runs requests against the unit of work, in order. One that wants the commit to itself ends it: those after it, and itself
 * where others came before, are put off to the next one and have null here. Rows of the log go along with any.
 */
export function runRequests(unit: UnitOfWork, requests: readonly QueuedRequest[]): (WriteResult | null)[] {
  let isOver = false;
  return requests.map((request) => {
    if (request.operation.kind !== "log" && (isOver || unit.isReserved)) return null;
    const result = runRequest(unit, request);
    if (result === null) isOver = true;
    return result;
  });
}

/**
 * It applies wholly, or is refused and leaves nothing. One that misses a row leaves nothing either, and has to be run again
 * when the row is read.
 */
function runRequest(unit: UnitOfWork, request: QueuedRequest): WriteResult | null {
  // Work left over is done for a deleted company too: the steps that erase it are such work.
  if (unit.config.deleted && request.operation.kind !== "followUp") return { ok: false, ...noCompany(request) };
  const place = unit.journal.savepoint();
  const context = new OperationContext(unit, completeCause(unit, request.cause));
  let result: WriteResult;
  try {
    assertAllowed(unit, request);
    result = { ok: true, outcome: runUnderIdempotencyKey(context, request) };
  } catch (error) {
    unit.journal.rollback(place);
    if (error instanceof CommitShared) return null;
    if (!(error instanceof NotLoaded) && toRefusal(error) === null) logFault(request, error);
    result = { ok: false, ...(toRefusal(error) ?? bug()) };
  }
  if (request.log !== undefined)
    for (const entry of describeRequest(unit, request.log, result, context.notes.list())) unit.log(entry);
  return result;
}

/** Runs the operation; of one that is to be carried out once it is kept that it was, and it is refused where it was before. */
function runUnderIdempotencyKey(context: OperationContext, { operation, once }: QueuedRequest): Outcome {
  const { idempotencyKeys, config, now } = context.unit;
  if (once === undefined) return runOperation(context, operation);
  const known = idempotencyKeys.get(once.key);
  if (known !== undefined) throw keyTaken(known === once.hash);
  const outcome = runOperation(context, operation);
  const id = outcome.kind === "done" ? outcome.id : undefined;
  const made = { ...once.made, ...(id !== undefined && { id }) };
  idempotencyKeys.set(once.key, once.hash);
  context.unit.execute(saveIdempotencyKey(config.companyKey, { ...once, made }, now));
  return outcome;
}

/** The provider is the setting's, whoever asks. */
function completeCause({ config }: UnitOfWork, cause: Cause): Cause {
  const setting = cause.settingId === null ? undefined : config.settings.get(cause.settingId);
  return { ...cause, provider: setting?.provider ?? cause.provider };
}

/** Revocation, expiry and pausing hold from the next request on: they are judged on what this commit read. */
function assertAllowed(unit: UnitOfWork, request: QueuedRequest): void {
  assertValues(unit, request);
  const { config, now } = unit;
  const { tokenId, operation } = request;
  if (tokenId === undefined || !("settingId" in operation)) return;
  const token = config.tokens.get(tokenId);
  const setting = config.settings.get(operation.settingId);
  const isOwn = token !== undefined && setting !== undefined && token.settingKey === setting.key;
  const refusal = judgeLiveness(isOwn ? { ...token, settingStatus: setting.status } : null, now);
  if (refusal !== null) throw new ScimError(refusal.code, refusal.detail);
}

/** Writes a bug or a fault into the log of the Worker, with the request that met it. */
export function logFault(request: QueuedRequest | undefined, error: unknown): void {
  const about = {
    requestId: request?.cause.requestId,
    operation: request && recordOf(request.operation).describe(request.operation),
  };
  console.error(JSON.stringify({ level: "error", room: "writer", ...about, error: describeError(error) }));
}
