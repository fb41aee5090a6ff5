/** A round number at or above the highest bar, even, and at least two. */
export function niceTop(highest: number): number {
  let step = 1;
  while (step * 10 < highest) step *= 10;
  return [2, 4, 10, 20].map((factor) => factor * step).find((top) => top >= highest) ?? 2;
}

/** A count as the axis of a plot says it: `2k` for two thousand. */
export function shorten(count: number): string {
  return count >= 1000 ? `${count / 1000}k` : String(count);
}
