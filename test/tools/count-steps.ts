import { Session } from "node:inspector";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Built-ins that walk what they are called on. */
const WALKING: [object, PropertyKey[]][] = [
  [
    Array.prototype,
    [
      ...[
        "concat",
        "every",
        "fill",
        "filter",
        "find",
        "findIndex",
        "findLast",
        "flat",
        "flatMap",
        "forEach",
        "includes",
      ],
      ...["indexOf", "join", "lastIndexOf", "map", "reduce", "reverse", "shift", "slice", "some", "sort", "splice"],
      ...["toReversed", "toSorted", "toSpliced", "unshift", "with", Symbol.iterator],
    ],
  ],
  [Map.prototype, ["entries", "forEach", "keys", "values", Symbol.iterator]],
  [Set.prototype, ["forEach", "isSubsetOf", "union", "values", Symbol.iterator]],
  [
    String.prototype,
    [
      "includes",
      "indexOf",
      "match",
      "normalize",
      "replace",
      "replaceAll",
      "split",
      "toLowerCase",
      "toUpperCase",
      "trim",
    ],
  ],
];
/** Built-ins that walk what they are given last. */
const TAKING: [object, PropertyKey[]][] = [[Object, ["assign", "entries", "fromEntries", "keys", "values"]]];
/** Built-ins that walk what they are given first, and all that is in it. */
const COPYING: [object, PropertyKey[]][] = [
  [JSON, ["parse", "stringify"]],
  [globalThis, ["structuredClone"]],
];

// V8 counts the blocks of those functions only that it compiles from now on: whoever counts imports this file before all
// others.
const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

/**
 * How many steps some work takes: the blocks of this project's code that it runs through, as V8 counts them, and the elements
 * that built-ins walk for it, which V8 counts as nothing. A busy machine changes it by a few per cent at most: V8 counts some
 * blocks twice where it compiles a function anew or leaves what it compiled, and when it does so hangs on its other threads.
 */
export function countSteps(work: () => unknown): number {
  const walked = { elements: 0 };
  countBlocks();
  const restore = [
    ...WALKING.map(([owner, names]) => watch(owner, names, walked, (self) => sizeOf(self))),
    ...TAKING.map(([owner, names]) => watch(owner, names, walked, (_self, args) => sizeOf(args.at(-1)))),
    ...COPYING.map(([owner, names]) => watch(owner, names, walked, (_self, args) => wholeSizeOf(args[0]))),
  ];
  walked.elements = 0;
  let elements = 0;
  try {
    work();
  } finally {
    elements = walked.elements;
    for (const undo of restore) undo();
  }
  return countBlocks() + elements;
}

/** How often blocks of this project's code were run since the last time. */
function countBlocks(): number {
  let blocks = 0;
  session.post("Profiler.takePreciseCoverage", (_error, { result }) => {
    for (const { url, functions } of result)
      if (url.includes("/src/")) for (const { ranges } of functions) for (const { count } of ranges) blocks += count;
  });
  return blocks;
}

/** Puts counting methods in the place of an object's own; gives what puts them back. */
function watch(
  owner: object,
  names: readonly PropertyKey[],
  walked: { elements: number },
  weigh: (self: unknown, args: unknown[]) => number,
): () => void {
  const originals = names.map((name) => Object.getOwnPropertyDescriptor(owner, name));
  for (const [index, name] of names.entries()) {
    const original = originals[index]?.value as Method; // each is a method of the object
    const counting: Method = function (...args) {
      walked.elements += weigh(this, args);
      return original.apply(this, args);
    };
    Object.defineProperty(owner, name, { ...originals[index], value: counting });
  }
  return () => {
    for (const [index, name] of names.entries())
      Object.defineProperty(owner, name, originals[index] ?? { value: undefined });
  };
}

function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  let size = 0;
  if (typeof value === "object") for (const _name in value) size += 1;
  return size;
}

function wholeSizeOf(value: unknown): number {
  let size = sizeOf(value);
  if (typeof value === "object" && value !== null)
    for (const name in value) size += wholeSizeOf((value as Record<string, unknown>)[name]); // its own names
  return size;
}
