// The URL of a request is absolute and in normal form: its parts are cut out of the text, since parsing it costs as much as
// finding the route.

/** The path of a request as it was sent. */
export function pathSent(url: string): string {
  const path = url.slice(startOfPath(url));
  const end = path.search(/[?#]/);
  return end === -1 ? path : path.slice(0, end);
}

/**
 * The path without doubled and trailing slashes: a tenant URL pasted with one too many must not be redirected, since IdPs
 * drop the body or the token on the way.
 */
export function pathOf(url: string): string {
  return pathSent(url)
    .replace(/\/{2,}/g, "/")
    .replace(/(.)\/$/, "$1");
}

/** The query of a request with its question mark, or nothing. */
export function queryOf(url: string): string {
  const [sent = ""] = url.split("#", 1);
  const start = sent.indexOf("?");
  return start === -1 ? "" : sent.slice(start);
}

/** The origin of a request: scheme, host and port. */
export function originOf(url: string): string {
  return url.slice(0, startOfPath(url));
}

/** The host of a request, as the URL parser writes it, without its port. */
export function hostOf(url: string): string {
  const origin = originOf(url);
  return origin.slice(origin.indexOf("//") + 2).replace(/:\d+$/, "");
}

function startOfPath(url: string): number {
  return url.indexOf("/", "https://".length);
}
