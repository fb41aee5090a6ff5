import { beforeAll, describe, expect, it } from "vitest";
import { countedD1, failingOnce, fetchWith } from "../safety/injected-bindings.ts";
import { must } from "../safety/populated-company.ts";
import { waitForLogAndWork } from "../safety/wait-for-log-and-work.ts";
import { newClient, operate, type ScimClient } from "./scim-client.ts";

const TOKEN = "/scim/oauth/token";
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const settingOf = (client: ScimClient) => `/companies/${client.companyId}/scim-settings/${client.settingId}`;
const basic = (id: string, secret: string) => `Basic ${btoa(`${id}:${secret}`)}`;

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
}

interface Known {
  id: string;
  secret: string;
}

async function newOAuthClient(client: ScimClient): Promise<Known> {
  const made = must(await operate("POST", `${settingOf(client)}/clients`, {}), 201);
  return { id: made.clientId, secret: made.secret.secret };
}

async function newTrust(client: ScimClient): Promise<Known> {
  const body = { issuer: "https://login.windows.net/t", subject: "s", audience: "a" };
  return { id: must(await operate("POST", `${settingOf(client)}/trusts`, body), 201).clientId, secret: "x" };
}

function send({ method = "POST", path = TOKEN, headers = FORM, body }: Sent, bindings = {}) {
  return fetchWith(bindings, method, path, { headers, ...(body !== undefined && { form: body }) });
}

/** What the log has of the last requests for tokens. */
async function logOf(client: ScimClient, limit = 50) {
  await waitForLogAndWork(client);
  const { items } = must(await operate("GET", `${settingOf(client)}/log?limit=${limit}`), 200);
  const rows = items.filter(({ path }: { path: string }) => path.includes("oauth"));
  return Promise.all(
    rows.map(async ({ id }: { id: string }) => operate("GET", `/companies/${client.companyId}/log/${id}`)),
  );
}

const CC = "grant_type=client_credentials";

/** Requests that are refused before anybody's secret is looked at, each of which names its client somewhere. */
const REFUSED: [string, number, string, RegExp, (known: Known) => Sent][] = [
  [
    "another grant, by form",
    400,
    "unsupported_grant_type",
    /client credentials/,
    ({ id, secret }) => ({ body: `grant_type=password&client_id=${id}&client_secret=${secret}` }),
  ],
  [
    "another grant, by header",
    400,
    "unsupported_grant_type",
    /client credentials/,
    ({ id, secret }) => ({
      headers: { ...FORM, authorization: basic(id, secret) },
      body: "grant_type=authorization_code&code=c",
    }),
  ],
  [
    "no grant",
    400,
    "malformed_token_request",
    /grant_type is missing/,
    ({ id, secret }) => ({ body: `client_id=${id}&client_secret=${secret}` }),
  ],
  [
    "a parameter twice",
    400,
    "malformed_token_request",
    /grant_type is in the request twice/,
    ({ id, secret }) => ({ body: `${CC}&${CC}&client_id=${id}&client_secret=${secret}` }),
  ],
  [
    "the client id twice",
    400,
    "malformed_token_request",
    /client_id is in the request twice/,
    ({ id, secret }) => ({ body: `${CC}&client_id=${id}&client_id=${id}&client_secret=${secret}` }),
  ],
  [
    "JSON",
    400,
    "malformed_token_request",
    /came as application\/json/,
    ({ id, secret }) => ({
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ grant_type: "client_credentials", client_id: id, client_secret: secret }),
    }),
  ],
  [
    "a body over 16 KB",
    413,
    "token_request_too_large",
    /16 KB/,
    ({ id, secret }) => ({ body: `${CC}&client_id=${id}&client_secret=${secret}&x=${"y".repeat(16_400)}` }),
  ],
  [
    "a body over 16 KB beside a header",
    413,
    "token_request_too_large",
    /16 KB/,
    ({ id, secret }) => ({ headers: { ...FORM, authorization: basic(id, secret) }, body: "y".repeat(16_400) }),
  ],
  ["an id without a proof", 401, "no_client", /neither/, ({ id }) => ({ body: `${CC}&client_id=${id}` })],
  [
    "a secret in the header and in the form",
    400,
    "malformed_token_request",
    /one of them/,
    ({ id, secret }) => ({
      headers: { ...FORM, authorization: basic(id, secret) },
      body: `${CC}&client_id=${id}&client_secret=${secret}`,
    }),
  ],
  [
    "another client in the form",
    400,
    "malformed_token_request",
    /different clients/,
    ({ id, secret }) => ({ headers: { ...FORM, authorization: basic(id, secret) }, body: `${CC}&client_id=other` }),
  ],
  [
    "an assertion of an unknown type",
    400,
    "malformed_token_request",
    /client_assertion_type/,
    ({ id }) => ({ body: `${CC}&client_id=${id}&client_assertion=a.b.c&client_assertion_type=saml` }),
  ],
  [
    "an assertion that alone names its client",
    401,
    "no_client",
    /names no client/,
    ({ id }) => ({
      body: `${CC}&client_assertion_type=${JWT_BEARER}&client_assertion=${btoa('{"alg":"RS256"}')}.${btoa(JSON.stringify({ sub: id })).replaceAll("=", "")}.AAAA`,
    }),
  ],
  [
    "everything in the address",
    400,
    "malformed_token_request",
    /in the address/,
    ({ id, secret }) => ({ path: `${TOKEN}?${CC}&client_id=${id}&client_secret=${secret}`, body: "" }),
  ],
  [
    "GET",
    405,
    "method_not_allowed",
    /POST only/,
    ({ id, secret }) => ({ method: "GET", headers: { authorization: basic(id, secret) } }),
  ],
  [
    "PUT",
    405,
    "method_not_allowed",
    /POST only/,
    ({ id, secret }) => ({ method: "PUT", body: `${CC}&client_id=${id}&client_secret=${secret}` }),
  ],
];

