import { clipText } from "../scim/clip-text.ts";
import { isJsonObject, type Json, type JsonObject } from "../scim/json.ts";
import { REDACTED } from "../scim/secret-attributes.ts";

const SHOWN_FOR_SECRET = JSON.stringify(REDACTED);

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

/** A key of an object as it is printed, with its colon, the names that it leads through and the one that it ends in. */
interface Key {
  text: string;
  names: readonly string[];
  last: string;
  /** Of a dotted one what it ends in, and the attribute before that. */
  inner: { attribute: string; part: string } | null;
}

/** Nearly all keys are the few of SCIM's schemas, again and again. */
const keys = new Map<string, Key>();
const MOST_KEYS = 1_000;
const LONGEST_KEY = 100;

function keyOf(name: string): Key {
  const known = keys.get(name);
  if (known !== undefined) return known;
  const made = readKey(name);
  if (name.length > LONGEST_KEY) return made;
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(name, made);
  return made;
}

function readKey(name: string): Key {
  const text = `${JSON.stringify(name)}:`;
  const last = lastName(name);
  if (ALONE.test(name)) return { text, names: [last], last, inner: null };
  const [attribute = "", part = ""] = name.toLowerCase().split(/[:.]/).slice(-2);
  return { text, names: namesIn(name), last, inner: { attribute, part } };
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
  return clipper.text;
}

class Clipper {
  text = "";
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
    const paths: string[] = [];
    for (const name of names) if ((keys.get(name)?.last ?? lastName(name)) === "path") paths.push(String(object[name]));
    const hidesValue = paths.some((path) => this.#isHidden(readKey(path)));
    this.#emit("{");
    for (let index = 0; index < names.length && this.#left > 0; index += 1) {
      const name = names[index] ?? "";
      const key = keyOf(name);
      const { text, last } = key;
      this.#emit(index > 0 ? `,${text}` : text);
      const isHidden =
        this.#isHidden(key) ||
        omitted.has(last) ||
        (last === "value" && hidesValue) ||
        (last === "filter" && this.#mentions(String(object[name]).toLowerCase()));
      const attributes = last === "value" ? paths.map(lastName) : last;
      if (isHidden) this.#emit(SHOWN_FOR_SECRET);
      else this.write(object[name] ?? null, this.#join(omitted, attributes));
    }
    this.#emit("}");
  }

  /** Whether the value under a key or a path is left out wherever it stands. */
  #isHidden({ names, inner }: Key): boolean {
    for (const name of names) if (this.#secrets.has(name)) return true;
    return inner !== null && this.#within.get(inner.attribute)?.has(inner.part) === true;
  }

  #join(omitted: ReadonlySet<string>, attributes: readonly string[] | string): ReadonlySet<string> {
    if (typeof attributes !== "string") return attributes.reduce((all, name) => this.#join(all, name), omitted);
    const added = this.#within.get(attributes) ?? NONE;
    return added.size === 0 ? omitted : new Set([...omitted, ...added]);
  }

  #mentions(text: string): boolean {
    return [...this.#secrets].some((secret) => text.includes(secret));
  }

  #emit(text: string): void {
    if (this.#left <= 0) return;
    this.text += clipText(text, this.#left + 1);
    this.#left -= text.length;
  }
}
