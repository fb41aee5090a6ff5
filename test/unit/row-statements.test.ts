import { expect, it } from "vitest";
import { deleteRows, insertRows, updateRows } from "../../src/unit/row-statements.ts";

it("texts that are kept by their columns tell tables, numbers of rows and conflicts apart", () => {
  const columns = ["a", "b"];
  const texts = () => [
    ...insertRows("one", columns, [[1, 2]]),
    ...insertRows("two", columns, [[1, 2]]),
    ...insertRows("one", columns, [
      [1, 2],
      [3, 4],
    ]),
    ...insertRows("one", columns, [[1, 2]], ["a"]),
    ...insertRows("one", columns, [[1, 2]], ["b"]),
  ];
  const expected = [
    { sql: "INSERT INTO one (a, b) VALUES (?, ?)", params: [1, 2] },
    { sql: "INSERT INTO two (a, b) VALUES (?, ?)", params: [1, 2] },
    { sql: "INSERT INTO one (a, b) VALUES (?, ?), (?, ?)", params: [1, 2, 3, 4] },
    { sql: "INSERT INTO one (a, b) VALUES (?, ?) ON CONFLICT (a) DO NOTHING", params: [1, 2] },
    { sql: "INSERT INTO one (a, b) VALUES (?, ?) ON CONFLICT (b) DO NOTHING", params: [1, 2] },
  ];
  expect(texts()).toEqual(expected);
  expect(texts()).toEqual(expected);
});

it("no rows make no statements", () => {
  expect([...insertRows("t", ["a"], []), ...updateRows("t", "a", ["b"], []), ...deleteRows("t", ["a"], [])]).toEqual(
    [],
  );
});
