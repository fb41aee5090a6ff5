import { describe, expect, it } from "vitest";
import { hostOf, originOf, pathOf, pathSent, queryOf } from "../../src/platform/request-url.ts";

describe("the parts of a request's URL", () => {
  it("are those that a parser finds", () => {
    for (const text of [
      "https://x.test/",
      "http://localhost:8787/scim/v2/Users?filter=userName+eq+%22a%3Fb%22",
      "https://x.test/a/b?c?d#e?f",
      "https://x.test/a#e?f",
      "https://x.test/a%20b/?",
      "http://[::1]:8787/a",
      "http://[::1]/a:1",
    ]) {
      const { origin, hostname, pathname, search } = new URL(text);
      expect(originOf(text), text).toBe(origin);
      expect(hostOf(text), text).toBe(hostname);
      expect(pathSent(text), text).toBe(pathname);
      expect(queryOf(text).replace(/^\?$/, ""), text).toBe(search);
    }
  });

  it("come without the slashes that a tenant URL has too many", () => {
    expect(pathOf("https://x.test//scim//v2/Users/?a=//")).toBe("/scim/v2/Users");
    expect(pathOf("https://x.test//")).toBe("/");
  });
});
