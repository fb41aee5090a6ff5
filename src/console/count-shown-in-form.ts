import { findFeedHead } from "../changes/change-store.ts";
import type { ConsoleContext } from "./console-env.ts";
import type { Values } from "./read-form.ts";

/** How many people a page counted, and at which moment of the company (`findMoment`). */
interface Counted {
  people: number;
  at: string;
}

/** By what it is told whether anything has changed in a company: its newest change, and what else a number depends on. */
export async function findMoment(c: ConsoleContext, ...more: number[]): Promise<string> {
  return [await findFeedHead(c.var.database, c.var.company.key), ...more].join(".");
}

/**
 * What a page counted, as its form carries it along: for the answer it is counted again only where something has changed
 * since. It guards against slips, not against the admin's own hand.
 */
export function countedValue({ people, at }: Counted): { counted: string } {
  return { counted: `${people}-${at}` };
}

/** How many its page counted, where nothing has changed in the company since; otherwise what `count` counts. */
export async function readCounted(
  c: ConsoleContext,
  { counted = "" }: Values,
  count: () => Promise<number>,
  ...more: number[]
): Promise<number> {
  const [, people, at] = /^(\d{1,12})-([\d.]{1,40})$/.exec(counted) ?? [];
  if (people !== undefined && at === (await findMoment(c, ...more))) return Number(people);
  return count();
}
