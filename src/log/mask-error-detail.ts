import { clipText } from "../scim/clip-text.ts";
import { DISGUISED, isHarmless, MASK } from "./protocol-words.ts";

const QUOTE = '"';
/** Of a sentence so many characters are kept. */
const LONGEST = 1_000;

/**
 * A sentence about a request without what it quotes of it, unless that is a word of the protocol, an id, or `label`, by
 * which its row is found; nor anything that looks like an address, in disguise too. A quotation that is cut off counts to the end.
 */
export function maskDetail(detail: string, label: string | null): string {
  const text = clipText(detail, LONGEST);
  const parts: string[] = [];
  let from = 0;
  for (let open = text.indexOf(QUOTE); open !== -1; open = text.indexOf(QUOTE, from)) {
    const end = endOfQuotation(text, open);
    const quoted = text.slice(open + 1, text[end - 1] === QUOTE && end - 1 > open ? end - 1 : end);
    const isKept = isHarmless(quoted) || quoted === label;
    parts.push(maskAddresses(text.slice(from, open), label), isKept ? text.slice(open, end) : `"${MASK}"`);
    from = end;
  }
  parts.push(maskAddresses(text.slice(from), label));
  return parts.join("");
}

/** Where a quotation that begins at `open` is over, its last quote included; a backslash takes the next character along. */
function endOfQuotation(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === QUOTE) return at + 1;
  }
  return text.length;
}

function maskAddresses(text: string, label: string | null): string {
  if (!hasAddress(text)) return text;
  return text.replace(/[^\s]+/g, (word) => (hasAddress(word) && word !== label ? MASK : word));
}

function hasAddress(text: string): boolean {
  return text.includes("@") || DISGUISED.test(text);
}
