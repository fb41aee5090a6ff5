import { BREATH, pause } from "../platform/clock.ts";

/** What opens as a formula in a spreadsheet, in full width too; leading space, tab or line end can hide one. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/**
 * Where a spreadsheet that separates by semicolon or tab begins a cell of its own in the middle of a value, and what opens
 * a formula there. A run without one matches too, so that a long one is looked at once.
 */
const INNER_CELL = /([;\t\r\n][\s";]*)([=+\-@\uff1d\uff0b\uff0d\uff20]?)/g;

/**
 * One value of a CSV file (RFC 4180). A text that a spreadsheet would run as a formula gets an apostrophe in front, as
 * OWASP advises against CSV injection; numbers stay numbers.
 */
export function csvValue(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const inner = value.replace(INNER_CELL, (run, gap: string, sign: string) => (sign === "" ? run : `${gap}'${sign}`));
  const safe = FORMULA.test(value) ? `'${inner}` : inner;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line of a CSV file. */
export function csvLine(values: readonly (string | number | boolean | null | undefined)[]): string {
  return `${values.map(csvValue).join(",")}\r\n`;
}

/**
 * Rows that are read at once unless a list says otherwise: no statement may take the database for long, and a request may ask
 * D1 1,000 of them.
 */
const CHUNK = 500;

/** The rows of a list that is read by position, for export: stretch by stretch, each call gives the next of them. */
export function byPosition<Row, At>(
  read: (after: At | null, take: number) => Promise<Row[]>,
  at: (row: Row) => At,
  take: number = CHUNK,
): () => Promise<Row[]> {
  let after: At | null = null;
  return async () => {
    const rows = await read(after, take);
    const last = rows.at(-1);
    if (last !== undefined) after = at(last);
    return rows;
  };
}

/** The same of rows that are all at hand. */
export function inStretches<Row>(all: readonly Row[]): () => Promise<Row[]> {
  let given = 0;
  return async () => {
    const rows = all.slice(given, given + CHUNK);
    given += rows.length;
    return rows;
  };
}

/** The same of rows that are read all at once, when the first of them are asked for: the download begins before. */
export function inStretchesOf<Row>(read: () => Promise<readonly Row[]>): () => Promise<Row[]> {
  let next: (() => Promise<Row[]>) | null = null;
  return async () => {
    next ??= inStretches(await read());
    return next();
  };
}

/** The same rows in portions of one size: what is read for each portion costs as much for a small one. */
export function inPortions<Row>(next: () => Promise<Row[]>, size: number): () => Promise<Row[]> {
  const waiting: Row[] = [];
  return async () => {
    while (waiting.length < size) {
      const more = await next();
      if (more.length === 0) break;
      waiting.push(...more);
    }
    return waiting.splice(0, size);
  };
}

/** How a list is exported: how its rows are read, and the values of each. */
interface CsvSource<Row> {
  head: readonly string[];
  /** The next rows; none after the last. */
  next: () => Promise<Row[]>;
  values: (row: Row) => readonly (string | number | boolean | null | undefined)[];
}

/** A list as a CSV download, streamed stretch by stretch: memory stays the same for a hundred rows and a million. */
export function streamCsv<Row>(name: string, source: CsvSource<Row>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // The mark of UTF-8 first: without it Excel reads names in the machine's own alphabet.
      controller.enqueue(encoder.encode(`\uFEFF${csvLine(source.head)}`));
    },
    async pull(controller) {
      // For a browser that takes everything at once nobody else's requests would be read.
      await pause(BREATH);
      const rows = await source.next();
      if (rows.length === 0) return controller.close();
      controller.enqueue(encoder.encode(rows.map((row) => csvLine(source.values(row))).join("")));
    },
  });
  const file = name.replace(/[^\w.-]+/g, "-");
  return new Response(body, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${file}.csv"`,
    },
  });
}
