import { describe, expect, it } from "vitest";
import { isConstraint, isTransientFault } from "../../src/platform/transient-fault.ts";
import { PASSING } from "./passing-messages.ts";

const LASTING = [
  "D1_ERROR: UNIQUE constraint failed: users.user_key: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_PRIMARYKEY)",
  "D1_ERROR: CHECK constraint failed: fence: SQLITE_CONSTRAINT",
  "D1_ERROR: UNIQUE constraint failed: timeouts.reset: SQLITE_CONSTRAINT",
  "D1_ERROR: no such table: companies: SQLITE_ERROR",
  'D1_ERROR: near "INSERTZ": syntax error at offset 0: SQLITE_ERROR',
  "D1_ERROR: datatype mismatch: SQLITE_MISMATCH",
  "D1_ERROR: string or blob too big: SQLITE_TOOBIG",
  "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'",
];

describe("a fault of the platform", () => {
  it.each(PASSING)("passes: %s", (message) => {
    expect(isTransientFault(new Error(message))).toBe(true);
    // As the query builder wraps it, with its parameters, and as a Durable Object hands it on.
    expect(isTransientFault(new Error("Failed query: select 1", { cause: new Error(message) }))).toBe(true);
  });

  it.each(LASTING)("does not pass: %s", (message) => {
    expect(isTransientFault(new Error(message))).toBe(false);
    expect(isTransientFault(new Error("Failed query: timeout", { cause: new Error(message) }))).toBe(false);
  });

  it("passes when the runtime marks it so", () => {
    for (const mark of ["overloaded", "retryable", "durableObjectReset"])
      expect(isTransientFault(Object.assign(new Error("no words"), { [mark]: true }))).toBe(true);
    for (const thrown of ["D1_ERROR: Network connection lost.", null, new Error("no words")])
      expect(isTransientFault(thrown)).toBe(false);
  });

  it("is no violated constraint, which alone proves that a batch was rolled back", () => {
    expect(LASTING.filter((message) => isConstraint(new Error(message)))).toEqual(LASTING.slice(0, 3));
    expect(PASSING.filter((message) => isConstraint(new Error(message)))).toEqual([]);
  });
});
