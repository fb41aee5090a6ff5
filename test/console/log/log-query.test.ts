import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLogQuery } from "../../../src/console/log/log-query.ts";
import { draw } from "../../generated-cases.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const between = (from: string, to: string) => readLogQuery({ within: "range", from, to }, NOW);

describe("the times of the log's filter", () => {
  it("are read as UTC, the last minute being within", () => {
    expect(between("2026-11-01T10:00", "2026-11-02T11:30").query).toMatchObject({
      since: Date.UTC(2026, 10, 1, 10),
      until: Date.UTC(2026, 10, 2, 11, 31),
    });
    expect(between("2026-11-01 10:00:30", "").query).toMatchObject({ since: Date.UTC(2026, 10, 1, 10), until: null });
    expect(between("", "2026-11-01T10:00").query).toMatchObject({ since: null, until: Date.UTC(2026, 10, 1, 10, 1) });
    expect(between("2026-11-01T10:00", "2026-11-01T10:00").errors).toEqual({});
  });

  it("are told wrong by field, with what was typed kept", () => {
    for (const wrong of ["yesterday", "2026-13-01T00:00", "2026-02-30T10:00", "2026-11-01", "2026-11-01T25:00"]) {
      expect(between(wrong, ""), wrong).toMatchObject({ query: null, given: { from: wrong } });
      expect(between(wrong, "").errors.from).toContain("Give a day and a time");
      expect(between("", wrong).errors.to, wrong).toContain("Give a day and a time");
    }
    expect(between("2026-11-02T10:00", "2026-11-01T10:00").errors).toEqual({
      to: "This is before the other time.",
    });
    expect(between("", "").errors).toEqual({ from: "Give at least one of the two times." });
  });

  it("count only when asked for, and a stretch ends now", () => {
    expect(readLogQuery({ from: "nonsense" }, NOW)).toMatchObject({ errors: {}, query: { since: null, until: null } });
    expect(readLogQuery({ within: "24h", from: "x" }, NOW).query).toMatchObject({
      since: NOW - 86_400_000,
      until: null,
    });
  });

  it("are the field's own form of any minute", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 66_000_000 }), (minute) => {
        const time = minute * 60_000;
        expect(between(new Date(time).toISOString().slice(0, 16), "").query?.since).toBe(time);
      }),
      draw(500),
    );
  });
});
