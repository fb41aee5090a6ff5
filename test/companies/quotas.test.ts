import { describe, expect, it } from "vitest";
import { QUOTA_NAMES, QUOTAS, quotaStates, quotasOf } from "../../src/companies/quotas.ts";

const usage = { people: 0, credentialsPerSetting: 0, settings: 0, fields: 0, webhooks: 0 };

describe("the quotas of a company", () => {
  it("are those of all companies but for what was set", () => {
    expect(quotasOf(null)).toEqual({
      textPerUser: 64 * 1024,
      valuesPerBody: 1_000_000,
      people: 200_000,
      credentialsPerSetting: 20,
      settings: 20,
      fields: 50,
      webhooks: 20,
    });
    expect(quotasOf({ people: 5 })).toEqual({ ...quotasOf(null), people: 5 });
    expect(quotasOf({ people: 0 }).people).toBe(0);
  });

  it("are within what the operator may set", () => {
    for (const name of QUOTA_NAMES) {
      const { least, usual, most } = QUOTAS[name];
      expect([least <= usual, usual <= most], name).toEqual([true, true]);
    }
  });

  it("come near from 80 % on, and are reached when nothing can be added", () => {
    const stateAt = (people: number) =>
      quotaStates({ quotas: quotasOf({ people: 10 }), usage: { ...usage, people } }).find(
        ({ name }) => name === "people",
      )?.state;
    expect([0, 7, 8, 9, 10, 11].map(stateAt)).toEqual(["free", "free", "near", "near", "reached", "reached"]);
  });

  it("have no use to tell where they are sizes", () => {
    const states = quotaStates({ quotas: quotasOf(null), usage });
    expect(states.map(({ name }) => name)).toEqual(QUOTA_NAMES);
    expect(states.filter(({ used }) => used === null).map(({ name }) => name)).toEqual([
      "textPerUser",
      "valuesPerBody",
    ]);
  });
});
