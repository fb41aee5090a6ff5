/**
 * The rows of several lists in one order, as far as they are known: past the first of the places where a list was left before
 * its end nobody knows what comes next. `end` is that place; undefined where every list was read to its end.
 */
export function cutAtFirstEnd<Place, Row extends Place>(
  rows: readonly Row[],
  ends: readonly Place[],
  compare: (left: Place, right: Place) => number,
): { known: Row[]; end: Place | undefined } {
  const [end] = ends.toSorted(compare);
  const sorted = rows.toSorted(compare);
  return { known: end === undefined ? sorted : sorted.filter((row) => compare(row, end) <= 0), end };
}
