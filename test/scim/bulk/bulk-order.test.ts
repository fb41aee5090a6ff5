import { describe, expect, it } from "vitest";
import { planBulk, substituteBulkIds } from "../../../src/scim/bulk/bulk-order.ts";
import { type BulkOperation, parseBulk } from "../../../src/scim/bulk/bulk-request.ts";
import type { Json } from "../../../src/scim/json.ts";

/** A POST of a group that names other operations. */
const group = (bulkId: string, ...needs: string[]): Json => ({
  method: "POST",
  path: "/Groups",
  bulkId,
  data: { displayName: bulkId, members: needs.map((need) => ({ value: `bulkId:${need}` })) },
});
const plan = (...Operations: Json[]) => planBulk(parseBulk({ Operations }).operations);

describe("planBulk", () => {
  it("keeps the order of the request where nothing is named", () => {
    expect(plan(group("a"), group("b"), group("c")).order).toEqual([0, 1, 2]);
  });

  it("runs what is named first, forward references included, each once", () => {
    expect(plan(group("a", "c", "b"), group("b", "c"), group("c")).order).toEqual([2, 1, 0]);
  });

  it("finds references in paths, PATCH values and value filters", () => {
    const patch = (path: string, data: Json): Json => ({ method: "PATCH", path, data });
    const members = { Operations: [{ op: "remove", path: 'members[value eq "bulkId:b"]' }] };
    expect(
      plan(patch("/Groups/bulkId:a", { x: 1 }), patch("/Groups/1", members), group("a"), group("b")).order,
    ).toEqual([2, 0, 3, 1]);
  });

  it("refuses a cycle with 409, each in its place, and keeps the operations around it", () => {
    const { order, refusals } = plan(
      group("x"),
      group("a", "b"),
      group("b", "a"),
      group("c", "c"),
      group("d", "a"),
      group("e", "x"),
    );
    expect(order).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...refusals].map(([index, error]) => [index, error.status])).toEqual([
      [1, 409],
      [2, 409],
      [3, 409],
    ]);
  });

  it("refuses a reference to no operation with 400, and to one that was refused only when it runs", () => {
    const { order, refusals } = plan(group("a", "nobody"), group("b", "a"));
    expect([...refusals.values()].map((error) => error.scimType)).toEqual(["invalidValue"]);
    expect(order).toEqual([0, 1]);
  });
});

describe("a bulkId that two operations have", () => {
  it("is refused with 400 wherever it is named, by every method", () => {
    const data = { Operations: [{ op: "add", path: "members", value: ["bulkId:u"] }] };
    const { refusals } = plan(
      group("u"),
      group("u"),
      group("g", "u"),
      { method: "PATCH", path: "/Groups/1", data },
      { method: "PUT", path: "/Groups/2", data: { displayName: "G", members: [{ value: "bulkId:u" }] } },
      { method: "DELETE", path: "/Groups/bulkId:u" },
      group("x"),
    );
    expect([...refusals].map(([index, { status, detail }]) => [index, status, detail])).toEqual([
      [1, 400, 'Operations[1]: bulkId "u" is used twice.'],
      ...[2, 3, 4, 5].map((index) => [
        index,
        400,
        `Operations[${index}]: more than one POST of this request has the bulkId "u".`,
      ]),
    ]);
  });
});

describe("substituteBulkIds", () => {
  const operation: BulkOperation = {
    index: 0,
    method: "PATCH",
    path: "/Groups/bulkId:g",
    type: "Group",
    id: "bulkId:g",
    data: {
      Operations: [{ op: "add", path: 'members[value eq "bulkId:u"]', value: ["bulkId:u", "bulkIdent", 5, null] }],
    },
  };

  it("puts ids into the path and the data, and leaves the rest", () => {
    expect(
      substituteBulkIds(
        operation,
        new Map([
          ["g", "1"],
          ["u", "2"],
        ]),
      ),
    ).toMatchObject({
      id: "1",
      data: { Operations: [{ op: "add", path: 'members[value eq "2"]', value: ["2", "bulkIdent", 5, null] }] },
    });
  });

  it("answers 409 when the named operation failed", () => {
    expect(() => substituteBulkIds(operation, new Map([["g", "1"]]))).toThrow(expect.objectContaining({ status: 409 }));
  });
});
