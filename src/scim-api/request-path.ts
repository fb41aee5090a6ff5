import { originOf, pathOf } from "../platform/request-url.ts";
import { SCIM_PATH } from "../settings/tenant-url.ts";

/** Whether a request is for this door. */
export function isScimRequest(url: string): boolean {
  const path = pathOf(url);
  return path === SCIM_PATH || path.startsWith(`${SCIM_PATH}/`);
}

/** The path within the door. */
export function pathWithin(url: string): string {
  const path = pathOf(url);
  const within = path.startsWith(SCIM_PATH) ? path.slice(SCIM_PATH.length) : path;
  return within === "" ? "/" : within;
}

/** The base URL that `$ref`, `meta.location` and `Location` are built on: that of the request itself. */
export function baseUrl(url: string): string {
  return originOf(url) + SCIM_PATH;
}
