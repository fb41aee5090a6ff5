/** Where app.ts mounts this door; the tenant URL of every setting is the origin and this. */
export const BASE_PATH = "/scim/v2";

/**
 * The path within the door: double and trailing slashes of mistyped tenant URLs are taken out here, so that no request
 * is redirected (clients drop the body or the token on a redirect; JumpCloud and Postman collections send such URLs).
 */
export function pathWithin(url: string): string {
  const path = new URL(url).pathname.replace(/\/{2,}/g, "/").replace(/\/$/, "");
  const within = path.startsWith(BASE_PATH) ? path.slice(BASE_PATH.length) : path;
  return within === "" ? "/" : within;
}

/** The base URL that `$ref`, `meta.location` and `Location` are built on: that of the request itself. */
export function baseUrl(url: string): string {
  // A request's URL is absolute and normal form: its origin ends at the first slash after "https://".
  return url.slice(0, url.indexOf("/", "https://".length)) + BASE_PATH;
}
