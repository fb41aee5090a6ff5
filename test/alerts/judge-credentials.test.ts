import { describe, expect, it } from "vitest";
import { type CredentialFacts, judgeCredentials } from "../../src/alerts/judge-credentials.ts";

const DAY = 86_400_000;
const NOW = 1_000 * DAY;

const credential = (more: Partial<CredentialFacts> = {}): CredentialFacts => ({
  ...{
    id: "a",
    kind: "token",
    lastFour: "abcd",
    createdAt: NOW - 300 * DAY,
    expiresAt: null,
    revokedAt: null,
    clientId: null,
  },
  ...{ lastUsedAt: NOW - DAY, ...more },
});

function judge(credentials: CredentialFacts[], status = "active", createdAt = NOW - 300 * DAY) {
  const { found, nextAt } = judgeCredentials([{ key: 1, status, createdAt, credentials }], NOW);
  return { found: found.map(({ kind, subject }) => `${kind} ${subject}`.trim()), nextAt };
}

describe("the credentials of a setting", () => {
  const ended = { expiresAt: NOW };
  const ending = { expiresAt: NOW + 30 * DAY };
  const younger = { id: "b", createdAt: NOW - DAY };
  it.each([
    ["one without an end", [credential()], [], null],
    ["one that ends in more than 30 days", [credential({ expiresAt: NOW + 31 * DAY })], [], NOW + DAY],
    ["one that ends in 30 days", [credential(ending)], ["credential_ending a"], NOW + 30 * DAY],
    ["one that ends in a moment more", [credential({ expiresAt: NOW + 30 * DAY + 1 })], [], NOW + 1],
    ["one that ends in a moment", [credential({ expiresAt: NOW + 1 })], ["credential_ending a"], NOW + 1],
    ["one that ends now", [credential(ended)], ["credential_ended a", "no_credential"], null],
    ["one that was revoked", [credential({ ...ending, revokedAt: NOW - DAY })], ["no_credential"], null],
    [
      "an older one that lives without an end",
      [credential(ended), credential({ id: "b", createdAt: 1 })],
      ["credential_ended a"],
      null,
    ],
    [
      "a younger one never used",
      [credential(ended), credential({ ...younger, lastUsedAt: null })],
      ["credential_ended a"],
      null,
    ],
    ["a younger one that was used", [credential(ended), credential(younger)], [], null],
    [
      "a younger one, used, but revoked",
      [credential(ended), credential({ ...younger, revokedAt: NOW })],
      ["credential_ended a", "no_credential"],
      null,
    ],
    [
      "a younger one, used, that has ended too",
      [credential(ended), credential({ ...younger, ...ended })],
      ["credential_ended a", "credential_ended b", "no_credential"],
      null,
    ],
    ["a trust, which has no end", [credential({ kind: "trust" })], [], null],
  ])("%s", (_, credentials, found, nextAt) => {
    const verdict = judge(credentials);
    expect(verdict.found).toEqual(found);
    expect(verdict.nextAt).toBe(nextAt);
  });

  it.each([
    ["active", NOW - 2 * DAY, ["no_credential"], null],
    ["active", NOW - DAY / 2, [], NOW + DAY / 2],
    ["active", NOW - DAY + 1, [], NOW + 1],
    ["active", NOW - DAY, ["no_credential"], null],
    ["shadow", NOW - 2 * DAY, ["no_credential"], null],
    ["paused", NOW - 2 * DAY, [], null],
    ["deleted", NOW - 2 * DAY, [], null],
  ])("a setting that is %s and never had one", (status, createdAt, found, nextAt) => {
    expect(judge([], status, createdAt)).toEqual({ found, nextAt });
  });

  it("that end are told of a paused setting too, and of a deleted one never", () => {
    expect(judge([credential(ending)], "paused").found).toEqual(["credential_ending a"]);
    expect(judge([credential(ending)], "deleted").found).toEqual([]);
  });
});
