import { describe, expect, it } from "vitest";
import { acceptedKeys, keyIdOf, presentKey } from "../../src/platform/derived-keys.ts";
import { hmacHex, importMacKey } from "../../src/platform/random-and-hash.ts";

const A = "the-first-secret-of-these-tests-0123";
const B = "the-second-secret-of-these-tests-012";
const macOf = async ({ key }: { key: CryptoKey }) => hmacHex(key, "text");

describe("keys derived from SESSION_SECRET", () => {
  it("differ by purpose and by secret, and none is the secret itself", async () => {
    const made = await Promise.all([
      presentKey({ SESSION_SECRET: A }, "token seals").then(macOf),
      presentKey({ SESSION_SECRET: A }, "client secret seals").then(macOf),
      presentKey({ SESSION_SECRET: A }, "access token seals").then(macOf),
      presentKey({ SESSION_SECRET: A }, "console sessions").then(macOf),
      presentKey({ SESSION_SECRET: A }, "console forms").then(macOf),
      presentKey({ SESSION_SECRET: B }, "token seals").then(macOf),
      importMacKey(A).then((key) => macOf({ key })),
    ]);
    expect(new Set(made).size).toBe(made.length);
    expect(await presentKey({ SESSION_SECRET: A }, "token seals").then(macOf)).toBe(made[0]);
  });

  it("are accepted of the present secret first, then of the previous one; once where both are one", async () => {
    const rotated = { SESSION_SECRET: B, SESSION_SECRET_PREVIOUS: A };
    const ids = (await acceptedKeys(rotated, "webhook secrets")).map(({ id }) => id);
    expect(ids).toEqual([await keyIdOf(B), await keyIdOf(A)]);
    expect((await presentKey(rotated, "webhook secrets")).id).toBe(ids[0]);
    expect(await acceptedKeys({ SESSION_SECRET: A, SESSION_SECRET_PREVIOUS: A }, "token seals")).toHaveLength(1);
    expect(await acceptedKeys({ SESSION_SECRET: "", SESSION_SECRET_PREVIOUS: "" }, "token seals")).toEqual([]);
  });

  it("are not made of nothing", async () => {
    await expect(presentKey({ SESSION_SECRET: "" }, "token seals")).rejects.toThrow("SESSION_SECRET is not set");
  });

  it("say whether their secret can be guessed", async () => {
    expect((await presentKey({ SESSION_SECRET: "b" }, "token seals")).isStrong).toBe(false);
    expect((await presentKey({ SESSION_SECRET: A }, "token seals")).isStrong).toBe(true);
  });
});
