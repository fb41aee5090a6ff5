import type { Clock } from "../../../src/platform/clock.ts";
import { newId } from "../../../src/platform/ids.ts";
import { refusal } from "../../../src/scim/errors.ts";
import { readResource } from "../../../src/scim/read-resource.ts";
import { resourceTypes } from "../../../src/scim/schema/resource-types.ts";
import { Committer } from "../../../src/writer/committer.ts";
import type { WriteResult } from "../../../src/writer/operation.ts";
import type { QueuedRequest } from "../../../src/writer/run-requests.ts";
import { WriteQueue } from "../../../src/writer/write-queue.ts";
import { person } from "../people.ts";

/** How far D1 is, how many write at once, and for how long; `variant` chooses the writer's queue or a lock. */
export interface DistanceRequest {
  companyId: string;
  settingId: string;
  variant: "group commit" | "lock";
  /** Milliseconds that each call of D1 takes longer. */
  delay: number;
  writers: number;
  seconds: number;
  /** The number of the first person to make. */
  first: number;
}

/** Writes done, and D1 trips they took. */
export interface DistanceResult {
  writes: number;
  trips: number;
  seconds: number;
}

type Write = (request: QueuedRequest) => Promise<WriteResult>;

/** Makes users from many writers at once through a D1 that answers late. */
export async function measureDistance(d1: D1Database, clock: Clock, request: DistanceRequest): Promise<DistanceResult> {
  const { companyId, settingId, variant, delay, writers, seconds, first } = request;
  const far = delayD1(d1, delay);
  const committer = new Committer({ d1: far.d1, companyId, clock });
  const queue = new WriteQueue(committer, clock);
  const write: Write = variant === "lock" ? oneAtATime(committer) : (one) => queue.write(one);
  let made = 0;
  const started = clock();
  const until = started + seconds * 1000;
  await Promise.all(
    Array.from({ length: writers }, async (_, index) => {
      for (let n = first + index; clock() < until; n += writers) {
        const { document } = readResource(resourceTypes().User, person(n));
        const cause = { requestId: newId(clock()), actor: "scim" as const, settingId, provider: null };
        const result = await write({ operation: { kind: "createUser", settingId, document }, cause });
        if (!result.ok) throw new Error(`refused: ${result.status} ${result.detail}`);
        made += 1;
      }
    }),
  );
  return { writes: made, trips: far.trips(), seconds: (clock() - started) / 1000 };
}

/** What a Durable Object without group commit does: each write waits for the one before it. */
function oneAtATime(committer: Committer): Write {
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    const turn = last.then(async () => (await committer.run([request]))[0]);
    last = turn;
    return turn.then((result) => result ?? { ok: false, ...refusal("internal_error", "no result") });
  };
}

function delayD1(d1: D1Database, delay: number): { d1: D1Database; trips: () => number } {
  let count = 0;
  const batch = async (statements: D1PreparedStatement[]) => {
    count += 1;
    await new Promise((resolve) => setTimeout(resolve, delay));
    return d1.batch(statements);
  };
  // The writer uses prepare and batch only; what it reads after an unknown outcome does not happen here.
  return { d1: { prepare: (sql: string) => d1.prepare(sql), batch } as D1Database, trips: () => count };
}
