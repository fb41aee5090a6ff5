import { describe, expect, it } from "vitest";
import { newId } from "../../../src/platform/uuid.ts";
import { operate } from "../../scim-api/scim-client.ts";
import { follow, getPage, makeAdmin, postForm, request } from "../sign-in-to.ts";

type Admin = Awaited<ReturnType<typeof makeAdmin>>;

const TRUST = {
  issuer: "https://login.microsoftonline.com/7a0e0a51-0000-4000-8000-000000000001/v2.0",
  jwksUrl: "",
  subject: "the subject",
  audience: "api://the-audience/.default",
};
const WAYS = /<input[^>]*name="signIn"[^>]*>/g;

/** Sends the wizard's last form for a provider that signs in one way. */
async function makeSetting({ company, cookie }: Admin, provider: string, signIn?: string) {
  const id = newId(Date.now());
  const at = `/console/companies/${company.id}/settings`;
  const form = { id, nonce: "a".repeat(64), name: "People", provider, criteria: "idp", ...(signIn && { signIn }) };
  const send = () => postForm(`${at}/new`, form, cookie);
  return { send, url: `${at}/${id}`, api: `/companies/${company.id}/scim-settings/${id}` };
}

/** The client id and the secret that a page shows. */
function shownIn(html: string): { clientId: string; secret: string } {
  const clientId = /<code id="fresh-client-id">(rcc_[0-9a-f]{24})<\/code>/.exec(html)?.[1] ?? "";
  return { clientId, secret: /<code id="client-secret">(rcs_[0-9a-f_]+)<\/code>/.exec(html)?.[1] ?? "" };
}

function ask({ clientId, secret }: { clientId: string; secret: string }): Promise<Response> {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  const form = { grant_type: "client_credentials", client_id: clientId, client_secret: secret };
  return request("/scim/oauth/token", { method: "POST", headers, body: new URLSearchParams(form).toString() });
}

describe("the wizard asks how the provider will sign in", () => {
  it.each([
    ["entra", ["federation", "client", "token"]],
    ["pingone", ["client", "token"]],
    ["oracle", ["client", "token"]],
    ["other", ["token", "client"]],
    ["okta", ["token"]],
  ])("%s: the recommended way first, and chosen", async (provider, ways) => {
    const admin = await makeAdmin("Asked");
    const query = `id=${newId(Date.now())}&name=A&provider=${provider}&criteria=idp&step=3`;
    const html = await (
      await getPage(`/console/companies/${admin.company.id}/settings/new?${query}`, admin.cookie)
    ).text();
    const inputs = html.match(WAYS) ?? [];
    expect(inputs.map((input) => /value="(\w+)"/.exec(input)?.[1])).toEqual(ways);
    if (ways.length > 1) expect(inputs.map((input) => input.includes("checked"))).toEqual(ways.map((_, n) => n === 0));
  });

  it("and makes a client: id and secret are shown once, and one form sent twice makes one", async () => {
    const admin = await makeAdmin("Clients");
    const { send, url, api } = await makeSetting(admin, "pingone", "client");
    const shown = shownIn(await (await follow(await send(), admin.cookie)).text());
    expect(shownIn(await (await follow(await send(), admin.cookie)).text())).toEqual(shown);
    expect((await ask(shown)).status).toBe(200);
    const [{ items: clients }, { items: tokens }] = [
      (await operate("GET", `${api}/clients`)).json,
      (await operate("GET", `${api}/tokens`)).json,
    ];
    expect([clients.length, clients[0].secrets.length, tokens.length]).toEqual([1, 1, 0]);
    for (const page of ["", "/setup", "/tokens"]) {
      const html = await (await getPage(`${url}${page}`, admin.cookie)).text();
      expect(html).not.toContain(shown.secret.split("_")[2]);
    }
    // The guide for what is in use, with the values that may be shown.
    const guide = await (await getPage(`${url}/setup`, admin.cookie)).text();
    expect(guide).toContain("OAuth 2 Client Credentials");
    for (const text of [shown.clientId, "https://rollcall.test/scim/oauth/token"]) expect(guide).toContain(text);
  });

  it("and leads to what Entra shows of its workload identity, then to the client id", async () => {
    const admin = await makeAdmin("Trusts");
    const { send, url, api } = await makeSetting(admin, "entra", "federation");
    const made = await send();
    expect([made.status, made.headers.get("location")]).toEqual([303, `${url}/setup?signIn=federation`]);
    const before = await (await getPage(`${url}/setup`, admin.cookie)).text();
    expect(before).toContain('name="issuer"');
    const wrong = await postForm(`${url}/trusts`, { ...TRUST, issuer: "https://evil.example.com/" }, admin.cookie);
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('id="issuer-error"')]);
    const hollow = { ...TRUST, subject: "-", audience: "api://", issuer: `${TRUST.issuer}?x` };
    const marked = await (await postForm(`${url}/trusts`, hollow, admin.cookie)).text();
    for (const name of ["issuer", "subject", "audience"]) expect(marked).toContain(`id="${name}-error"`);
    const answer = await postForm(`${url}/trusts`, TRUST, admin.cookie);
    expect(answer.status).toBe(303);
    const [trust] = (await operate("GET", `${api}/trusts`)).json.items;
    expect(trust).toMatchObject({
      ...TRUST,
      jwksUrl: "https://login.microsoftonline.com/7a0e0a51-0000-4000-8000-000000000001/discovery/v2.0/keys",
    });
    const after = await (await getPage(answer.headers.get("location") ?? "", admin.cookie)).text();
    expect(after).toContain(trust.clientId);
    expect(after).not.toContain('name="issuer"');
  });

  it("and makes a token for a form that does not say", async () => {
    const admin = await makeAdmin("Tokens");
    const { send, api } = await makeSetting(admin, "entra");
    expect(await (await follow(await send(), admin.cookie)).text()).toMatch(/<code id="secret-token">rcl_/);
    expect((await operate("GET", `${api}/clients`)).json.items).toEqual([]);
  });
});

