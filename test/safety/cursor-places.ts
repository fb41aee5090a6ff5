/** The place that a cursor names, as the list that gave it reads it. */
export function placeIn(cursor: string): unknown {
  return JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")))[1];
}

/** What a place is made of: the names of its members, or its type. */
function formOf(place: unknown): string {
  if (Array.isArray(place)) return "array";
  return typeof place === "object" && place !== null ? Object.keys(place).sort().join() : typeof place;
}

/**
 * Of many places those that tell something about a list: all of the form that its own cursor has, and one of each other form,
 * which is refused for its form whatever it names.
 */
export function placesFor(genuine: string, places: readonly unknown[]): unknown[] {
  const own = formOf(placeIn(genuine));
  const seen = new Set<string>();
  return places.filter((place) => {
    const form = formOf(place);
    const isNew = !seen.has(form);
    seen.add(form);
    return isNew || form === own;
  });
}

/** Of cursors the first of each form of place. */
export function oneOfEachForm<T extends { cursor: string }>(given: readonly T[]): T[] {
  return [...new Map(given.toReversed().map((each) => [formOf(placeIn(each.cursor)), each])).values()];
}
