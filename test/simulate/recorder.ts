/** What one kind of request took, in milliseconds. */
interface Latency {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** Counts and times of everything that went over the wire. */
export interface Recorder {
  samples: Map<string, number[]>;
  statuses: Map<number, number>;
  /** Requests sent again after 429, and after a 5xx. */
  throttled: number;
  serverErrors: number;
  /** Replies that never came (socket closed, time-out). */
  lost: number;
  /** Replies that the simulator dropped on purpose. */
  dropped: number;
  /** Requests that chaos sent twice. */
  twins: number;
}

/** An empty record. */
export function createRecorder(): Recorder {
  return { samples: new Map(), statuses: new Map(), throttled: 0, serverErrors: 0, lost: 0, dropped: 0, twins: 0 };
}

/** Notes one answered request. */
export function recordReply(recorder: Recorder, kind: string, status: number, milliseconds: number): void {
  const samples = recorder.samples.get(kind);
  if (samples === undefined) recorder.samples.set(kind, [milliseconds]);
  else samples.push(milliseconds);
  recorder.statuses.set(status, (recorder.statuses.get(status) ?? 0) + 1);
}

/** Percentiles (nearest rank) of a list of milliseconds. */
export function summarise(samples: readonly number[]): Latency {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { count: sorted.length, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: sorted.at(-1) ?? 0 };
}
