import { expect, it } from "vitest";
import { requestLine } from "../../src/platform/request-log-line.ts";
import { showDevLine } from "./dev-line.ts";

const show = (line: string) => showDevLine(line, "12:00:00");

it("shows a request once, as a short line", () => {
  const request = new Request("http://localhost:8787/scim/v2/Users?count=1", { method: "POST" });
  const line = requestLine(request, new Response(null, { status: 201 }), 7);
  expect(show(line)).toBe("12:00:00  201  POST   /scim/v2/Users  7 ms");
  expect(show("[wrangler:info] POST /scim/v2/Users 201 Created (9ms)")).toBeNull();
  expect(show("\u001b[32m[wrangler:info]\u001b[0m GET /console 303 See Other (9ms)")).toBeNull();
});

it("shows everything else as it is: what wrangler says, faults, lines that only look like JSON", () => {
  for (const line of [
    "[wrangler:info] Ready on http://localhost:8787",
    '{"level":"error","room":"console","error":"x"}',
    "{not json",
    "",
  ])
    expect(show(line)).toBe(line);
});
