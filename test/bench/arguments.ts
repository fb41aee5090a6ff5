import { parseArgs } from "node:util";
import { OPERATIONS } from "./operations.ts";

/** The parts of the bench. */
export const PARTS = [
  "operations",
  "floors",
  "logic",
  "distance",
  "companies",
  "memory",
  "waits",
  "cost",
  "first-sync",
  "webhooks",
  "fairness",
] as const;
export type Part = (typeof PARTS)[number];

/** What `npm run bench` was asked for. */
export interface BenchArguments {
  parts: Part[];
  sizes: number[];
  operations: string[];
  connections: number[];
  rounds: number;
  /** Seconds of one round. */
  seconds: number;
  /** People of the first sync, its requests a second, and the seconds at each rate but the last. */
  people: number;
  rates: number[];
  stage: number;
  /** Members of the PUT, and users of the walk, of the memory part. */
  members: number;
  walk: number;
}

const QUICK = {
  sizes: "1000,10000",
  connections: "1,16",
  rounds: "2",
  seconds: "0.6",
  people: "1500",
  rates: "25,50,100,200",
  stage: "3",
  members: "100000",
  walk: "50000",
};
const FULL = {
  sizes: "1000,10000,100000",
  connections: "1,16,64",
  rounds: "5",
  seconds: "2",
  people: "100000",
  rates: "25,50,100,200",
  stage: "60",
  members: "100000",
  walk: "500000",
};

/** How to call it. */
export const USAGE = `npm run bench -- [--full] [--parts ${PARTS.join(",")}] [--sizes 1000,10000,100000,500000]
  [--operations ${OPERATIONS.map(({ name }) => name).join(",")}]
  [--connections 1,16,64] [--rounds N] [--seconds S] [--people N --rates 25,200 --stage S] [--members N] [--walk N]
npm run bench:serve -- [--port P] [--persist DIR] [--users N] [--grouping field|idp]`;

/** Reads the command line; a flag wins over the quick default or, with --full, over the full one. */
export function readArguments(args: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: "boolean", default: false },
      parts: { type: "string", default: PARTS.join(",") },
      operations: { type: "string" },
      sizes: { type: "string" },
      connections: { type: "string" },
      rounds: { type: "string" },
      seconds: { type: "string" },
      people: { type: "string" },
      rates: { type: "string" },
      stage: { type: "string" },
      members: { type: "string" },
      walk: { type: "string" },
    },
  });
  const base = values.full ? FULL : QUICK;
  const read = (name: keyof typeof QUICK) => values[name] ?? base[name];
  const names = values.operations === undefined ? OPERATIONS.map(({ name }) => name) : values.operations.split(",");
  // One who names operations wants these.
  const parts = values.operations === undefined ? values.parts.split(",") : ["operations"];
  return {
    parts: PARTS.filter((part) => parts.includes(part)),
    operations: names,
    sizes: numbers(read("sizes")),
    connections: numbers(read("connections")),
    rounds: Number(read("rounds")),
    seconds: Number(read("seconds")),
    people: Number(read("people")),
    rates: numbers(read("rates")),
    stage: Number(read("stage")),
    members: Number(read("members")),
    walk: Number(read("walk")),
  };
}

function numbers(text: string): number[] {
  return text.split(",").map((part) => Number(part.replaceAll("_", "")));
}