describe("the credentials page", () => {
  it("rotates a client's secret without a gap, and says when the old one may go", async () => {
    const admin = await makeAdmin("Rotated");
    const { send, url, api } = await makeSetting(admin, "entra", "client");
    const old = shownIn(await (await follow(await send(), admin.cookie)).text());
    const [client] = (await operate("GET", `${api}/clients`)).json.items;
    const made = await postForm(`${url}/clients/${client.id}/secrets`, { nonce: "b".repeat(64) }, admin.cookie);
    const young = shownIn(await (await follow(made, admin.cookie)).text());
    expect(young.clientId).toBe(old.clientId);
    expect([(await ask(old)).status, (await ask(young)).status]).toEqual([200, 200]);
    const end = `${url}/clients/${client.id}/secrets/${client.secrets[0].id}/end`;
    const question = await getPage(end, admin.cookie);
    expect([question.status, await question.text()]).toEqual([200, expect.stringContaining('class="danger"')]);
    // The question alone ends nothing.
    expect((await ask(old)).status).toBe(200);
    expect((await postForm(end, {}, admin.cookie)).status).toBe(303);
    expect([(await ask(old)).status, (await ask(young)).status]).toEqual([401, 200]);
  });

  it("makes a client with a last day, refuses a day that is over, and deletes it with all its secrets", async () => {
    const admin = await makeAdmin("Dated");
    const { send, url, api } = await makeSetting(admin, "other", "token");
    await send();
    for (const clientUntil of ["2020-01-01", "9999-12-31", "never"]) {
      const refused = await postForm(`${url}/clients`, { nonce: "c".repeat(64), clientUntil }, admin.cookie);
      expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('id="clientUntil-error"')]);
    }
    expect((await postForm(`${url}/tokens`, { until: "9999-12-31" }, admin.cookie)).status).toBe(422);
    const form = { nonce: "c".repeat(64), clientName: "Ping", clientUntil: "2036-05-01" };
    const shown = shownIn(
      await (await follow(await postForm(`${url}/clients`, form, admin.cookie), admin.cookie)).text(),
    );
    const [client] = (await operate("GET", `${api}/clients`)).json.items;
    expect([client.name, client.secrets[0].expiresAt]).toEqual(["Ping", "2036-05-01T23:59:59.000Z"]);
    await postForm(`${url}/clients/${client.id}/end`, {}, admin.cookie);
    expect((await ask(shown)).status).toBe(401);
    expect(await (await getPage(`${url}/tokens`, admin.cookie)).text()).not.toContain(client.clientId);
  });

  it("ends a trust", async () => {
    const admin = await makeAdmin("Untrusted");
    const { send, url, api } = await makeSetting(admin, "entra", "federation");
    await send();
    await postForm(`${url}/trusts`, TRUST, admin.cookie);
    const [trust] = (await operate("GET", `${api}/trusts`)).json.items;
    expect((await postForm(`${url}/trusts/${trust.id}/end`, {}, admin.cookie)).status).toBe(303);
    expect((await operate("GET", `${api}/trusts/${trust.id}`)).json.revokedAt).not.toBeNull();
  });
});
