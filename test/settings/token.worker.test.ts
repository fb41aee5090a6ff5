import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { hmacHex, importMacKey } from "../../src/platform/random-and-hash.ts";
import { checksumOf } from "../../src/platform/sealed-text.ts";
import { composeCredential, mintCredential } from "../../src/settings/credential.ts";
import { countedD1, fetchWith, staleKv } from "../safety/injected-bindings.ts";
import { must, populate } from "../safety/populated-company.ts";
import { waitForLogAndWork } from "../safety/wait-for-log-and-work.ts";
import { call, newClient, operate, type ScimClient } from "../scim-api/scim-client.ts";

function tokensOf(client: ScimClient): string {
  return `/companies/${client.companyId}/scim-settings/${client.settingId}/tokens`;
}

async function kvDump(): Promise<string> {
  const { keys } = await env.TOKENS.list();
  const values = await Promise.all(keys.map(async ({ name }) => `${name} ${await env.TOKENS.get(name)}`));
  return values.join("\n");
}

async function d1Dump(): Promise<string> {
  const { results: tables } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '_cf_%' AND name NOT LIKE 'sqlite_%'",
  ).all<{ name: string }>();
  const rows = await env.DB.batch(tables.map(({ name }) => env.DB.prepare(`SELECT * FROM "${name}"`)));
  return JSON.stringify(rows.map(({ results }) => results));
}

/** Token texts with the checksum they must have, of parts that need not belong together: of the present form and the older. */
function forge(id: string, secret: string): string[] {
  const body = `rcl_${id}_${secret}`;
  const sealed = `${body}_${"0".repeat(40)}`;
  return [sealed + checksumOf(sealed), `${body}_${checksumOf(body)}${"0".repeat(32)}`];
}

/** A token of the older form, as an earlier Worker with this secret made it. */
async function older(id: string, secret: string, sessionSecret = env.SESSION_SECRET): Promise<string> {
  const body = `rcl_${id}_${secret}`;
  const seal = await hmacHex(await importMacKey(sessionSecret), `token ${body}`);
  return `${body}_${checksumOf(body)}${seal.slice(0, 32)}`;
}

/** A KV that answers nothing until it is let: whatever is answered meanwhile waited for no look-up. */
function silentKv() {
  const { promise, resolve } = Promise.withResolvers<null>();
  return { ...staleKv(() => promise), speak: () => resolve(null) };
}

describe("a dump of D1 and KV", () => {
  it("holds no secret that opens anything", async () => {
    const { client, companyId } = await populate("dumped");
    const second = must(await operate("POST", tokensOf(client), {}), 201);
    const hook = must(
      await operate("POST", `/companies/${companyId}/webhooks`, { url: "https://a.example.com/" }),
      201,
    );
    must(await operate("PATCH", `/companies/${companyId}/webhooks/${hook.id}`, { enabled: false }), 200);
    await client.send("GET", "/Users", undefined, { "x-token": client.token });
    await client.send("POST", "/Users", { userName: "pw", password: "hunter2-secret" });
    await client.send("GET", `/Users?filter=${encodeURIComponent('password eq "hunter2-secret"')}`);
    await waitForLogAndWork(client);
    const dump = `${await d1Dump()}\n${await kvDump()}`;
    expect(dump).toContain("user-dumped@example.com");
    for (const token of [client.token, second.secret]) {
      expect(dump).not.toContain(token);
      for (const part of token.split("_").slice(2)) expect(dump).not.toContain(part);
    }
    for (const secret of [hook.secret, hook.secret.replace(/^whsec_/, ""), "hunter2-secret"])
      expect(dump).not.toContain(secret);
    for (const secret of [env.OPERATOR_KEY, env.SESSION_SECRET]) expect(dump).not.toContain(secret);
  });

  it("gives no credential, whatever in it is tried as one", async () => {
    const { client } = await populate("tried");
    const dump = `${await d1Dump()}\n${await kvDump()}`;
    const texts = new Set(dump.match(/[0-9a-f]{64}/g) ?? []);
    expect(texts.size).toBeGreaterThan(0);
    for (const text of texts) {
      for (const forged of forge(client.tokenId, text))
        expect((await call("GET", "/scim/v2/Users", undefined, { authorization: `Bearer ${forged}` })).status).toBe(
          401,
        );
    }
  });
});

