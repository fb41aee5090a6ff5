const DATE_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Milliseconds of an ISO 8601 time, null when it is none; without an offset it is UTC (RFC 7643 section 2.3.5). */
export function parseDateTime(text: string): number | null {
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  const zoned = match[1] === undefined || match[4] !== undefined ? text : `${text}Z`;
  const time = Date.parse(zoned.toUpperCase());
  return Number.isNaN(time) ? null : time;
}
