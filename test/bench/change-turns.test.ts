import { describe, expect, it } from "vitest";
import { ChangeTurns } from "./change-turns.ts";

describe("whose turn it is to be changed", () => {
  it("is everybody's as often as everybody else's, and nobody's in the order of their numbers", () => {
    const turns = new ChangeTurns(5);
    const taken = Array.from({ length: 10 }, () => turns.next(0));
    expect(taken.map(({ round }) => round)).toEqual([...Array(5).fill(0), ...Array(5).fill(1)]);
    expect(new Set(taken.slice(5).map(({ item }) => item)).size).toBe(5);
    expect(taken.slice(0, 5).map(({ item }) => item)).not.toEqual([0, 1, 2, 3, 4]);
  });

  it("is not theirs whom a connection is still changing, however long it takes", () => {
    const turns = new ChangeTurns(4);
    const slow = turns.next(0);
    const others = Array.from({ length: 9 }, () => turns.next(1));
    expect(others.map(({ item }) => item)).not.toContain(slow.item);
    const after = Array.from({ length: 4 }, () => turns.next(0));
    expect(after).toContainEqual({ item: slow.item, round: 1 });
  });

  it("is nobody's where others are changing all of them", () => {
    const turns = new ChangeTurns(1);
    turns.next(0);
    turns.next(0);
    expect(() => turns.next(1)).toThrow("1 connections leave nothing to change");
  });
});
