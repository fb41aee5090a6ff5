/** What follows the name in the key of a row that lost it. Folded text has no capitals: no name folds to such a key. */
const MARK = " LOST ";

/** The key of a row whose name, folded, is another row's. */
export function lostKey(nameKey: string, rowKey: number): string {
  return `${nameKey}${MARK}${rowKey}`;
}

/** The name that a row of this key waits for, folded; null for a row that has its own. */
export function lostNameOf(key: string): string | null {
  const place = key.lastIndexOf(MARK);
  return place < 0 ? null : key.slice(0, place);
}

/** Whether a row of this key waits for a name, folded. */
export function isWaitingFor(key: string, nameKey: string): boolean {
  return lostNameOf(key) === nameKey;
}