describe("a refusal of a client that is known", () => {
  let client: ScimClient;
  let both: Known[] = [];

  beforeAll(async () => {
    client = await newClient();
    both = [await newOAuthClient(client), await newTrust(client)];
  });

  it.each(REFUSED)("stands in its setting's log: %s", async (_what, status, code, detail, sentBy) => {
    const answers = await Promise.all(both.map((known) => send(sentBy(known))));
    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
    const log = await logOf(client, 5);
    for (const [index, { id, secret }] of both.entries()) {
      const requestId = answers[index]?.headers.get("x-request-id");
      const entries = log.filter(({ json }) => json.id === requestId);
      expect(entries).toHaveLength(1);
      expect(entries[0]?.json).toMatchObject({ status, code, detail: expect.stringMatching(detail) });
      for (const word of [id, id.slice(4), secret].filter((text) => text.length > 1))
        expect(entries[0]?.text).not.toContain(word);
    }
  });

  it("keeps which parameters there were, and of their values only what is no secret", async () => {
    const client = await newClient();
    const { id, secret } = await newOAuthClient(client);
    const body = `grant_type=password&username=zoe&password=hunter2&client_id=${id}&client_secret=${secret}&my-secret=s3cret`;
    await send({ body });
    const [entry] = await logOf(client);
    expect(entry?.text).toContain("password");
    for (const text of ["zoe", "hunter2", "s3cret", "my-secret"]) expect(entry?.text).not.toContain(text);
  });

  it("keeps nobody's address, wherever one stands", async () => {
    const client = await newClient();
    const { id, secret } = await newOAuthClient(client);
    const trust = await newTrust(client);
    const mail = "zoe@example.com";
    const whole = `client_id=${id}&client_secret=${secret}`;
    const claims = btoa(JSON.stringify({ iss: mail, sub: mail, aud: mail, exp: 4_000_000_000 })).replaceAll("=", "");
    const assertion = `${btoa('{"alg":"RS256","kid":"k"}')}.${claims}.AAAA`;
    const asked: Sent[] = [
      { body: `grant_type=${mail}&${whole}` },
      { body: `${CC}&${mail}=1&${mail}=2&${whole}` },
      { body: `${CC}&zoe=1&zoe=2&${whole}` },
      { body: `${CC}&username=${mail}&username=${mail}&${whole}` },
      { body: `${CC}&scope=${mail}&scope=${mail}&${whole}` },
      { body: whole, headers: { "content-type": "zoe/example.com" } },
      { body: `${mail} ${whole}`, headers: { "content-type": "text/plain" } },
      { path: `${TOKEN}?${CC}&username=${mail}&client_id=${id}`, body: "" },
      { body: `${CC}&client_id=${trust.id}&client_assertion_type=${JWT_BEARER}&client_assertion=${assertion}` },
    ];
    for (const sent of asked) expect((await send(sent)).status).toBeGreaterThanOrEqual(400);
    const entries = await logOf(client);
    expect(entries).toHaveLength(asked.length);
    for (const { text } of entries) for (const word of ["zoe", "example.com"]) expect(text).not.toContain(word);
  });

  it("keeps nothing that a claim quotes, and no address in disguise", async () => {
    const client = await newClient();
    const trust = await newTrust(client);
    const right = { iss: "https://login.windows.net/t", sub: "s", aud: "a", exp: 4_000_000_000 };
    const claims = [
      { sub: ["Zoe Example"] },
      { sub: { name: "Zoe", more: "x".repeat(900) } },
      { aud: ["zoe", "other"] },
      { sub: "zoe%40example.com" },
      { iss: "the provider of zoe\uff20example.com" },
    ];
    for (const wrong of claims) {
      const text = unescape(encodeURIComponent(JSON.stringify({ ...right, ...wrong })));
      const assertion = `${btoa('{"alg":"RS256","kid":"k"}')}.${btoa(text).replaceAll("=", "")}.AAAA`;
      const proof = `client_assertion_type=${JWT_BEARER}&client_assertion=${encodeURIComponent(assertion)}`;
      expect((await send({ body: `${CC}&client_id=${trust.id}&${proof}` })).status).toBe(401);
    }
    const entries = await logOf(client);
    expect(entries.map(({ json }) => json.code)).toEqual(claims.map(() => "assertion_refused"));
    for (const { text } of entries) expect(text).not.toMatch(/zoe|example/i);
  });

  it("is answered all the same when the log cannot be found", async () => {
    const { id } = await newOAuthClient(await newClient());
    const { d1 } = failingOnce("before", "D1_ERROR: something else");
    const answer = await send({ body: `${CC}&client_id=${id}` }, { DB: d1 });
    expect(answer.status).toBe(401);
  });
});

