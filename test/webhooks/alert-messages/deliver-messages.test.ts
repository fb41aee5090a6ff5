import { describe, expect, it } from "vitest";
import { openConfirmation, sealConfirmation } from "../../../src/webhooks/alert-messages/confirmation-links.ts";
import { type DeliveryHome, deliverMessages } from "../../../src/webhooks/alert-messages/deliver-messages.ts";
import { planResend } from "../../../src/webhooks/alert-messages/message-retry-schedule.ts";
import type { OutgoingMessage } from "../../../src/webhooks/alert-messages/message-store.ts";

const HOUR = 3_600_000;
const SECRETS = { SESSION_SECRET: "session-secret-of-the-tests-0123456789" };
const ID = "0192f0aa-0000-7000-8000-000000000000";

function message(key: number, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    ...{
      key,
      subject: `S${key}`,
      text: `Look at {origin}/x`,
      confirms: false,
      createdAt: 0,
      attempts: 0,
      nextAttemptAt: 0,
    },
    channel: {
      ...{ id: ID, kind: "chat", address: "https://chat.example/", allowsLoopback: false },
      ...{ origin: "https://rollcall.example", nonce: null, confirmedAt: null },
    },
    ...more,
  };
}

/** A queue in memory, and what was sent. */
function home(waiting: OutgoingMessage[], answer: (text: string) => number) {
  const queue = [...waiting];
  const sent: string[] = [];
  const failures: (string | null)[] = [];
  const given: DeliveryHome = {
    companyId: ID,
    secrets: SECRETS,
    clock: () => 1_000,
    ports: {
      env: {},
      fetch: async (_url, { body }) => {
        const { text } = JSON.parse(String(body)) as { text: string }; // as sendMessage writes it
        sent.push(text);
        return new Response(null, { status: answer(text) });
      },
    },
    find: async (now) => {
      const due = queue.filter(({ nextAttemptAt }) => nextAttemptAt <= now);
      return { due, nextAt: queue.find(({ nextAttemptAt }) => nextAttemptAt > now)?.nextAttemptAt ?? null };
    },
    record: async (done, { failure, now }) => {
      failures.push(failure);
      const nextAt = failure === null ? null : planResend(done, now);
      const at = queue.indexOf(done);
      if (nextAt === null) queue.splice(at, 1);
      else queue[at] = { ...done, attempts: done.attempts + 1, nextAttemptAt: nextAt };
    },
  };
  return { given, queue, sent, failures };
}

describe("messages on their way", () => {
  it("are sent one after the other, with the console's address in them, and gone then", async () => {
    const { given, queue, sent } = home([message(1), message(2)], () => 200);
    expect(await deliverMessages(given)).toBeNull();
    expect(sent).toEqual(["Look at https://rollcall.example/x", "Look at https://rollcall.example/x"]);
    expect(queue).toEqual([]);
  });

  it("that fail are tried again later, and hold up no others", async () => {
    const { given, queue, failures } = home([message(1, { text: "a" }), message(2, { text: "b" })], (text) =>
      text === "a" ? 500 : 200,
    );
    expect(await deliverMessages(given)).toBe(1_000 + 60_000);
    expect(failures).toEqual(["Answered 500.", null]);
    expect(queue).toMatchObject([{ key: 1, attempts: 1 }]);
  });

  it("are sent again when it is not known whether they went: none is left out", async () => {
    const { given, sent } = home([message(1)], () => 200);
    const dying = { ...given, record: () => Promise.reject(new Error("died")) };
    await expect(deliverMessages(dying)).rejects.toThrow("died");
    await deliverMessages(given);
    expect(sent).toHaveLength(2);
  });

  it("arrive each, wherever the messenger dies, and one of them twice at most for a death", async () => {
    for (let deadline = 0; deadline < 12; deadline += 1) {
      const { given, queue, sent } = home(
        [1, 2, 3].map((key) => message(key, { text: `m${key}` })),
        () => 200,
      );
      let steps = 0;
      const live = async () => {
        if (steps++ === deadline) throw new Error("died");
      };
      /** Dies before a step, or after it though before anybody knows. */
      const mortal: DeliveryHome = {
        ...given,
        find: async (now) => {
          await live();
          return given.find(now);
        },
        record: async (done, attempt) => {
          await live();
          await given.record(done, attempt);
          await live();
        },
      };
      await deliverMessages(mortal).catch(() => undefined);
      await deliverMessages(given);
      expect(new Set(sent), `died at step ${deadline}`).toEqual(new Set(["m1", "m2", "m3"]));
      expect(sent.length, `died at step ${deadline}`).toBeLessThanOrEqual(4);
      expect(queue).toEqual([]);
    }
  });

  it("are given up after a day, when a reminder says the same", () => {
    expect(planResend({ attempts: 0, createdAt: 0 }, 0)).toBe(60_000);
    expect(planResend({ attempts: 9, createdAt: 0 }, 10 * HOUR)).toBe(11 * HOUR);
    expect(planResend({ attempts: 9, createdAt: 0 }, 23.5 * HOUR)).toBeNull();
  });

  it("that ask to confirm an address carry a link of their own, and are not sent once it is confirmed", async () => {
    const nonce = "abc123";
    const channel = { ...message(1).channel, nonce };
    const asking = { confirms: true, text: "{origin}/confirm/{confirm}" };
    const { given, sent } = home([message(1, { ...asking, channel })], () => 200);
    await deliverMessages(given);
    const seal = sent[0]?.split("/confirm/")[1] ?? "";
    expect(await openConfirmation(SECRETS, seal, 2_000)).toMatchObject({ companyId: ID, channelId: ID, nonce });
    const confirmed = home([message(1, asking)], () => 200);
    await deliverMessages(confirmed.given);
    expect([confirmed.sent, confirmed.queue]).toEqual([[], []]);
  });
});

describe("the link that confirms an address", () => {
  const about = { companyId: ID, channelId: ID, nonce: "0123abcd", expiresAt: 5_000 };

  it("is read until its time is over, by this deployment alone, and by no other purpose's key", async () => {
    const text = await sealConfirmation(SECRETS, about);
    expect(await openConfirmation(SECRETS, text, 4_999)).toEqual(about);
    expect(await openConfirmation(SECRETS, text, 5_000)).toBeNull();
    const other = { SESSION_SECRET: "another-secret-of-the-tests-0123456789" };
    expect(await openConfirmation(other, text, 1)).toBeNull();
    expect(await openConfirmation({ ...other, SESSION_SECRET_PREVIOUS: SECRETS.SESSION_SECRET }, text, 1)).toEqual(
      about,
    );
    expect(await openConfirmation(SECRETS, text.replace("0123abcd", "0123abce"), 1)).toBeNull();
    expect(await openConfirmation(SECRETS, "rcm.x", 1)).toBeNull();
  });
});
