import { describe, expect, it } from "vitest";
import { parseBulk } from "../../../src/scim/bulk/bulk-request.ts";
import type { Json } from "../../../src/scim/json.ts";

const one = (operation: Json) => {
  const [read] = parseBulk({ Operations: [operation] }).operations;
  if (read === undefined) throw new Error("no operation");
  return read;
};

describe("parseBulk", () => {
  it.each([
    ["/Users/1", "User", "1"],
    ["Users/1", "User", "1"],
    ["/users/1/", "User", "1"],
    ["/Groups/a%20b", "Group", "a b"],
    ["https://x.test/scim/v2/Groups/7?attributes=id", "Group", "7"],
    ["/Users/bulkId:q", "User", "bulkId:q"],
  ])("reads the path %s", (path, type, id) => {
    expect(one({ method: "delete", path })).toMatchObject({ method: "DELETE", type, id, data: {} });
    expect(one({ method: "delete", path }).refusal).toBeUndefined();
  });

  it.each<[Json, string]>([
    [5, "must be an object"],
    [{ path: "/Users", bulkId: "a", data: {} }, "method must be"],
    [{ method: "GET", path: "/Users/1" }, "method must be"],
    [{ method: "POST", path: "/Users", data: {} }, "needs a bulkId"],
    [{ method: "POST", path: "/Users/1", bulkId: "a", data: {} }, "has no id"],
    [{ method: "PUT", path: "/Users", data: {} }, "needs an id"],
    [{ method: "PATCH", path: "/Users/1" }, "needs data"],
    [{ method: "PUT", path: "/Users/1", data: "x" }, "needs data"],
    [{ method: "DELETE", path: "/Me" }, "path must be"],
    [{ method: "DELETE", path: "/Users/1/2" }, "path must be"],
    [{ method: "DELETE" }, "path must be"],
  ])("keeps the fault of %j with that operation", (operation, detail) => {
    expect(one(operation).refusal).toMatchObject({ status: 400, detail: expect.stringContaining(detail) });
  });

  it("refuses the second use of a bulkId", () => {
    const post = { method: "POST", path: "/Users", bulkId: "a", data: {} };
    const { operations } = parseBulk({ Operations: [post, post] });
    expect(operations.map((operation) => operation.refusal?.scimType)).toEqual([undefined, "invalidValue"]);
  });

  it.each([
    [{}, 400],
    [{ Operations: [] }, 400],
    [{ Operations: {} }, 400],
    [{ Operations: Array.from({ length: 1001 }, () => 1) }, 413],
    [{ Operations: [1], failOnErrors: "x" }, 400],
    [{ Operations: [1], failOnErrors: -1 }, 400],
  ])("refuses a bad whole (%#)", (body, status) => {
    expect(() => parseBulk(body as { Operations: Json })).toThrow(expect.objectContaining({ status }));
  });

  it("takes failOnErrors 0 as no limit", () => {
    expect(parseBulk({ operations: [1], failOnErrors: 0 }).failOnErrors).toBeUndefined();
    expect(parseBulk({ Operations: [1], FailOnErrors: 3 }).failOnErrors).toBe(3);
  });
});
