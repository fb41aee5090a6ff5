import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../src/platform/env.ts";
import { composeCredential, mintCredential } from "../../src/settings/credential.ts";
import { countedD1, fetchWith, staleKv } from "../safety/injected-bindings.ts";
import { must } from "../safety/populated-company.ts";
import { waitForLogAndWork } from "../safety/wait-for-log-and-work.ts";
import { newIssuer } from "../settings/issuer-fixture.ts";
import { call, errorOf, newClient, newSetting, operate, type ScimClient } from "./scim-client.ts";

const TOKEN = "/scim/oauth/token";
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const HOUR = 3_600_000;

const settingOf = (client: ScimClient) => `/companies/${client.companyId}/scim-settings/${client.settingId}`;
const form = (members: Record<string, string>) => new URLSearchParams(members).toString();
const basic = (id: string, secret: string) =>
  `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`;

interface OAuthClient {
  id: string;
  clientId: string;
  secretId: string;
  secret: string;
}

async function newOAuthClient(client: ScimClient, body: Record<string, unknown> = {}): Promise<OAuthClient> {
  const made = must(await operate("POST", `${settingOf(client)}/clients`, body), 201);
  return { id: made.id, clientId: made.clientId, secretId: made.secret.id, secret: made.secret.secret };
}

/** Asks for an access token as Entra does: id and secret in the header. */
function ask({ clientId, secret }: Pick<OAuthClient, "clientId" | "secret">, headers: Record<string, string> = {}) {
  const authorization = basic(clientId, secret);
  return call("POST", TOKEN, "grant_type=client_credentials", { ...FORM, authorization, ...headers });
}

async function tokenOf(client: Pick<OAuthClient, "clientId" | "secret">): Promise<string> {
  return must(await ask(client), 200).access_token;
}

const read = (token: string) => call("GET", "/scim/v2/Users", undefined, { authorization: `Bearer ${token}` });
const write = (token: string, userName: string) =>
  call(
    "POST",
    "/scim/v2/Users",
    { userName },
    { authorization: `Bearer ${token}`, "content-type": "application/json" },
  );

async function logOf(client: ScimClient) {
  await waitForLogAndWork(client);
  const { items } = must(await operate("GET", `${settingOf(client)}/log?limit=50`), 200);
  return items.filter(({ path }: { path: string }) => path.includes("oauth"));
}

afterEach(() => {
  vi.useRealTimers();
});

