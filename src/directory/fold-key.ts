import { foldCase } from "../scim/fold.ts";

/** The form in which names are compared and kept unique: NFKC, trimmed, lower case. */
export function foldKey(text: string): string {
  return foldCase(text).trim();
}