describe("a stale KV", () => {
  it("does not keep a revoked token alive: reads and writes answer 401 from the next request", async () => {
    const client = await newClient();
    const entry = await env.TOKENS.get(`token:${client.tokenId}`, { type: "json" });
    expect(entry).not.toBeNull();
    const { kv, reads } = staleKv(() => entry);
    const send = (method: string, body?: unknown) =>
      fetchWith({ TOKENS: kv }, method, "/scim/v2/Users", { token: client.token, body });
    expect((await send("GET")).status).toBe(200);
    must(await operate("DELETE", `${tokensOf(client)}/${client.tokenId}`), 204);
    expect((await send("GET")).status).toBe(401);
    expect((await send("POST", { userName: "late" })).status).toBe(401);
    expect(reads()).toBeGreaterThan(0);
    const users = await env.DB.prepare("SELECT count(*) AS n FROM users WHERE user_name = 'late'").first("n");
    expect(users).toBe(0);
  });

  it("does not stop a token that it does not show yet: the first request after its making succeeds", async () => {
    const client = await newClient();
    const { kv } = staleKv(() => null);
    const answer = await fetchWith({ TOKENS: kv }, "POST", "/scim/v2/Users", {
      token: client.token,
      body: { userName: "early" },
    });
    expect(answer.status).toBe(201);
  });

  it("that does not show a token does not bring a revoked one back", async () => {
    const client = await newClient();
    must(await operate("DELETE", `${tokensOf(client)}/${client.tokenId}`), 204);
    const { kv } = staleKv(() => null);
    for (const [method, body] of [["GET"], ["POST", { userName: "late" }]] as const)
      expect((await fetchWith({ TOKENS: kv }, method, "/scim/v2/Users", { token: client.token, body })).status).toBe(
        401,
      );
  });

  it("that fails does not stop a token either", async () => {
    const client = await newClient();
    const { kv } = staleKv(() => {
      throw new Error("KV GET failed: 503 Service Unavailable");
    });
    expect((await fetchWith({ TOKENS: kv }, "GET", "/scim/v2/Users", { token: client.token })).status).toBe(200);
  });
});

describe("made-up tokens", () => {
  it("never reach D1, however many, and mistyped ones are refused while KV says nothing", async () => {
    const client = await newClient();
    const { d1, statements } = countedD1();
    const { kv, reads } = staleKv(() => null);
    const made = await Promise.all(
      Array.from(
        { length: 25 },
        async () => (await mintCredential("token", { SESSION_SECRET: "somebody else, of 32 bytes or more" })).text,
      ),
    );
    const stolenId = forge(client.tokenId, "ab".repeat(32));
    for (const token of [...made, ...stolenId])
      for (const method of ["GET", "POST"]) {
        const answer = await fetchWith({ DB: d1, TOKENS: kv }, method, "/scim/v2/Users", {
          token,
          body: method === "POST" ? { userName: "x" } : undefined,
        });
        expect(answer.status).toBe(401);
      }
    expect(statements()).toBe(0);
    expect(reads()).toBeGreaterThan(0);
    const silent = silentKv();
    const refuse = async (token: string) =>
      expect((await fetchWith({ DB: d1, TOKENS: silent.kv }, "GET", "/scim/v2/Users", { token })).status).toBe(401);
    for (const token of ["x", client.token.replace(/_[0-9a-f]/, "_g")]) await refuse(token);
    expect(silent.reads()).toBe(0);
    // Whose these are can be read: one look-up each, for the log, that no answer waits for.
    for (const token of [client.token.slice(0, -1), `${client.token}0`]) await refuse(token);
    expect([statements(), silent.reads()]).toEqual([0, 2]);
    silent.speak();
  });
});

