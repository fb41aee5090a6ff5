import { clipText } from "../scim/clip-text.ts";
import { isJsonObject, type Json, type JsonObject } from "../scim/json.ts";

const REDACTED = '"[redacted]"';

/** A name by itself, as nearly all keys are: it leads through itself only, ends in itself, and is in no other. */
const ALONE = /^[\w$-]+$/;

/** The names that a key or a path leads through, lower case: `URN:password.value` leads through `password`. */
function namesIn(key: string): string[] {
  return key.toLowerCase().split(/[^\p{L}\p{N}_$-]+/u);
}

/** The attribute a key or path ends in, lower case: `URN:User:Password` and `password[x]` both give `password`. */
function lastName(key: string): string {
  if (ALONE.test(key)) return key.toLowerCase();
  return key.split("[")[0]?.split(/[:.]/).at(-1)?.trim().toLowerCase() ?? "";
}

/** Keys whose values are left out within the value of an attribute, by its name; all in lower case. */
type Omissions = ReadonlyMap<string, ReadonlySet<string>>;

const NONE: ReadonlySet<string> = new Set();

/**
 * A JSON text of `value` of about `limit` characters at most, with the value of every attribute of `secrets` (lower
 * case) redacted wherever it stands: as a key, behind a URN, as the path of a PATCH operation, in a filter. Its cost is
 * bounded by `limit`, not by the value's size; a cut text ends in an ellipsis.
 */
export function printMasked(
  value: Json,
  secrets: ReadonlySet<string>,
  limit: number,
  within: Omissions = new Map(),
): string {
  const clipper = new Clipper(secrets, limit, within);
  clipper.write(value, NONE);
  return clipper.parts.join("");
}

class Clipper {
  readonly parts: string[] = [];
  readonly #secrets: ReadonlySet<string>;
  readonly #within: Omissions;
  #left: number;

  constructor(secrets: ReadonlySet<string>, limit: number, within: Omissions) {
    this.#secrets = secrets;
    this.#within = within;
    this.#left = limit;
  }

  write(value: Json, omitted: ReadonlySet<string>): void {
    if (this.#left <= 0) return;
    if (typeof value === "string") this.#emit(JSON.stringify(clipText(value, this.#left + 1)));
    else if (Array.isArray(value)) this.#writeArray(value, omitted);
    else if (isJsonObject(value)) this.#writeObject(value, omitted);
    else this.#emit(JSON.stringify(value));
  }

  #writeArray(items: Json[], omitted: ReadonlySet<string>): void {
    this.#emit("[");
    for (let index = 0; index < items.length && this.#left > 0; index += 1) {
      if (index > 0) this.#emit(",");
      this.write(items[index] ?? null, omitted);
    }
    this.#emit("]");
  }

  #writeObject(object: JsonObject, omitted: ReadonlySet<string>): void {
    const names = Object.keys(object);
    const paths = names.filter((name) => lastName(name) === "path").map((name) => String(object[name]));
    const hidesValue = paths.some((path) => this.#isSecret(path) || this.#isPart(path));
    this.#emit("{");
    for (let index = 0; index < names.length && this.#left > 0; index += 1) {
      const name = names[index] ?? "";
      const last = lastName(name);
      this.#emit(`${index > 0 ? "," : ""}${JSON.stringify(name)}:`);
      const isHidden =
        this.#isSecret(name) ||
        omitted.has(last) ||
        this.#isPart(name) ||
        (last === "value" && hidesValue) ||
        (last === "filter" && this.#mentions(String(object[name]).toLowerCase()));
      if (isHidden) this.#emit(REDACTED);
      else this.write(object[name] ?? null, this.#join(omitted, last === "value" ? paths.map(lastName) : [last]));
    }
    this.#emit("}");
  }

  #isSecret(key: string): boolean {
    if (ALONE.test(key)) return this.#secrets.has(key.toLowerCase());
    return namesIn(key).some((name) => this.#secrets.has(name));
  }

  /** Whether a dotted name or path ends in what is left out within the attribute before it. */
  #isPart(text: string): boolean {
    if (ALONE.test(text)) return false;
    const [attribute = "", part = ""] = text.toLowerCase().split(/[:.]/).slice(-2);
    return this.#within.get(attribute)?.has(part) === true;
  }

  #join(omitted: ReadonlySet<string>, attributes: readonly string[]): ReadonlySet<string> {
    let joined = omitted;
    for (const name of attributes) {
      const added = this.#within.get(name) ?? NONE;
      if (added.size > 0) joined = new Set([...joined, ...added]);
    }
    return joined;
  }

  #mentions(text: string): boolean {
    return [...this.#secrets].some((secret) => text.includes(secret));
  }

  #emit(text: string): void {
    if (this.#left <= 0) return;
    this.parts.push(clipText(text, this.#left + 1));
    this.#left -= text.length;
  }
}
