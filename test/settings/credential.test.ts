import { describe, expect, it } from "vitest";
import { composeCredential, isGenuine, mintCredential, parseCredential } from "../../src/settings/credential.ts";
import { parseToken } from "../../src/settings/token.ts";
import { isOlderSealed } from "../../src/settings/token-of-former-form.ts";

const A = { SESSION_SECRET: "the-first-secret-of-these-tests-0123" };
/** As an earlier Rollcall made it with `A`: the checksum before the seal, the seal made with the secret itself. */
const OLDER =
  "rcl_0123456789abcdef01234567_00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff_e0e051e61798222216e32c5128eb60097bf9e11b";

describe("credentials", () => {
  it("have the one form, with 256 random bits, and are known by their kind", async () => {
    for (const [kind, prefix] of [
      ["token", "rcl"],
      ["clientSecret", "rcs"],
    ] as const) {
      const made = await mintCredential(kind, A);
      expect(made.text).toMatch(new RegExp(`^${prefix}_${made.id}_[0-9a-f]{64}_[0-9a-f]{48}$`));
      expect(made.text.slice(-4)).toBe(made.lastFour);
      const parts = parseCredential(kind, made.text);
      expect(parts?.id).toBe(made.id);
      expect(parts !== null && (await isGenuine(kind, A, parts))).toBe(true);
      expect(parseCredential(kind === "token" ? "clientSecret" : "token", made.text)).toBeNull();
    }
    const many = await Promise.all(Array.from({ length: 50 }, () => mintCredential("token", A)));
    expect(new Set(many.map(({ text }) => text.split("_")[2])).size).toBe(50);
  });

  it("of the same parts are the same; the seal of one kind is none of another", async () => {
    const [id, secret] = ["ab".repeat(12), "cd".repeat(32)];
    const token = await composeCredential("token", A, id, secret);
    expect(await composeCredential("token", A, id, secret)).toEqual(token);
    const other = await composeCredential("clientSecret", A, id, secret);
    expect(other.text.slice(-48, -8)).not.toBe(token.text.slice(-48, -8));
  });
});

describe("tokens of the older form", () => {
  it("are read as what they are, and their seal holds under the secret they were made with", async () => {
    const parsed = parseToken(OLDER);
    if (parsed?.form !== "older") throw new Error("not read");
    expect(parsed.id).toBe("0123456789abcdef01234567");
    expect(await isOlderSealed(parsed, A)).toBe(true);
    expect(await isOlderSealed(parsed, { SESSION_SECRET: "x", SESSION_SECRET_PREVIOUS: A.SESSION_SECRET })).toBe(true);
    expect(await isOlderSealed(parsed, { SESSION_SECRET: "x" })).toBe(false);
    expect(parseToken(OLDER.replace("aabb", "aabc"))).toBeNull();
    expect(parseToken(`${OLDER}0`)).toBeNull();
  });
});
