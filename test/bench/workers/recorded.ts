import { AsyncLocalStorage } from "node:async_hooks";
import type { Env } from "../../../src/platform/env.ts";
import worker from "../../../src/worker.ts";
import type { WriteRequest, WriteResult } from "../../../src/writer/operation.ts";
import { DirectoryWriter as Writer } from "../../../src/writer/writer-durable-object.ts";
import { FLOOD_SHIELDS } from "./flood-shields.ts";
import { observeBatches, recordBatches, type SentBatch, texts } from "./record-batches.ts";

export { CompanyShare } from "../../../src/companies/share-durable-object.ts";
export { Messenger } from "../../../src/webhooks/alert-messages/messenger-durable-object.ts";
export { WebhookCourier } from "../../../src/webhooks/courier-durable-object.ts";

/** The batches that each company's writer sent, by the company's id; the isolate is one for the objects and the Worker. */
const batches = new Map<string, SentBatch[]>();

/** What a request came to: the batches of the Worker that it had a part in, and where its writer's list ended at its answer. */
export interface RecordedRequest {
  /** Places in the list of the Worker's batches. */
  reads: number[];
  /** How many batches its company's writer had sent when it was answered; null for what asks no writer. */
  written: number | null;
}

/** The requests since the last look, in the order in which they came, and the batches of the Worker and of a company's writer. */
export interface RecordedRequests {
  requests: RecordedRequest[];
  reads: SentBatch[];
  writes: SentBatch[];
}

let requests: RecordedRequest[] = [];
let reads: SentBatch[] = [];
const asking = new AsyncLocalStorage<RecordedRequest>();
/** By request, where its writer's list ended when it was answered. */
const ends = new Map<string, number>();

/** The product's writer on a D1 that is recorded. */
export class DirectoryWriter extends Writer {
  readonly #own: SentBatch[];

  constructor(context: DurableObjectState, env: Env) {
    const own: SentBatch[] = batches.get(context.id.name ?? "") ?? [];
    batches.set(context.id.name ?? "", own);
    super(context, { ...env, DB: recordBatches(env.DB, own) });
    this.#own = own;
  }

  override async write(companyId: string, request: WriteRequest): Promise<WriteResult> {
    const result = await super.write(companyId, request);
    // It is answered right after its commit, before the next one is back. Nobody waits for the log's own rows.
    if (request.operation.kind !== "log") ends.set(request.cause.requestId, this.#own.length);
    return result;
  }
}

function noteRead(batch: SentBatch, askers: ReadonlySet<RecordedRequest | undefined>): void {
  const place = reads.push(batch) - 1;
  for (const asker of askers) asker?.reads.push(place);
}

/** The same for all requests, as the runtime's own are. */
let bindings: Env | undefined;

async function record(...[request, env, context]: Parameters<typeof worker.fetch>): Promise<Response> {
  bindings ??= { ...env, ...FLOOD_SHIELDS, DB: withObservedBatches(env.DB) };
  const product = bindings;
  const own: RecordedRequest = { reads: [], written: null };
  requests.push(own);
  const response = await asking.run(own, () => worker.fetch(request, product, context));
  const id = response.headers.get("x-request-id") ?? "";
  own.written = ends.get(id) ?? null;
  ends.delete(id);
  return response;
}

/** A D1 whose batches are observed; all else is as it was. */
function withObservedBatches(d1: D1Database): D1Database {
  const { prepare, batch } = observeBatches(d1, () => asking.getStore(), noteRead);
  return new Proxy(d1, {
    get(target, name) {
      if (name === "prepare") return prepare;
      if (name === "batch") return batch;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Gives what was recorded since the last look. */
function readRecorded(company: string): RecordedRequests {
  const taken = { requests, reads, writes: batches.get(company)?.splice(0) ?? [] };
  requests = [];
  reads = [];
  return taken;
}

/**
 * The product; `/bench/batches/<company>` gives what its writer sent, `/bench/texts` the statements' texts, and
 * `/bench/requests/<company>` what the requests since the last look came to, when none is under way.
 */
export default {
  async fetch(request, env, context) {
    const [, bench, what, company = ""] = new URL(request.url).pathname.split("/");
    if (bench !== "bench") return record(request, env, context);
    if (what === "texts") return Response.json(texts);
    return Response.json(what === "batches" ? (batches.get(company) ?? []) : readRecorded(company));
  },
} satisfies ExportedHandler<Env>;