describe("a forged seal", () => {
  const get = (token: string, TOKENS = env.TOKENS) => fetchWith({ TOKENS }, "GET", "/scim/v2/Users", { token });
  const unreachable = staleKv(() => {
    throw new Error("KV GET failed: 503 Service Unavailable");
  }).kv;

  it("or any other of its last characters: 401 that waits for no look-up, though KV shows the token", async () => {
    const client = await newClient();
    expect((await get(client.token)).status).toBe(200);
    const { kv, reads, speak } = silentKv();
    for (let back = 1; back <= 48; back += 1) {
      const at = client.token.length - back;
      const other = client.token[at] === "0" ? "1" : "0";
      const altered = client.token.slice(0, at) + other + client.token.slice(at + 1);
      expect([back, (await get(altered, kv)).status]).toEqual([back, 401]);
    }
    // The log's own, behind each answer.
    expect(reads()).toBe(48);
    speak();
  });

  it("does not open what KV does not show, were the secret right and the token in use a moment ago", async () => {
    const client = await newClient();
    expect((await get(client.token)).status).toBe(200);
    const [id = "", secret = ""] = client.token.split("_").slice(1);
    await env.TOKENS.delete(`token:${id}`);
    for (const forged of forge(id, secret)) expect((await get(forged)).status).toBe(401);
    for (const forged of forge(id, "ab".repeat(32))) expect((await get(forged)).status).toBe(401);
  });

  it("made as earlier Rollcalls did, with SESSION_SECRET itself, does not open it either", async () => {
    const client = await newClient();
    await env.TOKENS.delete(`token:${client.tokenId}`);
    expect((await get(await older(client.tokenId, "ab".repeat(32)))).status).toBe(401);
  });

  it("made with a secret that can be guessed opens nothing", async () => {
    const client = await newClient();
    const { kv: TOKENS } = staleKv(() => null);
    const weak = { SESSION_SECRET: "b" };
    const { text: token } = await composeCredential("token", weak, client.tokenId, "ab".repeat(32));
    expect((await fetchWith({ TOKENS, ...weak }, "GET", "/scim/v2/Users", { token })).status).toBe(401);
  });

  it("stands in the way of no token of the older form: it works until it is revoked, whatever SESSION_SECRET is now", async () => {
    const client = await newClient();
    const [id = "", secret = ""] = client.token.split("_").slice(1);
    const token = await older(id, secret, "a secret before the one before");
    expect((await get(token)).status).toBe(200);
    // While KV is out of reach the seal decides, so it must be of a secret that is known.
    expect((await get(await older(id, secret), unreachable)).status).toBe(200);
    must(await operate("DELETE", `${tokensOf(client)}/${id}`), 204);
    for (const kv of [env.TOKENS, unreachable]) expect((await get(await older(id, secret), kv)).status).toBe(401);
    expect((await get(token)).status).toBe(401);
  });
});

describe("rotation", () => {
  it("under load gives no 401: the new token works from its first request, the old one until it is revoked", async () => {
    const client = await newClient();
    let token = client.token;
    const statuses: number[] = [];
    /** One connection of an identity provider: it reads the token anew for each request, as after a change of settings. */
    const load = async (name: string) => {
      for (let n = 0; n < 6; n += 1) {
        const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
        const write = await call("POST", "/scim/v2/Users", { userName: `${name}-${n}` }, headers);
        const read = await call("GET", "/scim/v2/Users?count=1", undefined, headers);
        statuses.push(write.status, read.status);
      }
    };
    for (let round = 0; round < 4; round += 1) {
      const old = token;
      const underOld = ["a", "b", "c"].map((name) => load(`${name}${round}`));
      const next = must(await operate("POST", tokensOf(client), {}), 201);
      token = next.secret;
      const underNew = ["d", "e", "f"].map((name) => load(`${name}${round}`));
      await Promise.all([...underOld, ...underNew]);
      must(await operate("DELETE", `${tokensOf(client)}/${old.split("_")[1]}`), 204);
    }
    expect(statuses.filter((status) => status !== 201 && status !== 200)).toEqual([]);
    expect(statuses).toHaveLength(4 * 6 * 6 * 2);
    expect(must(await operate("GET", tokensOf(client)), 200).items).toHaveLength(5);
  });

  it("shows a secret once: no later answer carries it", async () => {
    const client = await newClient();
    const paths = [tokensOf(client), tokensOf(client).replace("/tokens", ""), `/companies/${client.companyId}/changes`];
    for (const path of paths) {
      const { text } = await operate("GET", path);
      expect(text).not.toContain(client.token.split("_")[2]);
      expect(text).not.toContain('"secret"');
    }
  });
});
