import { isJsonObject, type Json, type JsonObject } from "../scim/json.ts";

const NONE: ReadonlySet<string> = new Set();
const REDACTED = '"[redacted]"';

/** The attribute a key or path ends in, lower case: `URN:User:Password` and `password[x]` both give `password`. */
function lastName(key: string): string {
  return key.split("[")[0]?.split(/[:.]/).at(-1)?.trim().toLowerCase() ?? "";
}

/**
 * A JSON text of `value` of about `limit` characters at most, with the value of every attribute of `secrets` (lower
 * case) redacted wherever it stands: as a key, behind a URN, as the path of a PATCH operation, in a filter. Its cost is
 * bounded by `limit`, not by the value's size; a cut text ends in an ellipsis. The values of the keys `omitted` (lower
 * case) are left out as well.
 */
export function clipJson(
  value: Json,
  secrets: ReadonlySet<string>,
  limit: number,
  omitted: ReadonlySet<string> = NONE,
): string {
  const clipper = new Clipper(secrets, limit, omitted);
  clipper.write(value);
  return clipper.parts.join("");
}

class Clipper {
  readonly parts: string[] = [];
  readonly #secrets: ReadonlySet<string>;
  readonly #omitted: ReadonlySet<string>;
  #left: number;

  constructor(secrets: ReadonlySet<string>, limit: number, omitted: ReadonlySet<string>) {
    this.#secrets = secrets;
    this.#omitted = omitted;
    this.#left = limit;
  }

  write(value: Json): void {
    if (this.#left <= 0) return;
    if (typeof value === "string") this.#emit(JSON.stringify(value.slice(0, this.#left)));
    else if (Array.isArray(value)) this.#writeArray(value);
    else if (isJsonObject(value)) this.#writeObject(value);
    else this.#emit(JSON.stringify(value));
  }

  #writeArray(items: Json[]): void {
    this.#emit("[");
    for (let index = 0; index < items.length && this.#left > 0; index += 1) {
      if (index > 0) this.#emit(",");
      this.write(items[index] ?? null);
    }
    this.#emit("]");
  }

  #writeObject(object: JsonObject): void {
    const names = Object.keys(object);
    const namesSecret = names.some(
      (name) => lastName(name) === "path" && this.#mentions(lastName(String(object[name]))),
    );
    this.#emit("{");
    for (let index = 0; index < names.length && this.#left > 0; index += 1) {
      const name = names[index] ?? "";
      const last = lastName(name);
      this.#emit(`${index > 0 ? "," : ""}${JSON.stringify(name)}:`);
      const isHidden =
        this.#secrets.has(last) ||
        this.#omitted.has(last) ||
        (last === "value" && namesSecret) ||
        (last === "filter" && this.#mentions(String(object[name]).toLowerCase()));
      if (isHidden) this.#emit(REDACTED);
      else this.write(object[name] ?? null);
    }
    this.#emit("}");
  }

  #mentions(text: string): boolean {
    return [...this.#secrets].some((secret) => text.includes(secret));
  }

  #emit(text: string): void {
    if (this.#left <= 0) return;
    this.parts.push(text.length > this.#left ? `${text.slice(0, this.#left)}…` : text);
    this.#left -= text.length;
  }
}
