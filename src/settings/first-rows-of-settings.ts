import { readOnEach } from "../companies/read-on-each.ts";
import type { Bounds, Reads } from "../companies/split-long-reads.ts";
import type { Read } from "../platform/read-batch.ts";
import type { Sql } from "../platform/sql.ts";
import { selectNames, type WhichSettings } from "./merge-rows-of-settings.ts";

/** How the rows of a setting are looked at, and what order they are chosen by. */
interface Choice<Row> {
  /** Selects, of the next rows after a place (null for the beginning) that the bounds allow to look at, the first `take` by `compare`. */
  select(settingKey: number, after: string | null, bounds: Bounds): Sql;
  /** Selects, as one row, the place of the last of those rows; nothing where no more follow. */
  end(settingKey: number, after: string | null, bounds: Bounds): Sql;
  toPlace(selected: unknown): string;
  toRow(selected: unknown): Row;
  compare(left: Row, right: Row): number;
  take: number;
  /** How many rows cost as much as a user's document. */
  lightness: number;
}

/** How far a setting has been looked at. */
interface Reading {
  settingKey: number;
  after: string | null;
  isDone: boolean;
}

/**
 * The first rows of a company in an order that no index has: every row of its settings is looked at, in bounded statements, and
 * the first so far are kept. Memory holds no more than a page and what one statement gives.
 */
export async function firstOfEachSetting<Row extends { key: number }>(
  reads: Reads,
  companyKey: number,
  which: WhichSettings,
  choice: Choice<Row>,
): Promise<Row[]> {
  const settings = await reads.once(selectNames(companyKey, which));
  let open = settings.map(({ key }): Reading => ({ settingKey: key, after: null, isDone: false }));
  let first: Row[] = [];
  while (open.length > 0) {
    const found: Row[] = [];
    await reads.run((bounds) => lookFurther(open, bounds, choice, found));
    // Who moved in the index meanwhile may come twice.
    const rows = [...new Map([...first, ...found].map((row) => [row.key, row])).values()];
    first = rows.sort(choice.compare).slice(0, choice.take);
    open = open.filter(({ isDone }) => !isDone);
  }
  return first;
}

/** Looks at the next rows of each setting, all within the bounds of one statement, and adds what it finds. */
function lookFurther<Row>(
  open: readonly Reading[],
  whole: Bounds,
  { select, end, toPlace, toRow, take, lightness }: Choice<Row>,
  found: Row[],
): Read<void> {
  return readOnEach(open, whole, {
    ...{ take, lightness },
    select: ({ settingKey, after }, bounds) => select(settingKey, after, bounds),
    end: ({ settingKey, after }, bounds) => end(settingKey, after, bounds),
    receive(reading, selected, last) {
      for (const row of selected) found.push(toRow(row));
      reading.isDone = last === undefined;
      if (last !== undefined) reading.after = toPlace(last);
    },
  });
}
