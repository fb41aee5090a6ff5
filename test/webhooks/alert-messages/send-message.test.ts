import { describe, expect, it, vi } from "vitest";
import type { Env } from "../../../src/platform/env.ts";
import { canEmail, readChannel } from "../../../src/webhooks/alert-messages/message-channel.ts";
import { sendMessage } from "../../../src/webhooks/alert-messages/send-message.ts";

const MESSAGE = { subject: "It broke\nagain", text: "It broke.\n\nhttps://rollcall.example/x" };
const CHAT = { kind: "chat", address: "https://chat.example/hook", allowsLoopback: false } as const;
const EMAIL = { kind: "email", address: "it@example.com", allowsLoopback: false } as const;
const NO_EMAIL = {};

describe("a chat message", () => {
  it("is one text of JSON, follows no redirect and has a time limit", async () => {
    const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response("ok"));
    expect(await sendMessage(CHAT, MESSAGE, { fetch, env: NO_EMAIL })).toBeNull();
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe(CHAT.address);
    expect(init).toMatchObject({ method: "POST", redirect: "manual" });
    expect(init?.signal).toBeInstanceOf(AbortSignal);
    expect(JSON.parse(String(init?.body))).toEqual({ text: MESSAGE.text });
  });

  it("mentions nobody and leads nowhere but to the console, whatever a name holds", async () => {
    const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response("ok"));
    const name = "<!channel> <@U1> <users/all> @everyone [here](https://evil.example) <https://evil.example|x> <b>";
    const text = `${name} has gone silent\n\nhttps://rollcall.example/console/x`;
    await sendMessage(CHAT, { subject: "S", text }, { fetch, env: NO_EMAIL });
    const sent: string = JSON.parse(String(fetch.mock.calls[0]?.[1].body)).text;
    expect(sent).not.toMatch(/[<>]|@\w|\]\(/);
    expect(sent).toContain("everyone");
    expect(sent.split("\n").at(-1)).toBe("https://rollcall.example/console/x");
  });

  it.each([
    [302, "Answered 302: redirects are not followed."],
    [404, "Answered 404."],
    [500, "Answered 500."],
  ])("that is answered %i has failed", async (status, failure) => {
    const fetch = async () => new Response(null, { status });
    expect(await sendMessage(CHAT, MESSAGE, { fetch, env: NO_EMAIL })).toBe(failure);
  });

  it.each(["https://10.0.0.1/", "http://chat.example/", "https://metadata.internal/", "https://[::1]/"])(
    "is never sent to %s, whatever is stored",
    async (address) => {
      const fetch = vi.fn();
      expect(await sendMessage({ ...CHAT, address }, MESSAGE, { fetch, env: NO_EMAIL })).not.toBeNull();
      expect(fetch).not.toHaveBeenCalled();
    },
  );

  it("that nobody answers in time has failed, and so has one that cannot be sent", async () => {
    const never = (_url: string, { signal }: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("timed out")));
      });
    expect(await sendMessage(CHAT, MESSAGE, { fetch: never, env: NO_EMAIL, timeout: 5 })).toContain("timed out");
    const broken = async () => {
      throw new Error("no route");
    };
    expect(await sendMessage(CHAT, MESSAGE, { fetch: broken, env: NO_EMAIL })).toBe("Not sent: no route");
  });
});

describe("an e-mail", () => {
  it("goes through the binding, from the deployment's address, with its subject in one line", async () => {
    const send = vi.fn(async () => undefined);
    const env = { EMAIL: { send }, ALERT_FROM: "alerts@rollcall.example" };
    expect(await sendMessage(EMAIL, MESSAGE, { fetch: vi.fn(), env })).toBeNull();
    expect(send).toHaveBeenCalledWith({
      from: { email: "alerts@rollcall.example", name: "Rollcall" },
      to: "it@example.com",
      subject: "It broke again",
      text: MESSAGE.text,
    });
  });

  it("has no header in its subject but its own, and ends with a whole character", async () => {
    const send = vi.fn(async (_mail: { subject: string }) => undefined);
    const env = { EMAIL: { send }, ALERT_FROM: "alerts@rollcall.example" };
    const subject = `A\r\nBcc: x@evil.example\u0000\u0085b\u2028c ${"x".repeat(172)}👋👋👋👋`;
    await sendMessage(EMAIL, { ...MESSAGE, subject }, { fetch: vi.fn(), env });
    const sent = send.mock.calls[0]?.[0].subject ?? "";
    expect(sent).toMatch(/^A Bcc: x@evil\.example b c x+👋+$/u);
    expect(Array.from(sent)).toHaveLength(200);
  });

  it("that the binding refuses has failed, and without a binding none is sent", async () => {
    const send = async () => {
      throw new Error("E_RECIPIENT_NOT_ALLOWED");
    };
    const env = { EMAIL: { send }, ALERT_FROM: "alerts@rollcall.example" };
    expect(await sendMessage(EMAIL, MESSAGE, { fetch: vi.fn(), env })).toBe("Not sent: E_RECIPIENT_NOT_ALLOWED");
    expect(await sendMessage(EMAIL, MESSAGE, { fetch: vi.fn(), env: NO_EMAIL })).not.toBeNull();
  });

  it("is printed where none can be sent, for development", async () => {
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    expect(await sendMessage(EMAIL, MESSAGE, { fetch: vi.fn(), env: { PRINT_EMAIL: "on" } })).toBeNull();
    expect(log.mock.calls.join()).toContain("e-mail to it@example.com");
  });
});

describe("the address of a channel", () => {
  const send = async () => undefined;
  // Only these members are read.
  const bound = { EMAIL: { send }, ALERT_FROM: "a@rollcall.example" } as unknown as Env;
  const unbound = {} as Env;

  it("is an e-mail address where e-mail can be sent", () => {
    expect(canEmail(bound)).toBe(true);
    expect(canEmail({ ...bound, ALERT_FROM: "" })).toBe(false);
    expect(readChannel({ kind: "email", to: " it@example.com " }, bound, "https://r.example/")).toMatchObject({
      address: { address: "it@example.com" },
    });
    expect(readChannel({ kind: "email", to: "it@example.com" }, unbound, "https://r.example/").address).toBeNull();
    for (const to of [
      "it",
      "it@localhost",
      "a b@example.com",
      "it@example.com, x@example.com",
      `${"x".repeat(65)}@e.com`,
    ])
      expect(readChannel({ kind: "email", to }, bound, "https://r.example/").address, to).toBeNull();
  });

  it("is a public https address, on loopback only for a Worker that is reached there", () => {
    const chat = (to: string, ownUrl: string) => readChannel({ kind: "chat", to }, unbound, ownUrl).address;
    expect(chat("https://hooks.slack.com/services/x", "https://r.example/")).not.toBeNull();
    expect(chat("http://localhost:9000/", "https://r.example/")).toBeNull();
    expect(chat("http://localhost:9000/", "http://localhost:8787/")).toMatchObject({ allowsLoopback: true });
  });
});
