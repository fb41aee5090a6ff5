import { quote, ScimError } from "../scim-error.ts";

/** One token of a filter or path with its offset in the text (RFC 7644 section 3.4.2.2). */
export type Token =
  | { kind: "(" | ")" | "[" | "]"; position: number }
  | { kind: "word"; text: string; position: number }
  | { kind: "string"; text: string; position: number }
  | { kind: "end"; position: number };

/** Longest filter that is read, in characters. */
export const MAX_FILTER_LENGTH = 8192;

/** A refusal of a filter that says where it went wrong; offsets count from 1. */
export function filterError(position: number, reason: string): ScimError {
  return new ScimError("invalid_filter", `The filter is not valid at character ${position + 1}: ${reason}.`);
}

/** Cuts a filter into tokens; a word runs to the next blank, bracket or quote. `offset` is where the text began. */
export function tokenize(text: string, offset = 0): Token[] {
  if (text.length > MAX_FILTER_LENGTH)
    throw new ScimError("invalid_filter", `The filter is longer than ${MAX_FILTER_LENGTH} characters.`);
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const character = text.charAt(position);
    if (isBlank(character)) {
      position++;
    } else if (character === "(" || character === ")" || character === "[" || character === "]") {
      tokens.push({ kind: character, position: position + offset });
      position++;
    } else if (character === '"') {
      const end = findStringEnd(text, position, offset);
      const value = readString(text.slice(position, end), position + offset);
      tokens.push({ kind: "string", text: value, position: position + offset });
      position = end;
    } else {
      const end = findWordEnd(text, position);
      const word = assertStorable(text.slice(position, end), position + offset);
      tokens.push({ kind: "word", text: word, position: position + offset });
      position = end;
    }
  }
  tokens.push({ kind: "end", position: position + offset });
  return tokens;
}

function isBlank(character: string): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r";
}

function findWordEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && !isBlank(text.charAt(end)) && !'()[]"'.includes(text.charAt(end))) end++;
  return end;
}

/** Where the string that opens at `start` ends, past its closing quote. */
export function findStringEnd(text: string, start: number, offset = 0): number {
  for (let end = start + 1; end < text.length; end++) {
    const character = text.charAt(end);
    if (character === "\\") end++;
    else if (character === '"') return end + 1;
  }
  throw filterError(start + offset, "the string that begins here has no closing quote");
}

function readString(slice: string, position: number): string {
  let value: unknown;
  try {
    value = JSON.parse(slice);
  } catch {
    throw filterError(position, `${quote(slice)} is not a valid JSON string`);
  }
  if (typeof value !== "string") throw filterError(position, "a string is due");
  return assertStorable(value, position);
}

function assertStorable(text: string, position: number): string {
  if (text.includes("\u0000")) throw filterError(position, "a value holds the character NUL (U+0000)");
  if (!text.isWellFormed()) throw filterError(position, "a value holds half of a surrogate pair");
  return text;
}

/** What a token looks like in an error. */
export function describeToken(token: Token): string {
  if (token.kind === "end") return "the end of the filter";
  return token.kind === "word" || token.kind === "string" ? quote(token.text) : `"${token.kind}"`;
}
