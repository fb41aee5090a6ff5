import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { shieldKeyOf } from "../../src/platform/flood-shield.ts";
import { signInOperator } from "../console/sign-in-to.ts";
import { countedD1, fetchWith } from "../safety/injected-bindings.ts";
import { must } from "../safety/populated-company.ts";
import { errorOf, newClient } from "../scim-api/scim-client.ts";

/** A rate limit that lets `limit` calls of a key through. */
function shieldOf(limit: number): RateLimit & { keys: Map<string, number> } {
  const keys = new Map<string, number>();
  return {
    keys,
    limit: async ({ key }) => {
      keys.set(key, (keys.get(key) ?? 0) + 1);
      return { success: (keys.get(key) ?? 0) <= limit };
    },
  };
}

async function answerOf(response: Response) {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text === "" ? null : JSON.parse(text) };
}

describe("the flood shield", () => {
  it("answers a token that floods 429 with Retry-After in SCIM shape, writes nothing, and leaves others alone", async () => {
    const [flooding, other] = [await newClient(), await newClient()];
    const shield = shieldOf(3);
    const send = async (token: string, userName: string) =>
      answerOf(await fetchWith({ TOKEN_SHIELD: shield }, "POST", "/scim/v2/Users", { token, body: { userName } }));
    for (let n = 0; n < 3; n += 1) must(await send(flooding.token, `u${n}`), 201);
    const refused = await send(flooding.token, "u3");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("10");
    expect(errorOf(refused).detail).toMatch(/Nothing was changed/);
    must(await send(other.token, "u3"), 201);
    const kept = await env.DB.prepare("SELECT count(*) AS n FROM users WHERE user_name = 'u3'").first("n");
    expect(kept).toBe(1);
  });

  it("counts an address's requests only while they have no valid token, and answers 429 after that", async () => {
    const client = await newClient();
    const shield = shieldOf(2);
    const headers = { "cf-connecting-ip": "203.0.113.7" };
    const send = (token: string) => fetchWith({ ADDRESS_SHIELD: shield }, "GET", "/scim/v2/Users", { token, headers });
    for (let n = 0; n < 5; n += 1) expect((await send(client.token)).status).toBe(200);
    expect(shield.keys.size).toBe(0);
    const statuses = [await send("x"), await send("y"), await send("z")].map(({ status }) => status);
    expect(statuses).toEqual([401, 401, 429]);
    const last = await answerOf(await send("z"));
    expect(last.headers.get("retry-after")).toBe("10");
    errorOf(last);
    expect((await send(client.token)).status).toBe(200);
  });

  it("answers guesses at the operator key 429 with Retry-After as problem details, and lets the right key through", async () => {
    const shield = shieldOf(2);
    const headers = { "cf-connecting-ip": "2001:db8:1:2:3:4:5:6" };
    const send = (token: string) =>
      fetchWith({ ADDRESS_SHIELD: shield }, "GET", "/api/v1/companies", { token, headers });
    const answers = [await send("a"), await send("b"), await send("c")];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 429]);
    expect(answers[2]?.headers.get("retry-after")).toBe("10");
    expect(answers[2]?.headers.get("content-type")).toBe("application/problem+json");
    expect((await send(env.OPERATOR_KEY)).status).toBe(200);
  });

  it("answers guesses on the console's sign-in page 429 with Retry-After", async () => {
    const shield = shieldOf(2);
    const headers = { "cf-connecting-ip": "203.0.113.9", origin: "https://rollcall.test" };
    const send = () =>
      fetchWith({ ADDRESS_SHIELD: shield }, "POST", "/console/sign-in", { headers, form: "key=guess" });
    const answers = [await send(), await send(), await send()];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 429]);
    expect(answers[2]?.headers.get("retry-after")).toBe("10");
  });

  it("slows wrong operator keys of an address more than other failures, at both doors, and never the right one", async () => {
    const headers = { "cf-connecting-ip": "203.0.113.11", origin: "https://rollcall.test" };
    const KEY_SHIELD = shieldOf(3);
    const send = (token: string) => fetchWith({ KEY_SHIELD }, "GET", "/api/v1/companies", { token, headers });
    const signIn = (key: string) =>
      fetchWith({ KEY_SHIELD }, "POST", "/console/sign-in", { headers, form: `key=${key}` });
    const answers = [await send("a"), await signIn("b"), await send("c"), await send("d"), await signIn("e")];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429]);
    for (const refused of answers.slice(3)) expect(refused.headers.get("retry-after")).toBe("60");
    expect((await send(env.OPERATOR_KEY)).status).toBe(200);
    expect((await signIn(env.OPERATOR_KEY)).status).toBe(303);
    for (const path of ["/scim/v2/Users", "/api/v1/companies"])
      expect((await fetchWith({ KEY_SHIELD }, "GET", path, { headers })).status, "no key is no guess").toBe(401);
  });

  it("answers an operator key and a console session that flood 429 with Retry-After, each by itself", async () => {
    const TOKEN_SHIELD = shieldOf(2);
    const ask = () => fetchWith({ TOKEN_SHIELD }, "GET", "/api/v1/companies", { token: env.OPERATOR_KEY });
    const cookies = [await signInOperator(), await signInOperator()];
    const look = (cookie = "") => fetchWith({ TOKEN_SHIELD }, "GET", "/console", { headers: { cookie } });
    const asked = [await ask(), await ask(), await ask()];
    expect(asked.map(({ status }) => status)).toEqual([200, 200, 429]);
    const seen = [await look(cookies[0]), await look(cookies[0]), await look(cookies[0]), await look(cookies[1])];
    expect(seen.map(({ status }) => status)).toEqual([200, 200, 429, 200]);
    for (const refused of [asked[2], seen[2]]) expect(refused?.headers.get("retry-after")).toBe("10");
    expect(asked[2]?.headers.get("content-type")).toBe("application/problem+json");
  });

  it("keeps what anybody may ask from reaching D1 without end: sign-in links and /healthz", async () => {
    const headers = { "cf-connecting-ip": "203.0.113.10" };
    for (const [path, status] of [
      ["/console/enter/made-up", 410],
      ["/healthz", 200],
    ] as const) {
      const { d1, statements } = countedD1();
      const shield = shieldOf(2);
      const send = () => fetchWith({ ADDRESS_SHIELD: shield, DB: d1 }, "GET", path, { headers });
      const answers = [await send(), await send(), await send(), await send()];
      expect(answers.map((answer) => answer.status)).toEqual([status, status, 429, 429]);
      expect(answers[3]?.headers.get("retry-after")).toBe("10");
      expect(statements()).toBe(2);
    }
  });
});

