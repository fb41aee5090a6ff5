import { originOf, pathOf } from "../platform/request-url.ts";
import { SCIM_PATH } from "../settings/tenant-url.ts";

/** Whether a request is for this door. */
export function isScimRequest(url: string): boolean {
  const path = pathOf(url);
  return path === SCIM_PATH || path.startsWith(`${SCIM_PATH}/`);
}

/** The endpoints of RFC 7644 section 3.2 by their paths in lower case. */
const ENDPOINTS = new Map(
  ["/Users", "/Groups", "/Bulk", "/.search", "/Me", "/ServiceProviderConfig", "/ResourceTypes", "/Schemas"].map(
    (path) => [path.toLowerCase(), path],
  ),
);

/**
 * The path within the door, its endpoints as RFC 7644 section 3.2 writes them: clients and the hands of admins write them
 * in other case (test/scim-api/endpoint-names.worker.test.ts).
 */
export function pathWithin(url: string): string {
  const path = pathOf(url);
  const within = path.startsWith(SCIM_PATH) ? path.slice(SCIM_PATH.length) : path;
  if (within === "") return "/";
  return within.replace(/^\/[^/]+|\/\.search$/gi, (part) => ENDPOINTS.get(part.toLowerCase()) ?? part);
}

/** The base URL that `$ref`, `meta.location` and `Location` are built on: that of the request itself. */
export function baseUrl(url: string): string {
  return originOf(url) + SCIM_PATH;
}
