import { foldKey } from "../../directory/fold-key.ts";
import type { CatalogueItem, Training } from "../../enrolment/training-store.ts";
import { compareCodePoints } from "../../scim/compare-code-points.ts";

/** Which items a list shows, and in what order. */
interface TrainingOrder {
  /** Part of the name, or the whole id. */
  q: string;
  kind: Training["kind"] | null;
  sort: "name" | "-name" | "groups" | "-groups" | "enrolled" | "-enrolled";
}

/** The items whose names have a text in them, or whose id is that text, in their order. */
export function arrangeItems<Item extends CatalogueItem>(items: readonly Item[], q: string): Item[] {
  const word = foldKey(q);
  return items.filter(({ name, id }) => foldKey(name).includes(word) || id === q);
}

/** The items that a list asks for, in its order; those with as many enrolled by name. */
export function arrangeTrainings(all: readonly Training[], { q, kind, sort }: TrainingOrder): Training[] {
  const sign = sort.startsWith("-") ? -1 : 1;
  return arrangeItems(all, q)
    .filter((item) => kind === null || item.kind === kind)
    .map((item) => ({ item, key: foldKey(item.name) }))
    .sort((left, right) => {
      const byName = compareCodePoints(left.key, right.key) || compareCodePoints(left.item.id, right.item.id);
      if (sort.endsWith("name")) return sign * byName;
      const numberOf = ({ groups, enrolled }: Training) => (sort.endsWith("groups") ? groups : (enrolled ?? 0));
      return sign * (numberOf(left.item) - numberOf(right.item)) || byName;
    })
    .map(({ item }) => item);
}
