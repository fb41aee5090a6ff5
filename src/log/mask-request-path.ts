import { pathSent, queryOf } from "../platform/request-url.ts";
import { isId } from "../platform/uuid.ts";
import { REDACTED, SECRET_NAMES } from "../scim/secret-attributes.ts";
import { isKnownUrn, MASK, maskWords } from "./protocol-words.ts";

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** The method of a request, where it is one that anybody knows. */
export function keepMethod(method: string): string {
  return METHODS.has(method) ? method : "OTHER";
}

/** The words of this door's routes, in lower case. */
const WORDS = new Set(
  "scim v2 users groups .search bulk me serviceproviderconfig resourcetypes schemas user group oauth token".split(" "),
);
const MOST_PARTS = 20;

/** A path as sent, as far as it is made of words of our routes and of ids; anything else could name somebody. */
export function keepPathname(path: string): string {
  const [bare = ""] = path.split("?", 1);
  return bare
    .split("/", MOST_PARTS)
    .map((part) => (part === "" || WORDS.has(part.toLowerCase()) || isId(part) || isKnownUrn(part) ? part : "[name]"))
    .join("/");
}

/** How the value of each known parameter may look; of the others nothing is kept, not even the name. */
const PARAMETERS: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ["count", isNumber],
  ["startindex", isNumber],
  ["sortorder", (value) => /^(ascending|descending)$/i.test(value)],
  ["sortby", isOfKnownWords],
  ["attributes", isOfKnownWords],
  ["excludedattributes", isOfKnownWords],
  ["cursor", (value) => value === ""],
  // Entra's switch, which has no value.
  ["aadoptscim062020", (value) => value === ""],
]);

function isNumber(value: string): boolean {
  return /^[+-]?\d{1,9}$/.test(value);
}

function isOfKnownWords(value: string): boolean {
  return maskWords(value) === value;
}

/**
 * The path and query of a request, as far as they may be kept; `filter` is the one filter that asks for what the row is found
 * by, null where there is none. A query that names a secret, or people whom the row could not be found by, is left out.
 */
export function keepPath(url: string, filter: string | null): string {
  const path = keepPathname(pathSent(url));
  const query = queryOf(url).slice(1);
  if (query === "") return path;
  let isFiltered = false;
  const kept: string[] = [];
  for (const pair of query.split("&")) {
    const [[name, value] = ["", ""]] = new URLSearchParams(pair);
    const key = name.toLowerCase();
    if (namesSecret(value) || namesSecret(name)) return `${path}?${REDACTED}`;
    if (key === "filter") {
      if (isFiltered || value !== filter) return `${path}?${REDACTED}`;
      isFiltered = true;
      kept.push(pair);
    } else if (PARAMETERS.get(key)?.(value) === true) kept.push(pair);
    else kept.push(PARAMETERS.has(key) ? `${name}=${MASK}` : MASK);
  }
  return `${path}?${kept.slice(0, MOST_PARTS).join("&")}`;
}

/** A kept path and query without what its filters compare with. */
export function maskFilters(path: string): string {
  const [bare = "", query] = path.split("?", 2);
  if (query === undefined) return path;
  const kept = query.split("&").map((pair) => {
    const [[name, value] = ["", ""]] = new URLSearchParams(pair);
    return name.toLowerCase() === "filter" ? new URLSearchParams([[name, maskFilter(value)]]).toString() : pair;
  });
  return `${bare}?${kept.join("&")}`;
}

function maskFilter(filter: string): string {
  return maskWords(filter.replace(/"(?:[^"\\]|\\.)*"?/g, `"${MASK}"`));
}

/** Whether a text names an attribute whose values are not logged. */
export function namesSecret(text: string): boolean {
  const folded = text.toLowerCase();
  return [...SECRET_NAMES].some((secret) => folded.includes(secret));
}