describe("the bindings of the flood shield", () => {
  it("lets everybody through when it fails or is not bound", async () => {
    const client = await newClient();
    const failing: RateLimit = { limit: () => Promise.reject(new Error("down")) };
    for (const shields of [
      { TOKEN_SHIELD: failing, ADDRESS_SHIELD: failing },
      { TOKEN_SHIELD: undefined, ADDRESS_SHIELD: undefined },
    ]) {
      expect((await fetchWith(shields, "GET", "/scim/v2/Users", { token: client.token })).status).toBe(200);
      expect((await fetchWith(shields, "GET", "/scim/v2/Users", { token: "x" })).status).toBe(401);
    }
  });

  it("takes 500 requests of one token at once by the real binding", async () => {
    const client = await newClient();
    const { TOKEN_SHIELD } = env as unknown as { TOKEN_SHIELD?: RateLimit }; // bound by wrangler.toml
    expect(TOKEN_SHIELD).toBeDefined();
    const statuses = new Set<number>();
    for (let n = 0; n < 10; n += 1) {
      const burst = Array.from({ length: 50 }, () =>
        fetchWith({}, "GET", "/scim/v2/ServiceProviderConfig", { token: client.token }),
      );
      for (const { status } of await Promise.all(burst)) statuses.add(status);
    }
    expect([...statuses]).toEqual([200]);
  });

  it("counts a whole /64 of IPv6 as one address", () => {
    expect(shieldKeyOf("203.0.113.7")).toBe("203.0.113.7");
    expect(shieldKeyOf("2001:db8:1:2:3:4:5:6")).toBe(shieldKeyOf("2001:db8:1:2:ffff::1"));
    expect(shieldKeyOf("2001:db8::1")).toBe(shieldKeyOf("2001:db8::2"));
    expect(shieldKeyOf(undefined)).toBeNull();
  });
});
