import { describe, expect, it, vi } from "vitest";
import { CourierNotifier } from "../../src/webhooks/courier-notifier.ts";

/** Couriers that answer when the test says so. */
function slowCouriers() {
  const notified: number[] = [];
  const answers: (() => void)[] = [];
  const notifier = new CourierNotifier((key) => {
    notified.push(key);
    return new Promise((resolve) => answers.push(resolve));
  });
  const settle = async () => {
    for (const answer of answers.splice(0)) answer();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { notifier, notified, settle };
}

describe("the notifications after commits", () => {
  it("are one at a time for each courier, and one more for all the commits meanwhile", async () => {
    const { notifier, notified, settle } = slowCouriers();
    notifier.send([1, 2]);
    for (let commit = 0; commit < 50; commit += 1) notifier.send([1]);
    expect(notified).toEqual([1, 2]);
    await settle();
    expect(notified).toEqual([1, 2, 1]);
    await settle();
    notifier.send([1]);
    expect(notified).toEqual([1, 2, 1, 1]);
  });

  it("fail without anybody noticing but the log, and go on", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    let calls = 0;
    const notifier = new CourierNotifier(async () => {
      calls += 1;
      throw new Error("Failed query, with ada@example.com", { cause: new Error("the courier was reset") });
    });
    notifier.send([1]);
    notifier.send([1]);
    await expect.poll(() => calls).toBe(2);
    expect(JSON.parse(String(log.mock.lastCall?.[0]))).toMatchObject({
      level: "error",
      room: "webhooks",
      error: { message: "the courier was reset" },
    });
    expect(log.mock.calls.join()).not.toContain("ada@example.com");
    log.mockRestore();
  });
});
