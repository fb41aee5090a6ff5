import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** Clock ticks a second that Linux counts CPU time in. */
const TICKS = 100;

/** A workerd that this process started, and that is none of those known; null where /proc does not tell. */
export function findWorkerd(known: ReadonlySet<number> = new Set()): number | null {
  try {
    return search(process.pid, known);
  } catch {
    return null;
  }
}

function search(parent: number, known: ReadonlySet<number>): number | null {
  for (const thread of readdirSync(`/proc/${parent}/task`)) {
    const children = readFileSync(`/proc/${parent}/task/${thread}/children`, "utf8").trim();
    for (const child of children === "" ? [] : children.split(" ").map(Number)) {
      const isWorkerd = readFileSync(`/proc/${child}/comm`, "utf8").startsWith("workerd");
      const found = isWorkerd ? child : search(child, known);
      if (found !== null && !known.has(found)) return found;
    }
  }
  return null;
}

/** CPU time a process has used so far (ms), all threads; null when unknown. */
export function cpuTime(pid: number | null): number | null {
  if (pid === null) return null;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
}

/** Resident memory of a process in MB: now, and at its highest since the last `resetPeak`. */
export function memory(pid: number | null): { now: number; peak: number } | null {
  if (pid === null) return null;
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0) / 1024;
  return { now: read("VmRSS"), peak: read("VmHWM") };
}

/** Starts the peak of a process's resident memory anew. */
export function resetPeak(pid: number | null): void {
  if (pid !== null) writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** CPU time that each thread of a process has used so far (ms), to the microsecond; those that ended are not in it. */
export function threadTimes(pid: number | null): Map<string, number> {
  if (pid === null) return new Map();
  const threads = readdirSync(`/proc/${pid}/task`);
  const time = (thread: string) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  return new Map(threads.map((thread) => [thread, time(thread)]));
}

/** CPU time that a process's threads have used so far (ms), to the microsecond; NaN when unknown. */
export function fineCpuTime(pid: number | null): number {
  if (pid === null) return Number.NaN;
  return [...threadTimes(pid).values()].reduce((sum, time) => sum + time, 0);
}
