import { bytesOfText } from "./text-bytes.ts";

/** D1 takes at most 2 MB for a bound value; the local one does not say so, hence the margin. */
const LIMIT_BYTES = 1_500_000;

/** A row that D1 would not take. */
export class RowTooLarge extends RangeError {
  constructor() {
    super("a row is too large for one bound parameter");
  }
}

/**
 * Packs rows into JSON array texts of at most 1.5 MB each, for `json_each(?)`: one bound parameter carries a whole list.
 * Gives no text for no rows; throws RowTooLarge for a single row beyond the limit.
 */
export function packJson(rows: readonly unknown[]): string[] {
  const texts: string[] = [];
  let parts: string[] = [];
  let size = 2;
  for (const row of rows) {
    const text = JSON.stringify(row);
    const length = bytesOfText(text);
    if (length > LIMIT_BYTES) throw new RowTooLarge();
    if (size + length + 1 > LIMIT_BYTES) {
      texts.push(`[${parts.join(",")}]`);
      parts = [];
      size = 2;
    }
    parts.push(text);
    size += length + 1;
  }
  if (parts.length > 0) texts.push(`[${parts.join(",")}]`);
  return texts;
}
