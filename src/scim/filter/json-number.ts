const NUMBER = /^[ \t\n\r]*-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?[ \t\n\r]*$/i;

/** The number that a text is by the grammar of JSON (RFC 8259 section 6), blanks around it aside; null for another text. */
export function readJsonNumber(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null;
}
