import { expect, it } from "vitest";
import { clientIdOf, isSuperseded, parseClientId } from "../../src/settings/oauth-client.ts";

const secret = (
  createdAt: number,
  lastUsedAt: number | null,
  more: { expiresAt?: number; revokedAt?: number } = {},
) => ({
  ...{ createdAt, lastUsedAt, expiresAt: more.expiresAt ?? 1_000, revokedAt: more.revokedAt ?? null },
});

it("a client id is rcc_ and the id", () => {
  const id = "0123456789abcdef01234567";
  expect(parseClientId(clientIdOf(id))).toBe(id);
  for (const text of ["", id, `rcs_${id}`, `rcc_${id}0`, `rcc_${id.toUpperCase()}`, ` rcc_${id}`])
    expect(parseClientId(text), text).toBeNull();
});

it("a secret may be deleted once a younger live one has been used, and it has not been since", () => {
  const old = secret(1, 50);
  expect(isSuperseded(old, [old, secret(2, null)], 100)).toBe(false);
  expect(isSuperseded(old, [old, secret(2, 40)], 100)).toBe(false);
  expect(isSuperseded(old, [old, secret(2, 60)], 100)).toBe(true);
  expect(isSuperseded(secret(1, null), [secret(2, 60)], 100)).toBe(true);
  expect(isSuperseded(secret(3, null), [secret(2, 60)], 100)).toBe(false);
});

it("a younger secret that is deleted or at its end speaks for none, and nothing is said of a dead one", () => {
  const old = secret(1, 50);
  expect(isSuperseded(old, [secret(2, 60, { revokedAt: 70 })], 100)).toBe(false);
  expect(isSuperseded(old, [secret(2, 60, { expiresAt: 100 })], 100)).toBe(false);
  expect(isSuperseded(secret(1, 50, { revokedAt: 55 }), [secret(2, 60)], 100)).toBe(false);
  expect(isSuperseded(secret(1, 50, { expiresAt: 90 }), [secret(2, 60)], 100)).toBe(false);
});
