import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, it } from "vitest";
import { columnsExcept, columnsOf } from "../../src/platform/columns.ts";

const people = sqliteTable("people", {
  key: integer("person_key").primaryKey(),
  name: text("full_name").notNull(),
  active: integer("is_active", { mode: "boolean" }).notNull(),
  more: text("more", { mode: "json" }).$type<{ age: number }>(),
});

describe("columns for a hand-written statement", () => {
  it("are selected under the names of their fields, in the order asked for", () => {
    const { list } = columnsOf(people, "p", ["name", "key"]);
    expect(list).toEqual({ sql: "p.full_name AS name, p.person_key AS key", params: [] });
  });

  it("are all but those left out", () => {
    const { list } = columnsExcept(people, "p", ["key", "more"]);
    expect(list.sql).toBe("p.full_name AS name, p.is_active AS active");
  });

  it("are read as what the table says they hold, without what else the row has", () => {
    const { read } = columnsExcept(people, "p", []);
    const row = { key: 1, name: "Ada", active: 0, more: '{"age":36}', groups: 3 };
    expect(read(row)).toEqual({ key: 1, name: "Ada", active: false, more: { age: 36 } });
    expect(read({ ...row, active: 1, more: null })).toEqual({ key: 1, name: "Ada", active: true, more: null });
  });
});