describe("a flood of refused requests", () => {
  const shieldOf = (limit: number): RateLimit => {
    let asked = 0;
    return { limit: async () => ({ success: ++asked <= limit }) };
  };
  const headers = { ...FORM, "cf-connecting-ip": "192.0.2.7" };

  it.each(["OAUTH_SHIELD", "ADDRESS_SHIELD"])(
    "of a known client is ended by %s before it is looked up",
    async (name) => {
      const client = await newClient();
      const { id } = await newOAuthClient(client);
      const { d1, statements } = countedD1();
      const bindings = { [name]: shieldOf(2), DB: d1 };
      const sent = { headers, body: `grant_type=password&client_id=${id}&client_secret=x` };
      expect([(await send(sent, bindings)).status, (await send(sent, bindings)).status]).toEqual([400, 400]);
      const before = statements();
      for (const method of ["POST", "GET"])
        expect((await send(method === "GET" ? { method, headers } : sent, bindings)).status).toBe(429);
      expect(statements()).toBe(before);
      expect(await logOf(client)).toHaveLength(2);
    },
  );

  it("that names made-up clients costs two look-ups a request, and leaves nothing behind", async () => {
    const { d1, statements } = countedD1();
    const ids = Array.from({ length: 300 }, (_, n) => `client_id=rcc_${String(n).padStart(24, "0")}`).join("&");
    expect((await send({ body: ids }, { DB: d1 })).status).toBe(400);
    expect(statements()).toBeLessThanOrEqual(6);
  });
});
