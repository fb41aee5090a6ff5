import { foldCase, formerFoldCase } from "../scim/fold-case.ts";

/** The form in which names are compared and kept unique: folded (foldCase), outer white space off. */
export function foldKey(text: string): string {
  return foldCase(text).trim();
}

/**
 * The key of a name by the rule of before, where it is another: rows that the writer has not brought along yet have it, and
 * no others. It stays as long as a company may be upgraded from a version of that rule.
 */
export function formerKey(text: string): string | null {
  const key = formerFoldCase(text).trim();
  return key === foldKey(text) ? null : key;
}

/** The keys under which the row of a name may be stored, the present one first. */
export function keysOf(text: string): string[] {
  const former = formerKey(text);
  return former === null ? [foldKey(text)] : [foldKey(text), former];
}
