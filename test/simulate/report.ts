import { summarise } from "./recorder.ts";
import type { SimulateOptions, Simulation } from "./simulate.ts";

const SHOWN = 20;
const REDRAW_MS = 100;

/** Where progress and the report go. */
interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** A progress line that redraws itself on a terminal, and one plain line for each phase elsewhere. */
export function createProgress(output: Output): (phase: string, done: number, total: number) => void {
  let drawn = 0;
  return (phase, done, total) => {
    const ended = done === total;
    if (output.isTTY !== true) {
      if (ended && total > 0) output.write(`${phase} (${total})\n`);
      return;
    }
    if (!ended && performance.now() - drawn < REDRAW_MS) return;
    drawn = performance.now();
    output.write(`\r\u001b[K${phase}: ${done}/${total}${ended && total > 0 ? "\n" : ""}`);
  };
}

/** What a simulation found, for people: counts, latencies, differences. */
export function formatReport({ provider, accident }: SimulateOptions, result: Simulation): string {
  const { recorder, differences, target } = result;
  const requests = [...recorder.samples.values()].reduce((sum, samples) => sum + samples.length, 0);
  const statuses = [...recorder.statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  const lines = [
    "",
    `${provider}: ${result.users} users, ${result.groups} groups, ${result.memberships} memberships; ` +
      `${requests} requests in ${result.seconds.toFixed(1)} s (${(requests / result.seconds).toFixed(0)} a second)`,
    "",
    ...formatLatencies(result),
    "",
    `answers  ${statuses.join(", ")}`,
    `errors   ${recorder.throttled} times 429, ${recorder.serverErrors} times 5xx, ${recorder.lost} replies lost; on purpose: ` +
      `${recorder.dropped} replies dropped, ${recorder.twins} requests sent twice`,
    target === null
      ? `target   not compared: ${accident === undefined ? "no operator key" : "an accident was played"}`
      : `target   ${target.users} target users, ${target.groups} target groups, ${target.memberships} memberships compared`,
    ...formatHolds(result),
    "",
    ...formatDifferences(differences),
  ];
  return `${lines.join("\n")}\n`;
}

function formatHolds({ holds }: Simulation): string[] {
  if (holds === null) return [];
  if (holds.length === 0) return ["holds    none: nothing waits"];
  return holds.map(
    ({ kind, people }) =>
      `holds    ${kind}: what this takes from ${people === 1 ? "1 person" : `${people} people`} waits for an admin`,
  );
}

function formatLatencies({ recorder }: Simulation): string[] {
  const rows = [...recorder.samples].sort(([a], [b]) => a.localeCompare(b));
  const width = Math.max(10, ...rows.map(([kind]) => kind.length));
  const cell = (value: number) => value.toFixed(0).padStart(7);
  const all = rows.flatMap(([, samples]) => samples);
  return [
    `${"milliseconds".padEnd(width)}  count    p50    p95    p99    max`,
    ...[...rows, ["all", all] as const].map(([kind, samples]) => {
      const { count, p50, p95, p99, max } = summarise(samples);
      return `${kind.padEnd(width)}${[count, p50, p95, p99, max].map(cell).join("")}`;
    }),
  ];
}

function formatDifferences(differences: readonly string[]): string[] {
  if (differences.length === 0) return ["No difference: the server holds what the identity provider believes."];
  const more = differences.length - SHOWN;
  return [
    `${differences.length} difference${differences.length === 1 ? "" : "s"}:`,
    ...differences.slice(0, SHOWN).map((difference) => `  ${difference}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}
