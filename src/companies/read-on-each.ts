import type { Read } from "../platform/read-batch.ts";
import type { Sql } from "../platform/sql.ts";
import type { Bounds } from "./split-long-reads.ts";

/** How each of several lists is read one stretch further. */
interface Step<List> {
  /** Rows that are looked at of each at least. */
  take: number;
  /** How many rows cost as much as a user's document: the entries of a narrow index are many for it. */
  lightness: number;
  /** Selects the next rows that are shown. */
  select(list: List, bounds: Bounds): Sql;
  /**
   * Selects, as one row, the place of the last of the rows that are looked at; nothing where no more follow. Null where none is
   * left out: then the last that is shown is that.
   */
  end: ((list: List, bounds: Bounds) => Sql) | null;
  /** Takes what was selected; `end` is undefined for nothing. */
  receive(list: List, rows: unknown[], end: unknown): void;
}

/** Reads each of several lists one stretch further, in one batch, of which they share the bounds. */
export function readOnEach<List>(
  lists: readonly List[],
  { rows, bytes }: Bounds,
  { take, lightness, select, end, receive }: Step<List>,
): Read<void> {
  const share = (whole: number) => Math.ceil(whole / lists.length);
  const bounds = { rows: Math.max(take, share(rows * lightness)), bytes: share(bytes) };
  const each = end === null ? 1 : 2;
  return {
    statements: lists.flatMap((list) => [select(list, bounds), ...(end === null ? [] : [end(list, bounds)])]),
    decode: (results) => {
      for (const [index, list] of lists.entries()) {
        const [selected = [], ends = []] = results.slice(each * index, each * (index + 1));
        receive(list, selected, ends[0]);
      }
    },
  };
}