describe("the token endpoint", () => {
  it.each([TOKEN, "/scim/v2/oauth/token", "/SCIM//OAuth/Token/"])(
    "answers 200 at %s with a token that SCIM takes",
    async (path) => {
      const client = await newClient();
      const { clientId, secret } = await newOAuthClient(client);
      const asked: [string, Record<string, string>][] = [
        ["grant_type=client_credentials", { authorization: basic(clientId, secret) }],
        ["grant_type=client_credentials&scope=anything+at.all", { authorization: basic(clientId, secret) }],
        [form({ grant_type: "client_credentials", client_id: clientId, client_secret: secret }), {}],
      ];
      for (const [body, headers] of asked) {
        const answer = await call("POST", path, body, { ...FORM, ...headers });
        expect(answer.status, answer.text).toBe(200);
        expect(answer.json).toEqual({ access_token: expect.any(String), token_type: "Bearer", expires_in: 3600 });
        expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
        expect(answer.headers.get("cache-control")).toBe("no-store");
        expect(answer.headers.get("pragma")).toBe("no-cache");
        const token = answer.json.access_token;
        expect((await read(token)).status).toBe(200);
        expect((await write(token, `by-${headers.authorization ?? "form"}-${body.length}`)).status).toBe(201);
      }
    },
  );

  it("takes the media type of forms with parameters and in any case, and no other", async () => {
    const oauth = await newOAuthClient(await newClient());
    for (const type of ["application/x-www-form-urlencoded; charset=utf-8", "Application/X-WWW-Form-URLEncoded"])
      expect((await ask(oauth, { "content-type": type })).status).toBe(200);
    for (const type of ["application/json", "application/scim+json", "text/plain"]) {
      const answer = await ask(oauth, { "content-type": type });
      expect([answer.status, answer.json.error]).toEqual([400, "invalid_request"]);
    }
  });

  it.each<[string, string, Record<string, string>, number, string]>([
    ["no grant_type", "client_id=a&client_secret=b", {}, 400, "invalid_request"],
    ["another grant", "grant_type=password&client_id=a&client_secret=b", {}, 400, "unsupported_grant_type"],
    ["a parameter twice", "grant_type=client_credentials&grant_type=client_credentials", {}, 400, "invalid_request"],
    [
      "two clients",
      "grant_type=client_credentials&client_id=a",
      { authorization: basic("b", "c") },
      400,
      "invalid_request",
    ],
    ["no client", "grant_type=client_credentials", {}, 401, "invalid_client"],
    ["no client at all", "", {}, 401, "invalid_client"],
    ["a made-up client", "grant_type=client_credentials&client_id=a&client_secret=b", {}, 401, "invalid_client"],
    ["Basic that is none", "grant_type=client_credentials", { authorization: "Basic !" }, 401, "invalid_client"],
    [
      "a made-up client in the header",
      "grant_type=client_credentials",
      { authorization: basic("a", "b") },
      401,
      "invalid_client",
    ],
    ["more than 16 KB", `grant_type=client_credentials&x=${"y".repeat(16_400)}`, {}, 413, "invalid_request"],
  ])("refuses %s as RFC 6749 section 5.2 says", async (_what, body, headers, status, error) => {
    const answer = await call("POST", TOKEN, body, { ...FORM, ...headers });
    expect([answer.status, answer.json.error], answer.text).toEqual([status, error]);
    expect(answer.json.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    if (status === 401) expect(answer.headers.get("www-authenticate")).toMatch(/^Basic /);
  });

  it.each(["GET", "PUT", "DELETE", "PATCH"])("answers 405 to %s", async (method) => {
    const answer = await call(method, TOKEN);
    expect([answer.status, answer.headers.get("allow"), answer.json.error]).toEqual([405, "POST", "invalid_request"]);
  });

  it("is described by RFC 8414 metadata and by ServiceProviderConfig", async () => {
    const { json } = await call("GET", "/.well-known/oauth-authorization-server/scim");
    expect(json).toMatchObject({
      issuer: "https://rollcall.test/scim",
      token_endpoint: `https://rollcall.test${TOKEN}`,
      grant_types_supported: ["client_credentials"],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
      token_endpoint_auth_signing_alg_values_supported: ["RS256"],
    });
    const config = await call("GET", "/scim/v2/ServiceProviderConfig");
    const types = config.json.authenticationSchemes.map(({ type }: { type: string }) => type);
    expect(types).toEqual(["oauthbearertoken", "oauth2"]);
    // One address of the two, wherever it is told.
    expect(config.json.authenticationSchemes[1].description).toContain(` ${json.token_endpoint},`);
  });
});

describe("a client", () => {
  it("gets no token with another company's, another client's, a wrong or a cut secret", async () => {
    const [a, b] = [await newClient(), await newClient()];
    const sibling = await newSetting(a.companyId);
    const own = await newOAuthClient(a);
    const others = [await newOAuthClient(b), await newOAuthClient(sibling), await newOAuthClient(a)];
    const made = await mintCredential("clientSecret", env);
    const same = await composeCredential("clientSecret", env, own.secretId, "a".repeat(64));
    const secrets = [
      ...others.map(({ secret }) => secret),
      made.text,
      same.text,
      own.secret.slice(0, -1),
      a.token,
      "x",
    ];
    for (const secret of secrets) {
      const answer = await ask({ clientId: own.clientId, secret });
      expect([answer.status, answer.json.error], secret).toEqual([401, "invalid_client"]);
    }
    expect((await ask(own)).status).toBe(200);
  });

  it("gets tokens of its own setting only", async () => {
    const [a, b] = [await newClient(), await newClient()];
    must(await b.send("POST", "/Users", { userName: "of-b" }), 201);
    const token = await tokenOf(await newOAuthClient(a));
    expect((await read(token)).json.totalResults).toBe(0);
  });

  it("is told in the feed, without its secret", async () => {
    const client = await newClient();
    const oauth = await newOAuthClient(client);
    must(await operate("DELETE", `${settingOf(client)}/clients/${oauth.id}`), 204);
    const { text, json } = await operate("GET", `/companies/${client.companyId}/changes`);
    const types = json.items.map(({ type }: { type: string }) => type);
    expect(types.slice(-3)).toEqual(["client.created", "client_secret.created", "client.revoked"]);
    expect(text).not.toContain(oauth.secret.split("_")[2]);
  });
});

describe("a client, with its secrets", () => {
  it("has up to five live secrets, each with an end, two years from now unless said otherwise", async () => {
    const client = await newClient();
    const { id } = await newOAuthClient(client, { name: "Entra" });
    const at = `${settingOf(client)}/clients/${id}`;
    const expiresAt = new Date(Date.now() + 365 * 86_400_000).toISOString();
    for (let n = 0; n < 4; n += 1) must(await operate("POST", `${at}/secrets`, { expiresAt }), 201);
    const full = await operate("POST", `${at}/secrets`, {});
    expect([full.status, full.json.code]).toEqual([409, "too_many_secrets"]);
    const shown = must(await operate("GET", at), 200);
    expect(shown.name).toBe("Entra");
    expect(shown.secrets).toHaveLength(5);
    const [first, second] = shown.secrets;
    const years = (Date.parse(first.expiresAt) - Date.parse(first.createdAt)) / 86_400_000 / 365;
    expect(years).toBeCloseTo(2, 5);
    expect(second.expiresAt).toBe(expiresAt);
    must(await operate("DELETE", `${at}/secrets/${first.id}`), 204);
    must(await operate("POST", `${at}/secrets`, {}), 201);
    for (const never of ["2001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"]) {
      const refused = await operate("POST", `${at}/secrets`, { expiresAt: never });
      expect([refused.status, refused.json.errors[0].pointer]).toEqual([400, "/expiresAt"]);
      expect((await operate("POST", `${settingOf(client)}/clients`, { expiresAt: never })).status).toBe(400);
    }
  });

  it("gets no token with a secret that has ended, and its log says when", async () => {
    const client = await newClient();
    const end = Date.now() + 2 * HOUR;
    const oauth = await newOAuthClient(client, { expiresAt: new Date(end).toISOString() });
    vi.useFakeTimers({ toFake: ["Date"], now: end - 600_000 });
    // What ends with its secret is not said to live longer.
    const { access_token: token, expires_in: seconds } = must(await ask(oauth), 200);
    expect(seconds).toBe(600);
    expect((await read(token)).status).toBe(200);
    vi.setSystemTime(end);
    const answer = await ask(oauth);
    expect([answer.status, answer.json.error]).toEqual([401, "invalid_client"]);
    expect(errorOf(await read(token)).status).toBe("401");
    const [newest] = await logOf(client);
    expect(newest).toMatchObject({ status: 401, code: "client_secret_ended" });
    expect(newest.detail).toContain(`has ended on ${new Date(end).toISOString().slice(0, 10)}`);
  });

  it("rotates under load without a 401: the new secret works from its first request, the old until it is deleted", async () => {
    const client = await newClient();
    const first = await newOAuthClient(client);
    let current = first;
    const statuses: number[] = [];
    const load = async (name: string) => {
      for (let n = 0; n < 4; n += 1) {
        const asked = await ask(current);
        statuses.push(asked.status);
        const token = asked.json.access_token;
        statuses.push((await write(token, `${name}-${n}`)).status, (await read(token)).status);
      }
    };
    for (let round = 0; round < 3; round += 1) {
      const old = current;
      const underOld = ["a", "b"].map((name) => load(`${name}${round}`));
      const made = must(await operate("POST", `${settingOf(client)}/clients/${first.id}/secrets`, {}), 201);
      current = { ...first, secretId: made.id, secret: made.secret };
      await Promise.all([...underOld, ...["c", "d"].map((name) => load(`${name}${round}`))]);
      must(await operate("DELETE", `${settingOf(client)}/clients/${first.id}/secrets/${old.secretId}`), 204);
    }
    expect(statuses.filter((status) => status !== 200 && status !== 201)).toEqual([]);
    expect(statuses).toHaveLength(3 * 4 * 4 * 3);
  });

  it("shows when each secret was last used, and which may be deleted", async () => {
    const client = await newClient();
    const first = await newOAuthClient(client);
    const at = `${settingOf(client)}/clients/${first.id}`;
    await tokenOf(first);
    await waitForLogAndWork(client);
    const made = must(await operate("POST", `${at}/secrets`, {}), 201);
    const before = must(await operate("GET", at), 200).secrets;
    expect(before.map(({ lastUsedAt }: { lastUsedAt: unknown }) => lastUsedAt === null)).toEqual([false, true]);
    expect(before.map(({ superseded }: { superseded: boolean }) => superseded)).toEqual([false, false]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    await read(await tokenOf({ ...first, secret: made.secret }));
    await waitForLogAndWork(client);
    const after = must(await operate("GET", at), 200).secrets;
    expect(after.map(({ superseded }: { superseded: boolean }) => superseded)).toEqual([true, false]);
  });
});

/** Ways in which an access token's credential ends. */
const ENDS: [string, (client: ScimClient, oauth: OAuthClient) => Promise<unknown>][] = [
  [
    "its secret is deleted",
    (client, { id, secretId }) => operate("DELETE", `${settingOf(client)}/clients/${id}/secrets/${secretId}`),
  ],
  ["its client is deleted", (client, { id }) => operate("DELETE", `${settingOf(client)}/clients/${id}`)],
  ["its setting is deleted", (client) => operate("DELETE", settingOf(client))],
  ["its company is deleted", (client) => operate("DELETE", `/companies/${client.companyId}`)],
];

describe("an access token", () => {
  it.each(ENDS)("is dead at the next request when %s, with KV as it was before", async (_what, end) => {
    const client = await newClient();
    const oauth = await newOAuthClient(client);
    const token = await tokenOf(oauth);
    const { keys } = await env.TOKENS.list();
    const kept = new Map(
      await Promise.all(keys.map(async ({ name }) => [name, await env.TOKENS.get(name, "json")] as const)),
    );
    const { kv } = staleKv((key) => kept.get(key) ?? null);
    const send = (method: string, body?: unknown) =>
      fetchWith({ TOKENS: kv }, method, "/scim/v2/Users", { token, body });
    expect((await send("GET")).status).toBe(200);
    await end(client, oauth);
    expect((await send("GET")).status).toBe(401);
    expect((await send("POST", { userName: "late" })).status).toBe(401);
    expect((await ask(oauth)).status).toBe(401);
  });

  it("says which of its client and secret is gone, and lives on where another secret is deleted", async () => {
    const client = await newClient();
    const oauth = await newOAuthClient(client);
    const token = await tokenOf(oauth);
    const other = must(await operate("POST", `${settingOf(client)}/clients/${oauth.id}/secrets`, {}), 201);
    must(await operate("DELETE", `${settingOf(client)}/clients/${oauth.id}/secrets/${other.id}`), 204);
    expect((await read(token)).status).toBe(200);
    must(await operate("DELETE", `${settingOf(client)}/clients/${oauth.id}/secrets/${oauth.secretId}`), 204);
    expect(errorOf(await read(token)).detail).toContain("client secret");
  });

  it("is answered 403 while its setting is paused, and works again after that", async () => {
    const client = await newClient();
    const oauth = await newOAuthClient(client);
    const token = await tokenOf(oauth);
    must(await operate("POST", `${settingOf(client)}/pause`), 200);
    for (const one of [token, await tokenOf(oauth)])
      expect([(await read(one)).status, (await write(one, "p")).status]).toEqual([403, 403]);
    must(await operate("POST", `${settingOf(client)}/resume`), 200);
    expect((await read(token)).status).toBe(200);
  });

  it("is dead an hour after it was given: replayed, it is answered 401, and the log of its setting has that", async () => {
    const client = await newClient();
    const oauth = await newOAuthClient(client);
    const start = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: start });
    const token = await tokenOf(oauth);
    vi.setSystemTime(start + HOUR - 1);
    expect((await read(token)).status).toBe(200);
    vi.setSystemTime(start + HOUR);
    expect([(await read(token)).status, (await write(token, "late")).status]).toEqual([401, 401]);
    await waitForLogAndWork(client);
    const { items } = must(await operate("GET", `${settingOf(client)}/log?limit=50`), 200);
    const refused = items.filter(({ status }: { status: number }) => status === 401);
    expect(refused.map(({ method }: { method: string }) => method).sort()).toEqual(["GET", "POST"]);
    expect((await read(token)).headers.get("www-authenticate")).toBe('Bearer realm="SCIM", error="invalid_token"');
    expect((await call("GET", "/scim/v2/Users")).headers.get("www-authenticate")).toBe('Bearer realm="SCIM"');
  });

  it("that is forged reaches neither KV nor D1", async () => {
    const token = await tokenOf(await newOAuthClient(await newClient()));
    const { d1, statements } = countedD1();
    const { kv, reads } = staleKv(() => null);
    for (const forged of [`${token}0`, token.replace(".DB.", ".DB2."), token.slice(0, -1), "rca_x"])
      expect((await fetchWith({ DB: d1, TOKENS: kv }, "GET", "/scim/v2/Users", { token: forged })).status).toBe(401);
    expect([statements(), reads()]).toEqual([0, 0]);
  });
});

