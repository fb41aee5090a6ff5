import { describe, expect, it } from "vitest";
import { NotLoaded, Rows } from "../../src/unit/loaded-and-changed-rows.ts";
import { Journal } from "../../src/unit/undo-journal.ts";

describe("the changes of rows", () => {
  it("are told anew after each that is set, taken back or read", () => {
    const journal = new Journal();
    const rows = new Rows<string, number>("rows", journal);
    expect(rows.differences()).toEqual([]);
    rows.set("a", 1);
    expect(rows.differences()).toEqual([{ key: "a", before: undefined, after: 1 }]);
    const place = journal.savepoint();
    rows.set("b", 2);
    rows.set("a", 3);
    expect(rows.differences().map(({ key, after }) => [key, after])).toEqual([
      ["a", 3],
      ["b", 2],
    ]);
    journal.rollback(place);
    expect(rows.differences()).toEqual([{ key: "a", before: undefined, after: 1 }]);
    rows.load("a", 1);
    expect(rows.differences()).toEqual([]);
  });

  it("outdate the configuration where it has the rows and nothing carries their changes on", () => {
    const journal = new Journal();
    const all = new Map([["a", 1]]);
    const carriedOn = new Rows<string, number>("carriedOn", journal, { carriedOn: all });
    const configured = new Rows<string, number>("configured", journal, { configured: all });
    const loaded = new Rows<string, number>("loaded", journal);
    for (const rows of [carriedOn, loaded]) rows.set("b", 2);
    expect(journal.outdatesConfiguration).toBe(false);
    const place = journal.savepoint();
    configured.set("a", 1);
    expect(journal.outdatesConfiguration).toBe(false);
    configured.set("a", 2);
    expect(journal.outdatesConfiguration).toBe(true);
    journal.rollback(place);
    expect(journal.outdatesConfiguration).toBe(false);
  });

  it("leave what is kept of all as it was until there are some", () => {
    const all = new Map([["a", 1]]);
    const rows = new Rows<string, number>("rows", new Journal(), { carriedOn: all });
    expect(rows.entries()).toEqual(all);
    rows.set("a", undefined);
    rows.set("b", 2);
    expect(rows.entries()).toEqual(new Map([["b", 2]]));
    expect(all).toEqual(new Map([["a", 1]]));
  });
});

describe("rows that are read with others", () => {
  it("want with these, and are there or not when these are read", () => {
    const journal = new Journal();
    const people = new Rows<string, string>("people", journal);
    const reasons = new Rows<string, string[]>("reasons", journal, { absent: [], readWith: people });
    expect(journal.isWanting).toBe(false);
    expect(() => reasons.get("a")).toThrow(NotLoaded);
    expect([...people.wanted]).toEqual(["a"]);
    expect([journal.isWanting, journal.isWantingBesides([people])]).toEqual([true, false]);
    people.endLoad();
    expect([reasons.get("a"), people.get("a"), journal.isWanting]).toEqual([[], undefined, false]);
  });

  it("visits what was read or set once each, as it stands", () => {
    const rows = new Rows<string, number>("rows", new Journal());
    rows.load("a", 1);
    rows.load("b", 2);
    rows.set("b", 3);
    rows.set("c", 4);
    const seen: [string, number | undefined][] = [];
    rows.eachKnown((key, value) => seen.push([key, value]));
    expect(seen).toEqual([
      ["a", 1],
      ["b", 3],
      ["c", 4],
    ]);
  });
});
