import { HttpConnection, type Sent } from "./http-connection.ts";

/** What is sent where: the n-th request of all, on a connection, and the statuses that its answer may have. */
export interface Course {
  baseUrl: string;
  token: string;
  request(n: number, connection: number): { sent: Sent; expect: readonly number[] };
}

/** What an open loop gave: latencies (ms) from the moment when each request was due, ascending. */
export interface OpenMeasured {
  latencies: number[];
  errors: number;
  seconds: number;
}

/** How long before the moment it is better to look at the clock than to sleep (ms). */
const CLOSE = 2;

/**
 * Sends requests at a steady rate whatever becomes of those before: each is due at its own moment, and its latency is counted
 * from there, also while it waits for a connection, so that a pause of the server is felt by all who would have met it.
 */
export async function runOpenLoop(
  course: Course,
  { rate, seconds, connections, isOver = () => false }: OpenLoop,
): Promise<OpenMeasured> {
  const opened = Array.from({ length: connections }, () => HttpConnection.open(course.baseUrl, course.token));
  const all = await Promise.all(opened);
  // The one that was idle longest comes first: servers close what is idle for some seconds.
  const free = [...all.entries()];
  const waiting: { n: number; due: number }[] = [];
  const latencies: number[] = [];
  let errors = 0;
  const send = async ({ n, due }: { n: number; due: number }, lane: [number, HttpConnection]): Promise<void> => {
    const { sent, expect } = course.request(n, lane[0]);
    const { status } = await lane[1].send(sent);
    latencies.push(performance.now() - due);
    if (!expect.includes(status)) errors += 1;
    const next = waiting.shift();
    if (next !== undefined) return send(next, lane);
    free.push(lane);
  };
  const total = Math.round(rate * seconds);
  const started = performance.now();
  const sending: Promise<void>[] = [];
  for (let n = 0; n < total && !isOver(); n += 1) {
    const due = started + (n * 1000) / rate;
    await until(due);
    const lane = free.shift();
    if (lane === undefined) waiting.push({ n, due });
    else sending.push(send({ n, due }, lane));
  }
  await Promise.all(sending);
  const elapsed = (performance.now() - started) / 1000;
  for (const connection of all) connection.close();
  return { latencies: latencies.sort((a, b) => a - b), errors, seconds: elapsed };
}

/** Requests a second, for how long, over how many connections at most; `isOver` ends it sooner. */
export interface OpenLoop {
  rate: number;
  seconds: number;
  connections: number;
  isOver?: () => boolean;
}

async function until(moment: number): Promise<void> {
  const wait = moment - performance.now() - CLOSE;
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  while (performance.now() < moment) await new Promise((resolve) => setImmediate(resolve));
}
