import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { AlertBench, MINUTE } from "./alert-bench.ts";
import { newWriter } from "./bench.ts";
import { closedGate, FaultyD1, noPause } from "./gate.ts";
import { hookD1 } from "./hooked-d1.ts";

const NONE_LEFT = ["Entra has no credential (Acme)"];

/** A company in which a message is due. */
async function due(): Promise<AlertBench> {
  const bench = await AlertBench.open();
  await bench.listen();
  await bench.admin({ kind: "revokeToken", settingId: bench.settingId, tokenId: bench.token("first") });
  bench.now = Math.max(bench.now + MINUTE, (await bench.dueAt()) ?? 0);
  expect(await bench.messages()).toEqual([]);
  return bench;
}

describe("the review that makes a message", () => {
  it("whose answer is lost has made it once, and the messenger hears of it", async () => {
    const bench = await due();
    const faulty = new FaultyD1(env.DB);
    let isLost = false;
    faulty.failAfter = (text) => {
      if (isLost || !text.includes("INSERT INTO messages")) return null;
      isLost = true;
      return "D1_ERROR: Network connection lost.";
    };
    let woken = 0;
    const onMessages = () => {
      woken += 1;
    };
    const writer = newWriter(bench.companyId, { ...bench.options, d1: faulty.d1, pause: noPause, onMessages });
    await writer.reviewAlerts();
    expect(isLost).toBe(true);
    expect(woken).toBe(1);
    expect(await bench.messages()).toEqual(NONE_LEFT);
    await bench.pass(10 * MINUTE);
    expect(await bench.messages()).toEqual(NONE_LEFT);
  });

  it("that dies before its commit has made none, and the next one makes it", async () => {
    const bench = await due();
    const beforeCommit = () => Promise.reject(new Error("died"));
    await expect(bench.with(hookD1(env.DB, { beforeCommit })).reviewAlerts()).rejects.toThrow();
    expect(await bench.messages()).toEqual([]);
    await bench.pass(MINUTE);
    expect(await bench.messages()).toEqual(NONE_LEFT);
  });

  it("that two writers make at the same time makes it once", async () => {
    const bench = await due();
    const gate = closedGate();
    const late = bench.with(hookD1(env.DB, { beforeCommit: gate.pass })).reviewAlerts();
    await gate.reached;
    await bench.writer.reviewAlerts();
    expect(await bench.messages()).toEqual(NONE_LEFT);
    gate.open();
    await late;
    await bench.pass(10 * MINUTE);
    expect(await bench.messages()).toEqual(NONE_LEFT);
  });
});
