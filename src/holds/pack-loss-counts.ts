import { bytesOfText } from "../platform/text-bytes.ts";
import { type Batch, countLosses, type Loss, type LossCounts, present } from "./count-losses-against-limit.ts";

/**
 * Losses of one counter as their row keeps them. What many lost alike is there once; batches are numbers, one after the other:
 * the time, the people before it, those known only by number, how many are known by person, and of each the place of what it
 * lost and its key. Times, people and keys are differences from the one before.
 */
interface PackedBatches {
  lost: Loss["lost"][];
  batches: number[];
}

/** The counts of a setting as their row keeps them; a row of before they were packed has the batches themselves. */
export type PackedCounts = Record<string, PackedBatches | Batch[]>;

/** A row of D1 has at most 2,000,000 bytes. */
const MOST_BYTES = 1_800_000;
/** Counters that are kept when even numbers do not fit: those that lost most. */
const MOST_COUNTERS = 5_000;

/** The text of a row, and the counts that it keeps. */
interface PackedRow {
  text: string;
  counts: LossCounts;
}

/**
 * The row that keeps counts at `now` (ms). What fits no row, at some 80,000 people in an hour, is the earliest half of them,
 * again and again: they go on as a number, until all of them are out of the hour. Such people are not taken off when they are
 * back, and count once more when they are lost again: rather too much is held than too little.
 */
export function packCounts(counts: LossCounts, now: number): PackedRow {
  for (let kept = present(counts, now); ; ) {
    const text = `{${Object.entries(kept).map(([name, all]) => `${JSON.stringify(name)}:${textOf(all)}`)}}`;
    if (isShort(text)) return { text, counts: kept };
    const known = earliestHalf(kept);
    kept = known === null ? mostLost(kept) : Object.fromEntries(forgetPersons(kept, known));
  }
}

/** The counts that a row keeps. */
export function unpackCounts(packed: PackedCounts): LossCounts {
  const unpacked = Object.entries(packed).map(([name, kept]): [string, Batch[]] => [
    name,
    Array.isArray(kept) ? kept : unpack(kept),
  ]);
  return Object.fromEntries(unpacked);
}

/** Of the counters of a setting a commit mostly changes one, and none of what was lost before. */
const texts = new WeakMap<readonly Batch[] | NonNullable<Loss["lost"]>, string>();

function remember(value: readonly Batch[] | NonNullable<Loss["lost"]>, print: () => string): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const made = print();
  texts.set(value, made);
  return made;
}

/** The text of a counter, `PackedBatches`. */
function textOf(batches: readonly Batch[]): string {
  return remember(batches, () => pack(batches));
}

function pack(batches: readonly Batch[]): string {
  const places = new Map<string, number>();
  const numbers: number[] = [];
  let lastAt = 0;
  let lastBase = 0;
  let lastKey = 0;
  for (const { at, base, more, losses } of batches) {
    numbers.push(at - lastAt, base - lastBase, more, losses.length);
    lastAt = at;
    lastBase = base;
    for (const { userKey, lost } of losses) {
      const text = lost === null ? "null" : remember(lost, () => JSON.stringify(lost));
      const place = places.get(text) ?? places.size;
      places.set(text, place);
      numbers.push(place, userKey - lastKey);
      lastKey = userKey;
    }
  }
  return `{"lost":[${[...places.keys()]}],"batches":${JSON.stringify(numbers)}}`;
}

function unpack({ lost, batches: numbers }: PackedBatches): Batch[] {
  const batches: Batch[] = [];
  let [at, base, userKey, place] = [0, 0, 0, 0];
  const next = () => numbers[place++] ?? 0;
  while (place < numbers.length) {
    at += next();
    base += next();
    const more = next();
    const losses: Loss[] = [];
    for (let left = next(); left > 0; left -= 1) {
      const what = lost[next()] ?? null;
      userKey += next();
      losses.push({ userKey, lost: what });
    }
    batches.push({ at, base, losses, more });
  }
  return batches;
}

/** The time up to which the earlier half of the persons who are known were lost; null when none is. */
function earliestHalf(counts: LossCounts): number | null {
  const times = Object.values(counts).flatMap((batches) => batches.flatMap(({ at, losses }) => losses.map(() => at)));
  times.sort((left, right) => left - right);
  return times[Math.floor((times.length - 1) / 2)] ?? null;
}

/** Counts whose batches up to a time are one of each counter, without the persons. */
function forgetPersons(counts: LossCounts, until: number): [string, readonly Batch[]][] {
  return Object.entries(counts).map(([name, batches]) => {
    const old = batches.filter(({ at }) => at <= until);
    const [first, last] = [old[0], old.at(-1)];
    if (first === undefined || last === undefined) return [name, batches];
    const merged = { at: last.at, base: first.base, losses: [], more: countLosses(old) };
    return [name, [merged, ...batches.slice(old.length)]];
  });
}

function mostLost(counts: LossCounts): LossCounts {
  const names = Object.entries(counts).sort(([, left], [, right]) => countLosses(right) - countLosses(left));
  return Object.fromEntries(names.slice(0, Math.min(MOST_COUNTERS, Math.floor(names.length / 2))));
}

function isShort(text: string): boolean {
  return text.length * 3 <= MOST_BYTES || bytesOfText(text) <= MOST_BYTES;
}
