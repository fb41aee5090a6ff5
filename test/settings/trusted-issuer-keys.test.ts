import type { JWTVerifyGetKey } from "jose";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ASK_AGAIN, IssuerKeys, type KeySource, LARGEST_KEY_SET } from "../../src/settings/trusted-issuer-keys.ts";
import { type Answer, hostOf, NOW, newIssuer, newSource } from "./issuer-fixture.ts";

const jwksUrl = "https://login.microsoftonline.com/tenant/discovery/v2.0/keys";
const HOUR = 3_600_000;

let old: Awaited<ReturnType<typeof newIssuer>>;
let young: Awaited<ReturnType<typeof newIssuer>>;

beforeAll(async () => {
  [old, young] = [await newIssuer("old", () => NOW), await newIssuer("young", () => NOW)];
});
beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});

function find(keys: IssuerKeys, source: KeySource, kid: string, now = NOW): Promise<JWTVerifyGetKey | null> {
  return keys.find(source, { jwksUrl, isLoopbackAllowed: false }, kid, now);
}

/** Whether the keys that were found have one of that kid. */
async function has(found: JWTVerifyGetKey | null, kid: string): Promise<boolean> {
  if (found === null) return false;
  try {
    await found({ alg: "RS256", kid }, { payload: "", signature: "" });
    return true;
  } catch {
    return false;
  }
}

describe("the keys of an issuer", () => {
  it("are fetched once, and kept by the isolate for an hour", async () => {
    const keys = new IssuerKeys();
    const { source, asked } = newSource(hostOf(old.jwk));
    for (const now of [NOW, NOW + 1, NOW + HOUR - 1])
      expect(await has(await find(keys, source, "old", now), "old")).toBe(true);
    expect(asked).toEqual([jwksUrl]);
    await find(keys, source, "old", NOW + HOUR);
    expect(asked).toHaveLength(2);
  });

  it("are fetched once by many requests at the same time", async () => {
    const keys = new IssuerKeys();
    const { source, asked } = newSource(hostOf(old.jwk));
    const found = await Promise.all(Array.from({ length: 20 }, () => find(keys, source, "old")));
    for (const one of found) expect(await has(one, "old")).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it("are there for another isolate, by KV, without the host", async () => {
    const { source, asked } = newSource(hostOf(old.jwk));
    await find(new IssuerKeys(), source, "old");
    expect(await has(await find(new IssuerKeys(), source, "old", NOW + HOUR - 1), "old")).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it("follow a rotation: an unknown kid has them fetched again", async () => {
    const keys = new IssuerKeys();
    let answer = hostOf(old.jwk);
    const { source } = newSource((url, init) => answer(url, init));
    await find(keys, source, "old");
    answer = hostOf(old.jwk, young.jwk);
    const found = await find(keys, source, "young", NOW + ASK_AGAIN);
    expect([await has(found, "young"), await has(found, "old")]).toEqual([true, true]);
  });

  it("are not fetched more than every 30 s, whatever a flood of unknown kids asks for", async () => {
    const keys = new IssuerKeys();
    const { source, asked } = newSource(hostOf(old.jwk));
    for (let n = 0; n < 200; n += 1) await find(keys, source, `made-up-${n}`, NOW + n);
    await Promise.all(Array.from({ length: 200 }, (_, n) => find(keys, source, `more-${n}`, NOW + ASK_AGAIN - 1)));
    expect(asked).toHaveLength(1);
    await find(keys, source, "made-up", NOW + ASK_AGAIN);
    expect(asked).toHaveLength(2);
    expect(await has(await find(keys, source, "old", NOW + ASK_AGAIN), "old")).toBe(true);
  });

  it("are asked for every 30 s only while a host is down, too", async () => {
    const keys = new IssuerKeys();
    const { source, asked } = newSource(() => Promise.reject(new Error("unreachable")));
    for (let n = 0; n < 50; n += 1) expect(await find(keys, source, "old", NOW + n)).toBeNull();
    expect(asked).toHaveLength(1);
  });
});

const FAILURES: [string, Answer][] = [
  ["is down", () => Promise.reject(new TypeError("fetch failed"))],
  ["answers 500", () => new Response("no", { status: 500 })],
  ["answers 404", () => new Response("no", { status: 404 })],
  ["redirects", () => new Response(null, { status: 302, headers: { location: "https://evil.example.com/keys" } })],
  ["answers no JSON", () => new Response("<html>")],
  ["answers no set", () => Response.json({ jwks: [] })],
  ["answers null", () => Response.json(null)],
  [
    "answers more than a set of keys has",
    () => new Response(JSON.stringify({ keys: [], pad: "x".repeat(LARGEST_KEY_SET) })),
  ],
];

describe("a host that fails", () => {
  it.each(FAILURES)("because it %s gives no keys, and throws nothing", async (_what, answer) => {
    const { source, stored } = newSource(answer);
    expect(await find(new IssuerKeys(), source, "old")).toBeNull();
    expect(stored.size).toBe(0);
  });

  it.each(FAILURES)("because it %s leaves those that were fetched before in force for 24 h", async (_what, answer) => {
    const keys = new IssuerKeys();
    await find(keys, newSource(hostOf(old.jwk)).source, "old");
    const { source } = newSource(answer);
    expect(await has(await find(keys, source, "old", NOW + 24 * HOUR - 1), "old")).toBe(true);
    expect(await find(keys, source, "old", NOW + 24 * HOUR + ASK_AGAIN)).toBeNull();
  });

  it("by never answering is given up when the time is over, by every request that waits", async () => {
    const { source, runOut } = newSource((_url, { signal }) => {
      const { promise, reject } = Promise.withResolvers<Response>();
      signal?.addEventListener("abort", () => reject(signal.reason));
      return promise;
    });
    const keys = new IssuerKeys();
    const waiting = [find(keys, source, "old"), find(keys, source, "old", NOW + 1)];
    await new Promise((resolve) => setImmediate(resolve));
    runOut();
    expect(await Promise.all(waiting)).toEqual([null, null]);
  });

  it("by sending without end is cut off, and no more is read", async () => {
    let sent = 0;
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
      cancel() {
        isCancelled = true;
      },
    });
    const { source } = newSource(() => new Response(endless));
    expect(await find(new IssuerKeys(), source, "old")).toBeNull();
    expect(isCancelled).toBe(true);
    expect(sent).toBeLessThan(LARGEST_KEY_SET * 2);
  });

  it("asks for no redirect to be followed", async () => {
    const seen: RequestInit[] = [];
    const { source } = newSource((_url, init) => {
      seen.push(init);
      return Response.json({ keys: [old.jwk] });
    });
    await find(new IssuerKeys(), source, "old");
    expect(seen[0]?.redirect).toBe("manual");
  });
});

it("keys of an address off the list are never asked for, whatever a row says", async () => {
  const { source, asked } = newSource(hostOf(old.jwk));
  for (const address of [
    "https://evil.example.com/keys",
    "http://127.0.0.1:9/keys",
    "http://login.microsoftonline.com/k",
    "no URL",
  ])
    expect(await new IssuerKeys().find(source, { jwksUrl: address, isLoopbackAllowed: false }, "old", NOW)).toBeNull();
  expect(asked).toEqual([]);
});

it("keys that are no public RSA keys are left out", async () => {
  const secret = { kty: "oct", kid: "old", k: "c2VjcmV0" };
  const { source } = newSource(hostOf(secret));
  expect(await has(await find(new IssuerKeys(), source, "old"), "old")).toBe(false);
});
