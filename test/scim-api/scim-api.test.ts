import { expect, it } from "vitest";
import { scimApi } from "../../src/scim-api/scim-api.ts";

it("the SCIM door's routes are such that Hono's fast router takes them all", () => {
  const { router } = scimApi();
  router.match("GET", "/Users/x");
  expect(router.name).toBe("SmartRouter + RegExpRouter");
});
