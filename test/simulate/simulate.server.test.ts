import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { IS_DEEP, inTurn } from "../generated-cases.ts";
import { ACCIDENTS } from "./accident.ts";
import { type Fault, startFake } from "./fake-service-provider.ts";
import { PROVIDER_NAMES } from "./provider.ts";
import { type SimulateOptions, simulate } from "./simulate.ts";

async function run(options: Partial<SimulateOptions>, fault: Fault | null = null, busy = 0) {
  const fake = await startFake(fault, busy);
  const defaults = { provider: "entra", token: "token", tenantUrl: fake.url, users: 40, groups: 8 } as const;
  return simulate({ ...defaults, ...options }).finally(fake.close);
}

/** Three pages of what the fake lists where nobody says how many. */
const PEOPLE = IS_DEEP ? 40 : 20;

describe("a server that does all it should", () => {
  // The others arrive and have an accident below.
  it.concurrent.each(inTurn(PROVIDER_NAMES, 0, 2))(
    "passes the life that %s leads, in chaos and again on what is there",
    async (provider) => {
      const fake = await startFake();
      for (const chaos of [false, true, false]) {
        const { differences, users, memberships } = await run({ provider, tenantUrl: fake.url, chaos, users: PEOPLE });
        expect(differences).toEqual([]);
        expect(users).toBeGreaterThan(PEOPLE - 5);
        expect(memberships).toBeGreaterThan(PEOPLE);
      }
      fake.close();
    },
  );

  it.concurrent.each(["entra", "okta", "jumpcloud"] as const)(
    "passes any runs of %s after each other: kept, of another size, after an accident",
    async (provider) => {
      const fake = await startFake();
      const small = { users: 10, groups: 4 };
      const unassigned = { ...small, accident: "app-unassigned" } as const;
      for (const options of [{ ...small, keep: true }, { users: 14, groups: 4 }, unassigned, small]) {
        const { differences } = await run({ provider, tenantUrl: fake.url, ...options });
        expect(differences, JSON.stringify(options)).toEqual([]);
      }
      fake.close();
    },
  );

  it("passes Entra with aadOptscim062020", async () => {
    expect((await run({ optscim: true })).differences).toEqual([]);
  });

  it("passes although it throttles and fails for a while, and the retries are counted", async () => {
    const { differences, recorder } = await run({}, null, 12);
    expect(differences).toEqual([]);
    expect(recorder.throttled + recorder.serverErrors).toBe(12);
  });
});

describe("an accident", () => {
  it.concurrent.each(
    PROVIDER_NAMES.flatMap((provider, place) => inTurn(ACCIDENTS, place).map((accident) => ({ provider, accident }))),
  )("$accident is played by $provider, and the directory follows it", async ({ provider, accident }) => {
    const { differences, recorder } = await run({ provider, accident, users: 16, groups: 4 });
    expect(differences).toEqual([]);
    expect(recorder.samples.size).toBeGreaterThan(2);
  });
});

describe("a server with a fault", () => {
  // These have no PATCH in which the fake could lose a member.
  const patching = PROVIDER_NAMES.filter((name) => name !== "okta-custom" && name !== "keycloak");
  it.each(inTurn(patching, 1, 2))("that loses a member is reported by %s", async (provider) => {
    const { differences } = await run({ provider }, "loses a member");
    expect(differences.some((difference) => /member .* is missing/.test(difference))).toBe(true);
  });

  it.each(["entra", "okta", "jumpcloud"] as const)(
    "that ignores a deactivation is reported by %s",
    async (provider) => {
      const { differences } = await run({ provider }, "ignores a deactivation");
      expect(differences.some((difference) => difference.includes("active is true, should be false"))).toBe(true);
    },
  );

  it("that refuses a request because it has seen it before is reported in chaos", async () => {
    const { differences } = await run({ provider: "jumpcloud", chaos: true }, "refuses a repeated removal");
    expect(differences.some((difference) => difference.includes("answered 400"))).toBe(true);
  });

  it("that keeps a deleted user, or forgets a phone number, is reported", async () => {
    const kept = await run({ provider: "onelogin" }, "keeps a deleted user");
    expect(kept.differences.some((difference) => difference.includes("was deleted but is listed"))).toBe(true);
    const forgotten = await run({}, "forgets a phone number");
    expect(forgotten.differences.some((difference) => difference.includes("phone is"))).toBe(true);
  });
});

describe("the command", () => {
  const node = join(import.meta.dirname, "../../node_modules/.bin/node");
  const command = async (url: string) => {
    const options = ["okta", "--url", url, "--token", "token", "--users", "20", "--groups", "4"];
    const child = spawn(node, [join(import.meta.dirname, "main.ts"), ...options], { stdio: "pipe" });
    const [output, problems] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    return { code: child.exitCode, output: output + problems };
  };

  it("exits 0 without a difference, 1 with one, 2 without a server", async () => {
    const right = await startFake();
    expect(await command(right.url)).toMatchObject({ code: 0, output: expect.stringContaining("No difference") });
    right.close();
    const wrong = await startFake("ignores a deactivation");
    const difference = expect.stringContaining("active is true, should be false");
    expect(await command(wrong.url)).toMatchObject({ code: 1, output: difference });
    wrong.close();
    const advice = expect.stringContaining('start the server ("npm run dev")');
    expect(await command("http://127.0.0.1:1/scim/v2")).toMatchObject({ code: 2, output: advice });
  });
});
