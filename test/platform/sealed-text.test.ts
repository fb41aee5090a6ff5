import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checksumOf, isSealed, readSealedText, sealText } from "../../src/platform/sealed-text.ts";
import { draw } from "../generated-cases.ts";

const A = { SESSION_SECRET: "the-first-secret-of-these-tests-0123" };
const B = { SESSION_SECRET: "the-second-secret-of-these-tests-012" };
const C = { SESSION_SECRET: "the-third-secret-of-these-tests-0123" };

async function holds(secrets: typeof A & { SESSION_SECRET_PREVIOUS?: string }, text: string): Promise<boolean> {
  const read = readSealedText(text);
  return read !== null && (await isSealed(secrets, "access token seals", read));
}

describe("a sealed text", () => {
  it("gives its body back, and its seal holds for its purpose and its secret only", async () => {
    const text = await sealText(A, "access token seals", "rca_body_of-it");
    const read = readSealedText(text);
    expect(read?.body).toBe("rca_body_of-it");
    expect(await holds(A, text)).toBe(true);
    expect(await holds(B, text)).toBe(false);
    expect(read !== null && (await isSealed(A, "token seals", read))).toBe(false);
  });

  it("is refused by its checksum alone when any one character of it is another", async () => {
    const text = await sealText(A, "access token seals", "rca_body");
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom(..."0123456789abcdefXYZ_-"), async (at, char) => {
        fc.pre(text[at] !== char);
        expect(readSealedText(text.slice(0, at) + char + text.slice(at + 1))).toBeNull();
      }),
      draw(300),
    );
    for (const cut of ["", "_", text.slice(1), text.slice(0, -1), `${text}0`]) expect(readSealedText(cut)).toBeNull();
  });

  it("with a forged seal and the right checksum is read, but its seal does not hold", async () => {
    const body = "rca_body";
    const forged = `${body}_${"0".repeat(40)}`;
    const read = readSealedText(forged + checksumOf(forged));
    expect(read).toEqual({ body, seal: "0".repeat(40) });
    expect(await holds(A, forged + checksumOf(forged))).toBe(false);
  });

  it("outlives one rotation of the secret and not a second", async () => {
    const text = await sealText(A, "access token seals", "rca_body");
    expect(await holds({ ...B, SESSION_SECRET_PREVIOUS: A.SESSION_SECRET }, text)).toBe(true);
    expect(await holds({ ...C, SESSION_SECRET_PREVIOUS: B.SESSION_SECRET }, text)).toBe(false);
  });

  it("proves nothing under a secret that can be guessed, present or previous", async () => {
    const weak = { SESSION_SECRET: "b" };
    const text = await sealText(weak, "access token seals", "rca_body");
    expect(await holds(weak, text)).toBe(false);
    expect(await holds({ ...A, SESSION_SECRET_PREVIOUS: "b" }, text)).toBe(false);
  });
});
