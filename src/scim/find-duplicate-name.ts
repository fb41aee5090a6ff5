import { endOfString, isJsonBlank } from "./limit-body-values.ts";
import { MAX_NESTING, tooDeep } from "./nesting-limit.ts";

/**
 * The first name that stands twice in one object of a JSON text, with different values, of which a parser would keep the
 * last (RFC 8259 section 4); null when none does. The text must be valid JSON; what a parser dropped of it may nest deeper than
 * what it kept, and is refused then as that would be.
 */
export function findDuplicateName(text: string): string | null {
  const reader = new Reader(text);
  reader.value(reader.skipBlanks(0));
  return reader.contradiction;
}

class Reader {
  readonly #text: string;
  contradiction: string | null = null;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  skipBlanks(from: number): number {
    let at = from;
    while (isJsonBlank(this.#text.charCodeAt(at))) at += 1;
    return at;
  }

  /** Looks through the value that begins here; gives where it is over. */
  value(at: number): number {
    switch (this.#text[at]) {
      case "{":
        return this.#within(() => this.#object(this.skipBlanks(at + 1)));
      case "[":
        return this.#within(() => this.#list(this.skipBlanks(at + 1)));
      case '"':
        return endOfString(this.#text, at);
      default:
        return this.#word(at);
    }
  }

  #within(read: () => number): number {
    this.#depth += 1;
    if (this.#depth > MAX_NESTING) throw tooDeep();
    const end = read();
    this.#depth -= 1;
    return end;
  }

  /** A number, true, false or null. */
  #word(from: number): number {
    let at = from;
    while (/[\w.+-]/.test(this.#text[at] ?? "")) at += 1;
    return at;
  }

  #object(from: number): number {
    const said = new Map<string, string>();
    let at = from;
    while (this.#text[at] !== "}") {
      const nameEnd = endOfString(this.#text, at);
      const name = String(JSON.parse(this.#text.slice(at, nameEnd)));
      const start = this.skipBlanks(this.skipBlanks(nameEnd) + 1);
      const end = this.value(start);
      const value = this.#text.slice(start, end);
      if ((said.get(name) ?? value) !== value) this.contradiction ??= name;
      said.set(name, value);
      at = this.#next(end);
    }
    return at + 1;
  }

  #list(from: number): number {
    let at = from;
    while (this.#text[at] !== "]") at = this.#next(this.value(at));
    return at + 1;
  }

  /** Where what follows a value begins: a further one, or what closes the list or object. */
  #next(end: number): number {
    const at = this.skipBlanks(end);
    return this.#text[at] === "," ? this.skipBlanks(at + 1) : at;
  }
}