describe("federation", () => {
  const issuerUrl = () => `https://login.microsoftonline.com/${crypto.randomUUID()}/v2.0`;
  let issuer: Awaited<ReturnType<typeof newIssuer>>;

  beforeAll(async () => {
    issuer = await newIssuer(crypto.randomUUID(), Date.now);
  });

  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ keys: [issuer.jwk] }));
  });

  async function newTrust(client: ScimClient, terms: Record<string, string> = {}) {
    const body = { issuer: issuerUrl(), subject: "the subject", audience: "the-audience", ...terms };
    return must(await operate("POST", `${settingOf(client)}/trusts`, body), 201);
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests read members of answers freely.
  async function assertionFor(trust: any, claims: Record<string, unknown> = {}): Promise<string> {
    const { issuer: iss, subject: sub, audience: aud } = trust;
    return issuer.sign({ iss, sub, aud, ...claims });
  }

  function send(clientId: string, assertion: string, bindings: Partial<Env> = {}) {
    const members = { client_id: clientId, client_assertion_type: ASSERTION_TYPE, client_assertion: assertion };
    // The app in this isolate, whose fetch is the test's.
    return fetchWith(bindings, "POST", TOKEN, { form: form({ grant_type: "client_credentials", ...members }) });
  }

  it("gives an access token for an assertion as Entra sends it, which ends with the trust", async () => {
    const client = await newClient();
    const trust = await newTrust(client, { audience: "api://9b1c/.default" });
    expect(trust).toMatchObject({ clientId: `rcc_${trust.id}`, tokenEndpoint: `https://rollcall.test${TOKEN}` });
    const answer = await send(trust.clientId, await assertionFor(trust, { aud: "9b1c" }));
    const { access_token: token, ...rest } = (await answer.json()) as { access_token: string };
    expect([answer.status, rest]).toEqual([200, { token_type: "Bearer", expires_in: 3600 }]);
    expect((await write(token, "federated")).status).toBe(201);
    must(await operate("DELETE", `${settingOf(client)}/trusts/${trust.id}`), 204);
    expect([(await read(token)).status, (await write(token, "late")).status]).toEqual([401, 401]);
    expect((await send(trust.clientId, await assertionFor(trust))).status).toBe(401);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["another audience", { aud: "other" }, /audience is other, not the-audience/],
    ["another issuer", { iss: "https://login.microsoftonline.com/other/v2.0" }, /issuer is https/],
    ["another subject", { sub: "other" }, /subject is other, not the subject/],
    ["an end that is past", { exp: 1_000_000_000, nbf: undefined }, /expired/],
  ])("gives none for %s, and the log says what to mend", async (_what, claims, detail) => {
    const client = await newClient();
    const trust = await newTrust(client);
    const assertion = await assertionFor(trust, claims);
    const answer = await send(trust.clientId, assertion);
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: "invalid_client" }]);
    const [entry] = await logOf(client);
    expect(entry).toMatchObject({ status: 401, code: "assertion_refused", detail: expect.stringMatching(detail) });
    const { text } = await operate("GET", `/companies/${client.companyId}/log/${entry.id}`);
    for (const secret of [assertion, assertion.split(".")[1] ?? "", trust.clientId]) expect(text).not.toContain(secret);
  });

  it("gives none under another company's trust, and none to a client of the other kind", async () => {
    const [a, b] = [await newClient(), await newClient()];
    const [own, foreign] = [await newTrust(a), await newTrust(b)];
    const oauth = await newOAuthClient(a);
    expect((await send(foreign.clientId, await assertionFor(own))).status).toBe(401);
    expect((await send(oauth.clientId, await assertionFor(own))).status).toBe(401);
    expect((await send(`rcc_${"0".repeat(24)}`, await assertionFor(own))).status).toBe(401);
    expect((await ask({ clientId: own.clientId, secret: oauth.secret })).status).toBe(401);
    expect((await send(own.clientId, await assertionFor(own))).status).toBe(200);
  });

  it("answers 503 with Retry-After while the issuer's keys cannot be had, and says so in the log", async () => {
    const client = await newClient();
    const trust = await newTrust(client);
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
    const answer = await send(trust.clientId, await assertionFor(trust));
    expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toMatchObject([
      503,
      "30",
      { error: "temporarily_unavailable" },
    ]);
    expect((await logOf(client))[0]).toMatchObject({ status: 503, code: "issuer_unreachable" });
  });

  it("refuses by claims alone without asking for keys, while those cannot be had too", async () => {
    const client = await newClient();
    const trust = await newTrust(client);
    const asked = vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
    const year = Math.floor(Date.now() / 1000) + 31_536_000;
    for (const claims of [
      { iss: "x" },
      { sub: "x" },
      { aud: "x" },
      { aud: "" },
      { exp: 1_000_000_000 },
      { exp: year },
    ]) {
      const answer = await send(trust.clientId, await assertionFor(trust, claims));
      expect([answer.status, await answer.json()]).toMatchObject([401, { error: "invalid_client" }]);
    }
    expect(asked).not.toHaveBeenCalled();
    expect((await send(trust.clientId, await assertionFor(trust))).status).toBe(503);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it("gives none for a forged assertion whose claims are right", async () => {
    const client = await newClient();
    const trust = await newTrust(client);
    const real = issuer;
    issuer = await newIssuer(real.kid, Date.now);
    const forged = await assertionFor(trust);
    issuer = real;
    expect((await send(trust.clientId, forged)).status).toBe(401);
    expect((await logOf(client))[0]?.detail).toContain("signature");
  });

  it("takes an issuer on this machine only where LOOPBACK_ISSUERS says so and the Worker is on loopback itself", async () => {
    const client = await newClient();
    const body = { issuer: "http://127.0.0.1:8700/t/v2.0", subject: "s", audience: "a" };
    const headers = { authorization: `Bearer ${env.OPERATOR_KEY}` };
    const path = `/api/v1${settingOf(client)}/trusts`;
    for (const LOOPBACK_ISSUERS of ["on", undefined])
      expect((await fetchWith({ LOOPBACK_ISSUERS }, "POST", path, { body, headers })).status).toBe(400);
    const hollow = await operate("POST", `${settingOf(client)}/trusts`, { ...body, audience: "api://" });
    expect([hollow.status, hollow.json.errors.at(-1).pointer]).toEqual([400, "/audience"]);
    const evil = await operate("POST", `${settingOf(client)}/trusts`, { ...body, issuer: "https://evil.example.com/" });
    expect([evil.status, evil.json.errors[0].pointer]).toEqual([400, "/issuer"]);
  });
});

