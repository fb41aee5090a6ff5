import { describe, expect, it } from "vitest";
import { checksumOf } from "../../src/platform/sealed-text.ts";
import { isAccessToken, readAccessToken, sealAccessToken } from "../../src/settings/access-token.ts";

const SECRETS = { SESSION_SECRET: "a session secret of 32 bytes or more" };
const GRANT = {
  companyId: "0192f0aa-0000-7000-8000-000000000001",
  companyKey: 7,
  shard: "DB2",
  settingId: "0192f0aa-0000-7000-8000-000000000002",
  settingKey: 7 * 2 ** 32 + 12,
  credentialId: "0123456789abcdef01234567",
  expiresAt: 1_790_000_000_000,
};

describe("an access token", () => {
  it("carries its grant, under the present secret and the one before it", async () => {
    const text = await sealAccessToken(SECRETS, GRANT);
    expect(isAccessToken(text)).toBe(true);
    expect(await readAccessToken(SECRETS, text)).toEqual(GRANT);
    const rotated = {
      SESSION_SECRET: "another secret, of 32 bytes or more",
      SESSION_SECRET_PREVIOUS: SECRETS.SESSION_SECRET,
    };
    expect(await readAccessToken(rotated, text)).toEqual(GRANT);
    expect(await readAccessToken({ SESSION_SECRET: rotated.SESSION_SECRET }, text)).toBeNull();
  });

  it("can be sent as a bearer token (RFC 6750 section 2.1)", async () => {
    expect(await sealAccessToken(SECRETS, GRANT)).toMatch(/^[A-Za-z0-9._~+/-]+=*$/);
  });

  it("is none when anything of it was changed, whatever its checksum says", async () => {
    const text = await sealAccessToken(SECRETS, GRANT);
    const parts: [string, string][] = [
      [GRANT.companyId, "0192f0aa-0000-7000-8000-00000000000f"],
      [".7.", ".8."],
      ["DB2", "DB3"],
      [GRANT.settingId, "0192f0aa-0000-7000-8000-00000000000f"],
      [String(GRANT.settingKey), String(GRANT.settingKey + 1)],
      [GRANT.credentialId, "f".repeat(24)],
      [String(GRANT.expiresAt), String(GRANT.expiresAt + 1)],
    ];
    for (const [from, to] of parts) {
      const body = text.replace(from, to).slice(0, -8);
      expect(body).not.toBe(text.slice(0, -8));
      expect(await readAccessToken(SECRETS, body + checksumOf(body)), from).toBeNull();
    }
    for (const broken of ["rca_", "rca_x", text.slice(0, -1), `${text}0`, text.toUpperCase()])
      expect(await readAccessToken(SECRETS, broken)).toBeNull();
  });

  it("sealed under a short secret never holds: whoever has one could find the secret out", async () => {
    const short = { SESSION_SECRET: "short" };
    expect(await readAccessToken(short, await sealAccessToken(short, GRANT))).toBeNull();
  });
});
