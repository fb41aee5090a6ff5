import { threadTimes } from "./process-meter.ts";

/** CPU time (ms): of the server's busiest thread, of the whole server, and of the generator, which is this process. */
interface CpuUse {
  thread: number;
  server: number;
  generator: number;
}

/** Does some requests; gives what came of them, and the CPU time meanwhile of the server (by its process) and of the generator. */
export async function meterCpu<T>(pid: number | null, work: () => Promise<T>): Promise<{ value: T; cpu: CpuUse }> {
  const [before, own] = [threadTimes(pid), process.cpuUsage()];
  const value = await work();
  const [after, { user, system }] = [threadTimes(pid), process.cpuUsage(own)];
  const times = [...after].map(([thread, time]) => time - (before.get(thread) ?? 0));
  const server = times.reduce((sum, time) => sum + time, 0);
  return { value, cpu: { thread: Math.max(...times), server, generator: (user + system) / 1000 } };
}

/**
 * The least (ms) that a closed loop of so many connections takes for a request, by Little's law, where `requests` took this
 * CPU time: no more of them can be answered in a while than a thread of the server, the generator and all cores together have
 * time for.
 */
export function leastLatency(
  connections: number,
  requests: number,
  { thread, server, generator }: CpuUse,
  cores: number,
) {
  return (connections * Math.max(thread, generator, (server + generator) / cores)) / requests;
}
