import { abortAllDurableObjects } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { Committer } from "../src/writer/committer.ts";
import { fetchWith } from "./safety/injected-bindings.ts";

const ORIGIN = "https://rollcall.test";

/** What an answer of either door holds, as far as these tests look. */
interface Answer {
  status: number;
  // The expectations judge the shape.
  json: { [name: string]: never } & { id: string; items: never[]; token: { id: string; secret: string } };
}

async function call(method: string, path: string, credential: string, body?: unknown): Promise<Answer> {
  const response = await exports.default.fetch(
    new Request(`${ORIGIN}${path}`, {
      method,
      headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );
  const text = await response.text();
  return { status: response.status, json: text === "" ? null : JSON.parse(text) };
}

const api = (method: string, path: string, body?: unknown) => call(method, `/api/v1${path}`, env.OPERATOR_KEY, body);

async function open(groupSettings: unknown = { criteria: "field", field: "department" }) {
  const company = (await api("POST", "/companies", { name: "Acme" })).json;
  const base = `/companies/${company.id}`;
  const made = await api("POST", `${base}/scim-settings`, { name: "IdP", provider: "entra", groupSettings });
  expect(made.status).toBe(201);
  const { secret, id: tokenId } = made.json.token;
  const scim = (method: string, path: string, body?: unknown) => call(method, `/scim/v2${path}`, secret, body);
  return { base, settingId: made.json.id, token: secret, tokenId, scim };
}

const ada = {
  userName: "ada@example.com",
  emails: [{ value: "ada@example.com", type: "work", primary: true }],
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { department: "Sales" },
};

describe("/.well-known/security.txt", () => {
  it("is there once SECURITY_CONTACT names somebody, as plain text, to anybody", async () => {
    const path = "/.well-known/security.txt";
    expect((await fetchWith({}, "GET", path)).status).toBe(404);
    const answer = await fetchWith({ SECURITY_CONTACT: "security@example.com" }, "GET", path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toMatch(/^text\/plain; ?charset=utf-8$/i);
    const text = await answer.text();
    expect(text).toContain("Contact: mailto:security@example.com\n");
    const expires = Date.parse(/^Expires: (.*)$/m.exec(text)?.[1] ?? "");
    expect(expires).toBeGreaterThan(Date.now());
  });
});

describe("from the identity provider to the training platform", () => {
  it("a token works at once, and is refused on the very next request after it was revoked", async () => {
    const { base, settingId, tokenId, scim } = await open();
    expect((await scim("GET", "/Users")).status).toBe(200);
    const second = await api("POST", `${base}/scim-settings/${settingId}/tokens`, {});
    expect(second.status).toBe(201);
    expect((await api("DELETE", `${base}/scim-settings/${settingId}/tokens/${tokenId}`)).status).toBe(204);
    expect((await scim("GET", "/Users")).status).toBe(401);
    expect((await scim("POST", "/Users", ada)).status).toBe(401);
    expect((await call("POST", "/scim/v2/Users", String(second.json.secret), ada)).status).toBe(201);
  });

  it("a tenant URL with slashes too many works without a redirect", async () => {
    const { token } = await open();
    for (const path of ["//scim/v2/Users", "/scim//v2//Users/", "/scim/v2/Users/?count=1&"])
      expect((await call("GET", path, token)).status, path).toBe(200);
  });

  it("a paused setting answers 403 and changes nothing; resumed it goes on", async () => {
    const { base, settingId, scim } = await open();
    await api("POST", `${base}/scim-settings/${settingId}/pause`);
    expect((await scim("POST", "/Users", ada)).status).toBe(403);
    expect((await scim("GET", "/Users")).status).toBe(403);
    await api("POST", `${base}/scim-settings/${settingId}/resume`);
    expect((await scim("GET", "/Users")).json).toMatchObject({ totalResults: 0 });
    expect((await scim("POST", "/Users", ada)).status).toBe(201);
  });

  it("a token of one company sees nothing of another", async () => {
    const [one, two] = [await open(), await open()];
    const { id } = (await one.scim("POST", "/Users", ada)).json;
    expect((await two.scim("GET", `/Users/${id}`)).status).toBe(404);
    expect((await two.scim("PUT", `/Users/${id}`, ada)).status).toBe(404);
    expect((await two.scim("DELETE", `/Users/${id}`)).status).toBe(404);
    expect((await two.scim("GET", "/Users")).json).toMatchObject({ totalResults: 0, Resources: [] });
    const group = await two.scim("POST", "/Groups", { displayName: "Crew", members: [{ value: id }] });
    expect(group).toMatchObject({ status: 400, json: { scimType: "invalidValue" } });
    expect((await one.scim("GET", `/Users/${id}`)).status).toBe(200);
  });

  it("an enrolment says why: the group, the rule, the setting and the request", async () => {
    const { base, settingId, scim } = await open();
    const first = await scim("POST", "/Users", ada);
    const [group] = (await api("GET", `${base}/target-groups`)).json.items as { id: string }[];
    const items = [{ kind: "training", id: "basics", name: "Basics" }];
    await api("PUT", `${base}/target-groups/${group?.id}/auto-enrolments`, items);
    const list = await api("GET", `${base}/enrolments?userId=${first.json.id}`);
    const [enrolment] = list.json.items as { id: string }[];
    const why = await api("GET", `${base}/enrolments/${enrolment?.id}`);
    expect(why.json).toMatchObject({
      itemId: "basics",
      status: "active",
      why: [{ name: "Sales", reasons: [{ kind: "field", settingId, requestId: expect.any(String) }] }],
      history: [{ type: "enrolment.started" }],
    });
    const [{ reasons }] = why.json.why as unknown as [{ reasons: [{ requestId: string }] }];
    const log = await api("GET", `${base}/log/${reasons[0].requestId}`);
    expect(log.json).toMatchObject({ method: "POST", status: 201, resourceId: first.json.id });
    await scim("DELETE", `/Users/${first.json.id}`);
    const after = await api("GET", `${base}/enrolments/${enrolment?.id}`);
    expect(after.json).toMatchObject({ status: "withdrawn", why: [], history: [{}, { type: "enrolment.withdrawn" }] });
  });

  it("a writer aborted under load leaves every acknowledged user, whole, and retries end right", async () => {
    const { base, scim } = await open();
    const names = Array.from({ length: 30 }, (_, n) => `user${n}@example.com`);
    const post = (userName: string) => scim("POST", "/Users", { ...ada, userName }).catch(() => null);
    const early = await Promise.all(names.slice(0, 10).map(post));
    // From here on commits reach D1, and what they came to reaches nobody.
    const committed: unknown[] = [];
    const { run } = Committer.prototype;
    const held = vi.spyOn(Committer.prototype, "run").mockImplementation(async function (this: Committer, requests) {
      committed.push(await run.call(this, requests));
      return new Promise(() => undefined);
    });
    const late = names.slice(10).map(post);
    await expect.poll(() => committed).not.toEqual([]);
    await abortAllDurableObjects();
    held.mockRestore();
    const acknowledged = [...early, ...(await Promise.all(late))].map((answer) => answer?.status === 201);
    expect(acknowledged.slice(0, 10)).not.toContain(false);
    expect(acknowledged).toContain(false);
    for (const [n, name] of names.entries()) {
      const again = await post(name);
      expect(acknowledged[n] ? [409] : [201, 409]).toContain(again?.status);
    }
    const listed = await scim("GET", "/Users?count=100");
    expect(listed.json).toMatchObject({ totalResults: 30 });
    const [group] = (await api("GET", `${base}/target-groups`)).json.items as { memberCount: number }[];
    expect(group?.memberCount).toBe(30);
  });
});
