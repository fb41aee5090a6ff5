import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { DAY } from "../../src/platform/clock.ts";
import { newId } from "../../src/platform/uuid.ts";
import { operate } from "../scim-api/scim-client.ts";

async function makeCompany(): Promise<string> {
  return (await operate("POST", "/companies", { name: "Northwind" })).json.id;
}

/** Sends a request twice with one key, and gives both answers. */
async function twice(path: string, body?: unknown) {
  const headers = { "Idempotency-Key": newId(Date.now()) };
  const first = await operate("POST", path, body, headers);
  return { first, again: await operate("POST", path, body, headers), headers };
}

const SETTING = { name: "Entra", provider: "entra", groupSettings: { criteria: "none", targetGroupName: "All" } };

describe("a POST with an Idempotency-Key", () => {
  it("makes one company, and answers a repeat with that company", async () => {
    const name = `Once ${newId(Date.now())}`;
    const { first, again, headers } = await twice("/companies", {
      name,
      externalId: "c-1",
      metadata: { plan: "gold" },
    });
    expect(first.status).toBe(201);
    expect(first.headers.get("Idempotency-Replayed")).toBeNull();
    expect(again).toMatchObject({ status: 201, json: first.json });
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect((await operate("GET", `/companies?name=${encodeURIComponent(name)}`)).json.items).toEqual([first.json]);
    await operate("DELETE", `/companies/${first.json.id}`);
    expect(
      (await operate("POST", "/companies", { name, externalId: "c-1", metadata: { plan: "gold" } }, headers)).status,
    ).toBe(404);
  });

  it("is told the resource as it is now, without its secret, at every address that makes one", async () => {
    const base = `/companies/${await makeCompany()}`;
    const made = await twice(`${base}/scim-settings`, SETTING);
    const { token, ...setting } = made.first.json;
    expect(token.secret).toMatch(/^rcl_/);
    const { secret: _, ...shown } = token;
    expect(made.again).toMatchObject({ status: 201, json: setting });
    expect(made.again.json.token).toEqual(shown);
    const ofSetting = `${base}/scim-settings/${setting.id}`;
    const hook = "https://receiver.example/hook";
    const trust = {
      issuer: "https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0",
      subject: "8a3f0c1e-1111-2222-3333-444455556666",
      audience: "api://AzureADTokenExchange",
    };
    for (const [path, body] of [
      [`${ofSetting}/tokens`, {}],
      [`${ofSetting}/tokens`, undefined],
      [`${ofSetting}/clients`, {}],
      [`${ofSetting}/trusts`, trust],
      [`${base}/fields`, { key: "site", label: "Site", type: "text" }],
      [`${base}/target-groups`, { name: "By hand" }],
      [`${base}/webhooks`, { url: hook }],
      [`${base}/console-links`, {}],
    ] as const) {
      const { first, again } = await twice(path, body);
      expect(first.status, `${path} ${first.text}`).toBe(201);
      expect(again.status, path).toBe(201);
      expect(again.headers.get("Idempotency-Replayed"), path).toBe("true");
      expect(again.json, path).toEqual(withoutSecrets(first.json));
    }
    for (const list of ["tokens", "clients", "trusts"]) {
      const { items } = (await operate("GET", `${ofSetting}/${list}`)).json;
      expect(items, list).toHaveLength(list === "tokens" ? 3 : 1);
    }
    const [client] = (await operate("GET", `${ofSetting}/clients`)).json.items;
    const secret = await twice(`${ofSetting}/clients/${client.id}/secrets`, {});
    expect(secret.again.json).toEqual(withoutSecrets(secret.first.json));
    const [webhook] = (await operate("GET", `${base}/webhooks`)).json.items;
    const rotated = await twice(`${base}/webhooks/${webhook.id}/rotate-secret`, {});
    expect(rotated.first.status).toBe(200);
    expect(rotated.again.json).toEqual(withoutSecrets(rotated.first.json));
    expect(rotated.again.json.secrets).toHaveLength(2);
    for (const action of ["pause", "resume"]) {
      const { first, again } = await twice(`${ofSetting}/${action}`);
      expect(again).toMatchObject({ status: 200, json: first.json });
    }
  });

  it("tells the present state: what was renamed since, and that what was deleted is not there", async () => {
    const base = `/companies/${await makeCompany()}`;
    const { first, headers } = await twice(`${base}/scim-settings`, SETTING);
    await operate("PATCH", `${base}/scim-settings/${first.json.id}`, { name: "Renamed" });
    expect((await operate("POST", `${base}/scim-settings`, SETTING, headers)).json.name).toBe("Renamed");
    await operate("DELETE", `${base}/scim-settings/${first.json.id}?users=remove`);
    expect((await operate("POST", `${base}/scim-settings`, SETTING, headers)).status).toBe(404);
  });
});

