/** Keys of one company lie in [company_key * KEY_SPAN, (company_key + 1) * KEY_SPAN). */
export const KEY_SPAN = 2 ** 32;

/** The open range of a company's row keys, or of those after one of them: a key of another company's rows leads nowhere. */
export function spanAfter(companyKey: number, key: number | null): { after: number; before: number } {
  const first = companyKey * KEY_SPAN;
  return { after: Math.max(key ?? 0, first - 1), before: first + KEY_SPAN };
}

/** The integer key of the `n`-th row a company allocates. */
export function rowKey(companyKey: number, n: number): number {
  return companyKey * KEY_SPAN + n;
}

/** The place of a row of a company in that company's span; `own` is any key of the same company. */
export function placeInSpan(own: number, key: number): number {
  return key - spanOf(own);
}

/** The key of a place in the span of the company that has the key `own`; null for a place outside. */
export function keyInSpan(own: number, place: number): number | null {
  return place >= 0 && place < KEY_SPAN ? spanOf(own) + place : null;
}

function spanOf(key: number): number {
  return Math.floor(key / KEY_SPAN) * KEY_SPAN;
}
