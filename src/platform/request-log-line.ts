/** An id or a number: what a path may show of itself besides the words of its routes. The rest could be a person's name. */
const HARMLESS = /^([0-9a-f-]{24,36}(-\d+(-[0-9a-f]{12})?)?|\d+)$/;

/** The words of all doors' routes in lower case, since those of SCIM are taken in any; a test holds them against the route tables. */
const WORDS = new Set(
  `scim v2 Users Groups .search Bulk Me ServiceProviderConfig ResourceTypes Schemas oauth token oauth-authorization-server
  api v1 openapi.json companies quotas fields scim-settings pause resume go-live shadow preview preview.csv preview-deletion safeguards tokens clients secrets trusts log target-users export target-groups members
  auto-enrolments catalogue enrolments changes head snapshot reports problems progress webhooks deliveries resend rotate-secret console-links
  alerts dismiss alert-channels test planned-work confirm channels again dismiss-failing
  holds effects applied release keep undo erase
  console rename sign-in sign-out signed-out sessions end enter assets style.css script.js icon.svg settings new field check-path setup live dialect mapping grouping figures secret
  revoke delete people people.csv edit status groups groups.csv members.csv remove choose terms trainings trainings.csv item movement find log.csv healthz .well-known security.txt`
    .toLowerCase()
    .split(/\s+/),
);

/**
 * One request as a line for the Worker's log: its id, method, path, status and time (ms). Neither query nor body nor any
 * header is in it, and parts of the path that may name a person are masked.
 */
export function requestLine(request: Request, response: Response, duration: number): string {
  const path = new URL(request.url).pathname
    .split("/")
    .map((part) => (part === "" || WORDS.has(part.toLowerCase()) || HARMLESS.test(part) ? part : "*"))
    .join("/");
  const requestId = response.headers.get("X-Request-Id");
  const { status } = response;
  const level = status >= 500 ? "error" : "info";
  return JSON.stringify({ level, message: "request", requestId, method: request.method, path, status, duration });
}
