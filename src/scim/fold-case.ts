// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole ASCII range is meant.
const ASCII = /^[\x00-\x7f]*$/;

/** Whether a text has letters of ASCII only. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/**
 * Folds text for every comparison that ignores case: NFKC and full case folding (Unicode 3.13, D145), so that `ß` is `ss`
 * and a final sigma a sigma. SQLite folds ASCII only, so it is done here.
 */
export function foldCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  if (text.length > LONGEST_KEPT) return foldAll(text);
  const known = folded.get(text);
  if (known !== undefined) return known;
  if (folded.size >= MOST_KEPT) folded.clear();
  const made = foldAll(text);
  folded.set(text, made);
  return made;
}

/** Folding costs a hundred times a look here, and a request may compare the names of one list over and over. */
const folded = new Map<string, string>();
const MOST_KEPT = 4_096;
const LONGEST_KEPT = 128;

function foldAll(text: string): string {
  return fullFold(text.normalize("NFKC")).normalize("NFKC");
}

/** The same by the rule of before, by which rows may still be stored that nobody has brought along yet. */
export function formerFoldCase(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.normalize("NFKC").toLowerCase();
}

/**
 * Full case folding from the case mappings that every engine has: what differs only in case has one upper case. The dotless
 * i has that of i and is another letter all the same; the end of a word, where a sigma is another letter, does not count.
 */
function fullFold(text: string): string {
  const parts = text.split("ı").map((part) => part.toLowerCase().toUpperCase().toLowerCase());
  return parts.join("ı").replaceAll("ς", "σ");
}
