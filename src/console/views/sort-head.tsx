import type { Child } from "hono/jsx";
import type { LinkQuery } from "../routes.ts";

interface SortProps {
  label: Child;
  /** The order a first click asks for, and the one that a second does. */
  up: string;
  down: string;
  /** The order of the list as it is; one that begins with "-" goes down. */
  order: string;
  link: (more: LinkQuery) => string;
  class?: string;
}

/** The head of a column that the list can be sorted by. */
export function SortHead({ label, up, down, order, link, class: look }: SortProps) {
  const isSorted = order === up || order === down;
  const isDescending = order.startsWith("-");
  return (
    <th scope="col" class={look} aria-sort={isSorted ? (isDescending ? "descending" : "ascending") : undefined}>
      <a href={link({ sort: order === up ? down : up })}>
        {label}
        <span aria-hidden="true">{isSorted ? (isDescending ? "↓" : "↑") : "↕"}</span>
      </a>
    </th>
  );
}
