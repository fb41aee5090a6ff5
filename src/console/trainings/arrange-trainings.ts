import { foldKey } from "../../directory/fold-key.ts";
import type { CatalogueItem, Training } from "../../enrolment/training-store.ts";
import { compareCodePoints } from "../../scim/compare-code-points.ts";

/** The orders of a list of items; one that begins with "-" goes down. */
export const TRAINING_ORDERS = [
  ...(["name", "-name", "kind", "-kind", "offered", "-offered"] as const),
  ...(["groups", "-groups", "enrolled", "-enrolled"] as const),
] as const;

/** Which items a list shows, and in what order. */
interface TrainingOrder {
  /** Part of the name, or the whole id. */
  q: string;
  kind: Training["kind"] | null;
  sort: (typeof TRAINING_ORDERS)[number];
}

/** The items whose names have a text in them, or whose id is that text, in their order. */
export function arrangeItems<Item extends CatalogueItem>(items: readonly Item[], q: string): Item[] {
  const word = foldKey(q);
  return items.filter(({ name, id }) => foldKey(name).includes(word) || id === q);
}

/** The items that a list asks for, in its order; those that are equal in it by name. */
export function arrangeTrainings(all: readonly Training[], { q, kind, sort }: TrainingOrder): Training[] {
  const sign = sort.startsWith("-") ? -1 : 1;
  return arrangeItems(all, q)
    .filter((item) => kind === null || item.kind === kind)
    .map((item) => ({ item, key: foldKey(item.name) }))
    .sort((left, right) => {
      const byName = compareCodePoints(left.key, right.key) || compareCodePoints(left.item.id, right.item.id);
      if (sort.endsWith("name")) return sign * byName;
      return sign * (numberOf(left.item, sort) - numberOf(right.item, sort)) || byName;
    })
    .map(({ item }) => item);
}

/** What an item is sorted by where that is not its name: phishing simulations, and what cannot be chosen, before the others. */
function numberOf({ kind, isInCatalogue, groups, enrolled }: Training, sort: TrainingOrder["sort"]): number {
  if (sort.endsWith("kind")) return kind === "phishing" ? 0 : 1;
  if (sort.endsWith("offered")) return Number(isInCatalogue);
  return sort.endsWith("groups") ? groups : (enrolled ?? 0);
}