describe("an Idempotency-Key", () => {
  it("is 422 with another request under the same key, and another company's key is its own", async () => {
    const [one, two] = [`/companies/${await makeCompany()}`, `/companies/${await makeCompany()}`];
    const { headers } = await twice(`${one}/target-groups`, { name: "First" });
    for (const [path, body] of [
      [`${one}/target-groups`, { name: "Second" }],
      [`${one}/fields`, { key: "site", label: "Site", type: "text" }],
    ] as const) {
      const answer = await operate("POST", path, body, headers);
      expect(answer, path).toMatchObject({ status: 422, json: { code: "key_reused" } });
    }
    expect((await operate("POST", `${two}/target-groups`, { name: "First" }, headers)).status).toBe(201);
  });

  it("keeps nothing of what was refused, and forgets a key after a day", async () => {
    const base = `/companies/${await makeCompany()}`;
    const headers = { "Idempotency-Key": "one" };
    expect((await operate("POST", `${base}/target-groups`, { name: "" }, headers)).status).toBe(400);
    expect((await operate("POST", `${base}/target-groups`, { name: "First" }, headers)).status).toBe(201);
    expect((await operate("POST", `${base}/target-groups`, { name: "Second" }, headers)).status).toBe(422);
    await env.DB.prepare("UPDATE idempotency_keys SET created_at = created_at - ? WHERE key = 'one'").bind(DAY).run();
    expect((await operate("POST", `${base}/target-groups`, { name: "Second" }, headers)).status).toBe(201);
    expect((await operate("POST", `${base}/target-groups`, { name: "Third" }, headers)).status).toBe(422);
    for (const key of ["a b", "x".repeat(256), "ä"])
      expect((await operate("POST", `${base}/target-groups`, { name: "x" }, { "Idempotency-Key": key })).status).toBe(
        400,
      );
  });

  it("is done once where the writer has no part in it, and keeps a preview as well as an act", async () => {
    const base = `/companies/${await makeCompany()}`;
    const hook = (await operate("POST", `${base}/webhooks`, { url: "https://receiver.example/hook" })).json;
    const revision = () =>
      env.DB.prepare("SELECT revision FROM webhooks WHERE id = ?").bind(hook.id).first<number>("revision");
    // Switched off, nobody but us changes it.
    await operate("PATCH", `${base}/webhooks/${hook.id}`, { enabled: false });
    const before = Number(await revision());
    const resumed = await twice(`${base}/webhooks/${hook.id}/resume`, { from: "now" });
    expect(resumed.again).toMatchObject({ status: 200, json: resumed.first.json });
    expect(await revision()).toBe(before + 1);
    const setting = (await operate("POST", `${base}/scim-settings`, SETTING)).json;
    const path = `${base}/scim-settings/${setting.id}/preview`;
    const previewed = await twice(path, { name: "Other" });
    expect(previewed.again).toMatchObject({ status: 200, json: previewed.first.json });
    expect(previewed.again.headers.get("Idempotency-Replayed")).toBe("true");
    expect((await operate("POST", path, { name: "Another" }, previewed.headers)).json.code).toBe("key_reused");
  });

  it("is done once when it is sent twice at the same time: the other is told to ask again", async () => {
    const base = `/companies/${await makeCompany()}`;
    for (const [path, body] of [
      ["/companies", { name: `Twin ${newId(Date.now())}` }],
      [`${base}/target-groups`, { name: "Twin" }],
      [`${base}/console-links`, {}],
    ] as const) {
      const headers = { "Idempotency-Key": newId(Date.now()) };
      const answers = await Promise.all([1, 2, 3].map(() => operate("POST", path, body, headers)));
      const made = answers.filter(({ status, headers: given }) => status === 201 && !given.has("Idempotency-Replayed"));
      expect(made, path).toHaveLength(1);
      for (const { status, json } of answers.filter((answer) => answer.status !== 201))
        expect([status, json.code]).toEqual([409, "request_under_way"]);
      const again = await operate("POST", path, body, headers);
      expect(again.headers.get("Idempotency-Replayed")).toBe("true");
      expect(again.json).toEqual(withoutSecrets(made[0]?.json));
    }
  });
});

/** An answer without the members that only the first one has. */
function withoutSecrets(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, member: unknown) =>
      (name === "secret" && typeof member === "string") || (name === "url" && String(member).includes("/enter/"))
        ? undefined
        : member,
    ),
  );
}
