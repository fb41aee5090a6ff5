/** A word of a route, an id, or a number: what a path may show of itself. Anything else could be a person's name. */
const HARMLESS = /^([A-Za-z.-]{1,40}|v\d|[0-9a-f-]{24,36}(-\d+)?|\d+)$/;

/**
 * One request as a line for the Worker's log: its id, method, path, status and time (ms). Neither query nor body nor any
 * header is in it, and parts of the path that may name a person are masked.
 */
export function requestLine(request: Request, response: Response, duration: number): string {
  const path = new URL(request.url).pathname
    .split("/")
    .map((part) => (part === "" || HARMLESS.test(part) ? part : "*"))
    .join("/");
  const requestId = response.headers.get("X-Request-Id");
  const { status } = response;
  const level = status >= 500 ? "error" : "info";
  return JSON.stringify({ level, message: "request", requestId, method: request.method, path, status, duration });
}
