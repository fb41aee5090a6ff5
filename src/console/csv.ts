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

/** Rows that are read at once unless a list says otherwise: no statement may take the database for long. */
const CHUNK = 500;

/** How a list is read for export: a stretch of rows after a position, the position of a row, and its values. */
interface CsvSource<Row, At> {
  head: readonly string[];
  /** How many rows are read at once, where more are cheap enough: a request may ask D1 only so many queries. */
  stretch?: number;
  /** Up to `take` rows, fewer where they are large; none after the last. */
  read: (after: At | null, take: number) => Promise<Row[]>;
  at: (row: Row) => At;
  values: (row: Row) => readonly (string | number | boolean | null | undefined)[];
}

/** A list as a CSV download, streamed stretch by stretch: memory stays the same for a hundred rows and a million. */
export function streamCsv<Row, At>(name: string, source: CsvSource<Row, At>): Response {
  const encoder = new TextEncoder();
  let after: At | null = null;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // The mark of UTF-8 first: without it Excel reads names in the machine's own alphabet.
      controller.enqueue(encoder.encode(`\uFEFF${csvLine(source.head)}`));
    },
    async pull(controller) {
      const rows = await source.read(after, source.stretch ?? CHUNK);
      const last = rows.at(-1);
      if (last === undefined) return controller.close();
      controller.enqueue(encoder.encode(rows.map((row) => csvLine(source.values(row))).join("")));
      after = source.at(last);
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
