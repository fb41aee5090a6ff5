import { describe, expect, it } from "vitest";
import { judgeRefusals } from "../../../src/console/setting/setting-health.ts";

const failing = (count: number, status: "open" | "dismissed" | "closed" = "open") => ({
  kind: "failing" as const,
  status,
  count,
});

describe("what refused writes make of their setting", () => {
  const users = { active: 1_000, inactive: 200 };

  it("is amber where they are few against its people, in all alerts together, and red beyond that", () => {
    expect(judgeRefusals({ users }, [failing(3)])).toEqual({ tone: "warn", word: "Some refused", status: "open" });
    expect(judgeRefusals({ users }, [failing(30), failing(30)])?.tone).toBe("warn");
    expect(judgeRefusals({ users }, [failing(30), failing(31)])).toEqual({
      tone: "bad",
      word: "Failing",
      status: "open",
    });
  });

  it("is red where nobody has arrived, and nothing where no alert tells of any", () => {
    expect(judgeRefusals({ users: { active: 0, inactive: 0 } }, [failing(3)])?.tone).toBe("bad");
    expect(judgeRefusals({ users }, [failing(900, "closed")])).toBeNull();
    expect(judgeRefusals({ users }, [{ kind: "silent", status: "open", count: 1 }])).toBeNull();
  });

  it("is what is still open: many that were put aside are amber, and few are not told again", () => {
    expect(judgeRefusals({ users }, [failing(3, "dismissed")])).toBeNull();
    expect(judgeRefusals({ users }, [failing(90, "dismissed")])).toMatchObject({ tone: "warn", status: "dismissed" });
    expect(judgeRefusals({ users }, [failing(90, "dismissed"), failing(1)])).toMatchObject({
      tone: "warn",
      status: "open",
    });
  });
});
