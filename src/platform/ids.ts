const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Bytes as two hex digits. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** A new UUID version 7 (RFC 9562 section 5.7) of `now`: ids made later sort later, to the millisecond. */
export function newId(now: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(now / 0x10000));
  view.setUint16(4, now % 0x10000);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  let hex = "";
  for (const byte of bytes) hex += HEX[byte];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Whether a text has the form of a UUID. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

/** Keys of one company lie in [company_key * KEY_SPAN, (company_key + 1) * KEY_SPAN). */
export const KEY_SPAN = 2 ** 32;

/** The integer key of the `n`-th row a company allocates. */
export function rowKey(companyKey: number, n: number): number {
  return companyKey * KEY_SPAN + n;
}
