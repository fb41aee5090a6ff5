import { describe, expect, it } from "vitest";
import { readBodyStart } from "../../src/platform/read-body-start.ts";

/** A body of some chunks, which says whether it was left before its end. */
function bodyOf(...chunks: (string | Uint8Array)[]) {
  const left = { isLeft: false };
  const queue = chunks.map((chunk) => (typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk));
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = queue.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    cancel() {
      left.isLeft = true;
    },
  });
  return { body, left };
}

describe("the start of a body", () => {
  it("is the whole of one that is not longer", async () => {
    expect(await readBodyStart(null, 4)).toEqual({ text: "", isWhole: true });
    for (const chunks of [[], ["ab"], ["ab", "cd"], ["a", "", "bcd"]]) {
      const { body, left } = bodyOf(...chunks);
      expect(await readBodyStart(body, 4)).toEqual({ text: chunks.join(""), isWhole: true });
      expect(left.isLeft).toBe(false);
    }
  });

  it("ends at the limit, and nothing more is read", async () => {
    for (const chunks of [["abcde"], ["ab", "cde", "f"], ["abcd", "e"]]) {
      const { body, left } = bodyOf(...chunks);
      expect(await readBodyStart(body, 4)).toEqual({ text: "abcd", isWhole: false });
      expect(left.isLeft).toBe(true);
    }
  });

  it("keeps characters whole across chunks", async () => {
    const bytes = new TextEncoder().encode("é€");
    const { body } = bodyOf(...[...bytes].map((byte) => Uint8Array.of(byte)));
    expect(await readBodyStart(body, 100)).toEqual({ text: "é€", isWhole: true });
  });
});
