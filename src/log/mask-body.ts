import { isId } from "../platform/uuid.ts";
import { isJsonObject, type Json, type JsonObject } from "../scim/json.ts";
import { keepPathname } from "./mask-request-path.ts";
import { isHarmless, isKnownName, MASK, maskWords } from "./protocol-words.ts";

/** A frame has at most this many values: the log keeps the beginning of a body. */
const MOST_VALUES = 1_000;

/** Members whose numbers count something of the request. */
const COUNTS = new Set(["count", "startindex", "failonerrors", "totalresults", "itemsperpage", "status"]);

/** What of a frame's texts is kept as it was sent: those by which its row is found. */
interface Kept {
  label: string | null;
  /** The filter of a search that asks for the label. */
  filter: string | null;
}

/**
 * What a body is made of, without what it says: names, verbs, paths and types of the protocol, ids that are UUIDs, and the
 * texts of `kept`; everything else is masked. For bodies that would not be found by the people whom they name.
 */
export function frameOf(body: JsonObject | Json[], kept: Kept): Json {
  return new Framer(kept).frame(body, "");
}

class Framer {
  readonly #kept: Kept;
  #left = MOST_VALUES;

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  frame(value: Json, name: string): Json {
    this.#left -= 1;
    if (this.#left < 0) return MASK;
    if (typeof value === "string") return this.#text(value, name);
    if (typeof value === "number") return COUNTS.has(name) ? value : MASK;
    if (Array.isArray(value)) return this.#list(value, name);
    return isJsonObject(value) ? this.#object(value) : value;
  }

  #text(text: string, name: string): string {
    if (text === this.#kept.label || (name === "filter" && text === this.#kept.filter)) return text;
    if (isHarmless(text)) return text;
    if (name === "path") return text.includes("/") ? keepPathname(text) : maskWords(text);
    if (name === "status" && /^\d{3}$/.test(text)) return text;
    return ["sortby", "attributes", "excludedattributes"].includes(name) ? maskWords(text) : MASK;
  }

  #list(items: readonly Json[], name: string): Json[] {
    const framed: Json[] = [];
    for (const item of items) {
      if (this.#left <= 0) break;
      framed.push(this.frame(item, name));
    }
    return framed;
  }

  #object(object: JsonObject): JsonObject {
    const framed: JsonObject = {};
    for (const name of Object.keys(object)) {
      if (this.#left <= 0) break;
      const shown = isKnownName(name) || isId(name) ? name : MASK;
      framed[shown] = this.frame(object[name] ?? null, name.toLowerCase());
    }
    return framed;
  }
}
