import { endWithUsage, readNumber, readOptions } from "../tools/command-line.ts";
import { OPERATIONS } from "./operations.ts";

/** The parts of the bench. */
export const PARTS = [
  "operations",
  "floors",
  "logic",
  "distance",
  "cohorts",
  "tunings",
  "companies",
  "memory",
  "waits",
  "cost",
  "first-sync",
  "webhooks",
  "fairness",
  "peers",
  "tails",
  "allocation",
  "start",
  "pages",
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
  /** Members of the PUT, and users of the walk, of the memory part; people of the pages'. */
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

const COMMAND = "npm run bench";

/** Reads the command line; a flag wins over the quick default or, with --full, over the full one. */
export function readArguments(args: readonly string[]): BenchArguments {
  const { values } = readOptions(COMMAND, {
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
  const number = (name: keyof typeof QUICK) => readNumber(COMMAND, name, read(name));
  const names = values.operations === undefined ? OPERATIONS.map(({ name }) => name) : values.operations.split(",");
  // One who names operations wants these.
  const parts = values.operations === undefined ? values.parts.split(",") : ["operations"];
  assertKnown("parts", parts, PARTS);
  assertKnown(
    "operations",
    names,
    OPERATIONS.map(({ name }) => name),
  );
  return {
    parts: PARTS.filter((part) => parts.includes(part)),
    operations: names,
    sizes: numbers("sizes", read("sizes")),
    connections: numbers("connections", read("connections")),
    rounds: number("rounds"),
    seconds: number("seconds"),
    people: number("people"),
    rates: numbers("rates", read("rates")),
    stage: number("stage"),
    members: number("members"),
    walk: number("walk"),
  };
}

function assertKnown(option: string, asked: readonly string[], all: readonly string[]): void {
  const unknown = asked.find((name) => !all.includes(name));
  if (unknown !== undefined) endWithUsage(COMMAND, `--${option} are of: ${all.join(", ")}; and not "${unknown}".`);
}

function numbers(option: string, text: string): number[] {
  return text.split(",").map((part) => readNumber(COMMAND, option, part.replaceAll("_", "")));
}