describe("the log", () => {
  it("has a row for each token request of a known client, with every credential masked", async () => {
    const client = await newClient();
    const oauth = await newOAuthClient(client);
    const token = await tokenOf(oauth);
    await ask({ ...oauth, secret: "wrong" });
    await call(
      "POST",
      `${TOKEN}?client_secret=${oauth.secret}`,
      form({ grant_type: "client_credentials", client_id: oauth.clientId, client_secret: oauth.secret }),
      FORM,
    );
    const entries = await logOf(client);
    expect(entries.map(({ status, code }: { status: number; code: string | null }) => [status, code]).sort()).toEqual([
      [200, null],
      [200, null],
      [401, "client_secret_wrong"],
    ]);
    for (const { id } of entries) {
      const { text } = await operate("GET", `/companies/${client.companyId}/log/${id}`);
      expect(text).toContain("[redacted]");
      for (const secret of [oauth.secret, oauth.clientId, oauth.id, token]) expect(text).not.toContain(secret);
    }
  });

  it("has no row for a client that nobody knows", async () => {
    const client = await newClient();
    await ask({ clientId: `rcc_${"1".repeat(24)}`, secret: "x" });
    expect(await logOf(client)).toEqual([]);
  });
});

describe("the shield of the token endpoint", () => {
  const shieldOf = (limit: number): RateLimit & { keys: string[] } => {
    const keys: string[] = [];
    return { keys, limit: async ({ key }) => ({ success: keys.push(key) <= limit }) };
  };
  const headers = { "cf-connecting-ip": "192.0.2.7" };
  const body = form({ grant_type: "client_credentials", client_id: `rcc_${"2".repeat(24)}`, client_secret: "x" });

  it("ends a flood from one address before anything is looked up", async () => {
    const OAUTH_SHIELD = shieldOf(2);
    const { d1, statements } = countedD1();
    const send = () => fetchWith({ OAUTH_SHIELD, DB: d1 }, "POST", TOKEN, { form: body, headers });
    expect([(await send()).status, (await send()).status]).toEqual([401, 401]);
    const before = statements();
    const answer = await send();
    expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toMatchObject([
      429,
      "10",
      { error: "temporarily_unavailable" },
    ]);
    expect(statements()).toBe(before);
  });

  it("counts only refused requests beside those of other doors", async () => {
    const client = await newOAuthClient(await newClient());
    const ADDRESS_SHIELD = shieldOf(1);
    const good = form({ grant_type: "client_credentials", client_id: client.clientId, client_secret: client.secret });
    const send = (text: string) => fetchWith({ ADDRESS_SHIELD }, "POST", TOKEN, { form: text, headers });
    expect([(await send(body)).status, (await send(body)).status, (await send(good)).status]).toEqual([401, 429, 200]);
  });

  it("has made-up clients without our form never reach D1", async () => {
    const { d1, statements } = countedD1();
    for (const id of ["x", "rcc_", `rcc_${"g".repeat(24)}`, crypto.randomUUID()])
      await fetchWith({ DB: d1 }, "POST", TOKEN, {
        form: form({ grant_type: "client_credentials", client_id: id, client_secret: "x" }),
      });
    expect(statements()).toBe(0);
  });
});

it("a deployment whose SESSION_SECRET is short gives no access token, and makes no client", async () => {
  const client = await newClient();
  const oauth = await newOAuthClient(client);
  const short = { SESSION_SECRET: "short" };
  const asked = form({ grant_type: "client_credentials", client_id: oauth.clientId, client_secret: oauth.secret });
  const answer = await fetchWith(short, "POST", TOKEN, { form: asked });
  expect([answer.status, await answer.json()]).toMatchObject([503, { error: "temporarily_unavailable" }]);
  const headers = { authorization: `Bearer ${env.OPERATOR_KEY}` };
  for (const kind of ["clients", "trusts"]) {
    const body = kind === "clients" ? {} : { issuer: "https://login.windows.net/t", subject: "s", audience: "a" };
    const made = await fetchWith(short, "POST", `/api/v1${settingOf(client)}/${kind}`, { body, headers });
    expect([made.status, await made.json()]).toMatchObject([503, { code: "not_configured" }]);
  }
});
