const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A new UUID version 7 (RFC 9562 section 5.7) of `now`: ids made later sort later, to the millisecond. */
export function newId(now: number): string {
  const time = now.toString(16).padStart(12, "0");
  // Version 4 has its random bits and its variant where version 7 has them.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

/** Whether a text has the form of a UUID. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

/** When an id of version 7 was made (ms since 1970). */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 13).replace("-", ""), 16);
}

const LAST_TIME = 2 ** 48 - 1;

/** What no id of version 7 made at `time` (ms since 1970) or later comes before; every earlier one does. */
export function firstIdAt(time: number): string {
  const hex = Math.min(Math.max(Math.floor(time), 0), LAST_TIME)
    .toString(16)
    .padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
