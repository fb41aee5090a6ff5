import { originOf, pathOf } from "../platform/request-url.ts";

/** Where app.ts mounts this door; the tenant URL of every setting is the origin and this. */
export const BASE_PATH = "/scim/v2";

/** Whether a request is for this door. */
export function isScimRequest(url: string): boolean {
  const path = pathOf(url);
  return path === BASE_PATH || path.startsWith(`${BASE_PATH}/`);
}

/** The path within the door. */
export function pathWithin(url: string): string {
  const path = pathOf(url);
  const within = path.startsWith(BASE_PATH) ? path.slice(BASE_PATH.length) : path;
  return within === "" ? "/" : within;
}

/** The base URL that `$ref`, `meta.location` and `Location` are built on: that of the request itself. */
export function baseUrl(url: string): string {
  return originOf(url) + BASE_PATH;
}
